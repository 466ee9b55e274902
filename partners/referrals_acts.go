package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// maxReferralEntries bounds the history of one referral.
const maxReferralEntries = 200

// referralStep is one act on one referral, as its rule sees it.
type referralStep struct {
	desk   *Desk
	actor  alerts.Actor
	of     *alerts.Case
	in     ReferralAct
	now    time.Time
	check  *checker
	theirs bool // the receiver acts itself
	id     string
}

// referralRule alters a copy of a referral, or says why not.
type referralRule func(*referralStep, *Referral) error

// staffReferralActs are what staff do with a referral; answers, progress and
// outcome only for an institution, which has no console of its own.
func staffReferralActs() map[string]referralRule {
	return map[string]referralRule{
		"share": (*referralStep).share, "reply": (*referralStep).reply, "withdraw": (*referralStep).withdraw, "told": (*referralStep).told,
		"ask_review": (*referralStep).askReview, "review": (*referralStep).review,
		"answer": (*referralStep).answer, "progress": (*referralStep).progress, "done": (*referralStep).done,
	}
}

// receiverReferralActs are what the organisation that was asked does.
func receiverReferralActs() map[string]referralRule {
	return map[string]referralRule{
		"answer": (*referralStep).answer, "progress": (*referralStep).progress, "done": (*referralStep).done, "review": (*referralStep).review,
	}
}

// ActOnReferral carries out one act of staff: share, reply, withdraw, told,
// ask_review, review, and for an institution answer, progress and done.
func (d *Desk) ActOnReferral(ctx context.Context, a alerts.Actor, id, act string, in ReferralAct, req alerts.Request) (ReferralView, error) {
	r, _, err := d.visibleReferral(a, id)
	if err != nil {
		return ReferralView{}, err
	}
	rule := staffReferralActs()[act]
	if rule == nil {
		return ReferralView{}, missing("act " + act)
	}
	if r.PartnerID != "" && slices.Contains([]string{"answer", "progress", "done"}, act) {
		return ReferralView{}, alerts.Errorf(alerts.Conflict, "The organisation answers for itself.")
	}
	return d.referralCommand(ctx, a, "referral."+act, req, d.referralRule(a, id, in, rule, false, entryID(req, d)))
}

// ActOnOwnReferral carries out one act of the organisation that was asked:
// answer, progress, done, or review.
func (d *Desk) ActOnOwnReferral(ctx context.Context, a alerts.Actor, id, act string, in ReferralAct, req alerts.Request) (OwnReferral, error) {
	if _, _, err := d.ownReferral(a, id); err != nil {
		return OwnReferral{}, err
	}
	rule := receiverReferralActs()[act]
	if rule == nil {
		return OwnReferral{}, missing("act " + act)
	}
	if _, err := d.referralChange(ctx, a, "referral."+act, req, d.referralRule(a, id, in, rule, true, entryID(req, d))); err != nil {
		return OwnReferral{}, err
	}
	return d.OwnReferral(ctx, a, id)
}

func (d *Desk) referralRule(a alerts.Actor, id string, in ReferralAct, rule referralRule, theirs bool, entry string) func(*journal.View, *checker) (*Referral, error) {
	return func(v *journal.View, c *checker) (*Referral, error) {
		old, err := journal.Load[*Referral](v, "referrals", id)
		if err != nil {
			return nil, err
		}
		of, err := journal.Load[*alerts.Case](v, "cases", old.CaseID)
		if err != nil {
			return nil, err
		}
		s := &referralStep{desk: d, actor: a, of: of, in: in, now: v.Now, check: c, theirs: theirs, id: entry}
		next := *old
		next.Entries = slices.Clone(old.Entries)
		if len(next.Entries) >= maxReferralEntries {
			c.Add("", "too_many", "This referral takes no more entries.")
		}
		c.text("text", in.Text, textLength, false)
		if err := rule(s, &next); err != nil {
			return nil, err
		}
		return &next, c.Err()
	}
}

// open refuses to go on with a referral that the receiver has lost, or that is
// in none of the states.
func (s *referralStep) open(r *Referral, states ...ReferralState) error {
	if r.over(s.of) != "" {
		return alerts.Errorf(alerts.Gone, "This referral has been withdrawn.")
	}
	if !slices.Contains(states, r.State) {
		return alerts.Errorf(alerts.Conflict, "This step does not follow: the referral is %s.", r.State)
	}
	return nil
}

func (s *referralStep) add(r *Referral, kind, code string) {
	r.Entries = append(r.Entries, ReferralEntry{ID: s.id, At: s.now, Kind: kind, Code: code, Text: s.in.Text, By: s.actor.ID, Theirs: s.theirs})
}

func (s *referralStep) worded() {
	s.check.text("text", s.in.Text, textLength, true)
	if !s.theirs {
		s.check.telling(s.of, "text", s.in.Text)
	}
}

// answer accepts, declines or asks. Whoever accepted may still have to give up.
func (s *referralStep) answer(r *Referral) error {
	if err := s.open(r, ReferralAsked, ReferralQuestion, ReferralAccepted); err != nil {
		return err
	}
	s.check.oneOf("answer", s.in.Answer, []string{"accepted", "declined", "question"})
	switch s.in.Answer {
	case "accepted":
		if r.State == ReferralAccepted {
			return alerts.Errorf(alerts.Conflict, "This has been accepted already.")
		}
		r.State = ReferralAccepted
	case "declined":
		s.check.oneOf("code", s.in.Code, rowIDs(s.desk.referrals.Declines))
		s.worded()
		r.State = ReferralDeclined
	case "question":
		s.worded()
		r.State = ReferralQuestion
	}
	code := ""
	if s.in.Answer == "declined" {
		code = s.in.Code
	}
	s.add(r, s.in.Answer, code)
	return nil
}

func (s *referralStep) progress(r *Referral) error {
	if err := s.open(r, ReferralAccepted); err != nil {
		return err
	}
	s.worded()
	s.add(r, "progress", "")
	return nil
}

func (s *referralStep) done(r *Referral) error {
	if err := s.open(r, ReferralAccepted); err != nil {
		return err
	}
	s.check.oneOf("code", s.in.Code, rowIDs(s.desk.referrals.Outcomes))
	s.worded()
	r.State = ReferralDone
	s.add(r, "done", s.in.Code)
	return nil
}

// reply answers a question; the receiver then owes an answer again.
func (s *referralStep) reply(r *Referral) error {
	if err := s.open(r, ReferralAsked, ReferralQuestion, ReferralAccepted); err != nil {
		return err
	}
	s.worded()
	if r.State == ReferralQuestion {
		r.State, r.DueAt = ReferralAsked, s.desk.referrals.due(r.Urgency, s.now)
	}
	if !s.in.DueAt.IsZero() {
		if s.in.DueAt.Before(s.now) {
			s.check.Add("due_at", "past", "This time has passed.")
		}
		r.DueAt = s.in.DueAt.UTC().Truncate(time.Millisecond)
	}
	s.add(r, "reply", "")
	return nil
}

// share puts what is opened now in place of what was.
func (s *referralStep) share(r *Referral) error {
	if err := s.open(r, ReferralAsked, ReferralQuestion, ReferralAccepted); err != nil {
		return err
	}
	s.check.telling(s.of, "text", s.in.Text)
	r.Shares = s.desk.shares(s.actor, r.audience(), s.of, s.in.Share, s.now, s.check)
	s.add(r, "share", "")
	return nil
}

func (s *referralStep) withdraw(r *Referral) error {
	if r.over(s.of) != "" {
		return alerts.Errorf(alerts.Conflict, "This referral has been withdrawn already.")
	}
	s.worded()
	*r = *r.ended("staff", s.in.Text, s.actor.ID, s.now, s.id)
	return nil
}

// told keeps what the family was told; the receiver never reads it.
func (s *referralStep) told(r *Referral) error {
	s.check.text("text", s.in.Text, textLength, true)
	s.add(r, "told", "")
	return nil
}

// askReview lets somebody else look at a refusal.
func (s *referralStep) askReview(r *Referral) error {
	if err := s.open(r, ReferralDeclined); err != nil {
		return err
	}
	if r.last("review_asked") != nil {
		return alerts.Errorf(alerts.Conflict, "This refusal has been reviewed.")
	}
	s.worded()
	r.State = ReferralReview
	s.add(r, "review_asked", "")
	return nil
}

// review decides over a refusal: it stands, or the receiver accepts after all.
// Whoever refused, or wrote the refusal down, does not review it; only the
// organisation itself can accept for itself.
func (s *referralStep) review(r *Referral) error {
	if err := s.open(r, ReferralReview); err != nil {
		return err
	}
	if refused := r.last("declined"); s.actor.Kind != alerts.KindPerson || refused != nil && refused.By == s.actor.ID {
		return alerts.Errorf(alerts.Forbidden, "Somebody else than who refused has to review this.")
	}
	allowed := []string{"stands", "accepted"}
	if r.PartnerID != "" && !s.theirs {
		allowed = allowed[:1]
	}
	s.check.oneOf("answer", s.in.Answer, allowed)
	s.worded()
	kind := s.in.Answer
	if r.State = ReferralDeclined; kind == "accepted" {
		r.State = ReferralAccepted
	}
	s.add(r, kind, "")
	return nil
}
