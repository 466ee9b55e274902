package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ConferenceState is how far a case conference got.
type ConferenceState string

// The states of a case conference.
const (
	ConferenceCalled    ConferenceState = "called"
	ConferenceHeld      ConferenceState = "held"
	ConferenceClosed    ConferenceState = "closed"
	ConferenceCancelled ConferenceState = "cancelled"
)

// Conference is one meeting about one case: of people of ours and of
// organisations, each of which sees exactly what was shared with it. It belongs
// to the case's erasure unit. Minutes, decisions and what a child said are only
// ever added to.
type Conference struct {
	journal.Head `bson:",inline"`
	// PublicNumber names it where nothing else may: eight random characters.
	PublicNumber string `bson:"public_number" class:"ref"`
	CaseID       string `bson:"case_id" class:"ref"`
	// Stage is the stage of the case when it was called: a meeting about a child
	// that was found outlives the end of the search.
	Stage alerts.State    `bson:"stage" class:"P10"`
	State ConferenceState `bson:"state" class:"P3"`
	At    time.Time       `bson:"at" class:"P3"`
	Mode  string          `bson:"mode" class:"P3"` // one of ConferenceModes
	// Place is where, or how to join it.
	Place   string        `bson:"place,omitempty" class:"P3,sealed"`
	Chair   string        `bson:"chair" class:"P10"` // an account
	Agenda  []AgendaPoint `bson:"agenda" class:"P3"`
	Invited []Invitation  `bson:"invited,omitempty" class:"P3"`
	Views   []ChildVoice  `bson:"views,omitempty" class:"P3"`
	Minutes []Minute      `bson:"minutes,omitempty" class:"P3"`
	// Decisions are in the order in which they were written down.
	Decisions []ConferenceDecision `bson:"decisions,omitempty" class:"P3"`
	Actions   []ConferenceAction   `bson:"actions,omitempty" class:"P3"`
	History   []ConferenceEntry    `bson:"history" class:"P3"`
	// EndedAt is when the case ended and all sharing with it.
	EndedAt time.Time `bson:"ended_at,omitempty" class:"P3"`
	MadeBy  string    `bson:"made_by" class:"P10"`
}

// AgendaPoint is one point of the agenda.
type AgendaPoint struct {
	Title string `bson:"title" class:"P3,sealed"`
}

// Invitation is one person of ours, one partner or one institution at the table.
type Invitation struct {
	ID string `bson:"id" class:"P3"`
	// One of Account, PartnerID and InstitutionID says who is invited.
	Account       string `bson:"account,omitempty" class:"P10"`
	PartnerID     string `bson:"partner_id,omitempty" class:"P3"`
	InstitutionID string `bson:"institution_id,omitempty" class:"P3"`
	// Shares are the classes of the case that the organisation sees, as in a
	// referral; until Until, and nothing after it.
	Shares []Share   `bson:"shares,omitempty" class:"P3"`
	Until  time.Time `bson:"until,omitempty" class:"P3"`
	// Voice lets the organisation read what the child said, as far as the child
	// agrees to that.
	Voice bool `bson:"voice,omitempty" class:"P3"`
	// Turn counts what the organisation had to be told: that it is invited, that
	// the time has changed, that it is off. Answer is what it said to the last.
	Turn     int       `bson:"turn,omitempty" class:"P3"`
	Answer   string    `bson:"answer,omitempty" class:"P3"`
	Attended bool      `bson:"attended,omitempty" class:"P3"`
	By       string    `bson:"by" class:"P10"`
	At       time.Time `bson:"at" class:"P3"`
	// EndedAt is when it was taken back.
	EndedAt time.Time `bson:"ended_at,omitempty" class:"P3"`
	// Mails are the e-mails that told the organisation, MailTurn the turn of the
	// last.
	Mails    []ReferralMail `bson:"mails,omitempty" class:"P3"`
	MailTurn int            `bson:"mail_turn,omitempty" class:"P3"`
}

// ChildVoice is what a child thinks of what is decided about it, or why it was
// not asked (Convention on the Rights of the Child, article 12).
type ChildVoice struct {
	ID    string `bson:"id" class:"P3"`
	Child string `bson:"child,omitempty" class:"P3"` // id; empty for a case without children
	Asked bool   `bson:"asked" class:"P3"`
	// AskedOn is YYYY-MM-DD, AskedBy who asked, Form how: one of VoiceForms.
	AskedOn string `bson:"asked_on,omitempty" class:"P3"`
	AskedBy string `bson:"asked_by,omitempty" class:"P3,sealed"`
	Form    string `bson:"form,omitempty" class:"P3"`
	// Said is the view itself, in the child's words where possible.
	Said string `bson:"said,omitempty" class:"P5,sealed"`
	// Agrees says that the child agrees that those invited read it.
	Agrees bool      `bson:"agrees,omitempty" class:"P3"`
	WhyNot string    `bson:"why_not,omitempty" class:"P3,sealed"`
	By     string    `bson:"by" class:"P10"`
	At     time.Time `bson:"at" class:"P3"`
}

// Minute is one note of the meeting.
type Minute struct {
	ID   string `bson:"id" class:"P3"`
	Text string `bson:"text" class:"P3,sealed"`
	// ForAll says that every organisation that is invited reads it.
	ForAll bool `bson:"for_all,omitempty" class:"P3"`
	// After says that it was added after the meeting was closed.
	After bool      `bson:"after,omitempty" class:"P3"`
	By    string    `bson:"by" class:"P10"`
	At    time.Time `bson:"at" class:"P3"`
}

// ConferenceDecision is what was decided, why, by whom, and who disagreed.
type ConferenceDecision struct {
	ID     string `bson:"id" class:"P3"`
	Text   string `bson:"text" class:"P3,sealed"`
	Reason string `bson:"reason" class:"P3,sealed"`
	// Deciders are the invitations of those who decided; "chair" is the chair.
	Deciders []string  `bson:"deciders" class:"P3"`
	Dissent  string    `bson:"dissent,omitempty" class:"P3,sealed"`
	ForAll   bool      `bson:"for_all,omitempty" class:"P3"`
	By       string    `bson:"by" class:"P10"`
	At       time.Time `bson:"at" class:"P3"`
}

// ConferenceAction is what somebody has to do. That of a person of ours is a task
// of the case, and stands as the task does; that of an organisation is kept here.
type ConferenceAction struct {
	ID    string    `bson:"id" class:"P3"`
	Title string    `bson:"title" class:"P3,sealed"`
	DueAt time.Time `bson:"due_at" class:"P3"`
	// Task is a task of the case TaskCase: of this one, or of the one that it was
	// merged into then.
	Task     string `bson:"task,omitempty" class:"P10"`
	TaskCase string `bson:"task_case,omitempty" class:"P10"`
	// Invitation is the organisation whose it is.
	Invitation string       `bson:"invitation,omitempty" class:"P3"`
	State      string       `bson:"state,omitempty" class:"P3"` // open, done, dropped
	Notes      []ActionNote `bson:"notes,omitempty" class:"P3"`
	By         string       `bson:"by" class:"P10"`
	At         time.Time    `bson:"at" class:"P3"`
}

// ActionNote is what the organisation, or the desk for it, wrote about an action.
type ActionNote struct {
	State  string    `bson:"state" class:"P3"`
	Text   string    `bson:"text,omitempty" class:"P3,sealed"`
	Theirs bool      `bson:"theirs,omitempty" class:"P3"`
	By     string    `bson:"by" class:"P10"`
	At     time.Time `bson:"at" class:"P3"`
}

// ConferenceEntry is one step in the history of a conference.
type ConferenceEntry struct {
	ID string    `bson:"id" class:"P3"`
	At time.Time `bson:"at" class:"P3"`
	// Kind is an act: called, move, agenda, invite, share, uninvite, voice, hold,
	// close, cancel, answer or end.
	Kind string `bson:"kind" class:"P3"`
	// Whose is the invitation that it is about.
	Whose string `bson:"whose,omitempty" class:"P3"`
	Code  string `bson:"code,omitempty" class:"P3"`
	Text  string `bson:"text,omitempty" class:"P3,sealed"`
	By    string `bson:"by" class:"P10"`
	// Theirs says that the organisation did it itself.
	Theirs bool `bson:"theirs,omitempty" class:"P3"`
}

// Collection is "conferences".
func (*Conference) Collection() string { return "conferences" }

// Unit is the case's.
func (f *Conference) Unit(string) string { return "cases/" + f.CaseID }

// ConferenceModes are the ways in which people meet.
func ConferenceModes() []string { return []string{"in_person", "video", "telephone", "mixed"} }

// VoiceForms are the ways in which a child says what it thinks.
func VoiceForms() []string {
	return []string{"spoken", "written", "drawing", "through_person", "interpreter", "observed"}
}

// InvitationAnswers are what an organisation says to an invitation.
func InvitationAnswers() []string { return []string{"coming", "not_coming", "seen"} }

// ActionStates are the states of an action.
func ActionStates() []string { return []string{"open", "done", "dropped"} }

// outside tells whether an organisation is invited, not a person of ours.
func (i *Invitation) outside() bool { return i.Account == "" }

// audience is the audience of consents that the invitation rests on.
func (i *Invitation) audience() string {
	if i.PartnerID != "" {
		return "partners"
	}
	return "institutions"
}

// over says why an organisation may no longer see the conference, "" while it
// may: staff, case, consent, until or frozen. c is nil once the case has been
// erased. It is asked on each look, so that every end is true at once.
func (i *Invitation) over(f *Conference, c *alerts.Case, now time.Time) string {
	switch {
	case !i.EndedAt.IsZero():
		return "staff"
	case !f.EndedAt.IsZero():
		return "case"
	case !i.Until.After(now):
		return "until"
	}
	if why := sharingOver(c, f.Stage, i.Shares); why != "" {
		return why
	}
	if c.PublicationFrozen() {
		return "frozen"
	}
	return ""
}

// waits tells whether the organisation has not answered what it was told last.
func (i *Invitation) waits(f *Conference) bool {
	return i.PartnerID != "" && i.Answer == "" && (f.State == ConferenceCalled || f.State == ConferenceCancelled)
}

// ofPartner is the place of a partner's invitation, -1 for none. The newest
// counts, as one that was taken back may be followed by another.
func (f *Conference) ofPartner(partner string) int {
	for n := len(f.Invited) - 1; n >= 0; n-- {
		if partner != "" && f.Invited[n].PartnerID == partner {
			return n
		}
	}
	return -1
}

func (f *Conference) invitation(id string) int {
	return slices.IndexFunc(f.Invited, func(i Invitation) bool { return i.ID == id })
}

// unheard are the children of a case whose view is neither written down nor
// explained; "" stands for a case without children.
func (f *Conference) unheard(c *alerts.Case) []string {
	out := []string{}
	for _, id := range childIDs(c) {
		if f.voiceOf(id) == nil {
			out = append(out, id)
		}
	}
	return out
}

func childIDs(c *alerts.Case) []string {
	if len(c.Children) == 0 {
		return []string{""}
	}
	var out []string
	for i := range c.Children {
		out = append(out, c.Children[i].ID)
	}
	return out
}

// voiceOf is what stands of a child's view: the last that was written down.
func (f *Conference) voiceOf(child string) *ChildVoice {
	for i := len(f.Views) - 1; i >= 0; i-- {
		if f.Views[i].Child == child {
			return &f.Views[i]
		}
	}
	return nil
}

// keeps tells whether a later state of a conference holds all minutes, decisions
// and views of an earlier one as they were.
func (f *Conference) keeps(old *Conference) bool {
	same := func(a, b ConferenceDecision) bool {
		return a.ID == b.ID && a.Text == b.Text && a.Reason == b.Reason && a.Dissent == b.Dissent && a.ForAll == b.ForAll && slices.Equal(a.Deciders, b.Deciders)
	}
	return len(f.Minutes) >= len(old.Minutes) && slices.Equal(f.Minutes[:len(old.Minutes)], old.Minutes) &&
		len(f.Views) >= len(old.Views) && slices.Equal(f.Views[:len(old.Views)], old.Views) &&
		len(f.Decisions) >= len(old.Decisions) && slices.EqualFunc(f.Decisions[:len(old.Decisions)], old.Decisions, same)
}
