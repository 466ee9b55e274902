package alerts

import "slices"

// mergedShelf leads from a case to those that are merged into it.
type mergedShelf map[string][]string

func (s mergedShelf) move(id string, from, to *Merging) {
	if from != nil {
		s[from.Into] = slices.DeleteFunc(s[from.Into], func(o string) bool { return o == id })
		if len(s[from.Into]) == 0 {
			delete(s, from.Into)
		}
	}
	if to != nil {
		s[to.Into] = append(s[to.Into], id)
	}
}

// MergedInto returns the ids of the cases that are merged into one, sorted.
func (b *Board) MergedInto(id string) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.Sorted(slices.Values(b.cases.merged[id]))
}

// together tells whether what belongs to one case is shown with another: they
// are one, or merged. The board's lock is held.
func (b *Board) together(caseID, with string) bool {
	return caseID == with || slices.Contains(b.cases.merged[with], caseID)
}

// withMerged returns a filter that also chooses what belongs to the cases that
// are merged into its own. The board's lock is held.
func (b *Board) withMerged(f SightingFilter) SightingFilter {
	if f.Case != "" {
		f.merged = b.cases.merged[f.Case]
	}
	return f
}
