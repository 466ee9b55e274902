package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
)

// OwnConferenceItem is a conference in the list of an organisation that is
// invited: nothing about anybody. Of one that it sees no more only number and
// end stay.
type OwnConferenceItem struct {
	ID     string          `json:"id"`
	Number string          `json:"number"`
	State  ConferenceState `json:"state"`
	At     time.Time       `json:"at,omitzero"`
	// Waits says that an answer is asked for.
	Waits bool `json:"waits"`
	// Open counts its actions that are not done, Overdue those that are late.
	Open    int `json:"open"`
	Overdue int `json:"overdue"`
	// Ended says that what was shared is to be deleted.
	Ended bool `json:"ended"`
}

// OwnConference is a conference as one organisation sees it: agenda, exactly the
// classes that were opened, minutes and decisions that are for all, and its own
// actions. Names that it was not given are left out of every text.
type OwnConference struct {
	OwnConferenceItem
	Mode      string         `json:"mode"`
	Place     string         `json:"place,omitempty"`
	Agenda    []string       `json:"agenda"`
	Until     time.Time      `json:"until"`
	Answer    string         `json:"answer,omitempty"`
	Voices    []OwnVoice     `json:"voices"`
	Shared    ReferralShared `json:"shared"`
	Minutes   []OwnMinute    `json:"minutes"`
	Decisions []OwnDecision  `json:"decisions"`
	Actions   []OwnAction    `json:"actions"`
	// Why is why the time changed or the meeting is off, the last that was said.
	Why  string   `json:"why,omitempty"`
	Acts []string `json:"acts"`
}

// OwnVoice is what a child said who agrees that the invited read it.
type OwnVoice struct {
	AskedOn string `json:"asked_on"`
	Form    string `json:"form"`
	Said    string `json:"said"`
}

// OwnMinute is one note for all.
type OwnMinute struct {
	At    time.Time `json:"at"`
	Text  string    `json:"text"`
	After bool      `json:"after"`
}

// OwnDecision is one decision for all. Deciders are us (the reader's
// organisation), line (the hotline) and others.
type OwnDecision struct {
	At       time.Time `json:"at"`
	Text     string    `json:"text"`
	Reason   string    `json:"reason"`
	Dissent  string    `json:"dissent,omitempty"`
	Deciders []string  `json:"deciders"`
}

// OwnAction is what the organisation has to do.
type OwnAction struct {
	ID      string          `json:"id"`
	Title   string          `json:"title"`
	DueAt   time.Time       `json:"due_at"`
	State   string          `json:"state"`
	Overdue bool            `json:"overdue"`
	Notes   []OwnActionNote `json:"notes"`
}

// OwnActionNote is one note on the action; By is one of the organisation's own.
type OwnActionNote struct {
	At    time.Time `json:"at"`
	State string    `json:"state"`
	Text  string    `json:"text,omitempty"`
	Ours  bool      `json:"ours"`
	By    string    `json:"by,omitempty"`
}

// ownConference returns a conference to which the actor's organisation is
// invited. One that was taken back or has ended is Gone.
func (d *Desk) ownConference(a alerts.Actor, id string) (*Conference, *Invitation, *alerts.Case, error) {
	f, ok := d.board.Conference(id)
	if !ok {
		return nil, nil, nil, missing("conference " + id)
	}
	n := f.ofPartner(a.Partner)
	if n < 0 {
		return nil, nil, nil, missing("conference " + id)
	}
	c, _ := d.Board.Case(f.CaseID)
	if f.Invited[n].over(f, c, d.Now()) != "" {
		return nil, nil, nil, alerts.Errorf(alerts.Gone, "You are no longer invited here. Please delete what you have of it.")
	}
	if p, ok := d.board.Partner(a.Partner); !ok || p.excluded(d.Now()) != "" {
		return nil, nil, nil, alerts.Errorf(alerts.Forbidden, "Without approval and a valid agreement nothing can be shown.")
	}
	return f, &f.Invited[n], c, nil
}

// OwnConferences lists the conferences to which the actor's organisation is or
// was invited, the latest meeting first.
func (d *Desk) OwnConferences(a alerts.Actor) []OwnConferenceItem {
	out := []OwnConferenceItem{}
	for _, f := range d.board.Conferences() {
		if n := f.ofPartner(a.Partner); n >= 0 {
			c, _ := d.Board.Case(f.CaseID)
			out = append(out, f.ownItem(&f.Invited[n], c, d.Now()))
		}
	}
	slices.SortStableFunc(out, func(x, y OwnConferenceItem) int { return y.At.Compare(x.At) })
	return out
}

func (f *Conference) ownItem(i *Invitation, c *alerts.Case, now time.Time) OwnConferenceItem {
	v := OwnConferenceItem{ID: f.ID, Number: f.PublicNumber, State: f.State, Ended: i.over(f, c, now) != ""}
	if v.Ended {
		return v
	}
	v.At, v.Waits = f.At, i.waits(f)
	for k := range f.Actions {
		if x := &f.Actions[k]; x.Invitation == i.ID && x.State == "open" {
			v.Open++
			if now.After(x.DueAt) {
				v.Overdue++
			}
		}
	}
	return v
}

// OwnConference returns a conference as the actor's organisation sees it. The
// read is recorded with the classes that it shows.
func (d *Desk) OwnConference(ctx context.Context, a alerts.Actor, id string) (OwnConference, error) {
	f, i, c, err := d.ownConference(a, id)
	if err != nil {
		return OwnConference{}, err
	}
	v, classes, err := d.conferenceFor(ctx, f, i, c, nil)
	if err != nil {
		return OwnConference{}, err
	}
	for act := range ownConferenceActs() {
		may := d.Matrix.Can(a.Role, "conference."+act)
		switch {
		case act == "answer" && may && (f.State == ConferenceCalled || v.Waits), act == "report" && may && len(v.Actions) > 0 && f.State != ConferenceCancelled:
			v.Acts = append(v.Acts, act)
		}
	}
	slices.Sort(v.Acts)
	return v, d.Reads.Record(ctx, a, "conferences/"+id, classes...)
}

// ConferenceFor returns a conference to staff as one organisation sees it, for
// printing; nothing that the reader may not see is in it. One that the
// organisation may not see now is Gone.
func (d *Desk) ConferenceFor(ctx context.Context, a alerts.Actor, id, invitation string) (OwnConference, error) {
	f, c, err := d.visibleConference(a, id)
	if err != nil {
		return OwnConference{}, err
	}
	n := f.invitation(invitation)
	if n < 0 || !f.Invited[n].outside() {
		return OwnConference{}, missing("invitation " + invitation)
	}
	if f.Invited[n].over(f, c, d.Now()) != "" {
		return OwnConference{}, alerts.Errorf(alerts.Gone, "This invitation has been taken back.")
	}
	v, classes, err := d.conferenceFor(ctx, f, &f.Invited[n], c, &a)
	if err != nil {
		return OwnConference{}, err
	}
	return v, d.Reads.Record(ctx, a, "conferences/"+id+"/for/"+invitation, classes...)
}

// conferenceFor is the allow-list of a conference for one organisation, with the
// classes that it shows; of staff who look through its eyes it asks whether they
// may see each class themselves.
func (d *Desk) conferenceFor(ctx context.Context, f *Conference, i *Invitation, c *alerts.Case, staff *alerts.Actor) (OwnConference, []alerts.Class, error) {
	now := d.Now()
	may := func(class alerts.Class) bool {
		return staff == nil || d.Matrix.May(*staff, class, c.State, d.Assigned(*staff, c))
	}
	open := slices.DeleteFunc(openNow(i.Shares, c, now), func(class alerts.Class) bool { return !may(class) })
	g := &glass{desk: d, of: c, open: open}
	v := OwnConference{
		OwnConferenceItem: f.ownItem(i, c, now), Mode: f.Mode, Place: g.unnamed(f.Place), Agenda: []string{}, Until: i.Until, Answer: i.Answer, Voices: []OwnVoice{},
		Minutes: []OwnMinute{}, Decisions: []OwnDecision{}, Actions: []OwnAction{}, Acts: []string{},
	}
	classes := append(slices.Clone(open), alerts.P3)
	for _, p := range f.Agenda {
		v.Agenda = append(v.Agenda, g.unnamed(p.Title))
	}
	if i.Voice && may(alerts.P5) {
		v.Voices = g.voices(f)
	}
	if len(v.Voices) > 0 {
		classes = append(classes, alerts.P5)
	}
	g.written(f, i, &v, now)
	var err error
	v.Shared, err = g.shared(ctx, "")
	v.Shared.Incomplete = g.less
	return v, classes, err
}

func (g *glass) voices(f *Conference) []OwnVoice {
	out := []OwnVoice{}
	for _, id := range childIDs(g.of) {
		if w := f.voiceOf(id); w != nil && w.Asked && w.Agrees {
			out = append(out, OwnVoice{w.AskedOn, w.Form, g.unnamed(w.Said)})
		}
	}
	return out
}

func (g *glass) written(f *Conference, i *Invitation, v *OwnConference, now time.Time) {
	for _, e := range f.History {
		if (e.Kind == "move" || e.Kind == "cancel") && e.Text != "" {
			v.Why = g.unnamed(e.Text)
		}
	}
	for _, m := range f.Minutes {
		if m.ForAll {
			v.Minutes = append(v.Minutes, OwnMinute{m.At, g.unnamed(m.Text), m.After})
		}
	}
	for _, k := range f.Decisions {
		if k.ForAll {
			v.Decisions = append(v.Decisions, OwnDecision{k.At, g.unnamed(k.Text), g.unnamed(k.Reason), g.unnamed(k.Dissent), f.decidersFor(i, k.Deciders)})
		}
	}
	for n := range f.Actions {
		if k := &f.Actions[n]; k.Invitation == i.ID {
			v.Actions = append(v.Actions, g.ownAction(k, now))
		}
	}
}

func (g *glass) ownAction(k *ConferenceAction, now time.Time) OwnAction {
	v := OwnAction{ID: k.ID, Title: g.unnamed(k.Title), DueAt: k.DueAt, State: k.State, Overdue: k.State == "open" && now.After(k.DueAt), Notes: []OwnActionNote{}}
	for _, n := range k.Notes {
		note := OwnActionNote{At: n.At, State: n.State, Text: g.unnamed(n.Text), Ours: n.Theirs}
		if n.Theirs {
			note.Text = n.Text
			if acc, ok := g.desk.Board.Account(n.By); ok {
				note.By = acc.Name
			}
		}
		v.Notes = append(v.Notes, note)
	}
	return v
}

// decidersFor are those who decided, without a name that the organisation was
// not given.
func (f *Conference) decidersFor(i *Invitation, deciders []string) []string {
	out := []string{}
	for _, id := range deciders {
		who := "line"
		if n := f.invitation(id); n >= 0 && f.Invited[n].outside() {
			who = "others"
		}
		if id == i.ID {
			who = "us"
		}
		if !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}
