package partners

import (
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/journal"
	"homeward/partners/pack"
)

// paperBoard holds the folders and letters of matters whole, and the data that
// they are made of. Board embeds it by value; the zero value is ready for use.
// It has a lock of its own.
type paperBoard struct {
	paperMu   sync.RWMutex
	folders   map[string]*Papers
	letters   map[string]*Letter
	lettersOf map[string][]string // by matter, in the order of their numbers

	packOnce sync.Once
	packData *pack.Data
	packErr  error
}

// install puts a document on the board and tells whether it is one of those
// that this board keeps.
func (b *paperBoard) install(d journal.Document) bool {
	b.paperMu.Lock()
	defer b.paperMu.Unlock()
	switch d := d.(type) {
	case *Papers:
		if b.folders == nil {
			b.folders = map[string]*Papers{}
		}
		if was := b.folders[d.ID]; was == nil || was.Number <= d.Number {
			b.folders[d.ID] = d
		}
	case *Letter:
		b.installLetter(d)
	default:
		return false
	}
	return true
}

func (b *paperBoard) installLetter(l *Letter) {
	if b.letters == nil {
		b.letters, b.lettersOf = map[string]*Letter{}, map[string][]string{}
	}
	if _, known := b.letters[l.ID]; !known {
		ids := append(slices.Clone(b.lettersOf[l.MatterID]), l.ID)
		b.letters[l.ID] = l
		slices.SortFunc(ids, func(x, y string) int { return b.letters[x].N - b.letters[y].N })
		b.lettersOf[l.MatterID] = ids
	}
	b.letters[l.ID] = l
}

// forget takes a forgotten document off the board. Forgetting a case takes what
// belongs to its matters along.
func (b *paperBoard) forget(k journal.Key) {
	b.paperMu.Lock()
	defer b.paperMu.Unlock()
	switch k.Collection {
	case "papers":
		delete(b.folders, k.ID)
	case "letters":
		b.dropLetter(k.ID)
	case "matters":
		b.dropMatter(k.ID)
	case "cases":
		for id, f := range b.folders {
			if f.CaseID == k.ID {
				b.dropMatter(id)
			}
		}
		for id, l := range b.letters {
			if l.CaseID == k.ID {
				b.dropLetter(id)
			}
		}
	}
}

func (b *paperBoard) dropMatter(id string) {
	delete(b.folders, id)
	for _, letter := range b.lettersOf[id] {
		delete(b.letters, letter)
	}
	delete(b.lettersOf, id)
}

func (b *paperBoard) dropLetter(id string) {
	if l := b.letters[id]; l != nil {
		delete(b.letters, id)
		b.lettersOf[l.MatterID] = slices.DeleteFunc(slices.Clone(b.lettersOf[l.MatterID]), func(x string) bool { return x == id })
	}
}

// lookup answers Board.Lookup for the collections of this board.
func (b *paperBoard) lookup(k journal.Key) (journal.Document, bool) {
	b.paperMu.RLock()
	defer b.paperMu.RUnlock()
	switch k.Collection {
	case "papers":
		if p := b.folders[k.ID]; p != nil {
			return p, true
		}
	case "letters":
		if l := b.letters[k.ID]; l != nil {
			return l, true
		}
	}
	return nil, false
}

// Papers returns the folder of a matter; nothing was put into one that is nil.
func (b *paperBoard) Papers(matterID string) *Papers {
	b.paperMu.RLock()
	defer b.paperMu.RUnlock()
	return b.folders[matterID]
}

// Letters returns the letters of a matter, by number.
func (b *paperBoard) Letters(matterID string) []*Letter {
	b.paperMu.RLock()
	defer b.paperMu.RUnlock()
	out := make([]*Letter, 0, len(b.lettersOf[matterID]))
	for _, id := range b.lettersOf[matterID] {
		out = append(out, b.letters[id])
	}
	return out
}

// caseOfPapers is the case of a folder or a letter, "" for neither.
func (b *paperBoard) caseOfPapers(k journal.Key) string {
	d, _ := b.lookup(k)
	switch d := d.(type) {
	case *Papers:
		return d.CaseID
	case *Letter:
		return d.CaseID
	}
	return ""
}

// pack returns the embedded lists, forms and letters. They are read once, when
// first asked for.
func (b *paperBoard) pack() (*pack.Data, error) {
	b.packOnce.Do(func() { b.packData, b.packErr = pack.Load() })
	return b.packData, b.packErr
}

// bundleLasts is how long the PDF of a bundle is kept.
const bundleLasts = 7 * 24 * time.Hour

// names tells whether a record of this board names a blob: a file that was not
// removed, or a bundle's PDF of the last week.
func (b *paperBoard) names(blob string, now time.Time) bool {
	matter, id, _ := strings.Cut(blob, ".")
	p := b.Papers(matter)
	if p == nil {
		return false
	}
	for i := range p.Items {
		if slices.ContainsFunc(p.Items[i].live(), func(f PaperFile) bool { return f.ID == id }) {
			return true
		}
	}
	return slices.ContainsFunc(p.Bundles, func(x Bundle) bool { return x.Blob == id && now.Sub(x.At) <= bundleLasts })
}
