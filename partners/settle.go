package partners

import (
	"context"
	"maps"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// settle makes what one organisation sees of the live alerts right for the
// organisation as p has it: it returns the told records that change.
func (d *Desk) settle(v *journal.View, p *Partner) ([]journal.Document, error) {
	out, err := d.settleDrills(v, p)
	if err != nil {
		return nil, err
	}
	for _, al := range d.liveNow(v) {
		next, err := d.settleOne(v, p, al)
		if err != nil {
			return nil, err
		}
		if next != nil {
			out = append(out, next)
		}
	}
	return out, nil
}

func (d *Desk) settleOne(v *journal.View, p *Partner, al *alerts.Alert) (*Told, error) {
	t, err := toldOf(v, al)
	if err != nil {
		return nil, err
	}
	r, places := al.Current(), reach(t)
	var want []addressee
	lost := []string{p.ID}
	if why, ok := d.concerns(p, r, v.Now); ok {
		want, lost = []addressee{{p.ID, why}}, nil
	}
	next := changed(t, places, want, lost, r.Number, v.Now)
	if next != nil {
		next.Sent = append(slices.Clip(next.Sent), missingSent(al, next.Sent)...)
	}
	return next, nil
}

// liveNow returns the live alerts with what the batch has decided about them.
func (d *Desk) liveNow(v *journal.View) []*alerts.Alert {
	ids := map[string]bool{}
	for _, al := range d.board.liveAlerts() {
		ids[al.ID] = true
	}
	for _, doc := range v.Pending("alerts") {
		ids[doc.DocumentHead().ID] = true
	}
	var live []*alerts.Alert
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		al, err := journal.Load[*alerts.Alert](v, "alerts", id)
		if err == nil && al.State == alerts.AlertLive {
			live = append(live, al)
		}
	}
	return live
}

// SettlePartner makes told right for one organisation, as the step that is due
// when an agreement ends or begins and on each connect. It changes nothing when
// all is right.
func (d *Desk) SettlePartner(ctx context.Context, partnerID string) error {
	_, err := d.Do(ctx, alerts.System(), "alert.told", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		p, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		documents, err := d.settle(v, p)
		return journal.Outcome{Documents: documents}, err
	})
	return err
}

// Address adds an organisation to those told of the given alerts, before the
// first byte of them leaves by whatever way. Alerts that do not concern it, or
// have ended, are refused like ones that do not exist.
func (d *Desk) Address(ctx context.Context, partnerID string, alertIDs []string) error {
	alertIDs, err := d.withoutDrills(partnerID, alertIDs)
	if err != nil {
		return err
	}
	if d.sees(partnerID, alertIDs) {
		return nil // the usual case needs no place in the writer's queue
	}
	_, err = d.Do(ctx, alerts.System(), "alert.told", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		p, err := journal.Load[*Partner](v, "partners", partnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		var out journal.Outcome
		for _, id := range alertIDs {
			al, err := journal.Load[*alerts.Alert](v, "alerts", id)
			if err != nil {
				return journal.Outcome{}, err
			}
			if al.State != alerts.AlertLive {
				return journal.Outcome{}, missing("alert " + id)
			}
			if _, ok := d.concerns(p, al.Current(), v.Now); !ok {
				return journal.Outcome{}, missing("alert " + id)
			}
			next, err := d.settleOne(v, p, al)
			if err != nil {
				return journal.Outcome{}, err
			}
			if next != nil {
				out.Documents = append(out.Documents, next)
			}
		}
		return out, nil
	})
	return err
}

// withoutDrills leaves out the drills that an organisation was told of: who is
// told of one is settled when it starts.
func (d *Desk) withoutDrills(partnerID string, ids []string) ([]string, error) {
	var out []string
	for _, id := range ids {
		if !d.board.isDrill(id) {
			out = append(out, id)
		} else if _, sees := d.board.ToldOf(partnerID, id); !sees {
			return nil, missing("alert " + id)
		}
	}
	return out, nil
}

func (d *Desk) sees(partnerID string, alertIDs []string) bool {
	p, ok := d.board.Partner(partnerID)
	if ok && len(alertIDs) == 0 {
		return true
	}
	if !ok || p.excluded(d.Now()) != "" {
		return false
	}
	for _, id := range alertIDs {
		if _, sees := d.board.ToldOf(partnerID, id); !sees {
			return false
		}
	}
	return true
}

// PartnersDue returns the organisations that see alerts though their agreement
// has ended: SettlePartner is due for each.
func (d *Desk) PartnersDue(now time.Time) []string {
	var due []string
	for _, p := range d.board.lapsed(now) {
		if slices.ContainsFunc(d.board.Current(p), func(id string) bool { return !d.board.isDrill(id) }) {
			due = append(due, p)
		}
	}
	return due
}

func (b *Board) lapsed(now time.Time) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []string
	for id, p := range b.partners {
		if p.excluded(now) != "" && b.feeds[id] != nil && b.feeds[id].current > 0 {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
