package partners

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// The kinds of the messages that tell an organisation of a conference: that it is
// invited, that the time has changed, and that it is off.
const (
	KindConference        = "conference"
	KindConferenceChanged = "conference_changed"
	KindConferenceOff     = "conference_off"
)

// WaitingInvitations are the conferences of which the actor's organisation has to
// be told, with the turn that it has not answered.
func (d *Desk) WaitingInvitations(a alerts.Actor) []WaitingReferral {
	if a.Partner == "" {
		return nil
	}
	var out []WaitingReferral
	for _, f := range d.board.conferencesWaiting(a.Partner) {
		i := &f.Invited[f.ofPartner(a.Partner)]
		if c, ok := d.Desk.Board.Case(f.CaseID); ok && i.over(f, c, d.Now()) == "" {
			out = append(out, WaitingReferral{f.ID, f.PublicNumber, uint64(i.Turn)})
		}
	}
	if len(out) == 0 {
		return nil
	}
	if p, ok := d.board.Partner(a.Partner); !ok || p.excluded(d.Now()) != "" {
		return nil
	}
	slices.SortFunc(out, func(x, y WaitingReferral) int { return cmp.Compare(x.ID, y.ID) })
	return out
}

// noteInvited keeps which conferences wait for which organisation. The caller
// holds the lock.
func (b *protectBoard) noteInvited(f *Conference) {
	if b.invited == nil {
		b.invited = map[string]map[string]bool{}
	}
	for n := range f.Invited {
		partner := f.Invited[n].PartnerID
		if partner == "" || f.ofPartner(partner) != n {
			continue
		}
		if b.invited[partner] == nil {
			b.invited[partner] = map[string]bool{}
		}
		if delete(b.invited[partner], f.ID); f.Invited[n].waits(f) && f.Invited[n].EndedAt.IsZero() {
			b.invited[partner][f.ID] = true
		}
	}
}

func (b *protectBoard) conferencesWaiting(partner string) []*Conference {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	var out []*Conference
	for id := range b.invited[partner] {
		if f := b.conferences[id]; f != nil { // it may have been forgotten
			out = append(out, f)
		}
	}
	return out
}

// ConferenceJob is one e-mail about a conference that this node has claimed.
type ConferenceJob struct {
	Dispatch
	conference, invitation string
	mail, attempt          int
}

// ConferenceMailsDue returns the ids of the conferences about which an e-mail is
// to be sent now.
func (d *Desk) ConferenceMailsDue(now time.Time) []string {
	var out []string
	for _, f := range d.board.allInvited() {
		c, known := d.Desk.Board.Case(f.CaseID)
		if !known {
			continue
		}
		if next, _, _ := f.claimMail(d.board.Partner, c, now); next != nil {
			out = append(out, f.ID)
		}
	}
	slices.Sort(out)
	return out
}

// allInvited are the conferences that wait for any organisation.
func (b *protectBoard) allInvited() []*Conference {
	b.protectMu.RLock()
	defer b.protectMu.RUnlock()
	seen := map[string]*Conference{}
	for _, ids := range b.invited {
		for id := range ids {
			if f := b.conferences[id]; f != nil {
				seen[id] = f
			}
		}
	}
	out := make([]*Conference, 0, len(seen))
	for _, f := range seen {
		out = append(out, f)
	}
	slices.SortFunc(out, func(x, y *Conference) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// ClaimConferenceMail claims the next e-mail about a conference, for this node, in
// one change. It is false when another node has it or none is due any more.
func (d *Desk) ClaimConferenceMail(ctx context.Context, id string) (ConferenceJob, bool, error) {
	var job *ConferenceJob
	_, err := d.Do(ctx, alerts.System(), "conference.mail", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		job = nil
		old, err := optional[*Conference](v, "conferences", id)
		if err != nil || old == nil {
			return journal.Outcome{}, err
		}
		c, err := optional[*alerts.Case](v, "cases", old.CaseID)
		if err != nil || c == nil {
			return journal.Outcome{}, err
		}
		partner := func(id string) (*Partner, bool) {
			p, err := optional[*Partner](v, "partners", id)
			return p, err == nil && p != nil
		}
		next, n, m := old.claimMail(partner, c, v.Now)
		if next == nil {
			return journal.Outcome{}, nil
		}
		if i := &next.Invited[n]; i.Mails[m].State == TryOpen {
			p, _ := partner(i.PartnerID)
			job = &ConferenceJob{d.conferenceDispatch(next, i, p, c, m), id, i.ID, m, i.Mails[m].Attempts}
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil || job == nil {
		return ConferenceJob{}, false, err
	}
	return *job, true, nil
}

// claimMail returns the conference with an attempt of one e-mail claimed, or with
// one dropped that is not needed any more, and the places of the invitation and
// the e-mail; nil when there is nothing to do now.
func (f *Conference) claimMail(partner func(string) (*Partner, bool), c *alerts.Case, now time.Time) (*Conference, int, int) {
	for n := range f.Invited {
		p, ok := partner(f.Invited[n].PartnerID)
		if f.Invited[n].PartnerID == "" || !ok || f.ofPartner(p.ID) != n {
			continue
		}
		i := f.Invited[n]
		i.Mails = slices.Clone(i.Mails)
		if m := i.claim(f, p, c, now); m >= 0 {
			next := *f
			next.Invited = slices.Clone(f.Invited)
			next.Invited[n] = i
			return &next, n, m
		}
	}
	return nil, 0, 0
}

// claim alters an invitation and returns the place of the e-mail that it claimed
// or dropped, -1 for none.
func (i *Invitation) claim(f *Conference, p *Partner, c *alerts.Case, now time.Time) int {
	needed := i.waits(f) && i.over(f, c, now) == "" && p.excluded(now) == ""
	for n := range i.Mails {
		m := &i.Mails[n]
		if m.State != TryOpen || m.NextAt.After(now) {
			continue
		}
		last := n == len(i.Mails)-1 && i.MailTurn == i.Turn
		if q, ok := p.person(m.Person); !needed || !last || !ok || q.Email == "" {
			m.end(TryDropped, now)
		} else {
			m.Attempts, m.NextAt = m.Attempts+1, now.Add(claimed(ChannelEmail))
		}
		return n
	}
	if !needed || i.MailTurn >= i.Turn {
		return -1
	}
	q, ok := p.referralReader(f.At, now)
	if !ok {
		return -1
	}
	i.MailTurn = i.Turn
	i.Mails = append(i.Mails, ReferralMail{Kind: i.mailKind(f), Person: q.ID, At: now, State: TryOpen, Attempts: 1, NextAt: now.Add(claimed(ChannelEmail))})
	return len(i.Mails) - 1
}

func (i *Invitation) mailKind(f *Conference) string {
	switch {
	case f.State == ConferenceCancelled:
		return KindConferenceOff
	case i.Turn == 1:
		return KindConference
	}
	return KindConferenceChanged
}

// conferenceDispatch is what an e-mail about a conference may say: country and
// where to sign in.
func (d *Desk) conferenceDispatch(f *Conference, i *Invitation, p *Partner, c *alerts.Case, n int) Dispatch {
	m := &i.Mails[n]
	q, _ := p.person(m.Person)
	out := Dispatch{
		MessageID: fmt.Sprintf("msg_conference.%s.%s.%d", f.ID, i.ID, n+1), PartnerID: p.ID, Kind: m.Kind, To: q.Email, Languages: q.Languages,
		ConferenceID: f.ID, Countries: d.toldCountries(p, c),
	}
	if len(out.Languages) == 0 {
		out.Languages = p.Languages
	}
	return out
}

// ReportConferenceMail notes what became of a claimed e-mail. What failed is tried
// again after a growing pause, with the same message id.
func (d *Desk) ReportConferenceMail(ctx context.Context, j ConferenceJob, res Result, spread float64) error {
	_, err := d.Do(ctx, alerts.System(), "conference.mailed", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := optional[*Conference](v, "conferences", j.conference)
		if err != nil || old == nil {
			return journal.Outcome{}, err
		}
		n := old.invitation(j.invitation)
		if n < 0 || j.mail >= len(old.Invited[n].Mails) {
			return journal.Outcome{}, nil
		}
		next := *old
		next.Invited = slices.Clone(old.Invited)
		i := &next.Invited[n]
		i.Mails = slices.Clone(i.Mails)
		if !i.Mails[j.mail].report(j.attempt, res, d.limits.EmailAttempts, v.Now, spread) {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return err
}
