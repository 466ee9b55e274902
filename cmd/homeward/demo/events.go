package demo

import (
	"fmt"
	"time"

	"homeward/alerts"
)

// flocks is how many reports of a case in a row may be of one event.
const flocks = 7

// flock makes the ith report of a case one more of the event that lead reported,
// when it came in after that and the child was really there. It returns the
// report that leads from now on.
func (t *teller) flock(one, lead *seen, i int) *seen {
	if i%flocks == 0 || lead == nil {
		return one
	}
	d := newDice(fmt.Sprint("flock ", one.of.key, i))
	if !lead.close || lead.in.Place == nil || !d.chance(0.6) {
		return lead
	}
	at := lead.in.ObservedAt.Add(d.between(0, 8*time.Minute)).Truncate(time.Minute)
	if at.After(one.at.Add(-time.Minute)) {
		return lead
	}
	p := d.near(*lead.in.Place, 0.15)
	one.close = true
	one.in.ObservedAt, one.in.Place, one.in.AccuracyM, one.in.PrecisionMin = at, &p, 50, 5
	return lead
}

// answers fills in what some reporters answer to the form's further questions.
func (t *teller) answers(one *seen, i int) {
	key := "none"
	if one.of != nil {
		key = one.of.key
	}
	d := newDice(fmt.Sprint("answers ", key, i))
	if d.chance(0.35) {
		one.in.Transport = pick(d, []string{"foot", "foot", "bus", "tram", "train", "car"})
	}
	if d.chance(0.2) {
		one.in.Direction = pick(d, []string{"towards the station", "towards the river", "out of town", "ka centru", "prema autobuskoj stanici"})
	}
	if one.in.Transport == "car" {
		one.in.Vehicle = pick(d, []string{"grey estate car", "white van", "siv auto, tablice nisam zapamtio"})
	}
	if d.chance(0.1) {
		one.in.Companions = pick(d, []string{"alone", "a woman of about thirty", "stariji dečak"})
	}
	if one.public {
		one.in.SeenAppeal = pick(d, append(alerts.YesNo(), "yes", "yes", ""))
	}
}
