package abduction

import "slices"

// Answer is what the data says of one instrument between two states.
type Answer string

// The answers. Unknown is an answer of its own: the central authority or the
// status table is then to be asked.
const (
	Applies      Answer = "applies"
	DoesNotApply Answer = "does_not_apply"
	Unknown      Answer = "unknown"
)

// Pair is what a finding is asked for.
type Pair struct {
	// From is the state of habitual residence, To the one the child is in.
	From, To string
	Wrongful Date
	// Proceedings is when return proceedings started, zero while they have not;
	// today then stands for them, because they cannot start earlier.
	Proceedings, Today Date
	// Decision tells whether there is a custody decision to be recognised.
	Decision bool
}

// Reason is one step on the way to an answer: the id of its text, and what the
// text speaks of.
type Reason struct {
	ID           string `json:"id"`
	State, Other string
	On           Date
}

// Finding is the answer for one instrument.
type Finding struct {
	Instrument string
	Route      string
	Answer     Answer
	// Since is the day from which it is in force between the two, zero when
	// that is not known.
	Since   Date
	Reasons []Reason
	Source  string
	Link    string
	// Check is where the answer can be checked, and AsOf when the data was
	// collected.
	Check              string
	AsOf               Date
	ValidFrom, ValidTo Date
	// Verified tells whether everything that the answer rests on was checked
	// against its source.
	Verified bool
	Note     string
	// Sources are the rows of data that were used beside the instrument itself.
	Sources []Basis
}

// RouteFinding is what the data says of a pair of states.
type RouteFinding struct {
	Findings []Finding
	// Route is the legal route that follows, "" when the data does not know.
	Route string
	// Options are what can be done outside the 1980 Convention; none where it
	// applies.
	Options []Option
}

// Find answers for every instrument, in the order of the data. It never guesses:
// a state or an acceptance that is not in the data gives Unknown.
func (r *Routes) Find(p Pair) RouteFinding {
	out := RouteFinding{}
	by := map[string]*Finding{}
	for i := range r.Instruments {
		f := r.finding(&r.Instruments[i], p)
		out.Findings = append(out.Findings, f)
	}
	for i := range out.Findings {
		by[out.Findings[i].Instrument] = &out.Findings[i]
	}
	out.Route = r.propose(by, p)
	if f := by["hague1980"]; f == nil || f.Answer != Applies {
		out.Options = r.Options
	}
	return out
}

// propose chooses the route: the 1980 Convention with the regulation that
// complements it, else the next instrument that applies, else none. While the
// 1980 Convention is unknown nothing is proposed.
func (r *Routes) propose(by map[string]*Finding, p Pair) string {
	hague := by["hague1980"]
	if hague == nil || hague.Answer == Unknown {
		return ""
	}
	order := []string{"hague1996", "luxembourg1980"}
	if hague.Answer == Applies {
		order = []string{"brussels2b", "brussels2a", "hague1980"}
	}
	for _, id := range order {
		f := by[id]
		if f == nil || f.Answer != Applies || r.instrument(id).Needs == "decision" && !p.Decision {
			continue
		}
		return f.Route
	}
	return "non_hague"
}

func (r *Routes) finding(i *Instrument, p Pair) Finding {
	f := Finding{
		Instrument: i.ID, Route: i.Route, Source: i.Source, Link: i.Link, Check: i.Check, AsOf: r.AsOf,
		ValidFrom: i.ValidFrom, ValidTo: i.ValidTo, Verified: i.Verified, Note: i.Note,
	}
	on := p.Wrongful
	if i.Counts == "proceedings" {
		if on = p.Proceedings; on.IsZero() {
			on = p.Today
			f.reason(Reason{ID: "today_counts", On: on})
		}
	}
	switch i.Mechanism {
	case "membership":
		r.membership(&f, i, p, on)
	case "none":
		f.is(Unknown, Reason{ID: "no_treaties_in_data"})
	default:
		r.treaty(&f, i, p, on)
	}
	if i.Needs == "decision" && f.Answer == Applies && !p.Decision {
		f.reason(Reason{ID: "needs_decision"})
	}
	return f
}

func (f *Finding) reason(r Reason) { f.Reasons = append(f.Reasons, r) }

func (f *Finding) is(a Answer, r Reason) {
	f.Answer = a
	f.reason(r)
}

// uses notes a row of data that the answer rests on.
func (f *Finding) uses(b Basis) {
	f.Sources = append(f.Sources, b)
	f.Verified = f.Verified && b.Verified
}

// membership answers for a law that binds the members of a group. The list of
// members is complete, so a state that is not in it is none.
func (r *Routes) membership(f *Finding, i *Instrument, p Pair, on Date) {
	if !within(on, i.ValidFrom, i.ValidTo) {
		f.is(DoesNotApply, Reason{ID: "not_law_on_that_day", On: on})
		return
	}
	for _, s := range []string{p.From, p.To} {
		m, ok := r.member(i.Group, s, on)
		switch {
		case slices.Contains(i.Without, s):
			f.is(DoesNotApply, Reason{ID: "excluded", State: s})
			return
		case !ok:
			f.is(DoesNotApply, Reason{ID: "not_a_member", State: s, On: on})
			return
		}
		f.uses(m.Basis)
		f.Since = later(f.Since, later(m.From, i.ValidFrom))
	}
	f.is(Applies, Reason{ID: "both_members", On: on})
}

// treaty answers for a convention: both states must be bound, towards each
// other, on the day that counts.
func (r *Routes) treaty(f *Finding, i *Instrument, p Pair, on Date) {
	a, b := r.party(i.ID, p.From), r.party(i.ID, p.To)
	for _, q := range []*TreatyParty{a, b} {
		if q != nil && q.How == "not_party" { // then the other state does not matter
			f.uses(q.Basis)
			f.is(DoesNotApply, Reason{ID: "not_a_party", State: q.State, On: q.AsOf})
			return
		}
	}
	for k, q := range []*TreatyParty{a, b} {
		if q == nil {
			f.is(Unknown, Reason{ID: "state_not_in_data", State: []string{p.From, p.To}[k]})
			return
		}
		f.uses(q.Basis)
	}
	if i.Mechanism == "acceptance" {
		if a.acceded() || b.acceded() {
			r.accepted(f, i, a, b, on)
			return
		}
		f.reason(Reason{ID: "both_ratified", State: a.State, Other: b.State})
	}
	f.Since = later(a.From, b.From)
	f.inForce(on)
	if i.Mechanism == "objection" && f.Answer == Applies {
		f.reason(Reason{ID: "no_objection_in_data"})
	}
}

// accepted answers where one state has acceded: its accession must have been
// accepted by the other, or, of two that acceded, the later by the earlier.
func (r *Routes) accepted(f *Finding, i *Instrument, a, b *TreatyParty, on Date) {
	if b.acceded() && (!a.acceded() || a.From.Before(b.From)) {
		a, b = b, a
	}
	// Now a is the one whose accession had to be accepted, by b.
	for k := range r.Acceptances {
		if x := &r.Acceptances[k]; x.Instrument == i.ID && x.Acceding == a.State && x.Accepting == b.State {
			f.uses(x.Basis)
			f.reason(Reason{ID: "accepted", State: a.State, Other: b.State, On: x.From})
			f.Since = later(x.From, later(a.From, b.From))
			f.inForce(on)
			return
		}
	}
	for k := range r.Between {
		g := &r.Between[k]
		m, okA := r.member(g.Group, a.State, on)
		n, okB := r.member(g.Group, b.State, on)
		if g.Instrument == i.ID && okA && okB && !on.Before(g.From) {
			f.uses(g.Basis)
			f.uses(m.Basis)
			f.uses(n.Basis)
			f.is(Applies, Reason{ID: "within_group", State: a.State, Other: b.State})
			return
		}
	}
	f.is(Unknown, Reason{ID: "acceptance_not_in_data", State: a.State, Other: b.State})
}

// inForce settles whether a convention was in force between the two on a day.
func (f *Finding) inForce(on Date) {
	if on.Before(f.Since) {
		f.is(DoesNotApply, Reason{ID: "before_it_was_in_force", On: f.Since})
		return
	}
	f.is(Applies, Reason{ID: "in_force_since", On: f.Since})
}

func (p *TreatyParty) acceded() bool { return p.How == "acceded" }

func later(a, b Date) Date {
	if a.Before(b) {
		return b
	}
	return a
}
