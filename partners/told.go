package partners

import (
	"slices"
	"time"
)

// place is where one partner stands with one alert.
type place struct {
	times int // how many times it was addressed
	from  int // the revision it was addressed with last
	round int // the round, counted from 0, in which that was
	since time.Time
	why   string
	ended bool // it lost sight of the alert after that
	end   time.Time
	last  int // the last revision it was addressed with before the end
	seen  seen
}

// reach works out where every partner of a Told stands.
func reach(t *Told) map[string]*place {
	n := 0
	if len(t.Rounds) > 0 {
		n = len(t.Rounds[0].Partners)
	}
	places := make(map[string]*place, n)
	follow(places, t, 0, 0)
	return places
}

// follow adds rounds and ends from the given places on.
func follow(places map[string]*place, t *Told, rounds, ends int) {
	for i := rounds; i < len(t.Rounds); i++ {
		r := &t.Rounds[i]
		for n, id := range r.Partners {
			p := places[id]
			if p == nil {
				p = &place{}
				places[id] = p
			}
			p.times, p.from, p.round, p.since, p.ended = p.times+1, r.Revision, i, r.At, false
			if n < len(r.Why) {
				p.why = r.Why[n]
			}
		}
	}
	for _, e := range t.Ended[ends:] {
		if p := places[e.Partner]; p != nil && p.round < e.Rounds {
			p.ended, p.end, p.last = true, e.At, e.Revision
		}
	}
}

// addressee is a partner to be addressed, and why.
type addressee struct{ id, why string }

// readdressed returns t with those wanted who do not see the alert added as a
// round, and those ended who see it and are not wanted any more; nil when
// nothing changes. Nothing is ever taken out.
func readdressed(t *Told, want []addressee, revision int, now time.Time) *Told {
	places := reach(t)
	wanted := make(map[string]bool, len(want))
	for _, w := range want {
		wanted[w.id] = true
	}
	var lost []string
	for id, p := range places {
		if !p.ended && !wanted[id] {
			lost = append(lost, id)
		}
	}
	slices.Sort(lost)
	return changed(t, places, want, lost, revision, now)
}

// changed addresses and ends exactly the partners given.
func changed(t *Told, places map[string]*place, want []addressee, lost []string, revision int, now time.Time) *Told {
	next := *t
	for _, id := range lost {
		if p := places[id]; p != nil && !p.ended {
			next.Ended = append(slices.Clip(next.Ended), ToldEnd{Partner: id, At: now, Rounds: len(t.Rounds), Revision: max(lastRevision(t), p.from)})
		}
	}
	round := Round{Revision: revision, At: now}
	for _, w := range want {
		if p := places[w.id]; p == nil || p.ended {
			round.Partners, round.Why = append(round.Partners, w.id), append(round.Why, w.why)
		}
	}
	if len(round.Partners) > 0 {
		next.Rounds = append(slices.Clip(next.Rounds), round)
	}
	if len(next.Rounds) == len(t.Rounds) && len(next.Ended) == len(t.Ended) {
		return nil
	}
	return &next
}
