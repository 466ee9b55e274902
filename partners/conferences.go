package partners

import (
	"context"
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// The bounds of one conference.
const (
	maxAgenda   = 30
	maxInvited  = 40
	maxNotesMet = 300
)

// NewConference calls a conference on a case.
type NewConference struct {
	At     time.Time `json:"at"`
	Mode   string    `json:"mode"`
	Place  string    `json:"place,omitempty"`
	Chair  string    `json:"chair,omitempty"` // whoever calls it when it is empty
	Agenda []string  `json:"agenda"`
}

// ConferenceAct is what somebody does with a conference. Each act takes only
// some of the fields.
type ConferenceAct struct {
	// At, Mode and Place are of move; a reason goes into Text.
	At     time.Time `json:"at,omitzero"`
	Mode   string    `json:"mode,omitempty"`
	Place  string    `json:"place,omitempty"`
	Agenda []string  `json:"agenda,omitempty"`

	// Invitation names the one that share, uninvite, answer and action are about.
	Invitation    string     `json:"invitation,omitempty"`
	Account       string     `json:"account,omitempty"`
	PartnerID     string     `json:"partner_id,omitempty"`
	InstitutionID string     `json:"institution_id,omitempty"`
	Share         []NewShare `json:"share,omitempty"`
	Until         time.Time  `json:"until,omitzero"`
	// Voice lets the organisation read what the child said.
	Voice bool `json:"voice,omitempty"`

	Child   string `json:"child,omitempty"`
	Asked   bool   `json:"asked,omitempty"`
	AskedOn string `json:"asked_on,omitempty"`
	AskedBy string `json:"asked_by,omitempty"`
	Form    string `json:"form,omitempty"`
	Said    string `json:"said,omitempty"`
	Agrees  bool   `json:"agrees,omitempty"`

	Text    string `json:"text,omitempty"`
	Reason  string `json:"reason,omitempty"`
	ForAll  bool   `json:"for_all,omitempty"`
	Dissent string `json:"dissent,omitempty"`
	// Deciders and Attended are invitations; "chair" stands for the chair.
	Deciders []string `json:"deciders,omitempty"`
	Attended []string `json:"attended,omitempty"`

	Owner  string    `json:"owner,omitempty"` // an account, for an action of ours
	DueAt  time.Time `json:"due_at,omitzero"`
	Action string    `json:"action,omitempty"`
	State  string    `json:"state,omitempty"` // of an action
	Answer string    `json:"answer,omitempty"`
}

// CallConference calls a conference on a case.
func (d *Desk) CallConference(ctx context.Context, a alerts.Actor, caseID string, in NewConference, req alerts.Request) (ConferenceView, error) {
	if _, err := d.referralCase(a, caseID); err != nil {
		return ConferenceView{}, err
	}
	id, number, entry := alerts.NewID(d.Random), alerts.NewCaseNumber(d.Random), alerts.NewID(d.Random)
	_, err := d.conferenceChange(ctx, a, "conference.call", req, func(v *journal.View, c *checker) ([]journal.Document, error) {
		of, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if err != nil {
			return nil, err
		}
		if err := of.Working(); err != nil {
			return nil, err
		}
		if err := meetable(of); err != nil {
			return nil, err
		}
		f := &Conference{
			Head: journal.Head{ID: id}, PublicNumber: number, CaseID: caseID, Stage: of.State, State: ConferenceCalled,
			Chair: in.Chair, MadeBy: a.ID, History: []ConferenceEntry{{ID: entry, At: v.Now, Kind: "called", By: a.ID}},
		}
		if f.Chair == "" {
			f.Chair = a.ID
		}
		if !d.colleague(v, f.Chair) {
			c.Add("chair", "unknown_account", "There is no such person among the staff.")
		}
		c.meeting(f, in.At, in.Mode, in.Place, of)
		c.agenda(f, in.Agenda, of)
		return []journal.Document{f}, c.Err()
	})
	if err != nil {
		return ConferenceView{}, err
	}
	return d.Conference(ctx, a, id)
}

// meetable refuses to share with a conference on a case that is over or frozen:
// what the family objects to is settled first.
func meetable(of *alerts.Case) error {
	switch {
	case of.State.Ended() && of.State != alerts.StateFound:
		return alerts.Errorf(alerts.Conflict, "This case is closed. Reopen it first.")
	case of.PublicationFrozen():
		return alerts.Errorf(alerts.Conflict, "The family has objected and nothing of this case is shared. Decide that first.")
	}
	return nil
}

// colleague tells whether an account is a person of ours who can sign in.
func (d *Desk) colleague(v *journal.View, id string) bool {
	acc, err := journal.Load[*alerts.Account](v, "accounts", id)
	return err == nil && acc.Kind == alerts.KindPerson && acc.DisabledAt.IsZero() && acc.Partner == ""
}

// meeting checks and sets when and how people meet. Place and agenda are read by
// everybody who is invited.
func (c *checker) meeting(f *Conference, at time.Time, mode, place string, of *alerts.Case) {
	switch {
	case at.IsZero():
		c.Add("at", "required", "This is needed.")
	case at.Before(c.now.Add(-clockSkew)):
		c.Add("at", "past", "This time has passed.")
	case at.Year() > 2200:
		c.Add("at", "date", "This is too far ahead.")
	}
	c.oneOf("mode", mode, ConferenceModes())
	c.line("place", place, mode == "in_person")
	c.telling(of, "place", place)
	f.At, f.Mode, f.Place = at.UTC().Truncate(time.Millisecond), mode, place
}

func (c *checker) agenda(f *Conference, points []string, of *alerts.Case) {
	f.Agenda = nil
	for _, p := range points {
		c.text("agenda", p, lineLength, true)
		c.telling(of, "agenda", p)
		f.Agenda = append(f.Agenda, AgendaPoint{p})
	}
	switch {
	case len(points) == 0:
		c.Add("agenda", "required", "Write at least one point.")
	case len(points) > maxAgenda:
		c.Add("agenda", "too_many", "These are too many.")
	}
}

func (d *Desk) conferenceChange(ctx context.Context, a alerts.Actor, act string, req alerts.Request, rule func(*journal.View, *checker) ([]journal.Document, error)) (journal.Done, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return journal.Done{}, err
	}
	return d.Do(ctx, a, act, req, func(v *journal.View) (journal.Outcome, error) {
		documents, err := rule(v, newChecker(v.Now, zone))
		return journal.Outcome{Documents: documents}, err
	})
}

// TakeConferenceSteps writes down that sharing has ended with a case, so that
// reopening the case brings nothing back; a meeting that was still to come is
// off. Any node may call it each second; an end is written once.
func (d *Desk) TakeConferenceSteps(ctx context.Context) error {
	var failures []error
	for _, f := range d.board.Conferences() {
		c, _ := d.Board.Case(f.CaseID)
		if c == nil || !f.ends(c) {
			continue
		}
		_, err := d.Do(ctx, alerts.System(), "conference.end", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
			return d.conferenceEnd(v, f.ID)
		})
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// ends tells whether the end of the case is still to be written down.
func (f *Conference) ends(c *alerts.Case) bool {
	return f.EndedAt.IsZero() && sharingOver(c, f.Stage, nil) != ""
}

func (d *Desk) conferenceEnd(v *journal.View, id string) (journal.Outcome, error) {
	old, err := journal.Load[*Conference](v, "conferences", id)
	if err != nil {
		return journal.Outcome{}, err
	}
	c, err := journal.Load[*alerts.Case](v, "cases", old.CaseID)
	if err != nil || !old.ends(c) {
		return journal.Outcome{}, err
	}
	next := *old
	next.EndedAt = v.Now
	if next.State == ConferenceCalled {
		next.State = ConferenceCancelled
	}
	next.History = append(slices.Clone(old.History), ConferenceEntry{ID: alerts.NewID(d.Random), At: v.Now, Kind: "end", Code: "case", By: alerts.System().ID})
	return journal.Outcome{Documents: []journal.Document{&next}}, nil
}
