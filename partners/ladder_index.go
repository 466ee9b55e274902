package partners

import (
	calendar "container/heap"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// agenda knows when each silence clock is to be looked at. Installing a change
// only notes what it touched, so that a release to thousands costs nothing
// before their frames are on the way; the clocks are worked out by whoever asks
// what is due.
type agenda struct {
	mu         sync.Mutex
	alerts     map[string]bool
	partners   map[string]bool
	deliveries map[string]bool
	next       map[string]time.Time // by delivery
	queue      appointments
}

// appointment is one time of one delivery; it stands while next says the same.
type appointment struct {
	at       time.Time
	delivery string
}

type appointments []appointment

func (a appointments) Len() int           { return len(a) }
func (a appointments) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a appointments) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *appointments) Push(x any)        { *a = append(*a, x.(appointment)) }
func (a *appointments) Pop() any {
	old := *a
	last := old[len(old)-1]
	*a = old[:len(old)-1]
	return last
}

func newAgenda() *agenda {
	return &agenda{alerts: map[string]bool{}, partners: map[string]bool{}, deliveries: map[string]bool{}, next: map[string]time.Time{}}
}

// touch notes an id in one of the three sets.
func (a *agenda) touch(set *map[string]bool, id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	(*set)[id] = true
}

// touched returns the deliveries to be worked out anew.
func (a *agenda) touched(b *Board) []string {
	a.mu.Lock()
	alerts, partners, deliveries := a.alerts, a.partners, a.deliveries
	a.alerts, a.partners, a.deliveries = map[string]bool{}, map[string]bool{}, map[string]bool{}
	a.mu.Unlock()
	b.mu.RLock()
	defer b.mu.RUnlock()
	for id := range alerts {
		if t := b.told[id]; t != nil {
			for partner := range t.places {
				deliveries[deliveryID(id, partner)] = true
			}
		}
	}
	if len(partners) > 0 {
		for id, t := range b.told {
			for partner := range partners {
				if t.places[partner] != nil {
					deliveries[deliveryID(id, partner)] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(deliveries))
}

func (a *agenda) set(delivery string, at time.Time, found bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !found {
		delete(a.next, delivery)
		return
	}
	if was, ok := a.next[delivery]; ok && was.Equal(at) {
		return
	}
	a.next[delivery] = at
	calendar.Push(&a.queue, appointment{at, delivery})
}

// due takes out the deliveries whose time has come. Each is looked at again,
// also when what follows does not succeed.
func (a *agenda) due(now time.Time) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []string
	for len(a.queue) > 0 && !a.queue[0].at.After(now) {
		one := calendar.Pop(&a.queue).(appointment)
		if at, ok := a.next[one.delivery]; !ok || !at.Equal(one.at) {
			continue // it has another time by now
		}
		delete(a.next, one.delivery)
		a.deliveries[one.delivery] = true
		out = append(out, one.delivery)
	}
	return out
}

// StepsDue returns the partners, by alert, for whom a step of the silence clock
// or a message is due: TakeSteps is to be called for each alert.
func (d *Desk) StepsDue(now time.Time) map[string][]string {
	b := d.board
	for _, id := range b.agenda.touched(b) {
		at, found := b.dueOf(id, now)
		b.agenda.set(id, at, found)
	}
	out := map[string][]string{}
	for _, id := range b.agenda.due(now) {
		alert, partner, _ := strings.Cut(id, ".")
		out[alert] = append(out[alert], partner)
	}
	return out
}

// dueOf is when a delivery's next step is to be taken.
func (b *Board) dueOf(delivery string, now time.Time) (time.Time, bool) {
	alert, partner, _ := strings.Cut(delivery, ".")
	b.mu.RLock()
	defer b.mu.RUnlock()
	l := b.ladder(alert, partner, now)
	if l == nil {
		return time.Time{}, false
	}
	return l.due()
}

// ladder is a delivery's clock on the board, nil for one who was never told.
// The caller holds the lock.
func (b *Board) ladder(alert, partner string, now time.Time) *ladder {
	t := b.told[alert]
	if t == nil || t.places[partner] == nil {
		return nil
	}
	l := climb(&answering{
		told: t.doc, alert: b.released[alert], place: t.places[partner],
		delivery: b.deliveries[deliveryID(alert, partner)], partner: partner,
	}, b.partners[partner], b.silence, now)
	l.drill = b.drills[alert] != nil
	return l
}
