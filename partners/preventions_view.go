package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// PreventionView is a prevention record as one reader sees it. Groups that they
// may not see are absent.
type PreventionView struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
	CaseID     string    `json:"case_id,omitempty"`
	CaseNumber string    `json:"case_number,omitempty"`
	ContactID  string    `json:"contact_id,omitempty"`
	State      string    `json:"state"`

	Children []PreventedChild `json:"children,omitempty"`
	Worried  string           `json:"worried,omitempty"`
	Feared   string           `json:"feared,omitempty"`
	ToStates []string         `json:"to_states,omitempty"`
	Factors  []FactorView     `json:"factors,omitempty"`
	Measures []MeasureView    `json:"measures,omitempty"`
	Consents []PermissionView `json:"consents,omitempty"`
	Journeys []JourneyView    `json:"journeys,omitempty"`
	Told     []TellingView    `json:"told,omitempty"`
	Owner    string           `json:"owner,omitempty"`
}

// FactorView is one answer for a sign of risk; Current is false once a later one
// has taken its place.
type FactorView struct {
	Factor  string    `json:"factor"`
	Present string    `json:"present"`
	Note    string    `json:"note,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at"`
	Current bool      `json:"current"`
	// Source and Verified are of the data row that the sign comes from.
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// MeasureView is one measure; State is noted, requested, confirmed, refused or
// expired.
type MeasureView struct {
	ID              string    `json:"id"`
	Kind            string    `json:"kind"`
	Country         string    `json:"country"`
	InstitutionID   string    `json:"institution_id,omitempty"`
	InstitutionName string    `json:"institution_name,omitempty"`
	RequestedOn     string    `json:"requested_on,omitempty"`
	RequestedBy     string    `json:"requested_by,omitempty"`
	ConfirmedOn     string    `json:"confirmed_on,omitempty"`
	RefusedOn       string    `json:"refused_on,omitempty"`
	ExpiresOn       string    `json:"expires_on,omitempty"`
	Reference       string    `json:"reference,omitempty"`
	Note            string    `json:"note,omitempty"`
	By              string    `json:"by,omitempty"`
	At              time.Time `json:"at"`
	State           string    `json:"state"`
	Source          string    `json:"source"`
	Verified        bool      `json:"verified"`
}

// PermissionView is a parent's consent to a journey; State is standing, over,
// back or revoked.
type PermissionView struct {
	ID        string    `json:"id"`
	GivenBy   string    `json:"given_by"`
	ToState   string    `json:"to_state"`
	From      string    `json:"from"`
	Until     string    `json:"until"`
	Certified bool      `json:"certified"`
	RevokedOn string    `json:"revoked_on,omitempty"`
	BackOn    string    `json:"back_on,omitempty"`
	By        string    `json:"by,omitempty"`
	At        time.Time `json:"at"`
	State     string    `json:"state"`
}

// JourneyView is a known date of travel; State is waiting, alarmed, seen or
// over.
type JourneyView struct {
	ID      string    `json:"id"`
	On      string    `json:"on"`
	ToState string    `json:"to_state,omitempty"`
	Note    string    `json:"note,omitempty"`
	AlarmAt time.Time `json:"alarm_at"`
	FiredAt time.Time `json:"fired_at,omitzero"`
	SeenBy  string    `json:"seen_by,omitempty"`
	SeenAt  time.Time `json:"seen_at,omitzero"`
	Outcome string    `json:"outcome,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at"`
	State   string    `json:"state"`
}

// TellingView says who was told.
type TellingView struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"`
	What string    `json:"what"`
	By   string    `json:"by,omitempty"`
}

// preventionLens says what one reader sees of one record.
type preventionLens struct {
	desk  *Desk
	may   func(alerts.Class) bool
	today string
}

func (d *Desk) preventionLens(a alerts.Actor, c *alerts.Case) (preventionLens, error) {
	_, zone, err := d.board.rules()
	l := preventionLens{desk: d}
	if err != nil {
		return l, err
	}
	l.today = abduction.DateOf(d.Now(), zone).String()
	l.may = func(class alerts.Class) bool {
		if c == nil {
			return d.Matrix.May(a, class, alerts.StateVerifying, a.Role != alerts.RoleLegal)
		}
		on := d.Assigned(a, c)
		if a.Role == alerts.RoleLegal {
			on = slices.ContainsFunc(d.board.MattersOf(c.ID), func(m *Matter) bool { return slices.Contains(m.Legal, a.ID) })
		}
		return d.Matrix.May(a, class, c.State, on)
	}
	return l, nil
}

// Prevention returns a record as the actor sees it.
func (d *Desk) Prevention(ctx context.Context, a alerts.Actor, id string) (PreventionView, error) {
	p, c, err := d.visiblePrevention(a, id)
	if err != nil {
		return PreventionView{}, err
	}
	l, err := d.preventionLens(a, c)
	if err != nil {
		return PreventionView{}, err
	}
	var classes []alerts.Class
	for _, class := range []alerts.Class{alerts.P1, alerts.P3, alerts.P5, alerts.P10} {
		if l.may(class) {
			classes = append(classes, class)
		}
	}
	if len(classes) > 0 {
		if err := d.Reads.Record(ctx, a, "preventions/"+id, classes...); err != nil {
			return PreventionView{}, err
		}
	}
	return l.view(p, c), nil
}

// view is the allow-list of a record.
func (l preventionLens) view(p *Prevention, c *alerts.Case) PreventionView {
	v := PreventionView{
		ID: p.ID, Number: p.PublicNumber, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, CaseID: p.CaseID, ContactID: p.ContactID, State: p.State,
	}
	if c != nil {
		v.CaseNumber = c.CaseNumber
	}
	if l.may(alerts.P1) {
		v.Children = p.Children
	}
	if l.may(alerts.P10) {
		v.Owner = p.Owner
	}
	if !l.may(alerts.P3) {
		return v
	}
	v.Worried, v.Feared, v.ToStates = p.Worried, p.Feared, p.ToStates
	for i := range p.Factors {
		v.Factors = append(v.Factors, l.factor(p, i))
	}
	for i := range p.Measures {
		v.Measures = append(v.Measures, l.measure(&p.Measures[i]))
	}
	for i := range p.Consents {
		v.Consents = append(v.Consents, l.permission(&p.Consents[i]))
	}
	for i := range p.Journeys {
		v.Journeys = append(v.Journeys, l.journey(&p.Journeys[i]))
	}
	for _, t := range p.Told {
		v.Told = append(v.Told, TellingView{t.At, t.Who, t.What, l.who(t.By)})
	}
	return v
}

// who is an account's id for those who may see who did what.
func (l preventionLens) who(id string) string {
	if l.may(alerts.P10) {
		return id
	}
	return ""
}

func (l preventionLens) factor(p *Prevention, i int) FactorView {
	f := &p.Factors[i]
	v := FactorView{Factor: f.Factor, Present: f.Present, By: l.who(f.By), At: f.At}
	v.Current = !slices.ContainsFunc(p.Factors[i+1:], func(x FactorMark) bool { return x.Factor == f.Factor })
	v.Source, v.Verified = source(l.desk.protection.Factors, f.Factor)
	if l.may(alerts.P5) {
		v.Note = f.Note
	}
	return v
}

func (l preventionLens) measure(m *Measure) MeasureView {
	v := MeasureView{
		ID: m.ID, Kind: m.Kind, Country: m.Country, InstitutionID: m.InstitutionID, InstitutionName: l.desk.institutionName(m.InstitutionID),
		RequestedOn: m.RequestedOn, RequestedBy: m.RequestedBy, ConfirmedOn: m.ConfirmedOn, RefusedOn: m.RefusedOn, ExpiresOn: m.ExpiresOn,
		Reference: m.Reference, Note: m.Note, By: l.who(m.By), At: m.At, State: m.state(l.today),
	}
	v.Source, v.Verified = source(l.desk.protection.Measures, m.Kind)
	return v
}

// state is how a measure stands on a day, YYYY-MM-DD.
func (m *Measure) state(today string) string {
	switch {
	case m.RefusedOn != "":
		return "refused"
	case m.ExpiresOn != "" && m.ExpiresOn < today:
		return "expired"
	case m.ConfirmedOn != "":
		return "confirmed"
	case m.RequestedOn != "":
		return "requested"
	}
	return "noted"
}

func (l preventionLens) permission(e *Permission) PermissionView {
	return PermissionView{
		ID: e.ID, GivenBy: e.GivenBy, ToState: e.ToState, From: e.From, Until: e.Until, Certified: e.Certified,
		RevokedOn: e.RevokedOn, BackOn: e.BackOn, By: l.who(e.By), At: e.At, State: e.state(l.today),
	}
}

func (e *Permission) state(today string) string {
	switch {
	case e.BackOn != "":
		return "back"
	case e.RevokedOn != "":
		return "revoked"
	case e.Until < today:
		return "over"
	}
	return "standing"
}

func (l preventionLens) journey(j *Journey) JourneyView {
	return JourneyView{
		ID: j.ID, On: j.On, ToState: j.ToState, Note: j.Note, AlarmAt: j.AlarmAt, FiredAt: j.FiredAt,
		SeenBy: l.who(j.SeenBy), SeenAt: j.SeenAt, Outcome: j.Outcome, By: l.who(j.By), At: j.At, State: j.state(),
	}
}

func (j *Journey) state() string {
	switch {
	case j.Outcome != "":
		return "over"
	case !j.SeenAt.IsZero():
		return "seen"
	case !j.FiredAt.IsZero():
		return "alarmed"
	}
	return "waiting"
}

// source returns where a row of the data comes from.
func source(list []abduction.Entry, id string) (string, bool) {
	for i := range list {
		if list[i].ID == id {
			return list[i].Source, list[i].Verified
		}
	}
	return "", false
}
