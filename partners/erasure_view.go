package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ErasureView is the certificate of an erased file: that it is gone, who decided
// it, and who was told outside and has confirmed that it deleted what it had.
type ErasureView struct {
	CaseID      string                  `json:"case_id"`
	Number      string                  `json:"number"`
	ClosedAt    time.Time               `json:"closed_at"`
	DueAt       time.Time               `json:"due_at"`
	Rule        *alerts.RetentionRule   `json:"rule"`
	ProposedBy  string                  `json:"proposed_by"`
	ProposedAt  time.Time               `json:"proposed_at"`
	ConfirmedBy string                  `json:"confirmed_by"`
	ConfirmedAt time.Time               `json:"confirmed_at"`
	ErasedAt    time.Time               `json:"erased_at"`
	Went        []alerts.RetentionCount `json:"went"`
	// Aliases are the numbers of the cases that were merged into it.
	Aliases []string `json:"aliases"`
	// Recipients were told of an alert of the case, by their names.
	Recipients []ErasureRecipient `json:"recipients"`
	// Again says that a backup had brought the case back; who decided it first is
	// not known then.
	Again bool `json:"again,omitempty"`
	// Waiting counts those that have not confirmed.
	Waiting int `json:"waiting"`
}

// ErasureRecipient is one organisation that was told of one alert. ConfirmedAt is
// when it said that what it had is removed, null while it has not.
type ErasureRecipient struct {
	AlertID     string     `json:"alert_id"`
	PartnerID   string     `json:"partner_id"`
	PartnerName string     `json:"partner_name"`
	ConfirmedAt *time.Time `json:"confirmed_at"`
}

// Erasure returns the certificate of an erased file, by the id of its case. The
// reading is recorded.
func (d *Desk) Erasure(ctx context.Context, a alerts.Actor, caseID string) (ErasureView, error) {
	if !d.Matrix.Can(a.Role, "retention.read") {
		return ErasureView{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	e, ok := d.board.Erasure(caseID)
	if ok && e.Into != "" {
		e, ok = d.board.Erasure(e.Into)
	}
	if !ok || !e.seenBy(a) {
		return ErasureView{}, missing("erasure " + caseID)
	}
	if err := d.Reads.Record(ctx, a, journal.KeyOf(e).String(), alerts.P10); err != nil {
		return ErasureView{}, err
	}
	return d.viewErasure(e), nil
}

// seenBy tells whether somebody may see the erasure: of a restricted case only the
// privacy officer and whoever was on its team.
func (e *Erasure) seenBy(a alerts.Actor) bool {
	return !e.Restricted || a.Role == alerts.RolePrivacyOfficer || slices.Contains(e.Team, a.ID)
}

func (d *Desk) viewErasure(e *Erasure) ErasureView {
	v := ErasureView{
		CaseID: e.ID, Number: e.CaseNumber, ClosedAt: e.ClosedAt, DueAt: e.DueAt, Rule: d.RetentionRule(e.Rule), ProposedBy: e.ProposedBy, ProposedAt: e.ProposedAt,
		ConfirmedBy: e.ConfirmedBy, ConfirmedAt: e.ConfirmedAt, ErasedAt: e.ErasedAt, Went: []alerts.RetentionCount{}, Aliases: append([]string{}, e.Aliases...),
		Recipients: []ErasureRecipient{}, Again: e.Again,
	}
	for _, n := range e.Went {
		v.Went = append(v.Went, alerts.RetentionCount{Kind: n.Kind, Count: n.Count})
	}
	for _, id := range e.Alerts {
		t, ok := d.board.Told(id)
		if !ok {
			continue
		}
		for partner, p := range reach(t) {
			one := ErasureRecipient{AlertID: id, PartnerID: partner}
			if o, ok := d.board.Partner(partner); ok {
				one.PartnerName = o.Name
			}
			if got, ok := d.board.Delivery(id, partner); ok && got.RemovedTimes >= p.times {
				one.ConfirmedAt = &got.RemovedAt
			} else {
				v.Waiting++
			}
			v.Recipients = append(v.Recipients, one)
		}
	}
	slices.SortFunc(v.Recipients, func(x, y ErasureRecipient) int {
		return cmp.Or(strings.Compare(x.PartnerName, y.PartnerName), strings.Compare(x.PartnerID, y.PartnerID), strings.Compare(x.AlertID, y.AlertID))
	})
	return v
}
