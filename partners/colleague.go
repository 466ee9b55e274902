package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// KindHandover is the kind of the message that tells somebody that an alert has
// been handed to them.
const KindHandover = "handover"

// The entries that handing over makes in a delivery's history. They are no
// states: whoever has the alert in hand has not opened or answered it by that.
const (
	stepHanded    DeliveryState = "handed"
	stepTakenBack DeliveryState = "taken_back"
)

// Handed says which person of an organisation has an alert in hand.
type Handed struct {
	Person string    `bson:"person"` // id among the organisation's people
	At     time.Time `bson:"at"`
	// Name is the person's, By who handed it over, Note what they said.
	Name string `bson:"name" class:"P10,sealed,people"`
	By   string `bson:"by" class:"P10,sealed,people"`
	Note string `bson:"note,omitempty" class:"P10,sealed,people"`
}

// HandedView is who has an alert in hand, for the organisation and the desk.
type HandedView struct {
	Person string    `json:"person"`
	Name   string    `json:"name"`
	By     string    `json:"by"`
	Note   string    `json:"note,omitempty"`
	At     time.Time `json:"at"`
}

// ToColleague hands an alert to one of the organisation's people, or takes it back
// where Person is empty.
type ToColleague struct {
	Person string `json:"person"`
	Note   string `json:"note,omitempty"`
	// Channel is the way it came in, set by the surface.
	Channel string `json:"-"`
}

// HandToColleague makes a person of the actor's organisation the one who handles an
// alert. Only people who have signed in may. It answers nothing for the
// organisation, and its silence clock goes on. The person gets an e-mail with
// level, country and a link where they have an address. To hand it to the same
// person again changes nothing.
func (d *Desk) HandToColleague(ctx context.Context, a alerts.Actor, alertID string, in ToColleague, r alerts.Request) (DeliveryView, error) {
	if a.Partner == "" {
		return DeliveryView{}, alerts.Errorf(alerts.Forbidden, "Only a partner organisation may hand an alert to its people.")
	}
	if err := d.mayManage(a, a.Partner); err != nil {
		return DeliveryView{}, err
	}
	_, err := d.Do(ctx, a, "delivery.handover", r, func(v *journal.View) (journal.Outcome, error) {
		s, err := loadAnswering(v, a.Partner, alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		p, err := journal.Load[*Partner](v, "partners", a.Partner)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := s.handOver(p, in, a.Name, v.Now)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return DeliveryView{}, err
	}
	return d.ownDelivery(a.Partner, alertID)
}

// Colleagues are the organisation's people, with an id each.
func (p *Partner) Colleagues() []Person { return slices.Clone(p.named()) }

// handOver is the rule: nil when nothing changes.
func (s *answering) handOver(p *Partner, in ToColleague, by string, now time.Time) (*Delivery, error) {
	if s.withdrawn() {
		return nil, goneFor(sight(s.told, s.alert, s.place).reason)
	}
	var f alerts.Fields
	note := line(&f, "note", in.Note)
	q, known := p.person(in.Person)
	if in.Person != "" && !known {
		f.Add("person", "unknown_value", "This is nobody of the organisation.")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	d := s.begin()
	if d.Handed.Person == q.ID {
		return nil, nil
	}
	step := Step{At: now, Channel: in.Channel, State: stepHanded, Revision: s.newest(), By: by}
	if q.ID == "" {
		d.Handed, step.State = Handed{}, stepTakenBack
	} else {
		d.Handed = Handed{Person: q.ID, Name: q.Name, By: by, Note: note, At: now}
	}
	d.Steps = append(d.Steps, step)
	if q.ID != "" && q.Email != "" {
		d.Tries = append(slices.Clone(d.Tries), Try{
			Kind: KindHandover, Revision: s.newest(), Times: s.place.times, Channel: ChannelEmail, Person: q.ID, Due: now, At: now, State: TryOpen,
		})
	}
	return d, nil
}

// handedOn tells whether the message of a handover is still right: nobody else
// has the alert by now.
func (l *ladder) handedOn(t *Try) bool {
	return !l.withdrawn() && l.d.Handed.Person == t.Person && l.d.Handed.At.Equal(t.At)
}

func (h Handed) view() *HandedView {
	if h.Person == "" {
		return nil
	}
	return &HandedView{h.Person, h.Name, h.By, h.Note, h.At}
}
