package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// NewConsent allows one class to go to one audience for one purpose.
type NewConsent struct {
	Class    Class  `json:"class"`
	Audience string `json:"audience"`
	Purpose  string `json:"purpose"`
	Basis    string `json:"basis"`
	GivenBy  string `json:"given_by,omitempty"`
	// Party is the id of the party of the case that gave it; empty for none.
	Party string `json:"party,omitempty"`
	// ExpiresAt may be empty but for an override, which lasts a day at most.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

const basisOverride = "override"

// overrideLasts is how long an override stands before it is reviewed (security
// policy 5.5).
const overrideLasts = 24 * time.Hour

// Audiences and ConsentBases are the words that their fields take.
func Audiences() []string { return []string{"public", "partners", "institutions"} }

// ConsentBases returns what a consent may rest on.
func ConsentBases() []string {
	return []string{"consent", "assent", "vital_interest", "legal_order", basisOverride}
}

func (in *NewConsent) validate(now time.Time) Fields {
	i := &inspection{now: now}
	switch {
	case in.Class == P5 || in.Class == P8 || in.Class == P9:
		i.Add("class", "never_shared", "This class never leaves, whoever consents.")
	case in.Class == P10:
		i.Add("class", "unknown_value", "There is no consent for this class.")
	default:
		oneOf(i, "class", in.Class, []Class{P0, P1, P2, P3, P4, P6, P7})
	}
	oneOf(i, "audience", in.Audience, Audiences())
	i.required("purpose", &in.Purpose, maxLine, "Say what for.")
	oneOf(i, "basis", in.Basis, ConsentBases())
	i.text("given_by", &in.GivenBy, maxLine)
	if in.GivenBy == "" && (in.Basis == "consent" || in.Basis == "assent") {
		i.Add("given_by", "required", "Say who consented.")
	}
	i.ahead("expires_at", in.ExpiresAt)
	if in.Basis == basisOverride && (in.ExpiresAt.IsZero() || in.ExpiresAt.After(now.Add(overrideLasts+clockSlack))) {
		i.Add("expires_at", "override_too_long", "An override lasts at most 24 hours: say until when.")
	}
	return i.Fields
}

// AddConsent records a consent.
func (d *Desk) AddConsent(ctx context.Context, a Actor, caseID string, in NewConsent, r Request) (ConsentView, error) {
	if err := d.caseCommand(a, "case.consent", caseID, func(now time.Time) Fields { return in.validate(now) }); err != nil {
		return ConsentView{}, err
	}
	id := d.idFor("consent", r)
	v, err := d.changeCase(ctx, a, "case.consent", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		if err := workable(c); err != nil {
			return nil, err
		}
		if in.Party != "" && !c.HasParty(in.Party) {
			var f Fields
			f.Add("party", "unknown_party", "The case has no such party.")
			return nil, f.Err()
		}
		next := *c
		next.Consents = append(slices.Clone(c.Consents), Consent{
			ID: id, Class: in.Class, Audience: in.Audience, Purpose: in.Purpose, Basis: in.Basis,
			GivenBy: in.GivenBy, Party: in.Party, ExpiresAt: in.ExpiresAt, RecordedBy: a.ID, RecordedAt: v.Now,
		})
		next.edited(a, v.Now, "consents")
		return []journal.Document{&next}, nil
	})
	if err != nil {
		return ConsentView{}, err
	}
	return byID(v.Consents, func(c ConsentView) bool { return c.ID == id })
}

// caseCommand checks, in this order, that the actor may, that the case is
// theirs to see, and what was sent.
func (d *Desk) caseCommand(a Actor, act, caseID string, validate func(time.Time) Fields) error {
	if err := d.may(a, act); err != nil {
		return err
	}
	if _, err := d.VisibleCase(a, caseID); err != nil {
		return err
	}
	return validate(d.Now()).Err()
}

// idFor returns an id for something that a command makes inside a document. It
// follows from the request when there is one, so that a repeat names it again.
func (d *Desk) idFor(what string, r Request) string {
	if r.Key == nil {
		return NewID(d.Random)
	}
	return idOf(d.Ring.MAC("id", []byte(what), r.Key))
}

func byID[T any](all []T, is func(T) bool) (T, error) {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	var none T
	return none, nil // recorded, but not the actor's to see
}

// workable refuses to add to a case that is closed for good.
func workable(c *Case) error {
	if c.State.Ended() && c.State != StateFound {
		return Errorf(Conflict, "The case is %s and cannot be changed.", stateWords(c.State))
	}
	return nil
}

// WithdrawConsent ends a consent at once. Live alerts that rested on it are
// cancelled in the same change when no other consent covers them.
func (d *Desk) WithdrawConsent(ctx context.Context, a Actor, caseID, consentID string, r Request) (CaseView, error) {
	return d.changeCase(ctx, a, "case.consent", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		alerts, err := d.openAlerts(v, c.ID)
		if err != nil {
			return nil, err
		}
		return withdrawRule(c, alerts, consentID, a, v.Now)
	})
}

func withdrawRule(c *Case, alerts []*Alert, consentID string, a Actor, now time.Time) ([]journal.Document, error) {
	n := slices.IndexFunc(c.Consents, func(s Consent) bool { return s.ID == consentID })
	if n < 0 {
		return nil, coded(journal.ErrNotFound)
	}
	if !c.Consents[n].WithdrawnAt.IsZero() {
		return nil, nil
	}
	next := *c
	next.Consents = slices.Clone(c.Consents)
	next.Consents[n].WithdrawnAt = now
	next.edited(a, now, "consents")
	resting := slices.DeleteFunc(slices.Clone(alerts), func(al *Alert) bool {
		return !restsOn(al, &c.Consents[n]) || stillCovered(&next, &c.Consents[n], now)
	})
	return append([]journal.Document{&next}, cancelled(resting, "A consent was withdrawn.", a, now)...), nil
}

// restsOn tells whether a live alert shows what a consent allowed to whom it
// allowed it.
func restsOn(al *Alert, s *Consent) bool {
	r := al.Current()
	if r == nil || al.State != AlertLive {
		return false
	}
	switch s.Audience {
	case "public":
		return r.Level.IsPublic()
	case "partners":
		return r.Level == LevelPartner && s.Class == P1 && r.PhotoID != ""
	}
	return false
}

// stillCovered tells whether another consent of the same kind is in force.
func stillCovered(c *Case, gone *Consent, now time.Time) bool {
	for i := range c.Consents {
		s := &c.Consents[i]
		if s.Class == gone.Class && s.Audience == gone.Audience && s.inForce(now) {
			return true
		}
	}
	return false
}

// NewDecision records an authority's decision on going public.
type NewDecision struct {
	Level     Level     `json:"level"`
	Authority string    `json:"authority"`
	Person    string    `json:"person,omitempty"`
	Basis     string    `json:"basis"`
	Reference string    `json:"reference"`
	DecidedAt time.Time `json:"decided_at"`
}

func (in *NewDecision) validate(now time.Time) Fields {
	i := &inspection{now: now}
	oneOf(i, "level", in.Level, []Level{LevelInternal, LevelPartner, LevelPublicAppeal, LevelNationalMirror})
	i.required("authority", &in.Authority, maxLine, "Say which authority decided.")
	i.text("person", &in.Person, maxNameText)
	i.required("basis", &in.Basis, maxNote, "Say on what basis it was decided.")
	i.required("reference", &in.Reference, maxNameText, "Write the authority's reference.")
	if in.DecidedAt.IsZero() {
		i.Add("decided_at", "required", "Say when it was decided.")
	}
	i.past("decided_at", in.DecidedAt)
	return i.Fields
}

// RecordDecision records an authority's decision.
func (d *Desk) RecordDecision(ctx context.Context, a Actor, caseID string, in NewDecision, r Request) (DecisionView, error) {
	if err := d.caseCommand(a, "case.decide", caseID, func(now time.Time) Fields { return in.validate(now) }); err != nil {
		return DecisionView{}, err
	}
	id := d.idFor("decision", r)
	v, err := d.changeCase(ctx, a, "case.decide", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		if err := workable(c); err != nil {
			return nil, err
		}
		next := *c
		next.Decisions = append(slices.Clone(c.Decisions), Decision{
			ID: id, Level: in.Level, Authority: in.Authority, Person: in.Person, Basis: in.Basis,
			Reference: in.Reference, DecidedAt: in.DecidedAt, RecordedBy: a.ID, RecordedAt: v.Now,
		})
		next.edited(a, v.Now, "decisions")
		return []journal.Document{&next}, nil
	})
	if err != nil {
		return DecisionView{}, err
	}
	return byID(v.Decisions, func(c DecisionView) bool { return c.ID == id })
}
