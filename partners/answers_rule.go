package partners

import (
	"errors"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// answering is where one partner stands with one alert, as the rules look at it.
// alert is nil once it has been erased, delivery until the first sign.
type answering struct {
	told     *Told
	alert    *alerts.Alert
	place    *place
	delivery *Delivery
	partner  string
}

// loadAnswering refuses an alert that was never addressed to the partner exactly
// like one that does not exist.
func loadAnswering(v *journal.View, partner, alertID string) (*answering, error) {
	t, err := journal.Load[*Told](v, "told", alertID)
	if err != nil {
		return nil, err
	}
	s := &answering{told: t, place: reach(t)[partner], partner: partner}
	if s.place == nil {
		return nil, missing("alert " + alertID + " for partner " + partner)
	}
	if s.alert, err = alertIn(v, alertID); err != nil {
		return nil, err
	}
	s.delivery, err = optional[*Delivery](v, "deliveries", deliveryID(alertID, partner))
	return s, err
}

// optional loads a document that may not exist; then it is nil.
func optional[T journal.Document](v *journal.View, collection, id string) (T, error) {
	d, err := journal.Load[T](v, collection, id)
	if errors.Is(err, journal.ErrNotFound) {
		var none T
		return none, nil
	}
	return d, err
}

// withdrawn tells whether the partner is to remove the alert, or has.
func (s *answering) withdrawn() bool {
	return s.place.ended || s.alert == nil || s.told.Erased || s.alert.State.Ended()
}

// newest is the newest revision that was addressed to the partner.
func (s *answering) newest() int {
	if s.place.ended {
		return s.place.last
	}
	return max(lastRevision(s.told), s.place.from)
}

// act decides what an act of the partner changes. It returns nil when it
// changes nothing: acts may be sent again.
func (s *answering) act(state DeliveryState, in Act, now time.Time) (*Delivery, error) {
	revision := in.Revision
	if revision == 0 {
		revision = s.newest()
	}
	if revision < 1 || revision > s.newest() {
		return nil, alerts.Errorf(alerts.Conflict, "This revision was never sent to you.")
	}
	d := s.begin()
	if err := s.allowed(d, state); err != nil {
		return nil, err
	}
	if !d.take(state, revision, in, now) {
		return nil, nil
	}
	if state == DeliveryRemoved {
		d.RemovedRevision, d.RemovedTimes = revision, s.place.times
	}
	return d, nil
}

// begin returns a copy of the delivery to change, or a new one. A partner that
// is addressed again after it had removed the alert starts over; its steps stay.
func (s *answering) begin() *Delivery {
	if s.delivery == nil {
		return &Delivery{
			Head: journal.Head{ID: deliveryID(s.told.ID, s.partner)}, AlertID: s.told.ID, PartnerID: s.partner, State: DeliveryWaiting,
		}
	}
	d := *s.delivery
	d.Steps = slices.Clone(d.Steps)
	if d.State == DeliveryRemoved && s.place.times > d.RemovedTimes {
		d = Delivery{
			Head: d.Head, AlertID: d.AlertID, PartnerID: d.PartnerID, State: DeliveryWaiting,
			RemovedTimes: d.RemovedTimes, RemovedRevision: d.RemovedRevision, Steps: d.Steps, Tries: d.Tries,
		}
	}
	return &d
}

// allowed refuses steps that cannot follow.
func (s *answering) allowed(d *Delivery, state DeliveryState) error {
	switch {
	case state == DeliveryRemoved && !s.withdrawn():
		return alerts.Errorf(alerts.Conflict, "This alert goes on. Nothing is to be removed yet.")
	case state == DeliveryDone && d.State != DeliveryAccepted && d.State != DeliveryDone:
		return alerts.Errorf(alerts.Conflict, "Accept first, then say what was done.")
	case state.isAnswer() && s.withdrawn(), state == DeliveryOpened && s.withdrawn():
		return goneFor(sight(s.told, s.alert, s.place).reason)
	case state.isAnswer() && d.State == DeliveryDone:
		return alerts.Errorf(alerts.Conflict, "You have said already what was done.")
	}
	return nil
}

// goneFor tells a partner that an alert is not its any more: as the search has
// ended, or as it goes on elsewhere.
func goneFor(reason string) error {
	if reason == ReasonNotAddressed {
		return alerts.Errorf(alerts.Gone, "This alert goes on, but no longer for you. Remove it everywhere and confirm.")
	}
	return alerts.Errorf(alerts.Gone, "This alert has ended. Remove it everywhere and confirm.")
}

// take notes one step and tells whether that changed anything. The state never
// falls back to an earlier sign.
func (d *Delivery) take(state DeliveryState, revision int, in Act, now time.Time) bool {
	if d.known(state, revision, in) {
		return false
	}
	if state != DeliverySent && state != DeliveryRemoved || d.Revision == 0 {
		d.Revision = max(d.Revision, revision)
	}
	*d.timeOf(state) = now
	if state.rank() >= d.State.rank() || state.isAnswer() {
		d.State = state
	}
	if in.Channel != "" {
		d.Channel = in.Channel
	}
	switch {
	case state.isAnswer():
		d.By, d.Reason = in.By, in.Reason
	case state == DeliveryDone:
		d.By, d.Outcome, d.Counts = in.By, in.Outcome, in.Counts
	case state == DeliveryRemoved:
		d.By = in.By
	}
	d.Steps = append(d.Steps, Step{At: now, Channel: in.Channel, State: state, Revision: revision, By: in.By})
	return true
}

// known tells whether a step says nothing new.
func (d *Delivery) known(state DeliveryState, revision int, in Act) bool {
	// What was sent is not held yet, so that it says nothing of d.Revision; without
	// this each connection of somebody who confirms nothing would add a step.
	held := d.Revision >= revision || state == DeliverySent
	same := held && !d.timeOf(state).IsZero() && slices.ContainsFunc(d.Steps, func(s Step) bool {
		return s.Revision >= revision && s.State == state // a machine's receipt of a later one is no sign of a person
	})
	if state == DeliverySent && !d.SentAt.IsZero() && d.Revision >= revision && d.State.rank() > state.rank() {
		return true // it was opened, say, after another channel had brought it
	}
	switch {
	case state.isAnswer():
		return same && d.State == state && d.By == in.By && d.Reason == in.Reason
	case state == DeliveryDone:
		return same && d.By == in.By && d.Outcome == in.Outcome && d.Counts == in.Counts
	case state == DeliveryRemoved:
		return d.State == DeliveryRemoved
	}
	return same || d.State == DeliveryRemoved
}

// timeOf returns the place of the time of a state.
func (d *Delivery) timeOf(s DeliveryState) *time.Time {
	switch s {
	case DeliverySent:
		return &d.SentAt
	case DeliveryReceived:
		return &d.ReceivedAt
	case DeliveryOpened:
		return &d.OpenedAt
	case DeliveryDone:
		return &d.DoneAt
	case DeliveryRemoved:
		return &d.RemovedAt
	}
	return &d.AnsweredAt
}

func (s DeliveryState) isAnswer() bool {
	return s == DeliveryAccepted || s == DeliveryDeclined || s == DeliveryQuestion
}

// rank orders the states; the three answers are level.
func (s DeliveryState) rank() int {
	if s.isAnswer() {
		s = DeliveryAccepted
	}
	return slices.Index([]DeliveryState{
		DeliveryWaiting, DeliverySent, DeliveryReceived, DeliveryOpened, DeliveryAccepted, DeliveryDone, DeliveryRemoved,
	}, s)
}
