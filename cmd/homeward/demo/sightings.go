package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// allSightings is how many sightings the story has; those that the table of
// cases does not place belong to no case.
const allSightings = 2000

// seen is one sighting of the story.
type seen struct {
	dice
	in alerts.NewSighting
	at time.Time // when it was reported
	of *searching
	// public says that it comes by the public form.
	public bool
	// close says that the child has really been about there.
	close bool
	// picture is the number of the picture that comes with it, 0 for none.
	picture int
	id      string
	code    string
}

// planSightings plans all sightings and what the desk does with each.
func (t *teller) planSightings() error {
	texts, err := read("sightings.csv")
	if err != nil {
		return err
	}
	left := allSightings
	for _, s := range t.cases {
		left -= s.sightings
		var before, lead *seen
		for i := range s.sightings {
			one := t.sighting(s, i, texts)
			lead = t.flock(one, lead, i)
			t.answers(one, i)
			t.report(one)
			t.triage(one, before)
			if one.close {
				before = one
			}
		}
	}
	for i := range left {
		one := t.sighting(nil, i, texts)
		t.answers(one, i)
		t.report(one)
		t.triage(one, nil)
	}
	return nil
}

// sighting plans the ith sighting of a case, or of none.
func (t *teller) sighting(s *searching, i int, texts [][]string) *seen {
	one := &seen{of: s}
	if s == nil {
		one.dice = newDice(fmt.Sprint("unlinked", i))
		one.at = t.now.Add(-one.hours(0.2, 21*24))
		one.public = one.chance(0.6)
	} else {
		one.dice = newDice(fmt.Sprint(s.key, i))
		if s.key == keyGroup && i < 2 {
			one.picture = i + 1
		}
		one.at = t.reportedAt(one, s)
		one.public = !s.public.IsZero() && one.at.After(s.public) && one.chance(0.8)
	}
	observed := one.at.Add(-one.hours(0.1, 7))
	if s != nil && observed.Before(s.seen) {
		observed = s.seen.Add(one.at.Sub(s.seen) / 2)
	}
	place := t.placeOf(one, observed)
	text := pick(one.dice, texts)
	one.in = alerts.NewSighting{
		ObservedAt: observed.Truncate(time.Minute), PrecisionMin: pick(one.dice, []int{5, 10, 15, 30, 60}), Language: text[0],
		Text: fillSighting(text[1], place, s), Sure: pick(one.dice, alerts.Sures()),
	}
	if !one.chance(0.04) {
		spread := 1.6
		if !one.close {
			spread = 5
		}
		p := one.near(place.Point, spread)
		one.in.Place, one.in.AccuracyM = &p, pick(one.dice, []float64{20, 50, 100, 250, 1000})
	}
	if one.chance(0.35) {
		n := one.IntN(100)
		one.in.Contact = &alerts.Reporter{Name: fmt.Sprintf("Svedok Primer %02d", n), Phone: phone("+381 60", n), Email: fmt.Sprintf("svedok%02d@example.org", n)}
	}
	if !one.public {
		one.in.Channel = pick(one.dice, []string{"phone", "phone", "phone", "phone", "chat", "email", "sms", "police", "social_media", "partner"})
	}
	return one
}

func fillSighting(text string, place geo.Place, s *searching) string {
	wear := "jeans, dark jacket"
	if s != nil && s.children[0].wearEnglish != "" {
		wear = s.children[0].wearEnglish
	}
	name := place.NameLatn
	if name == "" {
		name = place.Name
	}
	return strings.NewReplacer("{place}", name, "{wear}", wear).Replace(text)
}

// reportedAt draws when a sighting comes in: many at once after the alert has
// gone out, few at night, none once the search is over.
func (t *teller) reportedAt(one *seen, s *searching) time.Time {
	from, to := s.opened.Add(12*time.Minute), t.now.Add(-4*time.Minute)
	if !s.released.IsZero() && one.chance(0.9) {
		from = s.released.Add(5 * time.Minute)
	}
	if !s.public.IsZero() && one.chance(0.85) {
		from = s.public.Add(5 * time.Minute)
	}
	if !s.ended.IsZero() {
		to = s.ended.Add(-5 * time.Minute)
	}
	window := to.Sub(from)
	at := from
	for range 6 {
		after := time.Duration(one.ExpFloat64() * float64(window) / 3)
		if after >= window {
			after = one.between(0, window)
		}
		at = from.Add(after)
		if h := at.Hour(); h >= 5 && h < 23 || one.chance(0.15) {
			break
		}
	}
	return at.Truncate(time.Second)
}

// placeOf draws the town of a sighting: usually along the way that the child
// takes, sometimes anywhere.
func (t *teller) placeOf(one *seen, observed time.Time) geo.Place {
	s := one.of
	if s == nil || len(s.track) == 0 || one.chance(0.24) {
		return pick(one.dice, t.towns.large)
	}
	one.close = one.chance(0.8)
	if !one.close {
		return pick(one.dice, s.track)
	}
	end := t.now
	if !s.ended.IsZero() {
		end = s.ended
	}
	share := float64(observed.Sub(s.seen)) / float64(end.Sub(s.seen)+1)
	return s.track[min(int(max(share, 0)*float64(len(s.track))), len(s.track)-1)]
}

// report plans how a sighting comes in. Soon after what it needs it shares the
// case's lane, so that it comes after that for certain.
func (t *teller) report(one *seen) {
	t.add(one.at, t.laneOf(one), func(ctx context.Context) (err error) {
		in := one.in
		if !one.public {
			if one.of != nil {
				in.CaseID = one.of.id
			}
			if err := t.withPicture(ctx, one, &in); err != nil {
				return err
			}
			v, err := t.Desk.RecordSighting(ctx, pick(one.dice, t.takers()), in, alerts.Request{})
			if one.id = v.ID; err != nil {
				return err
			}
			return t.sealed(ctx, one, v)
		}
		switch s := one.of; {
		case s == nil && one.chance(0.3):
			in.CaseNumber = "2222 2222" // as somebody may have misread it
		case s != nil:
			in.CaseNumber = s.number
			if !s.public.IsZero() && s.alertID != "" {
				in.Source = t.Desk.Ring.SourceToken(s.alertID, one.way())
			}
			if s.key == keyEmergency && one.chance(0.1) {
				in.Doubt = []string{"flood"}
			}
		}
		got, err := t.Desk.ReportSighting(ctx, alerts.Public(), in, alerts.Request{})
		if err != nil {
			return err
		}
		one.code = got.Code
		one.id, err = t.byReceipt(got)
		return err
	})
}

func (t *teller) laneOf(one *seen) string {
	s := one.of
	if s == nil {
		return fmt.Sprintf("sighting %p", one)
	}
	for _, needed := range []time.Time{s.opened, s.public} {
		if d := one.at.Sub(needed); d >= 0 && d <= t.apart(needed) {
			return s.lane()
		}
	}
	return fmt.Sprintf("sighting %p", one)
}
