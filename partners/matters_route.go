package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// NewRoute is the legal route that a person decides on.
type NewRoute struct {
	Route string `json:"route"`
	// Why is needed when the decision is not what the data found.
	Why string `json:"why,omitempty"`
}

// RouteView is what the data says of a matter's pair of states, and what was
// decided.
type RouteView struct {
	FromState string `json:"from_state"`
	ToState   string `json:"to_state"`
	// Proposed is the route that follows from the data, "" when it does not
	// know: then the central authority or the status table is to be asked.
	Proposed string        `json:"proposed"`
	Findings []FindingView `json:"findings"`
	Options  []OptionView  `json:"options"`
	// Decided is the route that holds, and History who decided what, the newest
	// first.
	Decided string              `json:"decided"`
	History []RouteDecisionView `json:"history"`
}

// FindingView is the answer for one instrument.
type FindingView struct {
	Instrument string `json:"instrument"`
	Route      string `json:"route"`
	Answer     string `json:"answer"` // applies, does_not_apply, unknown
	Since      string `json:"since,omitempty"`
	// Reasons lead to the answer, in order.
	Reasons   []ReasonView `json:"reasons"`
	Source    string       `json:"source"`
	Link      string       `json:"link"`
	Check     string       `json:"check"`
	AsOf      string       `json:"as_of"`
	ValidFrom string       `json:"valid_from,omitempty"`
	ValidTo   string       `json:"valid_to,omitempty"`
	Verified  bool         `json:"verified"`
	Note      string       `json:"note,omitempty"`
	Sources   []SourceView `json:"sources"`
}

// ReasonView is one step on the way to an answer.
type ReasonView struct {
	ID    string `json:"id"`
	State string `json:"state,omitempty"`
	Other string `json:"other,omitempty"`
	On    string `json:"on,omitempty"`
}

// SourceView is a row of data that an answer rests on.
type SourceView struct {
	Source   string `json:"source"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
	Note     string `json:"note,omitempty"`
}

// OptionView is something that can be done outside the 1980 Convention.
type OptionView struct {
	ID       string `json:"id"`
	Source   string `json:"source"`
	Link     string `json:"link"`
	Verified bool   `json:"verified"`
}

// RouteDecisionView is a decision on the route as a reader gets it.
type RouteDecisionView struct {
	Route string    `json:"route"`
	Found string    `json:"found"`
	Why   string    `json:"why,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
}

// Route returns what the data says of a matter's states and days, and what was
// decided.
func (d *Desk) Route(ctx context.Context, a alerts.Actor, matterID string) (RouteView, error) {
	v := RouteView{Findings: []FindingView{}, Options: []OptionView{}, History: []RouteDecisionView{}}
	m, c, err := d.visibleMatter(a, matterID)
	if err != nil {
		return v, err
	}
	on := d.onMatter(a, c, m)
	if !d.Matrix.May(a, alerts.P3, c.State, on) {
		return v, nil
	}
	law, zone, err := d.board.rules()
	if err != nil {
		return v, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+m.ID+"/route", alerts.P3); err != nil {
		return v, err
	}
	found := m.find(law, abduction.DateOf(d.Now(), zone))
	v.FromState, v.ToState, v.Proposed, v.Decided = m.FromState, m.ToState, found.Route, m.LegalRoute
	for i := range found.Findings {
		v.Findings = append(v.Findings, findingView(&found.Findings[i]))
	}
	for _, o := range found.Options {
		v.Options = append(v.Options, OptionView(o))
	}
	who := d.Matrix.May(a, alerts.P10, c.State, on)
	for _, r := range slices.Backward(m.Routes) {
		x := RouteDecisionView{Route: r.Route, Found: r.Found, Why: r.Why, At: r.At}
		if who {
			x.By = r.By
		}
		v.History = append(v.History, x)
	}
	return v, nil
}

func findingView(f *abduction.Finding) FindingView {
	v := FindingView{
		Instrument: f.Instrument, Route: f.Route, Answer: string(f.Answer), Since: f.Since.String(), Reasons: []ReasonView{},
		Source: f.Source, Link: f.Link, Check: f.Check, AsOf: f.AsOf.String(), ValidFrom: f.ValidFrom.String(), ValidTo: f.ValidTo.String(),
		Verified: f.Verified, Note: f.Note, Sources: []SourceView{},
	}
	for _, r := range f.Reasons {
		v.Reasons = append(v.Reasons, ReasonView{r.ID, r.State, r.Other, r.On.String()})
	}
	for _, b := range f.Sources {
		v.Sources = append(v.Sources, SourceView{b.Source, b.Link, b.Verified, b.Note})
	}
	return v
}

// find asks the data about the matter's states and days.
func (m *Matter) find(law *abduction.Law, today abduction.Date) abduction.RouteFinding {
	wrongful, _ := parseDay(m.WrongfulDate)
	proceedings, _ := parseDay(m.ProceedingsStartedAt)
	decision := slices.ContainsFunc(m.Decisions, func(x CustodyDecision) bool { return x.What == "custody" })
	return law.Routes.Find(abduction.Pair{
		From: m.FromState, To: m.ToState, Wrongful: wrongful, Proceedings: proceedings, Today: today, Decision: decision,
	})
}

// DecideRoute records the legal route of a matter, with who decided and why. A
// decision that the data did not find needs its reason.
func (d *Desk) DecideRoute(ctx context.Context, a alerts.Actor, matterID string, in NewRoute, r alerts.Request) (RouteView, error) {
	if _, _, err := d.visibleMatter(a, matterID); err != nil {
		return RouteView{}, err
	}
	law, _, err := d.board.rules()
	if err != nil {
		return RouteView{}, err
	}
	_, err = d.matterCommand(ctx, a, "matter.route", r, func(v *journal.View, c *checker) (*Matter, error) {
		old, err := d.loadMatter(a, v, matterID)
		if err != nil {
			return nil, err
		}
		found := old.find(law, c.today)
		c.oneOf("route", in.Route, LegalRoutes())
		c.text("why", in.Why, textLength, in.Route != found.Route)
		if err := c.Err(); err != nil {
			return nil, err
		}
		m := *old
		m.LegalRoute = in.Route
		m.Routes = append(slices.Clone(old.Routes), RouteDecision{Route: in.Route, Found: found.Route, Why: in.Why, By: a.ID, At: v.Now})
		return &m, nil
	})
	if err != nil {
		return RouteView{}, err
	}
	return d.Route(ctx, a, matterID)
}

// routed notes who changed the legal route where it was changed with the other
// facts, without a reason.
func (m *Matter) routed(was string, a alerts.Actor, now time.Time) {
	if m.LegalRoute != was {
		m.Routes = append(slices.Clone(m.Routes), RouteDecision{Route: m.LegalRoute, By: a.ID, At: now})
	}
}

// Grave tells whether a danger is one of those that come first.
func (d *Desk) Grave(code string) bool {
	law, _, err := d.board.rules()
	return err == nil && slices.ContainsFunc(law.Procedure.Dangers, func(c abduction.Code) bool { return c.ID == code && c.Grave })
}

// DangerCodes are the dangers that can be noted on a matter.
func (d *Desk) DangerCodes() ([]string, error) {
	law, _, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	return codes(law.Procedure.Dangers), nil
}

// RefusalGrounds are those on which a return may be refused.
func (d *Desk) RefusalGrounds() ([]string, error) {
	law, _, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	return codes(law.Procedure.Grounds), nil
}

func codes(all []abduction.Code) []string {
	out := make([]string, len(all))
	for i := range all {
		out[i] = all[i].ID
	}
	return out
}
