package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// The kinds of the messages that tell an organisation of a referral: that it has
// come, and that half of the time to answer is gone and nobody has opened it.
const (
	KindReferral         = "referral"
	KindReferralReminder = "referral_reminder"
)

// ReferralMail is one e-mail about a referral to somebody of the organisation that
// was asked. It is written before anything leaves; there is one of each kind at
// most.
type ReferralMail struct {
	Kind   string `bson:"kind" class:"P3"`
	Person string `bson:"person" class:"P3"` // id among the organisation's people
	// At is when it was taken up, Ended when it got its last state.
	At       time.Time `bson:"at" class:"P3"`
	State    TryState  `bson:"state" class:"P3"`
	Attempts int       `bson:"attempts" class:"P3"`
	// NextAt is until when nobody else makes an attempt.
	NextAt time.Time `bson:"next_at,omitempty" class:"P3"`
	Ended  time.Time `bson:"ended,omitempty" class:"P3"`
}

// ReferralJob is one e-mail that this node has claimed and now sends.
type ReferralJob struct {
	Dispatch
	referral      string
	mail, attempt int
}

// ReferralMailsDue returns the ids of the referrals about which an e-mail is to be
// sent now.
func (d *Desk) ReferralMailsDue(now time.Time) []string {
	var out []string
	for _, r := range d.board.allWaiting() {
		p, ok := d.board.Partner(r.PartnerID)
		c, known := d.Desk.Board.Case(r.CaseID)
		if ok && known {
			if next, _ := r.claimMail(p, c, now); next != nil {
				out = append(out, r.ID)
			}
		}
	}
	slices.Sort(out)
	return out
}

// ClaimReferralMail claims the e-mail about a referral that is due, for this node,
// in one change. It is false when another node has it or none is due any more.
func (d *Desk) ClaimReferralMail(ctx context.Context, id string) (ReferralJob, bool, error) {
	var job *ReferralJob
	_, err := d.Do(ctx, alerts.System(), "referral.mail", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		job = nil
		old, c, p, err := mailParts(v, id)
		if err != nil || c == nil || p == nil {
			return journal.Outcome{}, err
		}
		next, n := old.claimMail(p, c, v.Now)
		if next == nil {
			return journal.Outcome{}, nil
		}
		if next.Mails[n].State == TryOpen {
			job = &ReferralJob{d.referralDispatch(next, p, c, n), id, n, next.Mails[n].Attempts}
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil || job == nil {
		return ReferralJob{}, false, err
	}
	return *job, true, nil
}

func mailParts(v *journal.View, id string) (*Referral, *alerts.Case, *Partner, error) {
	r, err := optional[*Referral](v, "referrals", id)
	if err != nil || r == nil {
		return nil, nil, nil, err
	}
	c, err := optional[*alerts.Case](v, "cases", r.CaseID)
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := optional[*Partner](v, "partners", r.PartnerID)
	return r, c, p, err
}

// ReportReferralMail notes what became of a claimed e-mail. What failed is tried
// again after a growing pause, with the same message id.
func (d *Desk) ReportReferralMail(ctx context.Context, j ReferralJob, res Result, spread float64) error {
	_, err := d.Do(ctx, alerts.System(), "referral.mailed", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := optional[*Referral](v, "referrals", j.referral)
		if err != nil || old == nil || j.mail >= len(old.Mails) {
			return journal.Outcome{}, err
		}
		next := *old
		next.Mails = slices.Clone(old.Mails)
		if !next.Mails[j.mail].report(j.attempt, res, d.limits.EmailAttempts, v.Now, spread) {
			return journal.Outcome{}, nil
		}
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return err
}

// report notes what became of an attempt, and tells whether there was something
// to note.
func (m *ReferralMail) report(attempt int, res Result, attempts int, now time.Time, spread float64) bool {
	switch {
	case m.State != TryOpen || m.Attempts != attempt && !res.OK:
		return false
	case res.OK:
		m.end(TrySent, now)
	case res.Final || m.Attempts >= attempts:
		m.end(TryFailed, now)
	default:
		m.NextAt = now.Add(pause(m.Attempts, spread))
	}
	return true
}

func (m *ReferralMail) end(s TryState, now time.Time) {
	m.State, m.Ended, m.NextAt = s, now, time.Time{}
}

// claimMail returns the referral with an attempt of one of its e-mails claimed, or
// with one dropped that is not needed any more, and the place of that e-mail; nil
// when there is nothing to do now.
func (r *Referral) claimMail(p *Partner, c *alerts.Case, now time.Time) (*Referral, int) {
	next := *r
	next.Mails = slices.Clone(r.Mails)
	needed := r.unopened(p, c, now)
	for i := range next.Mails {
		m := &next.Mails[i]
		if m.State != TryOpen || m.NextAt.After(now) {
			continue
		}
		if q, ok := p.person(m.Person); !needed || !ok || q.Email == "" {
			m.end(TryDropped, now)
		} else {
			m.Attempts, m.NextAt = m.Attempts+1, now.Add(claimed(ChannelEmail))
		}
		return &next, i
	}
	kind := r.mailKind(now)
	q, ok := p.referralReader(r.DueAt, now)
	if !needed || kind == "" || !ok {
		return nil, 0
	}
	next.Mails = append(next.Mails, ReferralMail{
		Kind: kind, Person: q.ID, At: now, State: TryOpen, Attempts: 1, NextAt: now.Add(claimed(ChannelEmail)),
	})
	return &next, len(next.Mails) - 1
}

// unopened tells whether a referral waits that nobody of the organisation has
// opened, and that the organisation may still be told of.
func (r *Referral) unopened(p *Partner, c *alerts.Case, now time.Time) bool {
	return r.waits() && r.over(c) == "" && p.excluded(now) == "" && r.OpenedAt.IsZero() && r.answered().IsZero()
}

// mailKind is the e-mail that comes next, "" for none: one at the beginning, and
// one at half time when the first was not itself as late.
func (r *Referral) mailKind(now time.Time) string {
	half := r.CreatedAt.Add(r.DueAt.Sub(r.CreatedAt) / 2)
	switch {
	case len(r.Mails) == 0:
		return KindReferral
	case len(r.Mails) == 1 && r.Mails[0].At.Before(half) && !now.Before(half):
		return KindReferralReminder
	}
	return ""
}

// referralReader is who of an organisation gets an e-mail now: the first person on
// duty who has an address. While nobody is on duty it waits, unless nobody will be
// before the time; then, and when nobody on duty has an address, it goes to the
// first person who has one.
func (p *Partner) referralReader(until, now time.Time) (Person, bool) {
	people, _ := p.onDuty(now)
	if len(people) == 0 {
		if next := p.nextDuty(now); !next.IsZero() && next.Before(until) {
			return Person{}, false
		}
	}
	for _, q := range append(slices.Clone(people), p.named()...) {
		if q.Email != "" {
			return q, true
		}
	}
	return Person{}, false
}

// referralDispatch is what an e-mail about a referral may say: urgency, country
// and where to sign in. Where the country of the case is hidden or not known, it
// is that of the organisation.
func (d *Desk) referralDispatch(r *Referral, p *Partner, c *alerts.Case, n int) Dispatch {
	m := &r.Mails[n]
	q, _ := p.person(m.Person)
	out := Dispatch{
		MessageID: fmt.Sprintf("msg_referral.%s.%d", r.ID, n+1), PartnerID: p.ID, Kind: m.Kind, To: q.Email, Languages: q.Languages,
		Urgency: r.Urgency, ReferralID: r.ID, Countries: d.toldCountries(p, c),
	}
	if len(out.Languages) == 0 {
		out.Languages = p.Languages
	}
	return out
}

// toldCountries are the countries that an e-mail about a case may name.
func (d *Desk) toldCountries(p *Partner, c *alerts.Case) []string {
	if place := c.LastSeen.Place; place != nil && !c.HiddenFrom("", alerts.HideLastSeen) {
		if code := d.Regions.Country(*place); code != "" {
			return []string{code}
		}
	}
	return countriesOf(d.Regions, p.Coverage)
}

// noteOpened keeps when somebody of the organisation first read a referral. What a
// program reads is no sign of a person. Who it was stands in the record of reads.
func (d *Desk) noteOpened(ctx context.Context, a alerts.Actor, r *Referral) error {
	if a.Kind != alerts.KindPerson || !r.OpenedAt.IsZero() {
		return nil
	}
	_, err := d.Do(ctx, alerts.System(), "referral.opened", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Referral](v, "referrals", r.ID)
		if err != nil || !old.OpenedAt.IsZero() {
			return journal.Outcome{}, err
		}
		next := *old
		next.OpenedAt = v.Now
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return err
}

// ReferralMailView is how an e-mail about a referral stands, for staff.
type ReferralMailView struct {
	Kind  string    `json:"kind"`
	At    time.Time `json:"at"`
	State TryState  `json:"state"`
}

func (r *Referral) mailViews() []ReferralMailView {
	out := []ReferralMailView{}
	for _, m := range r.Mails {
		out = append(out, ReferralMailView{m.Kind, m.At, m.State})
	}
	return out
}
