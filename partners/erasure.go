package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Erasure is what is left of a case whose file was erased: that it was, who
// decided it, and what the yearly figures count of it. Its id is the case's. It
// holds no name, place or text.
type Erasure struct {
	journal.Head `bson:",inline"`
	CaseNumber   string    `bson:"case_number"`
	Restricted   bool      `bson:"restricted,omitempty"`
	Rule         string    `bson:"rule"`
	ClosedAt     time.Time `bson:"closed_at"`
	DueAt        time.Time `bson:"due_at"`
	ProposedBy   string    `bson:"proposed_by"`
	ProposedAt   time.Time `bson:"proposed_at"`
	ConfirmedBy  string    `bson:"confirmed_by"`
	ConfirmedAt  time.Time `bson:"confirmed_at"`
	ErasedAt     time.Time `bson:"erased_at"`
	// Into is the case that this one was merged into, whose erasure says the rest;
	// empty for a case of its own.
	Into string `bson:"into,omitempty"`
	// Team may see the erasure of a restricted case.
	Team []string `bson:"team"`
	// Again says that this is not the first time: data of a backup from before had
	// brought the case back, and who decided it then is not known any more.
	Again bool `bson:"again,omitempty"`
	// Went counts what the file consisted of, Aliases are the numbers of the cases
	// that were merged into it, and Alerts the ids of what was told outside.
	Went    []Gone   `bson:"went"`
	Aliases []string `bson:"aliases"`
	Alerts  []string `bson:"alerts"`
	// Pages are the random names of the public pages that there were.
	Pages   []string      `bson:"pages"`
	Figures ErasedFigures `bson:"figures" class:"kept,sealed"`
	// Mark makes the erasure a key of its own among the keys of the installation,
	// durable before the erasure is: data of a backup from before then still meets
	// keys that say that the case was erased.
	Mark string `bson:"mark" class:"kept,sealed"`
}

// mark is what Mark holds; only that there is something counts.
const mark = "erased"

// Gone is how many records of one kind went.
type Gone struct {
	Kind  string `bson:"kind"`
	Count int    `bson:"count"`
}

// Collection is "erasures".
func (*Erasure) Collection() string { return "erasures" }

// ErasureUnits is how the units of erasures begin; the case's id follows.
const ErasureUnits = "erasures/"

// Unit is the erasure's own.
func (e *Erasure) Unit(string) string { return ErasureUnits + e.ID }

// ErasedFigures are what the statistics count of an erased file, by the month,
// YYYY-MM, in which each happened.
type ErasedFigures struct {
	Cases     []erasedCase     `bson:"cases"`
	Contacts  []erasedContact  `bson:"contacts"`
	Alerts    []erasedAlert    `bson:"alerts"`
	Sightings []erasedSighting `bson:"sightings"`
}

type erasedCase struct {
	Month string   `bson:"month"`
	Fact  caseFact `bson:"fact"`
}

// erasedContact is how many contacts of one kind there were.
type erasedContact struct {
	Month string      `bson:"month"`
	Fact  contactFact `bson:"fact"`
	Count int         `bson:"count"`
}

type erasedAlert struct {
	Month string    `bson:"month"`
	Fact  alertFact `bson:"fact"`
}

// erasedSighting is how many reports of one kind there were.
type erasedSighting struct {
	Month string       `bson:"month"`
	Fact  sightingFact `bson:"fact"`
	Count int          `bson:"count"`
}

const monthLayout = "2006-01"

// into adds what happened in a period, which consists of whole months.
func (e *ErasedFigures) into(f *happened, s span) {
	in := func(month string) bool {
		first, err := time.ParseInLocation(monthLayout, month, s.from.Location())
		return err == nil && s.has(first)
	}
	for _, one := range e.Cases {
		if in(one.Month) {
			f.cases = append(f.cases, one.Fact)
		}
	}
	for _, one := range e.Contacts {
		if in(one.Month) {
			f.contacts = append(f.contacts, slices.Repeat([]contactFact{one.Fact}, one.Count)...)
		}
	}
	for _, one := range e.Alerts {
		if in(one.Month) {
			f.alerts = append(f.alerts, one.Fact)
		}
	}
	for _, one := range e.Sightings {
		if in(one.Month) {
			f.sightings = append(f.sightings, slices.Repeat([]sightingFact{one.Fact}, one.Count)...)
		}
	}
}

// firstYear is the year of the first case that the figures count, 0 without any.
func (e *ErasedFigures) firstYear() int {
	first := 0
	for _, one := range e.Cases {
		if t, err := time.Parse(monthLayout, one.Month); err == nil && (first == 0 || t.Year() < first) {
			first = t.Year()
		}
	}
	return first
}

// figuresOf is what the statistics count of the cases given, as they stand now.
func (d *Desk) figuresOf(files []string) (ErasedFigures, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return ErasedFigures{}, err
	}
	var out ErasedFigures
	month := func(t time.Time) string { return t.In(zone).Format(monthLayout) }
	contacts, sightings := map[erasedContact]int{}, map[erasedSighting]int{}
	cases, counted := map[string]*alerts.Case{}, map[string]bool{}
	for _, id := range files {
		if c, ok := d.Board.Case(id); ok {
			cases[id], counted[id] = c, true
		}
	}
	ever := span{until: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}
	d.eachFact(ever, cases, counted, factTakers{
		one: func(at time.Time, one caseFact) {
			for _, took := range []**time.Duration{&one.ToFound, &one.ToCase, &one.ToPolice, &one.ToAlert} {
				*took = wholeMinutes(*took)
			}
			out.Cases = append(out.Cases, erasedCase{month(at), one})
		},
		contact: func(at time.Time, one contactFact) { contacts[erasedContact{Month: month(at), Fact: one}]++ },
		alert: func(at time.Time, one alertFact) {
			one.ToOpened, one.ToAnswer = wholeMinutes(one.ToOpened), wholeMinutes(one.ToAnswer)
			out.Alerts = append(out.Alerts, erasedAlert{month(at), one})
		},
		sighted: func(at time.Time, one sightingFact) { sightings[erasedSighting{Month: month(at), Fact: one}]++ },
	})
	for one, n := range contacts {
		one.Count = n
		out.Contacts = append(out.Contacts, one)
	}
	for one, n := range sightings {
		one.Count = n
		out.Sightings = append(out.Sightings, one)
	}
	return out, nil
}

// wholeMinutes is what the statistics show of a time: the seconds could point at
// one case.
func wholeMinutes(took *time.Duration) *time.Duration {
	if took == nil {
		return nil
	}
	whole := took.Round(time.Minute)
	return &whole
}
