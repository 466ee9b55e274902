package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
)

// ReferralView is a referral as staff see it.
type ReferralView struct {
	ID            string        `json:"id"`
	Number        string        `json:"number"`
	Version       int           `json:"version"`
	CreatedAt     time.Time     `json:"created_at"`
	UpdatedAt     time.Time     `json:"updated_at"`
	CaseID        string        `json:"case_id"`
	CaseNumber    string        `json:"case_number"`
	About         string        `json:"about,omitempty"`
	PartnerID     string        `json:"partner_id,omitempty"`
	InstitutionID string        `json:"institution_id,omitempty"`
	Receiver      string        `json:"receiver"` // its name
	Service       string        `json:"service"`
	Purpose       string        `json:"purpose"`
	Urgency       string        `json:"urgency"`
	DueAt         time.Time     `json:"due_at"`
	State         ReferralState `json:"state"`
	// Overdue says that an answer is owed and late.
	Overdue bool `json:"overdue"`
	// News says that the receiver wrote last.
	News    bool                `json:"news"`
	Shares  []ShareView         `json:"shares"`
	Entries []ReferralEntryView `json:"entries"`
	// EndedFor says why the receiver no longer sees it: consent, case or staff.
	EndedFor string `json:"ended_for,omitempty"`
	MadeBy   string `json:"made_by,omitempty"`
	// OpenedAt is when somebody of the organisation first read it; Mails are the
	// e-mails that told of it.
	OpenedAt time.Time          `json:"opened_at,omitzero"`
	Mails    []ReferralMailView `json:"mails"`
	// Acts are what can be done with it now.
	Acts []string `json:"acts"`
}

// ShareView is one class that the receiver was given.
type ShareView struct {
	Class     alerts.Class `json:"class"`
	ConsentID string       `json:"consent_id,omitempty"`
	Reason    string       `json:"reason,omitempty"`
	Until     time.Time    `json:"until,omitzero"`
	// InForce tells whether the receiver sees the class now.
	InForce bool `json:"in_force"`
}

// ReferralEntryView is one step of the history.
type ReferralEntryView struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	Code string    `json:"code,omitempty"`
	Text string    `json:"text,omitempty"`
	By   string    `json:"by,omitempty"`
	// Theirs says that the receiver wrote it itself.
	Theirs bool `json:"theirs"`
}

// referralCase returns a case whose referrals the actor may see: what a family
// was offered tells of its situation.
func (d *Desk) referralCase(a alerts.Actor, caseID string) (*alerts.Case, error) {
	for _, m := range append(d.board.MattersOf(caseID), nil) {
		if c, err := d.matterCase(a, caseID, m); err == nil && d.Matrix.May(a, alerts.P3, c.State, d.onMatter(a, c, m)) {
			return c, nil
		}
	}
	return nil, missing("referrals of case " + caseID)
}

func (d *Desk) visibleReferral(a alerts.Actor, id string) (*Referral, *alerts.Case, error) {
	r, ok := d.board.Referral(id)
	if !ok {
		return nil, nil, missing("referral " + id)
	}
	c, err := d.referralCase(a, r.CaseID)
	if err != nil {
		return nil, nil, missing("referral " + id)
	}
	return r, c, nil
}

// Referral returns a referral as staff see it.
func (d *Desk) Referral(ctx context.Context, a alerts.Actor, id string) (ReferralView, error) {
	r, c, err := d.visibleReferral(a, id)
	if err != nil {
		return ReferralView{}, err
	}
	if err := d.Reads.Record(ctx, a, "referrals/"+id, alerts.P3); err != nil {
		return ReferralView{}, err
	}
	return d.referralView(a, r, c), nil
}

// among returns a case of which something is shown with another: the same one, or
// one that is merged into it and that the actor may see; nil for every other.
func (d *Desk) among(a alerts.Actor, c *alerts.Case, caseID string) *alerts.Case {
	if caseID == c.ID {
		return c
	}
	if !slices.Contains(d.Desk.Board.MergedInto(c.ID), caseID) {
		return nil
	}
	of, err := d.referralCase(a, caseID)
	if err != nil {
		return nil
	}
	return of
}

// ReferralsOf lists the referrals of a case and of those merged into it, newest first: what the family was
// offered already, what came of it, and what it was told.
func (d *Desk) ReferralsOf(ctx context.Context, a alerts.Actor, caseID string) ([]ReferralView, error) {
	c, err := d.referralCase(a, caseID)
	if err != nil {
		return nil, err
	}
	out := []ReferralView{}
	for _, r := range d.board.Referrals() {
		if of := d.among(a, c, r.CaseID); of != nil {
			out = append(out, d.referralView(a, r, of))
		}
	}
	slices.Reverse(out)
	return out, d.Reads.Record(ctx, a, "referrals?case="+caseID, alerts.P3)
}

// referralView is the allow-list of a referral for staff.
func (d *Desk) referralView(a alerts.Actor, r *Referral, c *alerts.Case) ReferralView {
	now, why := d.Now(), r.over(c)
	v := ReferralView{
		ID: r.ID, Number: r.PublicNumber, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, CaseID: r.CaseID, CaseNumber: c.CaseNumber,
		About: r.About, PartnerID: r.PartnerID, InstitutionID: r.InstitutionID, Receiver: d.receiverName(r), Service: r.Service, Purpose: r.Purpose,
		Urgency: r.Urgency, DueAt: r.DueAt, State: r.shownState(why), Overdue: r.waits() && why == "" && now.After(r.DueAt), News: r.news(), EndedFor: why,
		OpenedAt: r.OpenedAt, Mails: r.mailViews(),
		Shares: []ShareView{}, Entries: []ReferralEntryView{}, Acts: []string{},
	}
	audit := d.Matrix.May(a, alerts.P10, c.State, d.Assigned(a, c))
	if audit {
		v.MadeBy = r.MadeBy
	}
	for i := range r.Shares {
		s := &r.Shares[i]
		v.Shares = append(v.Shares, ShareView{s.Class, s.ConsentID, s.Reason, s.Until, why == "" && s.inForce(c, now)})
	}
	for _, e := range r.Entries {
		shown := ReferralEntryView{At: e.At, Kind: e.Kind, Code: e.Code, Text: e.Text, Theirs: e.Theirs}
		if audit {
			shown.By = e.By
		}
		v.Entries = append(v.Entries, shown)
	}
	v.Acts = d.referralActs(a, r, why, false)
	return v
}

// shownState is the state as it is now, also before an end is written down.
func (r *Referral) shownState(why string) ReferralState {
	if why != "" && r.State != ReferralDone && r.State != ReferralDeclined {
		return ReferralWithdrawn
	}
	return r.State
}

func (d *Desk) receiverName(r *Referral) string {
	if p, ok := d.board.Partner(r.PartnerID); ok {
		return p.Name
	}
	return d.institutionName(r.InstitutionID)
}

// referralActs are the acts that the rules would let this actor try now.
func (d *Desk) referralActs(a alerts.Actor, r *Referral, why string, theirs bool) []string {
	var open []string
	if why == "" {
		switch r.State {
		case ReferralAsked, ReferralQuestion:
			open = []string{"answer", "reply", "share"}
		case ReferralAccepted:
			open = []string{"progress", "done", "answer", "reply", "share"}
		case ReferralDeclined:
			if r.last("review_asked") == nil {
				open = []string{"ask_review"}
			}
		case ReferralReview:
			if refused := r.last("declined"); refused == nil || refused.By != a.ID {
				open = []string{"review"}
			}
		}
		open = append(open, "withdraw")
	}
	if open = append(open, "told"); theirs {
		open = only(open, receiverReferralActs())
	} else if r.PartnerID != "" {
		open = slices.DeleteFunc(open, func(act string) bool { return act == "answer" || act == "progress" || act == "done" })
	}
	return slices.DeleteFunc(open, func(act string) bool { return !d.Matrix.Can(a.Role, "referral."+act) })
}

func only(acts []string, of map[string]referralRule) []string {
	return slices.DeleteFunc(acts, func(act string) bool { return of[act] == nil })
}
