package partners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ReferralData returns the words that referrals use.
func (d *Desk) ReferralData() *ReferralData { return d.referrals }

// OpenReferral asks a partner or an institution for a service.
func (d *Desk) OpenReferral(ctx context.Context, a alerts.Actor, caseID string, in NewReferral, req alerts.Request) (ReferralView, error) {
	if _, err := d.referralCase(a, caseID); err != nil {
		return ReferralView{}, err
	}
	id, number, entry := alerts.NewID(d.Random), alerts.NewCaseNumber(d.Random), alerts.NewID(d.Random)
	return d.referralCommand(ctx, a, "referral.open", req, func(v *journal.View, c *checker) (*Referral, error) {
		of, err := journal.Load[*alerts.Case](v, "cases", caseID)
		if err != nil {
			return nil, err
		}
		if of.State.Ended() && of.State != alerts.StateFound {
			return nil, alerts.Errorf(alerts.Conflict, "This case is closed. Reopen it first.")
		}
		if err := of.Working(); err != nil {
			return nil, err
		}
		r := &Referral{
			Head: journal.Head{ID: id}, PublicNumber: number, CaseID: caseID, About: in.About, PartnerID: in.PartnerID, InstitutionID: in.InstitutionID,
			Service: in.Service, Urgency: in.Urgency, Purpose: in.Purpose, State: ReferralAsked, Stage: of.State, MadeBy: a.ID,
			DueAt: in.DueAt.UTC().Truncate(time.Millisecond),
		}
		if in.DueAt.IsZero() {
			r.DueAt = d.referrals.due(in.Urgency, v.Now)
		}
		r.Entries = []ReferralEntry{{ID: entry, At: v.Now, Kind: "asked", By: a.ID}}
		d.checkReferral(v, r, of, c)
		r.Shares = d.shares(a, r.audience(), of, in.Share, v.Now, c)
		return r, c.Err()
	})
}

func (d *Desk) checkReferral(v *journal.View, r *Referral, of *alerts.Case, c *checker) {
	c.oneOf("service", r.Service, rowIDs(d.referrals.Services))
	c.oneOf("urgency", r.Urgency, rowIDs(d.referrals.Urgencies))
	c.text("purpose", r.Purpose, textLength, true)
	c.telling(of, "purpose", r.Purpose)
	if r.DueAt.Before(v.Now.Add(-clockSkew)) && r.DueAt.Year() > 1 || r.DueAt.Year() > 2200 {
		c.Add("due_at", "past", "This time has passed.")
	}
	if r.About != "" && !of.HasParty(r.About) && !slices.ContainsFunc(of.Children, func(k alerts.Child) bool { return k.ID == r.About }) {
		c.Add("about", "unknown_party", "There is no such person in this case.")
	}
	switch {
	case (r.PartnerID == "") == (r.InstitutionID == ""):
		c.Add("partner_id", "one_receiver", "Choose one organisation or one institution.")
	case r.PartnerID != "":
		d.checkReceiver(v, r, c)
	default:
		if _, err := journal.Load[*Institution](v, "institutions", r.InstitutionID); err != nil {
			c.Add("institution_id", "unknown_institution", "There is no such institution.")
		}
	}
}

// checkReceiver refuses an organisation that may get nothing personal now, or
// that does not offer the service.
func (d *Desk) checkReceiver(v *journal.View, r *Referral, c *checker) {
	p, err := journal.Load[*Partner](v, "partners", r.PartnerID)
	switch {
	case err != nil:
		c.Add("partner_id", "unknown_partner", "There is no such organisation.")
	case p.excluded(v.Now) != "":
		c.Add("partner_id", "receiver_barred", "Without approval and a valid agreement this organisation gets nothing about a child.")
	case !slices.Contains(p.Services, r.Service):
		c.Add("partner_id", "no_such_service", "This organisation does not offer this service.")
	}
}

// telling refuses a text that tells a receiver what is hidden from a party: who
// works there may be that party, or talk to it.
func (c *checker) telling(of *alerts.Case, field, text string) {
	if len(of.HiddenIn("", text)) > 0 {
		c.Add(field, "hidden_fact", "This tells something that is hidden from a party of the case.")
	}
}

// shares checks what is to be opened to an audience of consents: each class once,
// and each under a consent that is in force or for a reason. Conferences ask it
// too.
func (d *Desk) shares(a alerts.Actor, audience string, of *alerts.Case, in []NewShare, now time.Time, c *checker) []Share {
	var out []Share
	seen := map[alerts.Class]bool{}
	for i, n := range in {
		field := fmt.Sprintf("share[%d].", i)
		s := Share{Class: n.Class, ConsentID: n.ConsentID, Reason: n.Reason, By: a.ID, At: now}
		if !slices.Contains(ShareableClasses(), n.Class) {
			c.Add(field+"class", "never_shared", "This class is never shared by a referral.")
		} else if !d.Matrix.May(a, n.Class, of.State, d.Assigned(a, of)) {
			c.Add(field+"class", "not_yours", "You may not see this yourself.")
		}
		if seen[n.Class] {
			c.Add(field+"class", "twice", "This class is there already.")
		}
		seen[n.Class] = true
		c.text(field+"reason", n.Reason, textLength, n.ConsentID == "")
		switch consent := consentOf(of, n.ConsentID); {
		case n.ConsentID == "":
			s.Until = now.Add(d.referrals.ReasonLife)
		case consent == nil || consent.Class != n.Class || consent.Audience != audience:
			c.Add(field+"consent_id", "other_consent", "This consent is not for this class and this kind of receiver.")
		case !s.inForce(of, now):
			c.Add(field+"consent_id", "not_in_force", "This consent has been withdrawn or has expired.")
		}
		out = append(out, s)
	}
	return out
}

// referralCommand carries out a command on one referral and answers with it as
// staff see it now.
func (d *Desk) referralCommand(ctx context.Context, a alerts.Actor, act string, req alerts.Request, rule func(*journal.View, *checker) (*Referral, error)) (ReferralView, error) {
	id, err := d.referralChange(ctx, a, act, req, rule)
	if err != nil {
		return ReferralView{}, err
	}
	return d.Referral(ctx, a, id)
}

func (d *Desk) referralChange(ctx context.Context, a alerts.Actor, act string, req alerts.Request, rule func(*journal.View, *checker) (*Referral, error)) (string, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return "", err
	}
	done, err := d.Do(ctx, a, act, req, func(v *journal.View) (journal.Outcome, error) {
		r, err := rule(v, newChecker(v.Now, zone))
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{r}}, nil
	})
	if err != nil {
		return "", err
	}
	return done.Keys[0].ID, nil
}

// TakeReferralSteps writes down the end of referrals whose consent was withdrawn
// or whose case has ended. The receiver lost sight of them already when that
// happened. Any node may call it each second; an end is written once.
func (d *Desk) TakeReferralSteps(ctx context.Context) error {
	var failures []error
	for _, r := range d.board.Referrals() {
		c, _ := d.Board.Case(r.CaseID)
		if !r.EndedAt.IsZero() || c == nil || r.over(c) == "" {
			continue
		}
		_, err := d.Do(ctx, alerts.System(), "referral.end", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
			return d.endRule(v, r.ID)
		})
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func (d *Desk) endRule(v *journal.View, id string) (journal.Outcome, error) {
	old, err := journal.Load[*Referral](v, "referrals", id)
	if err != nil {
		return journal.Outcome{}, err
	}
	c, err := journal.Load[*alerts.Case](v, "cases", old.CaseID)
	if err != nil {
		return journal.Outcome{}, err
	}
	why := old.over(c)
	if !old.EndedAt.IsZero() || why == "" {
		return journal.Outcome{}, nil
	}
	return journal.Outcome{Documents: []journal.Document{old.ended(why, "", alerts.System().ID, v.Now, alerts.NewID(d.Random))}}, nil
}

// ended returns the referral as the receiver no longer sees it. What it answered
// stays.
func (r *Referral) ended(why, text, by string, now time.Time, id string) *Referral {
	next := *r
	next.EndedAt, next.EndedFor = now, why
	if r.State != ReferralDone && r.State != ReferralDeclined {
		next.State = ReferralWithdrawn
	}
	next.Entries = append(slices.Clone(r.Entries), ReferralEntry{ID: id, At: now, Kind: "ended", Code: why, Text: text, By: by})
	return &next
}
