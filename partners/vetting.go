package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// Vetting is one time that somebody looked at an organisation and let it be told
// of alerts.
type Vetting struct {
	By string    `bson:"by" class:"P10"`
	At time.Time `bson:"at"`
	// Due is when it is to be looked at again, Lapses when it gets drills only
	// if nobody has.
	Due    time.Time `bson:"due"`
	Lapses time.Time `bson:"lapses"`
	Note   string    `bson:"note,omitempty" class:"P10,sealed,people"`
}

// NewVetting is what somebody notes who has looked at an organisation.
type NewVetting struct {
	// Note says what was looked at and by what it was known; may be empty.
	Note string `json:"note,omitempty"`
}

// VettingView is one vetting. Note is for the desk only.
type VettingView struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Due    time.Time `json:"due"`
	Lapses time.Time `json:"lapses"`
	Note   string    `json:"note,omitempty"`
}

// again is how long after a vetting the same account's next one without a note
// is taken for a repeat.
const again = time.Hour

// VetPartner lets an organisation be told of alerts, or says that it has been
// looked at again. It is by another account than the one that entered it.
func (d *Desk) VetPartner(ctx context.Context, a alerts.Actor, id string, in NewVetting, r alerts.Request) (PartnerView, error) {
	var f alerts.Fields
	note := line(&f, "note", in.Note)
	if err := f.Err(); err != nil {
		return PartnerView{}, err
	}
	return d.changePartner(ctx, a, "partner.approve", id, r, func(p *Partner, now time.Time) error {
		return vetRule(p, a, note, d.limits, now)
	})
}

func vetRule(p *Partner, a alerts.Actor, note string, l Limits, now time.Time) error {
	was := p.State
	if err := approveRule(p, a, now); err != nil {
		return err
	}
	if n := len(p.Vettings); n > 0 && was == PartnerApproved && note == "" && p.Vettings[n-1].By == a.ID && now.Sub(p.Vettings[n-1].At) < again {
		return nil
	}
	due := now.Add(l.VettingLife)
	p.Vettings = append(slices.Clip(p.Vettings), Vetting{By: a.ID, At: now, Due: due, Lapses: due.Add(l.VettingGrace), Note: note})
	return nil
}

// vettingLapsed tells whether nobody has looked at an organisation again in time: it
// gets drills only.
func (p *Partner) vettingLapsed(now time.Time) bool {
	n := len(p.Vettings)
	return n > 0 && !now.Before(p.Vettings[n-1].Lapses)
}

// The reasons to look after an organisation.
const (
	CareVettingLapsed  = "vetting_lapsed"
	CareVettingOverdue = "vetting_overdue"
	CareVettingDue     = "vetting_due"
	CareNoAgreement    = "agreement_ended"
	CareAgreementEnds  = "agreement_ends"
	CareWaits          = "waits_for_approval"
	CareKeyEnds        = "key_ends"
)

// Care is one reason to look after an organisation.
type Care struct {
	PartnerID   string `json:"partner_id"`
	PartnerName string `json:"partner_name"`
	// Reason is vetting_lapsed, vetting_overdue, vetting_due, agreement_ended,
	// agreement_ends, waits_for_approval or key_ends.
	Reason string `json:"reason"`
	// At is when that was or will be.
	At time.Time `json:"at"`
	// Missed is how many alerts are live of which it would be told otherwise.
	Missed int `json:"missed"`
	// Key names the key that ends.
	Key string `json:"key,omitempty"`
}

// cares are the reasons to look after an organisation at an instant.
func (p *Partner) cares(l Limits, now time.Time) []Care {
	var out []Care
	add := func(reason string, at time.Time) {
		out = append(out, Care{PartnerID: p.ID, PartnerName: p.Name, Reason: reason, At: at})
	}
	switch p.State {
	case PartnerPending:
		add(CareWaits, p.CreatedAt)
		return out
	case PartnerApproved:
	default:
		return nil
	}
	if n := len(p.Vettings); n > 0 {
		switch v := p.Vettings[n-1]; {
		case p.vettingLapsed(now):
			add(CareVettingLapsed, v.Lapses)
		case !now.Before(v.Due):
			add(CareVettingOverdue, v.Due)
		case v.Due.Sub(now) <= l.Warning:
			add(CareVettingDue, v.Due)
		}
	}
	switch until := p.Agreement.ValidUntil; {
	case !p.Agreement.InForce(now):
		add(CareNoAgreement, until)
	case until.Sub(now) <= l.Warning:
		add(CareAgreementEnds, until)
	}
	for _, k := range p.Keys {
		if k.RevokedAt.IsZero() && k.ExpiresAt.After(now) && k.ExpiresAt.Sub(now) <= l.KeyWarning {
			add(CareKeyEnds, k.ExpiresAt)
			out[len(out)-1].Key = k.Name
		}
	}
	return out
}

// PartnersToLookAfter lists what has to be done about organisations: the gravest
// first, then by time.
func (d *Desk) PartnersToLookAfter(a alerts.Actor) ([]Care, error) {
	if a.Partner != "" || !d.Matrix.Route(a.Role, "GET /api/v1/partners-to-look-after") {
		return nil, missing("partners to look after")
	}
	out := []Care{}
	now := d.Now()
	for _, p := range d.board.Partners() {
		cares := p.cares(d.limits, now)
		if len(cares) > 0 && p.excluded(now) != "" {
			cares[0].Missed = d.missed(p)
		}
		out = append(out, cares...)
	}
	grave := []string{CareVettingLapsed, CareNoAgreement, CareVettingOverdue, CareWaits, CareKeyEnds, CareAgreementEnds, CareVettingDue}
	slices.SortStableFunc(out, func(x, y Care) int {
		return cmp.Or(cmp.Compare(slices.Index(grave, x.Reason), slices.Index(grave, y.Reason)), x.At.Compare(y.At), strings.Compare(x.PartnerName, y.PartnerName))
	})
	return out, nil
}

// missed is how many live alerts an organisation would be told of if nothing
// stood against it: somebody of the desk may have to tell it in another way.
func (d *Desk) missed(p *Partner) int {
	n := 0
	for _, al := range d.board.liveAlerts() {
		if _, ok := d.covers(p, al.Current()); ok {
			n++
		}
	}
	return n
}

// OwnCares are the reasons that the organisation's own people should know.
func (d *Desk) OwnCares(a alerts.Actor) []Care {
	p, ok := d.board.Partner(a.Partner)
	if !ok {
		return nil
	}
	return p.cares(d.limits, d.Now())
}

func (d *Desk) viewVettings(a alerts.Actor, p *Partner) []VettingView {
	out := []VettingView{}
	for _, v := range p.Vettings {
		one := VettingView{By: v.By, At: v.At, Due: v.Due, Lapses: v.Lapses}
		if a.Partner == "" && d.Matrix.Can(a.Role, "partner.approve") {
			one.Note = v.Note
		}
		out = append(out, one)
	}
	return out
}

// drillsOnly tells whether an organisation gets drills and nothing else, so that
// its keys still open something.
func (p *Partner) drillsOnly(now time.Time) bool {
	return p.State == PartnerPending || p.State == PartnerApproved && p.Agreement.InForce(now) && p.vettingLapsed(now)
}
