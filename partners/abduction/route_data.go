package abduction

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
)

//go:embed routes.json
var routesJSON []byte

// Routes is what is known of which instrument is in force between which states.
type Routes struct {
	// AsOf is the day on which the data was collected.
	AsOf        Date          `json:"as_of"`
	Instruments []Instrument  `json:"instruments"`
	Parties     []TreatyParty `json:"parties"`
	Acceptances []Acceptance  `json:"acceptances"`
	Between     []Between     `json:"between"`
	Members     []Member      `json:"members"`
	Options     []Option      `json:"options"`
}

// Instrument is a convention or a regulation.
type Instrument struct {
	Basis
	// Route is the legal route of a matter to which it applies.
	Route string `json:"route"`
	// Mechanism is how states come to be bound towards each other: acceptance
	// (ratifications among all, an accession only where it is accepted),
	// objection (all parties but those that objected), membership of a group,
	// membership_dates (all parties), or none (the data holds nothing).
	Mechanism string `json:"mechanism"`
	// Counts is the day that decides: wrongful_date or proceedings.
	Counts string `json:"counts"`
	// Check is where the state of things can be looked up.
	Check string `json:"check"`
	// Group is the group whose members are bound, but for those in Without.
	Group   string   `json:"group,omitempty"`
	Without []string `json:"without,omitempty"`
	// Needs is what it does not work without: "decision".
	Needs string `json:"needs,omitempty"`
}

// TreatyParty says how a state stands to an instrument: ratified, succeeded,
// acceded, party (where the difference does not matter) or not_party.
type TreatyParty struct {
	Basis
	Instrument string `json:"instrument"`
	State      string `json:"state"`
	How        string `json:"how"`
	From       Date   `json:"from"`
	// AsOf is the day for which not_party was known.
	AsOf Date `json:"as_of"`
}

// Acceptance is the acceptance of one state's accession by another.
type Acceptance struct {
	Basis
	Instrument string `json:"instrument"`
	Acceding   string `json:"acceding"`
	Accepting  string `json:"accepting"`
	From       Date   `json:"from"`
}

// Between says that an instrument is in force among all members of a group,
// whatever the single acceptances are.
type Between struct {
	Basis
	Instrument string `json:"instrument"`
	Group      string `json:"group"`
	From       Date   `json:"from"`
}

// Member is the membership of a state in a group, from a day to a last day.
type Member struct {
	Basis
	Group string `json:"group"`
	State string `json:"state"`
	From  Date   `json:"from"`
	Until Date   `json:"until"`
}

// Option is something that can be done where the 1980 Convention does not
// apply; its text has the id option.ID.
type Option struct {
	ID       string `json:"id"`
	Source   string `json:"source"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
}

// LoadRoutes reads the embedded data and refuses any that is not complete.
func LoadRoutes() (*Routes, error) { return readRoutes(routesJSON) }

func readRoutes(b []byte) (*Routes, error) {
	r := &Routes{}
	if err := strict(b, r); err != nil {
		return nil, fmt.Errorf("read routes.json: %w", err)
	}
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("routes.json: %w", err)
	}
	return r, nil
}

func (r *Routes) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if r.AsOf.IsZero() {
		bad("as_of is missing")
	}
	seen := map[string]bool{}
	once := func(kind, id string, b Basis) {
		if b.Source == "" || b.Link == "" {
			bad("%s %s: source or link is missing", kind, id)
		}
		if seen[kind+id] {
			bad("%s %s stands twice", kind, id)
		}
		seen[kind+id] = true
	}
	for i := range r.Instruments {
		n := &r.Instruments[i]
		once("instrument", n.ID, n.Basis)
		n.check(bad)
	}
	for i := range r.Parties {
		p := &r.Parties[i]
		once("party", p.Instrument+p.State, p.Basis)
		if r.instrument(p.Instrument) == nil || !slices.Contains([]string{"ratified", "succeeded", "acceded", "party", "not_party"}, p.How) ||
			p.From.IsZero() != (p.How == "not_party") || p.AsOf.IsZero() == (p.How == "not_party") {
			bad("party %s %s: %s from %s", p.Instrument, p.State, p.How, p.From)
		}
	}
	for i := range r.Acceptances {
		a := &r.Acceptances[i]
		once("acceptance", a.Instrument+a.Acceding+a.Accepting, a.Basis)
		if p := r.party(a.Instrument, a.Acceding); p == nil || !p.acceded() || a.From.IsZero() {
			bad("acceptance of %s by %s: %s has not acceded, or the date is missing", a.Acceding, a.Accepting, a.Acceding)
		}
	}
	for i := range r.Members {
		m := &r.Members[i]
		once("member", m.Group+m.State, m.Basis)
		if m.From.IsZero() {
			bad("member %s: the date is missing", m.State)
		}
	}
	for i := range r.Between {
		once("between", r.Between[i].Instrument+r.Between[i].Group, r.Between[i].Basis)
	}
	for _, o := range r.Options {
		once("option", o.ID, Basis{Source: o.Source, Link: o.Link})
	}
	return errors.Join(errs...)
}

func (i *Instrument) check(bad func(string, ...any)) {
	if i.Route == "" || i.Check == "" || (i.Mechanism == "membership") != (i.Group != "") ||
		!slices.Contains([]string{"acceptance", "objection", "membership", "membership_dates", "none"}, i.Mechanism) ||
		!slices.Contains([]string{"wrongful_date", "proceedings"}, i.Counts) || i.Needs != "" && i.Needs != "decision" {
		bad("instrument %s: route, check, mechanism, counts or needs", i.ID)
	}
}

func (r *Routes) instrument(id string) *Instrument {
	for i := range r.Instruments {
		if r.Instruments[i].ID == id {
			return &r.Instruments[i]
		}
	}
	return nil
}

func (r *Routes) party(instrument, state string) *TreatyParty {
	for i := range r.Parties {
		if r.Parties[i].Instrument == instrument && r.Parties[i].State == state {
			return &r.Parties[i]
		}
	}
	return nil
}

// member returns the membership of a state in a group on a day.
func (r *Routes) member(group, state string, on Date) (*Member, bool) {
	for i := range r.Members {
		m := &r.Members[i]
		if m.Group == group && m.State == state && within(on, m.From, m.Until) {
			return m, true
		}
	}
	return nil, false
}
