package partners

import (
	"context"
	"slices"

	"homeward/alerts"
	"homeward/journal"
)

// conferenceStep is one act on one conference, as its rule sees it. Rules alter
// next, and of when the case changes too.
type conferenceStep struct {
	desk   *Desk
	view   *journal.View
	actor  alerts.Actor
	of     *alerts.Case
	next   *Conference
	in     ConferenceAct
	check  *checker
	theirs bool // the organisation acts itself
	id     string
	// touched says that the case changed.
	touched bool
}

type conferenceRule func(*conferenceStep) error

// staffConferenceActs are what staff do with a conference.
func staffConferenceActs() map[string]conferenceRule {
	return map[string]conferenceRule{
		"move": (*conferenceStep).move, "agenda": (*conferenceStep).agenda, "invite": (*conferenceStep).invite, "share": (*conferenceStep).share,
		"uninvite": (*conferenceStep).uninvite, "voice": (*conferenceStep).voice, "hold": (*conferenceStep).hold, "minute": (*conferenceStep).minute,
		"decide": (*conferenceStep).decide, "action": (*conferenceStep).action, "report": (*conferenceStep).report, "answer": (*conferenceStep).answer,
		"close": (*conferenceStep).finish, "cancel": (*conferenceStep).cancel,
	}
}

// ownConferenceActs are what an organisation that is invited does.
func ownConferenceActs() map[string]conferenceRule {
	return map[string]conferenceRule{"answer": (*conferenceStep).answer, "report": (*conferenceStep).report}
}

// ConferenceActs are the acts of staff, for who draws forms.
func ConferenceActs() []string {
	return []string{"move", "agenda", "invite", "share", "uninvite", "voice", "hold", "minute", "decide", "action", "report", "answer", "close", "cancel"}
}

// ActOnConference carries out one act of staff. Organisations with a console
// answer and report for themselves.
func (d *Desk) ActOnConference(ctx context.Context, a alerts.Actor, id, act string, in ConferenceAct, req alerts.Request) (ConferenceView, error) {
	if _, _, err := d.visibleConference(a, id); err != nil {
		return ConferenceView{}, err
	}
	rule := staffConferenceActs()[act]
	if rule == nil {
		return ConferenceView{}, missing("act " + act)
	}
	if _, err := d.conferenceChange(ctx, a, "conference."+act, req, d.conferenceRule(a, id, in, rule, false, entryID(req, d))); err != nil {
		return ConferenceView{}, err
	}
	return d.Conference(ctx, a, id)
}

// ActOnOwnConference carries out one act of an organisation that is invited:
// answer or report.
func (d *Desk) ActOnOwnConference(ctx context.Context, a alerts.Actor, id, act string, in ConferenceAct, req alerts.Request) (OwnConference, error) {
	if _, _, _, err := d.ownConference(a, id); err != nil {
		return OwnConference{}, err
	}
	rule := ownConferenceActs()[act]
	if rule == nil {
		return OwnConference{}, missing("act " + act)
	}
	if _, err := d.conferenceChange(ctx, a, "conference."+act, req, d.conferenceRule(a, id, in, rule, true, entryID(req, d))); err != nil {
		return OwnConference{}, err
	}
	return d.OwnConference(ctx, a, id)
}

func (d *Desk) conferenceRule(a alerts.Actor, id string, in ConferenceAct, rule conferenceRule, theirs bool, entry string) func(*journal.View, *checker) ([]journal.Document, error) {
	return func(v *journal.View, c *checker) ([]journal.Document, error) {
		old, err := journal.Load[*Conference](v, "conferences", id)
		if err != nil {
			return nil, err
		}
		of, err := journal.Load[*alerts.Case](v, "cases", old.CaseID)
		if err != nil {
			return nil, err
		}
		next := *old
		next.Invited, next.Actions = slices.Clone(old.Invited), slices.Clone(old.Actions)
		s := &conferenceStep{desk: d, view: v, actor: a, of: of, next: &next, in: in, check: c, theirs: theirs, id: entry}
		if err := rule(s); err != nil {
			return nil, err
		}
		if err := c.Err(); err != nil {
			return nil, err
		}
		if !next.keeps(old) {
			return nil, alerts.Errorf(alerts.Conflict, "What was written down stays as it is. Add to it instead.")
		}
		documents := []journal.Document{&next}
		if s.touched {
			documents = append(documents, s.of)
		}
		return documents, nil
	}
}

// in refuses to go on with a conference that is in none of the states, or whose
// case is over.
func (s *conferenceStep) inState(states ...ConferenceState) error {
	if s.next.ends(s.of) || !s.next.EndedAt.IsZero() {
		return alerts.Errorf(alerts.Conflict, "The case has ended, and the conference with it.")
	}
	if !slices.Contains(states, s.next.State) {
		return alerts.Errorf(alerts.Conflict, "This step does not follow: the conference is %s.", s.next.State)
	}
	return nil
}

func (s *conferenceStep) note(kind, whose, code, text string) {
	s.next.History = append(slices.Clone(s.next.History), ConferenceEntry{
		ID: s.id, At: s.check.now, Kind: kind, Whose: whose, Code: code, Text: text, By: s.actor.ID, Theirs: s.theirs,
	})
}

// news makes every organisation that is invited be told anew.
func (s *conferenceStep) news() {
	for i := range s.next.Invited {
		if n := &s.next.Invited[i]; n.outside() && n.EndedAt.IsZero() {
			n.Turn, n.Answer = n.Turn+1, ""
		}
	}
}

// move changes when and where people meet; everybody invited is told and asked
// again.
func (s *conferenceStep) move() error {
	if err := s.inState(ConferenceCalled); err != nil {
		return err
	}
	s.check.text("text", s.in.Text, textLength, false)
	s.check.telling(s.of, "text", s.in.Text)
	s.check.meeting(s.next, s.in.At, s.in.Mode, s.in.Place, s.of)
	s.news()
	s.note("move", "", "", s.in.Text)
	return nil
}

func (s *conferenceStep) agenda() error {
	if err := s.inState(ConferenceCalled); err != nil {
		return err
	}
	s.check.agenda(s.next, s.in.Agenda, s.of)
	s.note("agenda", "", "", "")
	return nil
}

func (s *conferenceStep) cancel() error {
	if err := s.inState(ConferenceCalled); err != nil {
		return err
	}
	s.check.text("text", s.in.Text, textLength, true)
	s.next.State = ConferenceCancelled
	s.news()
	s.note("cancel", "", "", s.in.Text)
	return nil
}

// hold says that the meeting took place, and who was there.
func (s *conferenceStep) hold() error {
	if err := s.inState(ConferenceCalled); err != nil {
		return err
	}
	if s.check.now.Before(s.next.At.Add(-clockSkew)) {
		return alerts.Errorf(alerts.Conflict, "The time of the meeting has not come yet. Move it if it was earlier.")
	}
	for _, id := range s.in.Attended {
		if n := s.next.invitation(id); n < 0 {
			s.check.Add("attended", "unknown_invitation", "Nobody is invited like this.")
		} else {
			s.next.Invited[n].Attended = true
		}
	}
	s.next.State = ConferenceHeld
	s.note("hold", "", "", "")
	return nil
}

// finish closes the minutes. What the child thinks, or why it was not asked, has
// to stand there first.
func (s *conferenceStep) finish() error {
	if err := s.inState(ConferenceHeld); err != nil {
		return err
	}
	if len(s.next.unheard(s.of)) > 0 {
		s.check.Add("voice", "voice_missing", "Write down first what the child thinks, or why it was not asked.")
	}
	s.next.State = ConferenceClosed
	s.note("close", "", "", "")
	return nil
}

// voice writes down what a child thinks, or why it was not asked. Nothing of it
// is ever altered: a later entry stands in its place and the earlier one stays.
func (s *conferenceStep) voice() error {
	if err := s.inState(ConferenceCalled, ConferenceHeld, ConferenceClosed); err != nil {
		return err
	}
	child := s.in.Child
	if ids := childIDs(s.of); child == "" && len(ids) == 1 {
		child = ids[0]
	} else if !slices.Contains(ids, child) {
		s.check.Add("child", "unknown_child", "There is no such child in this case.")
	}
	w := ChildVoice{ID: s.id, Child: child, Asked: s.in.Asked, By: s.actor.ID, At: s.check.now}
	if w.Asked {
		w.AskedOn = s.check.past("asked_on", s.in.AskedOn).String()
		w.AskedBy, w.Form, w.Said, w.Agrees = s.in.AskedBy, s.in.Form, s.in.Said, s.in.Agrees
		if s.in.AskedOn == "" {
			s.check.Add("asked_on", "required", "This is needed.")
		}
		s.check.line("asked_by", w.AskedBy, true)
		s.check.oneOf("form", w.Form, VoiceForms())
		s.check.text("said", w.Said, textLength, true)
	} else {
		w.WhyNot = s.in.Reason
		s.check.text("reason", w.WhyNot, textLength, true)
	}
	if len(s.next.Views) >= maxNotesMet {
		return alerts.Errorf(alerts.TooMany, "This conference takes no more entries.")
	}
	s.next.Views = append(slices.Clone(s.next.Views), w)
	return nil
}

// minute adds a note. Once the meeting is closed it is marked as added after.
func (s *conferenceStep) minute() error {
	if err := s.inState(ConferenceCalled, ConferenceHeld, ConferenceClosed); err != nil {
		return err
	}
	s.check.text("text", s.in.Text, textLength, true)
	if s.in.ForAll {
		s.check.telling(s.of, "text", s.in.Text)
	}
	if len(s.next.Minutes) >= maxNotesMet {
		return alerts.Errorf(alerts.TooMany, "This conference takes no more entries.")
	}
	s.next.Minutes = append(slices.Clone(s.next.Minutes), Minute{
		ID: s.id, Text: s.in.Text, ForAll: s.in.ForAll, After: s.next.State == ConferenceClosed, By: s.actor.ID, At: s.check.now,
	})
	return nil
}

// decide writes down a decision: what, why, by whom, and who disagreed.
func (s *conferenceStep) decide() error {
	if err := s.inState(ConferenceHeld); err != nil {
		return err
	}
	s.check.text("text", s.in.Text, textLength, true)
	s.check.text("reason", s.in.Reason, textLength, true)
	s.check.text("dissent", s.in.Dissent, textLength, false)
	if s.in.ForAll {
		s.check.telling(s.of, "text", s.in.Text)
		s.check.telling(s.of, "reason", s.in.Reason)
		s.check.telling(s.of, "dissent", s.in.Dissent)
	}
	if len(s.in.Deciders) == 0 {
		s.check.Add("deciders", "required", "Say who decided this.")
	}
	for _, id := range s.in.Deciders {
		if id != deciderChair && s.next.invitation(id) < 0 {
			s.check.Add("deciders", "unknown_invitation", "Nobody is invited like this.")
			break
		}
	}
	if len(s.next.Decisions) >= maxNotesMet {
		return alerts.Errorf(alerts.TooMany, "This conference takes no more entries.")
	}
	s.next.Decisions = append(slices.Clone(s.next.Decisions), ConferenceDecision{
		ID: s.id, Text: s.in.Text, Reason: s.in.Reason, Deciders: slices.Clone(s.in.Deciders), Dissent: s.in.Dissent, ForAll: s.in.ForAll,
		By: s.actor.ID, At: s.check.now,
	})
	return nil
}

// deciderChair stands for the chair among those who decided.
const deciderChair = "chair"
