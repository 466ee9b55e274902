package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
)

// ConferenceView is a conference as staff see it. Accounts are there for who may
// see who does what.
type ConferenceView struct {
	ID         string          `json:"id"`
	Number     string          `json:"number"`
	Version    int             `json:"version"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	CaseID     string          `json:"case_id"`
	CaseNumber string          `json:"case_number"`
	State      ConferenceState `json:"state"`
	At         time.Time       `json:"at"`
	Mode       string          `json:"mode"`
	Place      string          `json:"place,omitempty"`
	Chair      string          `json:"chair,omitempty"`
	Agenda     []string        `json:"agenda"`
	// Voices are what the children think, the last of each child first; Unheard
	// are those of whom nothing is written down, "" for a case without children.
	Voices    []VoiceView              `json:"voices"`
	Unheard   []string                 `json:"unheard"`
	Invited   []InvitationView         `json:"invited"`
	Minutes   []MinuteView             `json:"minutes"`
	Decisions []ConferenceDecisionView `json:"decisions"`
	Actions   []ConferenceActionView   `json:"actions"`
	History   []ConferenceEntryView    `json:"history"`
	// Ended says that the case has ended, and what was shared with it.
	Ended bool `json:"ended"`
	// Frozen says that nothing is shared while an objection stands.
	Frozen bool     `json:"frozen"`
	MadeBy string   `json:"made_by,omitempty"`
	Acts   []string `json:"acts"`
}

// VoiceView is what a child thinks. Said is there for who may read safeguarding
// notes; Withheld says that it is not.
type VoiceView struct {
	Child    string    `json:"child,omitempty"`
	Asked    bool      `json:"asked"`
	AskedOn  string    `json:"asked_on,omitempty"`
	AskedBy  string    `json:"asked_by,omitempty"`
	Form     string    `json:"form,omitempty"`
	Said     string    `json:"said,omitempty"`
	Withheld bool      `json:"withheld"`
	Agrees   bool      `json:"agrees"`
	WhyNot   string    `json:"why_not,omitempty"`
	By       string    `json:"by,omitempty"`
	At       time.Time `json:"at"`
	// Earlier says that a later entry stands in its place.
	Earlier bool `json:"earlier"`
}

// InvitationView is one place at the table. Over says why the organisation sees
// nothing now: staff, case, consent, until or frozen.
type InvitationView struct {
	ID            string             `json:"id"`
	Account       string             `json:"account,omitempty"`
	PartnerID     string             `json:"partner_id,omitempty"`
	InstitutionID string             `json:"institution_id,omitempty"`
	Name          string             `json:"name,omitempty"`
	Outside       bool               `json:"outside"`
	Shares        []ShareView        `json:"shares"`
	Until         time.Time          `json:"until,omitzero"`
	Voice         bool               `json:"voice"`
	Answer        string             `json:"answer,omitempty"`
	Attended      bool               `json:"attended"`
	At            time.Time          `json:"at"`
	Over          string             `json:"over,omitempty"`
	Mails         []ReferralMailView `json:"mails"`
}

// MinuteView is one note of the meeting.
type MinuteView struct {
	At     time.Time `json:"at"`
	Text   string    `json:"text"`
	ForAll bool      `json:"for_all"`
	After  bool      `json:"after"`
	By     string    `json:"by,omitempty"`
}

// ConferenceDecisionView is one decision; Deciders are names.
type ConferenceDecisionView struct {
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
	Reason   string    `json:"reason"`
	Deciders []string  `json:"deciders"`
	Dissent  string    `json:"dissent,omitempty"`
	ForAll   bool      `json:"for_all"`
	By       string    `json:"by,omitempty"`
}

// ConferenceActionView is what somebody has to do. Task is a task of the case;
// Owner is the name of whose it is.
type ConferenceActionView struct {
	ID         string           `json:"id"`
	Title      string           `json:"title"`
	DueAt      time.Time        `json:"due_at"`
	Task       string           `json:"task,omitempty"`
	TaskCase   string           `json:"task_case,omitempty"` // where the task is worked on
	Invitation string           `json:"invitation,omitempty"`
	Owner      string           `json:"owner,omitempty"`
	State      string           `json:"state"`
	Overdue    bool             `json:"overdue"`
	Notes      []ActionNoteView `json:"notes"`
	// Theirs says that the organisation writes itself how it stands.
	Theirs bool `json:"theirs"`
}

// ActionNoteView is one note on an action.
type ActionNoteView struct {
	At     time.Time `json:"at"`
	State  string    `json:"state"`
	Text   string    `json:"text,omitempty"`
	Theirs bool      `json:"theirs"`
	By     string    `json:"by,omitempty"`
}

// ConferenceEntryView is one step of the history. Whose is a name.
type ConferenceEntryView struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Whose  string    `json:"whose,omitempty"`
	Code   string    `json:"code,omitempty"`
	Text   string    `json:"text,omitempty"`
	By     string    `json:"by,omitempty"`
	Theirs bool      `json:"theirs"`
}

// visibleConference returns a conference that the actor may see, with its case.
func (d *Desk) visibleConference(a alerts.Actor, id string) (*Conference, *alerts.Case, error) {
	f, ok := d.board.Conference(id)
	if !ok {
		return nil, nil, missing("conference " + id)
	}
	c, err := d.referralCase(a, f.CaseID)
	if err != nil {
		return nil, nil, missing("conference " + id)
	}
	return f, c, nil
}

// Conference returns a conference as staff see it.
func (d *Desk) Conference(ctx context.Context, a alerts.Actor, id string) (ConferenceView, error) {
	f, c, err := d.visibleConference(a, id)
	if err != nil {
		return ConferenceView{}, err
	}
	v, classes := d.conferenceView(a, f, c)
	return v, d.Reads.Record(ctx, a, "conferences/"+id, classes...)
}

// ConferencesOf lists the conferences of a case and of those merged into it, the
// latest meeting first.
func (d *Desk) ConferencesOf(ctx context.Context, a alerts.Actor, caseID string) ([]ConferenceView, error) {
	c, err := d.referralCase(a, caseID)
	if err != nil {
		return nil, err
	}
	out, read := []ConferenceView{}, []alerts.Class{alerts.P3}
	for _, f := range d.board.Conferences() {
		if of := d.among(a, c, f.CaseID); of != nil {
			v, classes := d.conferenceView(a, f, of)
			out, read = append(out, v), append(read, classes...)
		}
	}
	slices.SortStableFunc(out, func(x, y ConferenceView) int { return y.At.Compare(x.At) })
	slices.Sort(read)
	return out, d.Reads.Record(ctx, a, "conferences?case="+caseID, slices.Compact(read)...)
}

// conferenceView is the allow-list of a conference for staff, with the classes
// that it shows.
func (d *Desk) conferenceView(a alerts.Actor, f *Conference, c *alerts.Case) (ConferenceView, []alerts.Class) {
	classes := []alerts.Class{alerts.P3}
	v := ConferenceView{
		ID: f.ID, Number: f.PublicNumber, Version: f.Version, CreatedAt: f.CreatedAt, UpdatedAt: f.UpdatedAt, CaseID: f.CaseID, CaseNumber: c.CaseNumber,
		State: f.State, At: f.At, Mode: f.Mode, Place: f.Place, Agenda: []string{}, Voices: []VoiceView{}, Unheard: f.unheard(c), Invited: []InvitationView{},
		Minutes: []MinuteView{}, Decisions: []ConferenceDecisionView{}, Actions: []ConferenceActionView{}, History: []ConferenceEntryView{},
		Ended: !f.EndedAt.IsZero() || f.ends(c), Frozen: c.PublicationFrozen(), Acts: d.conferenceActs(a, f, c),
	}
	g := conferenceGlass{desk: d, f: f, c: c, audit: d.Matrix.May(a, alerts.P10, c.State, d.Assigned(a, c)), said: d.Matrix.May(a, alerts.P5, c.State, d.Assigned(a, c))}
	v.Chair, v.MadeBy = g.who(f.Chair), g.who(f.MadeBy)
	for _, p := range f.Agenda {
		v.Agenda = append(v.Agenda, p.Title)
	}
	for i := len(f.Views) - 1; i >= 0; i-- {
		v.Voices = append(v.Voices, g.voice(&f.Views[i]))
	}
	slices.SortStableFunc(v.Voices, func(x, y VoiceView) int { return order(x.Earlier) - order(y.Earlier) })
	if g.said && len(f.Views) > 0 {
		classes = append(classes, alerts.P5)
	}
	for i := range f.Invited {
		v.Invited = append(v.Invited, g.invitation(&f.Invited[i], d.Now()))
	}
	for _, m := range f.Minutes {
		v.Minutes = append(v.Minutes, MinuteView{m.At, m.Text, m.ForAll, m.After, g.who(m.By)})
	}
	for i := range f.Decisions {
		v.Decisions = append(v.Decisions, g.decision(&f.Decisions[i]))
	}
	for i := range f.Actions {
		v.Actions = append(v.Actions, g.action(&f.Actions[i], d.Now()))
	}
	for _, e := range f.History {
		v.History = append(v.History, ConferenceEntryView{e.At, e.Kind, g.nameOf(e.Whose), e.Code, e.Text, g.who(e.By), e.Theirs})
	}
	return v, classes
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

// conferenceGlass is what one of staff sees a conference through.
type conferenceGlass struct {
	desk        *Desk
	f           *Conference
	c           *alerts.Case
	audit, said bool
}

func (g *conferenceGlass) who(account string) string {
	if !g.audit {
		return ""
	}
	return account
}

func (g *conferenceGlass) voice(w *ChildVoice) VoiceView {
	v := VoiceView{
		Child: w.Child, Asked: w.Asked, AskedOn: w.AskedOn, AskedBy: w.AskedBy, Form: w.Form, Agrees: w.Agrees, WhyNot: w.WhyNot,
		By: g.who(w.By), At: w.At, Earlier: g.f.voiceOf(w.Child).ID != w.ID,
	}
	if v.Withheld = w.Asked && !g.said; !v.Withheld {
		v.Said = w.Said
	}
	return v
}

func (g *conferenceGlass) invitation(i *Invitation, now time.Time) InvitationView {
	v := InvitationView{
		ID: i.ID, Account: g.who(i.Account), PartnerID: i.PartnerID, InstitutionID: i.InstitutionID, Name: g.nameOf(i.ID), Outside: i.outside(),
		Shares: []ShareView{}, Until: i.Until, Voice: i.Voice, Answer: i.Answer, Attended: i.Attended, At: i.At, Mails: (&Referral{Mails: i.Mails}).mailViews(),
	}
	switch {
	case i.outside():
		v.Over = i.over(g.f, g.c, now)
	case !i.EndedAt.IsZero():
		v.Over = "staff"
	}
	for n := range i.Shares {
		s := &i.Shares[n]
		v.Shares = append(v.Shares, ShareView{s.Class, s.ConsentID, s.Reason, s.Until, v.Over == "" && s.inForce(g.c, now)})
	}
	return v
}

// nameOf is who stands behind an invitation; "chair" is the chair.
func (g *conferenceGlass) nameOf(id string) string {
	account := ""
	if id == deciderChair {
		account = g.f.Chair
	} else if n := g.f.invitation(id); n >= 0 {
		i := &g.f.Invited[n]
		if i.outside() {
			return g.desk.organisationName(i)
		}
		account = i.Account
	}
	if acc, ok := g.desk.Board.Account(account); ok && g.audit {
		return acc.Name
	}
	return ""
}

func (d *Desk) organisationName(i *Invitation) string {
	if p, ok := d.board.Partner(i.PartnerID); ok {
		return p.Name
	}
	return d.institutionName(i.InstitutionID)
}

func (g *conferenceGlass) decision(k *ConferenceDecision) ConferenceDecisionView {
	v := ConferenceDecisionView{At: k.At, Text: k.Text, Reason: k.Reason, Deciders: []string{}, Dissent: k.Dissent, ForAll: k.ForAll, By: g.who(k.By)}
	for _, id := range k.Deciders {
		if name := g.nameOf(id); name != "" {
			v.Deciders = append(v.Deciders, name)
		}
	}
	return v
}

func (g *conferenceGlass) action(k *ConferenceAction, now time.Time) ConferenceActionView {
	v := ConferenceActionView{ID: k.ID, Title: k.Title, DueAt: k.DueAt, Task: g.who(k.Task), TaskCase: g.who(k.TaskCase), Invitation: k.Invitation, State: k.State, Notes: []ActionNoteView{}}
	if k.Invitation != "" {
		v.Owner = g.nameOf(k.Invitation)
		v.Theirs = g.f.Invited[g.f.invitation(k.Invitation)].PartnerID != ""
	}
	if t := g.desk.taskOf(k); t != nil {
		v.State, v.DueAt = t.State, t.DueAt
		if of, ok := g.desk.Board.Case(k.TaskCase); ok && of.Merged != nil && v.TaskCase != "" {
			v.TaskCase = of.Merged.Into
		}
		if acc, ok := g.desk.Board.Account(t.Owner); ok && g.audit {
			v.Owner = acc.Name
		}
	}
	v.Overdue = v.State == "open" && now.After(v.DueAt)
	for _, n := range k.Notes {
		v.Notes = append(v.Notes, ActionNoteView{n.At, n.State, n.Text, n.Theirs, g.who(n.By)})
	}
	return v
}

// taskOf is the task that an action of a person of ours is; nil for none.
func (d *Desk) taskOf(k *ConferenceAction) *alerts.Task {
	c, ok := d.Board.Case(k.TaskCase)
	if !ok || k.Task == "" {
		return nil
	}
	for i := range c.Tasks {
		if c.Tasks[i].ID == k.Task {
			return &c.Tasks[i]
		}
	}
	return nil
}

// conferenceActs are the acts that the rules would let this actor try now.
func (d *Desk) conferenceActs(a alerts.Actor, f *Conference, c *alerts.Case) []string {
	open := []string{}
	switch {
	case f.ends(c) || !f.EndedAt.IsZero():
	case f.State == ConferenceCalled:
		open = append(open, "move", "agenda", "invite", "share", "uninvite", "voice", "minute", "answer", "cancel")
		if !d.Now().Before(f.At.Add(-clockSkew)) {
			open = append(open, "hold")
		}
	case f.State == ConferenceHeld:
		open = append(open, "invite", "share", "uninvite", "voice", "minute", "decide", "action", "report", "close")
	case f.State == ConferenceClosed:
		open = append(open, "share", "uninvite", "voice", "minute", "report")
	default:
		open = append(open, "uninvite", "answer")
	}
	return slices.DeleteFunc(open, func(act string) bool {
		return !d.Matrix.Can(a.Role, "conference."+act) || c.PublicationFrozen() && (act == "invite" || act == "share")
	})
}
