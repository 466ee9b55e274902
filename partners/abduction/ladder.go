package abduction

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
)

//go:embed ladder.json
var ladderJSON []byte

// Ladder is what can be done step by step when an institution does not answer.
type Ladder struct {
	Emergencies []Emergency `json:"emergency"`
	Rungs       []Rung      `json:"rungs"`
}

// Emergency is whom to call at once in a country when a child is in danger now:
// it skips the ladder. Country "*" stands for every country without its own row.
type Emergency struct {
	Country  string   `json:"country"`
	Phones   []string `json:"phones"`
	Kinds    []string `json:"kinds"` // kinds of institution to call
	Source   string   `json:"source"`
	AsOf     Date     `json:"as_of"`
	Verified bool     `json:"verified"`
}

// Rung is one step of the ladder. Its Country is that of the institution which
// does not answer: "*" for those without rungs of their own, "" for all.
type Rung struct {
	Basis
	AsOf Date `json:"as_of"`
	// Step is the height, from 1; several rungs may be equally high.
	Step int `json:"step"`
	// Against are the kinds of institution that the rung can be taken about,
	// Matters what was asked for; empty for all.
	Against []string `json:"against,omitempty"`
	Matters []string `json:"matters,omitempty"`
	To      RungTo   `json:"to"`
	// Letter is the template of the letter.
	Letter string `json:"letter"`
	// Matter is what the addressee is asked for: the deadline rules then say by
	// when it answers. AskWithin is the time that the letter asks for; it is no
	// law.
	Matter    string  `json:"matter,omitempty"`
	AskWithin *Period `json:"ask_within,omitempty"`
	// FileWithin is the rule for how long the rung is open after the event.
	FileWithin string `json:"file_within,omitempty"`
}

// RungTo says who is written to: the same institution, or one of a kind and
// preferably with a role.
type RungTo struct {
	Same bool   `json:"same,omitempty"`
	Kind string `json:"kind,omitempty"`
	Role string `json:"role,omitempty"`
}

// About is what has stayed without an answer, as the ladder looks at it.
type About struct {
	// Country and Kind are the institution's that does not answer.
	Country, Kind string
	Matter, Route string
	On            Date
}

// LoadLadder reads the embedded ladder and refuses one that does not fit the
// law.
func LoadLadder(l *Law) (*Ladder, error) {
	out := &Ladder{}
	if err := strict(ladderJSON, out); err != nil {
		return nil, fmt.Errorf("read ladder.json: %w", err)
	}
	if err := out.check(l); err != nil {
		return nil, fmt.Errorf("ladder.json: %w", err)
	}
	return out, nil
}

func (d *Ladder) check(l *Law) error {
	var errs []error
	seen := map[string]bool{}
	for i := range d.Rungs {
		errs = append(errs, d.Rungs[i].check(seen, l))
	}
	for _, e := range d.Emergencies {
		if e.Country == "" || len(e.Phones) == 0 || e.Source == "" || e.AsOf.IsZero() {
			errs = append(errs, fmt.Errorf("emergency %q: country, phones, source or as_of is missing", e.Country))
		}
	}
	if !slices.ContainsFunc(d.Emergencies, func(e Emergency) bool { return e.Country == "*" }) {
		errs = append(errs, errors.New("no emergency row for other countries"))
	}
	return errors.Join(errs...)
}

func (r *Rung) check(seen map[string]bool, l *Law) error {
	ask := Period{Unit: "days"}
	if r.AskWithin != nil {
		ask = *r.AskWithin
	}
	if err := r.Basis.check(seen, ask); err != nil {
		return err
	}
	_, filed := l.Rule(r.FileWithin)
	switch {
	case r.Step < 1 || r.Step > 9 || r.Letter == "" || r.Note == "" || r.AsOf.IsZero():
		return fmt.Errorf("rung %s: step, letter, note or as_of is missing", r.ID)
	case r.To.Same == (r.To.Kind != ""):
		return fmt.Errorf("rung %s: it goes to the same institution or to a kind", r.ID)
	case (r.Matter == "") == (r.AskWithin == nil):
		return fmt.Errorf("rung %s: it has a matter or a time that is asked for", r.ID)
	case r.Matter != "" && !slices.Contains(l.Matters(), r.Matter):
		return fmt.Errorf("rung %s: no deadline rule is about %s", r.ID, r.Matter)
	case r.FileWithin != "" && !filed:
		return fmt.Errorf("rung %s: there is no rule %s", r.ID, r.FileWithin)
	}
	for _, m := range r.Matters {
		if !slices.Contains(l.Matters(), m) {
			return fmt.Errorf("rung %s: no deadline rule is about %s", r.ID, m)
		}
	}
	return nil
}

// Above returns the rungs that can be taken about something, above a step, the
// lowest first and in the order of the data.
func (d *Ladder) Above(a About, step int) []Rung {
	own := slices.ContainsFunc(d.Rungs, func(r Rung) bool { return r.Country == a.Country })
	var out []Rung
	for i := range d.Rungs {
		r := &d.Rungs[i]
		here := r.Country == "" || r.Country == a.Country || r.Country == "*" && !own
		if here && r.Step > step && r.holds(a.On, a.Route) && anyOf(r.Against, a.Kind) && anyOf(r.Matters, a.Matter) {
			out = append(out, *r)
		}
	}
	slices.SortStableFunc(out, func(x, y Rung) int { return x.Step - y.Step })
	return out
}

// anyOf tells whether a list that is empty for all holds a word.
func anyOf(list []string, word string) bool { return len(list) == 0 || slices.Contains(list, word) }

// Rung returns a rung by its id.
func (d *Ladder) Rung(id string) (Rung, bool) {
	i := slices.IndexFunc(d.Rungs, func(r Rung) bool { return r.ID == id })
	if i < 0 {
		return Rung{}, false
	}
	return d.Rungs[i], true
}

// Emergency returns whom to call at once in a country.
func (d *Ladder) Emergency(country string) Emergency {
	var out Emergency
	for _, e := range d.Emergencies {
		if e.Country == country {
			return e
		}
		if e.Country == "*" {
			out = e
		}
	}
	return out
}

// Until returns the day that a period from a day ends on in a country.
func (l *Law) Until(p Period, country string, on Date) Date { return p.after(on, l.Calendar(country)) }
