package partners

import (
	"context"

	"homeward/alerts"
)

// PartnerAlerts returns the live alerts that the actor's organisation sees, in
// the order in which they last changed for it. Being told is committed and the
// read recorded before anything is returned. links gives the addresses of what
// belongs to an alert.
func (d *Desk) PartnerAlerts(ctx context.Context, a alerts.Actor, links func(*alerts.Alert) alerts.Links) ([]alerts.PartnerAlert, error) {
	if a.Partner == "" {
		return nil, missing("alerts of a partner")
	}
	if err := d.SettlePartner(ctx, a.Partner); err != nil {
		return nil, err
	}
	out := []alerts.PartnerAlert{}
	for _, id := range d.board.Current(a.Partner) {
		v, ok, err := d.partnerAlert(ctx, a, id, links)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// PartnerAlert returns one live alert as the actor's organisation gets it. One
// that was never addressed to it, or lies outside the areas of its key, is
// NotFound; one that has been withdrawn from it, or has left its key, is Gone.
func (d *Desk) PartnerAlert(ctx context.Context, a alerts.Actor, alertID string, links func(*alerts.Alert) alerts.Links) (alerts.PartnerAlert, error) {
	if a.Partner == "" {
		return alerts.PartnerAlert{}, missing("alert of a partner")
	}
	told, sees := d.board.ToldOf(a.Partner, alertID)
	if told && !sees {
		return alerts.PartnerAlert{}, goneFor(d.board.LostFor(a.Partner, alertID))
	}
	if err := d.Address(ctx, a.Partner, []string{alertID}); err != nil {
		return alerts.PartnerAlert{}, err
	}
	v, ok, err := d.partnerAlert(ctx, a, alertID, links)
	if _, left := d.LeftKey(a, alertID); err == nil && left {
		err = goneFor(ReasonNotAddressed)
	} else if err == nil && !ok {
		err = missing("alert " + alertID)
	}
	return v, err
}

// partnerAlert renders one alert as it stands now, if it is within the levels
// and areas of the actor's key.
func (d *Desk) partnerAlert(ctx context.Context, a alerts.Actor, alertID string, links func(*alerts.Alert) alerts.Links) (alerts.PartnerAlert, bool, error) {
	if al, ok := d.board.DrillAlert(alertID); ok {
		v := alerts.PartnerAlertOf(al, al.Current(), links(al))
		v.Drill = true
		within := d.inScope(a, al.Current())
		if within {
			d.Fetched(a, alertID, al.Current().Number)
		}
		return v, within, nil
	}
	al, ok := d.Desk.Board.Alert(alertID)
	if !ok || al.State != alerts.AlertLive {
		return alerts.PartnerAlert{}, false, nil
	}
	r := al.Current()
	if !d.inScope(a, r) {
		return alerts.PartnerAlert{}, false, nil
	}
	if err := d.Reads.Record(ctx, a, "alerts/"+alertID, alerts.P0, alerts.P1); err != nil {
		return alerts.PartnerAlert{}, false, err
	}
	v := alerts.PartnerAlertOf(al, r, links(al))
	if it, ok := d.board.Look(a.Partner, alertID); ok {
		v = v.AddressedFrom(al, it.From)
	}
	d.Fetched(a, alertID, r.Number)
	return v, true, nil
}

// NoteFetches has what partners' programs fetch noted as sent. It is set before
// the desk is in use.
func (d *Desk) NoteFetches(r *Receipts) { d.receipts = r }

// Fetched notes that a partner's program was answered with a revision of an
// alert: that counts as sent, like a frame, and is noted once. People who open a
// page, or the link of an e-mail, say more, and are not asked about here.
func (d *Desk) Fetched(a alerts.Actor, alertID string, revision int) {
	if d.receipts == nil || !d.KeyStands(a.Partner, a.Session) {
		return
	}
	if one, ok := d.board.Delivery(alertID, a.Partner); ok && one.known(DeliverySent, revision, Act{}) {
		return
	}
	d.receipts.Sent(a.Partner, alertID, revision, ChannelAPI, d.Now())
}

// OwnDeliveries returns the actor's organisation's own lines of the ledger for
// the alerts that it sees or is to remove, in the order in which they last
// changed for it.
func (d *Desk) OwnDeliveries(a alerts.Actor) ([]OwnDelivery, error) {
	if a.Partner == "" {
		return nil, missing("deliveries of a partner")
	}
	out := []OwnDelivery{}
	for _, it := range d.board.Owed(a.Partner, 0) {
		if _, sees := d.Through(a, it); !sees {
			continue
		}
		v, err := d.ownDelivery(a.Partner, it.AlertID)
		if err != nil {
			return nil, err
		}
		out = append(out, OwnDelivery{AlertID: it.AlertID, DeliveryView: v})
	}
	return out, nil
}

// OwnDelivery is one line with the alert that it belongs to.
type OwnDelivery struct {
	AlertID string `json:"alert_id"`
	DeliveryView
}
