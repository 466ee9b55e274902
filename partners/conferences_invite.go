package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// invite asks a person of ours, a partner or an institution to the table. An
// organisation gets exactly what is shared with it, until a day.
func (s *conferenceStep) invite() error {
	if err := s.inState(ConferenceCalled, ConferenceHeld); err != nil {
		return err
	}
	if err := meetable(s.of); err != nil {
		return err
	}
	if len(s.next.Invited) >= maxInvited {
		return alerts.Errorf(alerts.TooMany, "This conference takes no more people.")
	}
	i := Invitation{ID: s.id, Account: s.in.Account, PartnerID: s.in.PartnerID, InstitutionID: s.in.InstitutionID, By: s.actor.ID, At: s.check.now}
	if s.invited(&i); i.PartnerID != "" || i.InstitutionID != "" {
		s.opened(&i)
		i.Turn = 1
	}
	s.next.Invited = append(s.next.Invited, i)
	s.note("invite", i.ID, "", "")
	return nil
}

// invited refuses whoever cannot be invited, or is already.
func (s *conferenceStep) invited(i *Invitation) {
	given := 0
	for _, id := range []string{i.Account, i.PartnerID, i.InstitutionID} {
		if id != "" {
			given++
		}
	}
	switch {
	case given != 1:
		s.check.Add("partner_id", "one_invited", "Choose one person, one organisation or one institution.")
	case i.Account != "":
		if !s.desk.colleague(s.view, i.Account) {
			s.check.Add("account", "unknown_account", "There is no such person among the staff.")
		}
	case i.PartnerID != "":
		p, err := journal.Load[*Partner](s.view, "partners", i.PartnerID)
		if err != nil {
			s.check.Add("partner_id", "unknown_partner", "There is no such organisation.")
		} else if p.excluded(s.check.now) != "" {
			s.check.Add("partner_id", "receiver_barred", "Without approval and a valid agreement this organisation gets nothing about a child.")
		}
	default:
		if _, err := journal.Load[*Institution](s.view, "institutions", i.InstitutionID); err != nil {
			s.check.Add("institution_id", "unknown_institution", "There is no such institution.")
		}
	}
	if slices.ContainsFunc(s.next.Invited, func(o Invitation) bool {
		return o.EndedAt.IsZero() && o.Account == i.Account && o.PartnerID == i.PartnerID && o.InstitutionID == i.InstitutionID
	}) {
		s.check.Add("partner_id", "invited_already", "They are invited already.")
	}
}

// opened sets what an organisation sees and until when, by the rule of referrals.
func (s *conferenceStep) opened(i *Invitation) {
	switch until := s.in.Until; {
	case until.IsZero():
		s.check.Add("until", "required", "Say until when this may be seen. It ends by itself then.")
	case !until.After(s.check.now):
		s.check.Add("until", "past", "This time has passed.")
	case until.After(s.check.now.Add(longestShare)):
		s.check.Add("until", "too_long_shared", "Share for a year at most, and again when it is needed.")
	}
	i.Until, i.Voice = s.in.Until.UTC().Truncate(time.Millisecond), s.in.Voice
	i.Shares = s.desk.shares(s.actor, i.audience(), s.of, s.in.Share, s.check.now, s.check)
}

// longestShare is how far ahead sharing with a conference may end.
const longestShare = 366 * 24 * time.Hour

// one returns the invitation that the act is about, which is still open.
func (s *conferenceStep) one() (*Invitation, error) {
	n := s.next.invitation(s.in.Invitation)
	if s.theirs {
		n = s.next.ofPartner(s.actor.Partner)
	}
	if n < 0 {
		return nil, missing("invitation " + s.in.Invitation)
	}
	i := &s.next.Invited[n]
	if !i.EndedAt.IsZero() {
		return nil, alerts.Errorf(alerts.Conflict, "This invitation has been taken back.")
	}
	if s.theirs && i.over(s.next, s.of, s.check.now) != "" {
		return nil, alerts.Errorf(alerts.Gone, "This invitation has been taken back.")
	}
	return i, nil
}

// share puts what is opened to one organisation now in place of what was.
func (s *conferenceStep) share() error {
	if err := s.inState(ConferenceCalled, ConferenceHeld, ConferenceClosed); err != nil {
		return err
	}
	if err := meetable(s.of); err != nil {
		return err
	}
	i, err := s.one()
	if err != nil {
		return err
	}
	if !i.outside() {
		return alerts.Errorf(alerts.Conflict, "People of ours see the case by their own right.")
	}
	s.opened(i)
	s.note("share", i.ID, "", "")
	return nil
}

// uninvite takes an invitation back: nothing is seen from the next look on.
func (s *conferenceStep) uninvite() error {
	i, err := s.one()
	if err != nil {
		return err
	}
	s.check.text("text", s.in.Text, textLength, true)
	i.EndedAt = s.check.now
	s.note("uninvite", i.ID, "", s.in.Text)
	return nil
}

// answer says whether an organisation comes; the desk writes it down for an
// institution, which has no console.
func (s *conferenceStep) answer() error {
	if err := s.inState(ConferenceCalled, ConferenceCancelled); err != nil {
		return err
	}
	i, err := s.one()
	if err != nil {
		return err
	}
	if !s.theirs && i.PartnerID != "" {
		return alerts.Errorf(alerts.Conflict, "The organisation answers for itself.")
	}
	allowed := InvitationAnswers()[:2]
	if s.next.State == ConferenceCancelled {
		allowed = InvitationAnswers()[2:]
	}
	s.check.oneOf("answer", s.in.Answer, allowed)
	s.check.text("text", s.in.Text, textLength, false)
	i.Answer = s.in.Answer
	s.note("answer", i.ID, s.in.Answer, s.in.Text)
	return nil
}

// action gives somebody something to do: a person of ours a task of the case, an
// organisation an action of its own.
func (s *conferenceStep) action() error {
	if err := s.inState(ConferenceHeld); err != nil {
		return err
	}
	if len(s.next.Actions) >= maxNotesMet {
		return alerts.Errorf(alerts.TooMany, "This conference takes no more entries.")
	}
	k := ConferenceAction{ID: s.id, Title: s.in.Text, DueAt: s.in.DueAt.UTC().Truncate(time.Millisecond), By: s.actor.ID, At: s.check.now}
	s.check.line("text", k.Title, true)
	if s.in.DueAt.IsZero() {
		s.check.Add("due_at", "required", "Say by when.")
	} else if !s.in.DueAt.After(s.check.now) {
		s.check.Add("due_at", "past", "This time has passed.")
	}
	if (s.in.Owner == "") == (s.in.Invitation == "") {
		s.check.Add("owner", "one_owner", "Choose one person of ours, or one organisation that is invited.")
	}
	if err := s.check.Err(); err != nil {
		return err
	}
	if s.in.Invitation != "" {
		i, err := s.one()
		if err != nil {
			return err
		}
		if !i.outside() {
			return alerts.Errorf(alerts.Conflict, "Give a person of ours the task by name.")
		}
		s.check.telling(s.of, "text", k.Title)
		k.Invitation, k.State = i.ID, "open"
	} else if err := s.task(&k); err != nil {
		return err
	}
	s.next.Actions = append(s.next.Actions, k)
	return nil
}

func (s *conferenceStep) task(k *ConferenceAction) error {
	lead, err := s.desk.Led(s.view, s.of) // it is worked on there
	if err != nil {
		return err
	}
	of, err := s.desk.AddTaskRule(lead, alerts.NewTask{Title: k.Title, Owner: s.in.Owner, DueAt: k.DueAt}, k.ID, s.actor, s.check.now)
	if err != nil {
		return err
	}
	s.of, s.touched, k.Task, k.TaskCase = of, true, k.ID, of.ID
	return nil
}

// report says how an organisation's action stands: written by itself, or by the
// desk for an institution.
func (s *conferenceStep) report() error {
	if err := s.inState(ConferenceHeld, ConferenceClosed); err != nil {
		return err
	}
	n := slices.IndexFunc(s.next.Actions, func(k ConferenceAction) bool { return k.ID == s.in.Action && k.Invitation != "" })
	if n < 0 {
		return missing("action " + s.in.Action)
	}
	k := s.next.Actions[n]
	at := s.next.invitation(k.Invitation)
	switch i := &s.next.Invited[at]; {
	case s.theirs && (i.PartnerID != s.actor.Partner || i.over(s.next, s.of, s.check.now) != ""):
		return missing("action " + s.in.Action)
	case !s.theirs && i.PartnerID != "" && s.in.State == "done":
		return alerts.Errorf(alerts.Conflict, "The organisation says itself when this is done.")
	}
	s.check.oneOf("state", s.in.State, ActionStates())
	s.check.text("text", s.in.Text, textLength, s.in.State == "dropped" || s.in.State == k.State)
	if len(k.Notes) >= maxNotesMet {
		return alerts.Errorf(alerts.TooMany, "This action takes no more notes.")
	}
	k.State = s.in.State
	k.Notes = append(slices.Clone(k.Notes), ActionNote{State: k.State, Text: s.in.Text, Theirs: s.theirs, By: s.actor.ID, At: s.check.now})
	s.next.Actions[n] = k
	return nil
}
