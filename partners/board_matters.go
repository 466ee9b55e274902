package partners

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"homeward/geo/script"
	"homeward/journal"
	"homeward/partners/abduction"
)

// matterBoard holds institutions and abduction matters whole. Board embeds it
// by value; the zero value is ready for use. It has a lock of its own.
type matterBoard struct {
	matterMu     sync.RWMutex
	institutions map[string]*Institution
	matters      map[string]*Matter
	mattersOf    map[string][]string // by case, in the order of opening
	inquiries    map[string]*Inquiries

	lawOnce sync.Once
	law     *abduction.Law
	zone    *time.Location
	lawErr  error

	ladderOnce sync.Once
	ladder     *abduction.Ladder
	letters    *abduction.Letters
	ladderErr  error
}

// install puts a document on the board and tells whether it is one of those
// that this board keeps.
func (b *matterBoard) install(d journal.Document) bool {
	b.matterMu.Lock()
	defer b.matterMu.Unlock()
	switch d := d.(type) {
	case *Institution:
		if b.institutions == nil {
			b.institutions = map[string]*Institution{}
		}
		if was := b.institutions[d.ID]; was == nil || was.Number <= d.Number {
			b.institutions[d.ID] = d
		}
	case *Matter:
		b.installMatter(d)
	case *Inquiries:
		if b.inquiries == nil {
			b.inquiries = map[string]*Inquiries{}
		}
		if was := b.inquiries[d.ID]; was == nil || was.Number <= d.Number {
			b.inquiries[d.ID] = d
		}
	default:
		return false
	}
	return true
}

func (b *matterBoard) installMatter(m *Matter) {
	if b.matters == nil {
		b.matters, b.mattersOf = map[string]*Matter{}, map[string][]string{}
	}
	was, known := b.matters[m.ID]
	if known && was.Number > m.Number {
		return // a later change has been installed already
	}
	if !known {
		ids := append(slices.Clone(b.mattersOf[m.CaseID]), m.ID)
		slices.SortFunc(ids, func(x, y string) int {
			return cmp.Or(b.opened(x, m).Compare(b.opened(y, m)), strings.Compare(x, y))
		})
		b.mattersOf[m.CaseID] = ids
	}
	b.matters[m.ID] = m
}

// opened is when a matter was opened; m is the one about to be installed.
func (b *matterBoard) opened(id string, m *Matter) time.Time {
	if id == m.ID {
		return m.CreatedAt
	}
	return b.matters[id].CreatedAt
}

// forget takes a forgotten document off the board. Forgetting a case takes its
// matters along.
func (b *matterBoard) forget(k journal.Key) {
	b.matterMu.Lock()
	defer b.matterMu.Unlock()
	switch k.Collection {
	case "institutions":
		delete(b.institutions, k.ID)
	case "matters":
		if m := b.matters[k.ID]; m != nil {
			delete(b.matters, k.ID)
			b.mattersOf[m.CaseID] = slices.DeleteFunc(slices.Clone(b.mattersOf[m.CaseID]), func(id string) bool { return id == k.ID })
		}
	case "cases":
		for _, id := range b.mattersOf[k.ID] {
			delete(b.matters, id)
		}
		delete(b.mattersOf, k.ID)
		delete(b.inquiries, k.ID)
	case "inquiries":
		delete(b.inquiries, k.ID)
	}
}

// lookup answers Board.Lookup for the collections of this board.
func (b *matterBoard) lookup(k journal.Key) (journal.Document, bool) {
	switch k.Collection {
	case "institutions":
		if i, ok := b.Institution(k.ID); ok {
			return i, true
		}
	case "matters":
		if m, ok := b.Matter(k.ID); ok {
			return m, true
		}
	case "inquiries":
		if i, ok := b.Inquiries(k.ID); ok {
			return i, true
		}
	}
	return nil, false
}

// Institution returns an entry of the directory.
func (b *matterBoard) Institution(id string) (*Institution, bool) {
	b.matterMu.RLock()
	defer b.matterMu.RUnlock()
	i, ok := b.institutions[id]
	return i, ok
}

// Inquiries returns the contact log of a case.
func (b *matterBoard) Inquiries(caseID string) (*Inquiries, bool) {
	b.matterMu.RLock()
	defer b.matterMu.RUnlock()
	i, ok := b.inquiries[caseID]
	return i, ok
}

// AllInquiries returns the contact logs of all cases, ordered by case.
func (b *matterBoard) AllInquiries() []*Inquiries {
	b.matterMu.RLock()
	defer b.matterMu.RUnlock()
	out := make([]*Inquiries, 0, len(b.inquiries))
	for _, id := range slices.Sorted(maps.Keys(b.inquiries)) {
		out = append(out, b.inquiries[id])
	}
	return out
}

// Institutions returns the directory, ordered by country, name and id.
func (b *matterBoard) Institutions() []*Institution {
	b.matterMu.RLock()
	out := make([]*Institution, 0, len(b.institutions))
	for _, i := range b.institutions {
		out = append(out, i)
	}
	b.matterMu.RUnlock()
	slices.SortFunc(out, compareInstitutions)
	return out
}

// Matter returns a matter.
func (b *matterBoard) Matter(id string) (*Matter, bool) {
	b.matterMu.RLock()
	defer b.matterMu.RUnlock()
	m, ok := b.matters[id]
	return m, ok
}

// Matters returns all matters, oldest first.
func (b *matterBoard) Matters() []*Matter {
	b.matterMu.RLock()
	out := make([]*Matter, 0, len(b.matters))
	for _, m := range b.matters {
		out = append(out, m)
	}
	b.matterMu.RUnlock()
	slices.SortFunc(out, func(x, y *Matter) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

// MattersOf returns the matters of a case, oldest first.
func (b *matterBoard) MattersOf(caseID string) []*Matter {
	b.matterMu.RLock()
	defer b.matterMu.RUnlock()
	out := make([]*Matter, 0, len(b.mattersOf[caseID]))
	for _, id := range b.mattersOf[caseID] {
		out = append(out, b.matters[id])
	}
	return out
}

// rules returns the embedded law and the time zone its dates are in. They are
// read once, when first asked for.
func (b *matterBoard) rules() (*abduction.Law, *time.Location, error) {
	b.lawOnce.Do(func() {
		if b.law, b.lawErr = abduction.Load(); b.lawErr == nil {
			b.zone, b.lawErr = time.LoadLocation(b.law.Zone)
		}
	})
	return b.law, b.zone, b.lawErr
}

// escalation returns the embedded ladder and its letters. They are read once,
// when first asked for.
func (b *matterBoard) escalation() (*abduction.Ladder, *abduction.Letters, error) {
	b.ladderOnce.Do(func() {
		law, _, err := b.rules()
		if err != nil {
			b.ladderErr = err
			return
		}
		if b.ladder, b.ladderErr = abduction.LoadLadder(law); b.ladderErr == nil {
			b.letters, b.ladderErr = abduction.LoadLetters(law, b.ladder, script.ToLatin)
		}
	})
	return b.ladder, b.letters, b.ladderErr
}
