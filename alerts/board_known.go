package alerts

import (
	"slices"
	"strings"
	"time"

	"homeward/alerts/names"
)

// namesOf are the names of a case's children, ready for comparing.
func namesOf(c *Case) []names.Name {
	var out []names.Name
	for i := range c.Children {
		for _, n := range c.Children[i].Names {
			out = append(out, names.Read(n.Given, n.Family))
		}
	}
	return out
}

// casesNamed returns the cases of which a child has a name like one of these,
// the likest first. see must not call the board.
func (b *Board) casesNamed(asked []names.Name, limit int, see func(*Case) bool) []*Case {
	b.readyNames.Do(b.indexNames)
	b.mu.RLock()
	defer b.mu.RUnlock()
	found := b.cases.names.Find(asked, names.Maybe, limit, func(id string) bool { return see(b.cases.byID[id].Case) })
	out := make([]*Case, len(found))
	for i, f := range found {
		out[i] = b.cases.byID[f.ID].Case
	}
	return out
}

// indexNames makes the index of names, when somebody first asks for one: beside
// the lock, since it takes long where there are many cases, and then with what
// has changed meanwhile.
func (b *Board) indexNames() {
	index, from := names.NewIndex(), map[string]*Case{}
	b.EachCase(func(c *Case) bool {
		from[c.ID] = c
		return true
	})
	for id, c := range from {
		index.Put(id, namesOf(c)...)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for id, held := range b.cases.byID {
		if from[id] != held.Case {
			index.Put(id, namesOf(held.Case)...)
		}
	}
	for id := range from {
		if b.cases.byID[id] == nil {
			index.Drop(id)
		}
	}
	b.cases.names = index
}

// contactMark is one contact by the change that wrote it last.
type contactMark struct {
	id, caseID string
	number     uint64
}

// contactsLately returns up to limit contacts, the latest first, of whose case
// see lets the asker know (nil stands for no case). see must not call the board.
func (b *Board) contactsLately(limit int, sees func(*Case) bool) []contactMark {
	b.mu.RLock()
	defer b.mu.RUnlock()
	see := b.remembering(sees)
	var out []contactMark
	b.contacts.at.before(mark{}, func(_ mark, c *contact) bool {
		if see(c.caseID) {
			out = append(out, contactMark{c.id, c.caseID, c.number})
		}
		return len(out) < limit
	})
	return out
}

// samePhone tells whether two telephone numbers are one: their last digits are,
// since people write the code of the country or leave it out.
func samePhone(a, b string) bool {
	a, b = digitsOf(a), digitsOf(b)
	const enough = 8
	if len(a) < enough || len(b) < enough {
		return a == b && len(a) >= 6
	}
	return a[len(a)-enough:] == b[len(b)-enough:]
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// How a date of birth that is known agrees with one that was asked for.
const (
	birthUnknown = ""
	birthSame    = "birth_same"
	birthFits    = "birth_fits" // as far as both are known
	birthNear    = "birth_near" // a year apart, or day and month exchanged
	birthDiffers = "birth_differs"
)

// compareBirth compares two dates of birth as far as each is known.
func compareBirth(a, b string) string {
	if a == "" || b == "" {
		return birthUnknown
	}
	if a == b && len(a) == len(time.DateOnly) {
		return birthSame
	}
	short := min(len(a), len(b))
	if a[:short] == b[:short] {
		return birthFits
	}
	x, errX := partialDay(a)
	y, errY := partialDay(b)
	if errX != nil || errY != nil {
		return birthUnknown
	}
	swapped := short == len(time.DateOnly) && x.Year() == y.Year() && int(x.Month()) == y.Day() && x.Day() == int(y.Month())
	apart := x.Year() - y.Year()
	oneYear := (apart == 1 || apart == -1) && a[4:short] == b[4:short]
	if swapped || oneYear {
		return birthNear
	}
	return birthDiffers
}

// apart tells whether somebody has said that two records are not of one child.
func apart(list []Apart, of string) bool {
	return slices.ContainsFunc(list, func(a Apart) bool { return a.Of == of })
}
