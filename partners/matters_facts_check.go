package partners

import (
	"fmt"
	"slices"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// checkFacts notes every wrong field of a matter, gives ids to what is new, and
// writes dates as they are kept.
func (d *Desk) checkFacts(v *journal.View, m *Matter, c *checker) error {
	checkMatter(m, c)
	known, err := journal.Load[*alerts.Case](v, "cases", m.CaseID)
	if err != nil {
		return err
	}
	law, _, err := d.board.rules()
	if err != nil {
		return err
	}
	f := facts{checker: c, m: m, law: law, children: known.Children, fresh: func() string { return alerts.NewID(d.Random) }}
	f.institution = func(id string) bool { _, ok := d.board.Institution(id); return ok }
	f.states()
	f.parties()
	f.decisions()
	f.documents()
	f.authorisations()
	f.traces()
	f.familyContacts()
	f.dangers()
	f.outcomes()
	for i, l := range m.Languages {
		c.language(fmt.Sprintf("languages[%d]", i), l)
	}
	c.few("languages", len(m.Languages))
	return nil
}

// facts checks the detailed facts of one matter.
type facts struct {
	*checker
	m           *Matter
	law         *abduction.Law
	children    []alerts.Child
	institution func(id string) bool
	fresh       func() string
}

// rows bounds a list and names its fields.
func (f *facts) rows(list string, n int) func(i int, field string) string {
	f.few(list, n)
	return func(i int, field string) string { return fmt.Sprintf("%s[%d].%s", list, i, field) }
}

// id gives what is new its id, and refuses one that stands twice.
func (f *facts) id(field string, id *string, seen map[string]bool) {
	if *id == "" {
		*id = f.fresh()
	}
	f.line(field, *id, true)
	if seen[*id] {
		f.Add(field, "duplicate", "This stands here twice.")
	}
	seen[*id] = true
}

// day reads a date that may lie ahead; past one that may not.
func (f *facts) day(field string, s *string)  { *s = f.date(field, *s).String() }
func (f *facts) over(field string, s *string) { *s = f.past(field, *s).String() }

// need notes a date that is missing.
func (f *facts) need(field, s string) {
	if s == "" {
		f.Add(field, "required", "This is needed.")
	}
}

// order notes a date that lies before another.
func (f *facts) order(field, earlier, later string) {
	if earlier != "" && later != "" && later < earlier {
		f.Add(field, "too_early", "This lies before what it follows.")
	}
}

func (f *facts) maybeCountry(field, s string) {
	if s != "" {
		f.country(field, s)
	}
}

func (f *facts) child(field, id string) {
	if !slices.ContainsFunc(f.children, func(k alerts.Child) bool { return k.ID == id }) {
		f.Add(field, "unknown_child", "This case has no such child.")
	}
}

func (f *facts) party(field, id string) {
	if id != "" && !slices.ContainsFunc(f.m.Parties, func(p Party) bool { return p.ID == id }) {
		f.Add(field, "unknown_party", "This matter has no such party.")
	}
}

func (f *facts) states() {
	at := f.rows("states", len(f.m.States))
	for i := range f.m.States {
		s := &f.m.States[i]
		f.country(at(i, "state"), s.State)
		f.oneOf(at(i, "role"), s.Role, InvolvedRoles())
		f.day(at(i, "from"), &s.From)
		f.day(at(i, "until"), &s.Until)
		f.order(at(i, "until"), s.From, s.Until)
	}
}

func (f *facts) parties() {
	at, seen := f.rows("parties", len(f.m.Parties)), map[string]bool{}
	for i := range f.m.Parties {
		p := &f.m.Parties[i]
		f.id(at(i, "id"), &p.ID, seen)
		f.oneOf(at(i, "role"), p.Role, PartyRoles())
		f.line(at(i, "name"), p.Name, true)
		if _, err := abduction.ParseSpan(p.BirthDate); err != nil {
			f.Add(at(i, "birth_date"), "date", "This must be a date such as 2026-05-02, or a year.")
		}
		for _, s := range p.Nationalities {
			f.country(at(i, "nationalities"), s)
		}
		for _, l := range p.Languages {
			f.language(at(i, "languages"), l)
		}
		f.line(at(i, "relation"), p.Relation, false)
		f.line(at(i, "phone"), p.Phone, false)
		f.line(at(i, "email"), p.Email, false)
		f.text(at(i, "address"), p.Address, textLength, false)
	}
}

func (f *facts) decisions() {
	at, seen := f.rows("decisions", len(f.m.Decisions)), map[string]bool{}
	for i := range f.m.Decisions {
		x := &f.m.Decisions[i]
		f.id(at(i, "id"), &x.ID, seen)
		f.need(at(i, "date"), x.Date)
		f.oneOf(at(i, "what"), x.What, DecisionKinds())
		f.line(at(i, "court"), x.Court, x.InstitutionID == "")
		f.text(at(i, "text"), x.Text, textLength, false)
		if x.InstitutionID != "" && !f.institution(x.InstitutionID) {
			f.Add(at(i, "institution_id"), "unknown_institution", "There is no such institution in the directory.")
		}
		for _, g := range x.Grounds {
			if !slices.ContainsFunc(f.law.Procedure.Grounds, func(c abduction.Code) bool { return c.ID == g }) {
				f.Add(at(i, "grounds"), "unknown_value", "This ground is not known.")
			}
		}
		f.decisionDays(func(field string) string { return at(i, field) }, x)
	}
}

func (f *facts) decisionDays(at func(string) string, x *CustodyDecision) {
	f.over(at("date"), &x.Date)
	f.over(at("served_on"), &x.ServedOn)
	f.day(at("appeal_until"), &x.AppealUntil)
	f.over(at("appealed_on"), &x.AppealedOn)
	f.over(at("final_on"), &x.FinalOn)
	f.over(at("enforcement_started_at"), &x.EnforcementStartedAt)
	f.over(at("enforced_on"), &x.EnforcedOn)
	f.order(at("served_on"), x.Date, x.ServedOn)
	f.order(at("appeal_until"), x.Date, x.AppealUntil)
	f.order(at("appealed_on"), x.Date, x.AppealedOn)
	f.order(at("final_on"), x.Date, x.FinalOn)
	f.order(at("enforcement_started_at"), x.Date, x.EnforcementStartedAt)
	f.order(at("enforced_on"), x.EnforcementStartedAt, x.EnforcedOn)
}

func (f *facts) documents() {
	at, seen := f.rows("documents", len(f.m.Documents)), map[string]bool{}
	for i := range f.m.Documents {
		x := &f.m.Documents[i]
		f.id(at(i, "id"), &x.ID, seen)
		f.oneOf(at(i, "kind"), x.Kind, DocumentKinds())
		f.country(at(i, "state"), x.State)
		f.line(at(i, "number"), x.Number, false)
		f.line(at(i, "where"), x.Where, false)
		f.day(at(i, "valid_until"), &x.ValidUntil)
		if (x.ChildID == "") == (x.PartyID == "") {
			f.Add(at(i, "child_id"), "one_holder", "Say whose document it is: a child's or a party's.")
			continue
		}
		if x.ChildID != "" {
			f.child(at(i, "child_id"), x.ChildID)
		}
		f.party(at(i, "party_id"), x.PartyID)
	}
}

func (f *facts) authorisations() {
	at, seen := f.rows("authorisations", len(f.m.Authorisations)), map[string]bool{}
	for i := range f.m.Authorisations {
		x := &f.m.Authorisations[i]
		f.id(at(i, "id"), &x.ID, seen)
		f.oneOf(at(i, "kind"), x.Kind, AuthorisationKinds())
		f.over(at(i, "given"), &x.Given)
		f.line(at(i, "to"), x.To, true)
		f.party(at(i, "party_id"), x.PartyID)
		f.day(at(i, "valid_until"), &x.ValidUntil)
		f.order(at(i, "valid_until"), x.Given, x.ValidUntil)
		f.text(at(i, "note"), x.Note, textLength, false)
	}
}

func (f *facts) traces() {
	at, seen := f.rows("traces", len(f.m.Traces)), map[string]bool{}
	for i := range f.m.Traces {
		x := &f.m.Traces[i]
		f.id(at(i, "id"), &x.ID, seen)
		f.oneOf(at(i, "kind"), x.Kind, TraceKinds())
		f.over(at(i, "date"), &x.Date)
		f.maybeCountry(at(i, "state"), x.State)
		f.text(at(i, "text"), x.Text, textLength, true)
		f.oneOf(at(i, "source"), x.Source, []string{"A", "B", "C", "D", "E", "F"})
		if x.Information < 1 || x.Information > 6 {
			f.Add(at(i, "information"), "out_of_range", "This must be between 1 and 6.")
		}
	}
}

func (f *facts) familyContacts() {
	at, seen := f.rows("family_contacts", len(f.m.FamilyContacts)), map[string]bool{}
	for i := range f.m.FamilyContacts {
		x := &f.m.FamilyContacts[i]
		f.id(at(i, "id"), &x.ID, seen)
		f.need(at(i, "date"), x.Date)
		f.over(at(i, "date"), &x.Date)
		f.word(at(i, "channel"), x.Channel)
		f.line(at(i, "with"), x.With, false)
		f.text(at(i, "note"), x.Note, textLength, false)
	}
}

func (f *facts) dangers() {
	at, seen := f.rows("dangers", len(f.m.Dangers)), map[string]bool{}
	var codes []string
	for _, c := range f.law.Procedure.Dangers {
		codes = append(codes, c.ID)
	}
	for i := range f.m.Dangers {
		x := &f.m.Dangers[i]
		f.oneOf(at(i, "code"), x.Code, codes)
		if seen[x.Code] {
			f.Add(at(i, "code"), "duplicate", "This stands here twice.")
		}
		seen[x.Code] = true
		f.text(at(i, "note"), x.Note, textLength, false)
	}
}

func (f *facts) outcomes() {
	at, seen := f.rows("outcomes", len(f.m.Outcomes)), map[string]bool{}
	for i := range f.m.Outcomes {
		x := &f.m.Outcomes[i]
		f.child(at(i, "child_id"), x.ChildID)
		if seen[x.ChildID] {
			f.Add(at(i, "child_id"), "duplicate", "This stands here twice.")
		}
		seen[x.ChildID] = true
		f.oneOf(at(i, "outcome"), x.Outcome, ChildOutcomes())
		f.need(at(i, "on"), x.On)
		f.over(at(i, "on"), &x.On)
		f.order(at(i, "on"), f.m.WrongfulDate, x.On)
	}
}
