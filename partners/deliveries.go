package partners

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// DeliveryView is one line of the ledger: what one partner was told of an alert
// and what it did.
type DeliveryView struct {
	PartnerID   string `json:"partner_id"`
	PartnerName string `json:"partner_name"`
	// Drill marks a line of an exercise.
	Drill     bool          `json:"drill,omitempty"`
	Revision  int           `json:"revision"`
	State     DeliveryState `json:"state"`
	Withdrawn bool          `json:"withdrawn"`
	// WithdrawnFor says why: cancelled, expired, erased, or not_addressed when
	// the alert goes on without the partner. Empty while the partner sees it.
	WithdrawnFor string        `json:"withdrawn_for,omitempty"`
	Channel      string        `json:"channel"`
	Times        DeliveryTimes `json:"times"`
	By           string        `json:"by"`
	Reason       string        `json:"reason"`
	Outcome      string        `json:"outcome"`
	Counts       DoneCounts    `json:"counts,omitzero"`
	// Handled says which of the organisation's people has it in hand, null for
	// nobody in particular.
	Handled *HandedView `json:"handled"`
	// Because says in a word what is being waited for: not_sent, no_receipt,
	// not_opened, no_answer, not_done, removal_not_confirmed; empty when
	// nothing is. Until is when the alert ends by itself.
	Because string     `json:"because"`
	Until   *time.Time `json:"until"`
	// Why says why the partner was told.
	Why *geo.Why `json:"why,omitempty"`
	// ByOrigin is what was worked out for the area by which the partner matched,
	// such as "reach: 4 h by car from 45.1,19.8", for the desk only.
	ByOrigin string `json:"by_origin,omitempty"`
	// FirstRevision is the one with which the partner was addressed.
	FirstRevision int `json:"first_revision"`
	// CurrentRevision is the newest that was addressed to the partner.
	CurrentRevision int        `json:"current_revision"`
	Steps           []StepView `json:"steps"`
	// Next is what is tried next while the partner keeps silent, and when.
	Next *NextTry `json:"next"`
	// Places are the ways by which a version went to the partner.
	Places []PlaceView `json:"places"`
}

// DeliveryTimes are the times of a delivery; null for what has not happened.
type DeliveryTimes struct {
	Released *time.Time `json:"released"`
	Sent     *time.Time `json:"sent"`
	Received *time.Time `json:"received"`
	Opened   *time.Time `json:"opened"`
	Answered *time.Time `json:"answered"`
	Done     *time.Time `json:"done"`
	Removed  *time.Time `json:"removed"`
}

// StepView is one entry of a delivery's history.
type StepView struct {
	At       time.Time     `json:"at"`
	Channel  string        `json:"channel"`
	State    DeliveryState `json:"state"`
	Revision int           `json:"revision"`
	By       string        `json:"by"`
	// Note is what the other side said, Attempts how often it was tried; Held
	// why the step came later than the policy says. All are left out when empty.
	Note     string `json:"note,omitempty"`
	Attempts int    `json:"attempts,omitempty"`
	Held     string `json:"held,omitempty"`
}

// Deliveries returns the ledger of an alert: a line for every partner that was
// ever told of it, by name.
func (d *Desk) Deliveries(a alerts.Actor, alertID string) ([]DeliveryView, error) {
	al, err := d.VisibleAlert(a, alertID)
	if err != nil {
		return nil, err
	}
	if !d.Matrix.Route(a.Role, "GET /api/v1/alerts/:id/deliveries") {
		return nil, missing("alert " + alertID)
	}
	out := d.board.ledger(al.ID, d.Now())
	slices.SortFunc(out, func(x, y DeliveryView) int {
		return cmp.Or(strings.Compare(x.PartnerName, y.PartnerName), strings.Compare(x.PartnerID, y.PartnerID))
	})
	return out, nil
}

func (b *Board) ledger(alertID string, now time.Time) []DeliveryView {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := []DeliveryView{}
	t := b.told[alertID]
	if t == nil {
		return out
	}
	for id := range t.places {
		v := b.viewDelivery(t, id)
		v.ByOrigin = b.originFor(t, id)
		v.climbed(b.ladder(alertID, id, now))
		out = append(out, v)
	}
	return out
}

// originFor is why the area was what it was when a partner was addressed, ""
// where that does not explain it.
func (b *Board) originFor(t *toldBoard, partner string) string {
	al, at := b.released[t.doc.ID], t.places[partner]
	if al == nil || at.from < 1 || at.from > len(al.Revisions) {
		return ""
	}
	r, why := &al.Revisions[at.from-1], whyOf(at.why)
	if why == nil || !r.Origin.Explains(r.Area, *why) {
		return ""
	}
	return r.Origin.String()
}

// delivery returns one line of the ledger, as the desk sees it.
func (d *Desk) delivery(partner, alertID string) (DeliveryView, error) {
	v, err := d.ownDelivery(partner, alertID)
	if err == nil {
		b := d.board
		b.mu.RLock()
		defer b.mu.RUnlock()
		v.climbed(b.ladder(alertID, partner, d.Now()))
	}
	return v, err
}

// ownDelivery returns a partner's own line.
func (d *Desk) ownDelivery(partner, alertID string) (DeliveryView, error) {
	b := d.board
	b.mu.RLock()
	defer b.mu.RUnlock()
	t := b.told[alertID]
	if t == nil || t.places[partner] == nil {
		return DeliveryView{}, missing("delivery " + deliveryID(alertID, partner))
	}
	return b.viewDelivery(t, partner), nil
}

func (b *Board) viewDelivery(t *toldBoard, partner string) DeliveryView {
	s := &answering{
		told: t.doc, alert: b.released[t.doc.ID], place: t.places[partner],
		delivery: b.deliveries[deliveryID(t.doc.ID, partner)], partner: partner,
	}
	v := viewAnswering(s)
	v.Drill = b.drills[t.doc.ID] != nil
	if p := b.partners[partner]; p != nil {
		v.PartnerName = p.Name
	}
	return v
}

// viewAnswering builds a line from what is on record; without a delivery it
// waits.
func viewAnswering(s *answering) DeliveryView {
	d := s.begin() // a partner addressed anew shows as waiting again
	v := DeliveryView{
		PartnerID: s.partner, Revision: cmp.Or(d.Revision, s.newest()), State: d.State, Withdrawn: s.withdrawn(),
		Channel: d.Channel, By: d.By, Reason: d.Reason, Outcome: d.Outcome, Counts: d.Counts, Why: whyOf(s.place.why),
		CurrentRevision: s.newest(), FirstRevision: s.place.from, Steps: []StepView{}, Places: []PlaceView{}, Handled: d.Handed.view(),
		Times: DeliveryTimes{
			Released: timeOf(s.place.since), Sent: timeOf(d.SentAt), Received: timeOf(d.ReceivedAt), Opened: timeOf(d.OpenedAt),
			Answered: timeOf(d.AnsweredAt), Done: timeOf(d.DoneAt), Removed: timeOf(d.RemovedAt),
		},
	}
	for _, step := range d.Steps {
		v.Steps = append(v.Steps, StepView{At: step.At, Channel: step.Channel, State: step.State, Revision: step.Revision, By: step.By})
	}
	v.Because = awaited(d.State, v.Withdrawn)
	if v.Withdrawn {
		v.WithdrawnFor = sight(s.told, s.alert, s.place).reason
	}
	if !v.Withdrawn && s.alert != nil && s.alert.Current() != nil {
		v.Until = timeOf(s.alert.Current().ExpiresAt)
	}
	return v
}

// awaited names what the desk is waiting for.
func awaited(s DeliveryState, withdrawn bool) string {
	switch {
	case s == DeliveryRemoved:
		return ""
	case withdrawn:
		return "removal_not_confirmed"
	}
	switch s {
	case DeliveryWaiting:
		return "not_sent"
	case DeliverySent:
		return "no_receipt"
	case DeliveryReceived:
		return "not_opened"
	case DeliveryOpened, DeliveryQuestion:
		return "no_answer"
	case DeliveryAccepted:
		return "not_done"
	}
	return ""
}
