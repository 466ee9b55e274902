package alerts_test

import (
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// public reports a sighting as a member of the public from a network of their
// own, and returns its id.
func (r *rig) public(in alerts.NewSighting, network string) string {
	r.t.Helper()
	in.Network = []byte(network)
	in.Contact = &alerts.Reporter{Name: "Svedok " + network}
	got := done(r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{}))
	key, ok := r.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(got.Code)))
	if !ok {
		r.t.Fatal("the code leads nowhere")
	}
	return key.ID
}

func (r *rig) triage(q alerts.TriageQuery) alerts.TriagePage {
	r.t.Helper()
	return done(r.Triage(r.ctx, r.ana, q))
}

// idsOf are the reports that a page shows.
func idsOf(p alerts.TriagePage) (ids []string) {
	for _, item := range p.Items {
		ids = append(ids, item.Lead.ID)
		for _, o := range item.Others {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// TestCallsOfOneTramAreOneItem has forty calls about a tram, of which ten came
// from one network.
func TestCallsOfOneTramAreOneItem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	r.released(c.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	start := r.now().Add(-25 * time.Minute)
	var ids []string
	for i := range 40 {
		p := geo.At(20.44+0.0016*float64(i), 44.81)
		network := fmt.Sprint("network ", i)
		if i%4 == 0 {
			network = "one and the same"
		}
		ids = append(ids, r.public(alerts.NewSighting{
			CaseNumber: c.Number, Place: &p, AccuracyM: 40, ObservedAt: start.Add(time.Duration(i) * 30 * time.Second), PrecisionMin: 2, Text: fmt.Sprintf("on the tram, %d", i),
		}, network))
	}
	page := r.triage(alerts.TriageQuery{})
	if len(page.Items) != 1 || page.Reports != 40 || page.Events != 1 {
		t.Fatalf("%d items of %d reports", len(page.Items), page.Reports)
	}
	if it := page.Items[0]; it.Reports != 40 || it.Unread != 40 || it.Sources != 31 || len(it.Others) != 5 {
		t.Fatalf("%d reports, %d unread, %d sources, %d shown beside", it.Reports, it.Unread, it.Sources, len(it.Others))
	}

	// People take one out and put another one in.
	out := done(r.Group(r.ctx, r.ana, ids[7], alerts.GroupSighting{Apart: true}, alerts.Request{}))
	if !out.Apart {
		t.Fatal("it does not stand apart")
	}
	far := geo.At(21.9, 43.3)
	other := r.public(alerts.NewSighting{CaseNumber: c.Number, Place: &far, ObservedAt: start, Text: "in another town"}, "elsewhere")
	if page = r.triage(alerts.TriageQuery{}); len(page.Items) != 3 {
		t.Fatalf("%d items, want the tram, the one taken out and the one elsewhere", len(page.Items))
	}
	done(r.Group(r.ctx, r.ana, other, alerts.GroupSighting{With: ids[3]}, alerts.Request{}))
	group := done(r.GroupOf(r.ctx, r.ana, other))
	if group.Total != 40 || len(group.Reports) != 40 || group.Sources != 31 {
		t.Fatalf("the group has %d reports of %d sources", group.Total, group.Sources)
	}
	done(r.Group(r.ctx, r.ana, other, alerts.GroupSighting{}, alerts.Request{}))
	done(r.Group(r.ctx, r.ana, ids[7], alerts.GroupSighting{}, alerts.Request{}))
	r.open() // the groups are built anew as they were
	if page = r.triage(alerts.TriageQuery{}); len(page.Items) != 2 || page.Items[0].Reports != 40 {
		t.Fatalf("after a start: %d items", len(page.Items))
	}
	_, err := r.Group(r.ctx, r.ana, ids[0], alerts.GroupSighting{With: ids[0]}, alerts.Request{})
	r.wrong(err, "with itself")
	_, err = r.Group(r.ctx, r.ana, ids[0], alerts.GroupSighting{With: ids[1], Apart: true}, alerts.Request{})
	r.wrong(err, "with not_together")
	_, err = r.Group(r.ctx, r.ana, ids[0], alerts.GroupSighting{With: r.sighted("", 20.4, 44.8).ID}, alerts.Request{})
	r.wrong(err, "with other_case")
	_, err = r.Group(r.ctx, r.officer, ids[0], alerts.GroupSighting{}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}

func TestIndependentSourcesAgainstBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		reports := rapid.SliceOfN(rapid.SliceOfN(rapid.Uint64Range(0, 12), 0, 3), 0, 14).Draw(t, "reports")
		of := make([]int, len(reports))
		for i := range of {
			of[i] = i
		}
		for range reports { // as many rounds as the longest chain has links
			for i := range reports {
				for k := range reports {
					if slices.ContainsFunc(reports[i], func(m uint64) bool { return slices.Contains(reports[k], m) }) {
						of[i], of[k] = min(of[i], of[k]), min(of[i], of[k])
					}
				}
			}
		}
		slices.Sort(of)
		if got, want := alerts.IndependentSources(reports), len(slices.Compact(of)); got != want {
			t.Fatalf("%d sources, want %d of %v", got, want, reports)
		}
	})
}

func TestReportThatTellsWhatIsHeldBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	r.holdingBack(c.ID, "crvena pertla na levoj patici")
	in := aSighting(r.now(), 20.4, 44.8)
	in.CaseID, in.Text = c.ID, "Дете је имало црвена пертла на левој патици."
	v := done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}))
	if !slices.Contains(v.Signs, alerts.SignHeldBack) {
		t.Fatalf("signs: %v", v.Signs)
	}
	in.Text = "crvena jakna"
	if v := done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{})); slices.Contains(v.Signs, alerts.SignHeldBack) {
		t.Fatal("one word is not the detail")
	}
	page := r.triage(alerts.TriageQuery{})
	if len(page.Items) != 1 || page.Items[0].Lead.ID != v.ID || !slices.Contains(page.Items[0].Signs, alerts.SignHeldBack) {
		t.Fatal("the report that tells it does not stand first")
	}
	police := r.person("Pera", alerts.RolePoliceLiaison)
	seen := done(r.Sighting(r.ctx, police, v.ID))
	if slices.Contains(seen.Signs, alerts.SignHeldBack) && !r.Matrix.May(police, alerts.P5, alerts.StateActive, true) {
		t.Fatal("the sign is shown to somebody who may not know the detail")
	}
}

// holdingBack writes an alert that keeps a detail back.
func (r *rig) holdingBack(caseID, detail string) {
	r.t.Helper()
	c, _ := r.Board.Case(caseID)
	r.write(&alerts.Alert{
		Head: journal.Head{ID: alerts.NewID(crand.Reader)}, CaseID: caseID, CaseNumber: c.CaseNumber, State: alerts.AlertDraft,
		Draft: &alerts.Revision{Number: 1, HoldBack: detail},
	})
}

// wave is an hour of reports about one child: the noise, and the true ones.
type wave struct {
	trueIDs map[string]bool
	lone    map[string]geo.Point
	seenAt  time.Time
}

// flood reports n sightings, 20 of them true: three events that several people
// saw, three lone ones with something to show for it, and two with nothing.
func (r *rig) flood(number string, n int) wave {
	dice := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a test's dice
	w := wave{trueIDs: map[string]bool{}, lone: map[string]geo.Point{}, seenAt: r.now().Add(-30 * time.Minute)}
	places := done(geo.Places())
	places = slices.DeleteFunc(places, func(p geo.Place) bool { return p.Country != "RS" || p.Size() < 5000 })
	people := 0
	for i := range places {
		people += places[i].Size()
	}
	town := func() geo.Point { // as many reports as people
		k := dice.IntN(people)
		for i := range places {
			if k -= places[i].Size(); k < 0 {
				return places[i].Point
			}
		}
		return places[0].Point
	}
	report := func(p geo.Point, at time.Time, network string, edit func(*alerts.NewSighting)) string {
		in := alerts.NewSighting{CaseNumber: number, Place: &p, AccuracyM: 60, ObservedAt: at, PrecisionMin: 10, Text: fmt.Sprintf("seen near %d", dice.IntN(1000))}
		if edit != nil {
			edit(&in)
		}
		return r.public(in, network)
	}
	type planted struct {
		at   geo.Point
		edit func(*alerts.NewSighting)
		lone bool
	}
	var plan []planted
	for _, p := range []geo.Point{geo.At(20.4535, 44.8081), geo.At(20.4180, 44.8460), geo.At(19.8430, 45.2650)} {
		for range 5 {
			plan = append(plan, planted{at: p})
		}
	}
	for _, p := range []geo.Point{geo.At(20.47, 44.76), geo.At(19.83, 45.25), geo.At(20.92, 44.02)} {
		plan = append(plan, planted{at: p, edit: func(in *alerts.NewSighting) { in.Text = "imala je plavu mašnu na rancu" }})
	}
	for _, p := range []geo.Point{geo.At(20.02, 44.49), geo.At(21.18, 44.62)} {
		plan = append(plan, planted{at: p, lone: true})
	}
	for i := range n {
		r.pass(700 * time.Millisecond)
		if i%(n/len(plan)) == 0 && i/(n/len(plan)) < len(plan) {
			one := plan[i/(n/len(plan))]
			p := geo.At(one.at.Lon()+0.0008*dice.Float64(), one.at.Lat()+0.0006*dice.Float64())
			id := report(p, w.seenAt.Add(time.Duration(dice.IntN(8))*time.Minute), fmt.Sprint("witness ", i), one.edit)
			w.trueIDs[id] = true
			if one.lone {
				w.lone[id] = p
			}
			continue
		}
		p := town()
		p = geo.At(p.Lon()+0.12*(dice.Float64()-0.5), p.Lat()+0.09*(dice.Float64()-0.5))
		at := r.now().Add(-time.Duration(dice.IntN(300)) * time.Minute)
		if dice.IntN(5) < 3 { // machines, from a dozen networks, which the limiter marks
			report(p, at, fmt.Sprint("machine ", dice.IntN(12)), func(in *alerts.NewSighting) { in.Doubt = []string{"flood"} })
			continue
		}
		report(p, at, fmt.Sprint("home ", i), nil)
	}
	return w
}

// found counts the true reports of the events that two pages show, none of which
// may be too long to be looked through.
func (w *wave) found(r *rig, q alerts.TriageQuery) int {
	n := 0
	for range 2 {
		page := r.triage(q)
		for _, item := range page.Items {
			group := done(r.GroupOf(r.ctx, r.ana, item.Lead.ID))
			if group.Total > 30 {
				r.t.Errorf("an event of %d reports", group.Total)
			}
			for _, v := range group.Reports {
				if w.trueIDs[v.ID] {
					n++
				}
			}
		}
		if page.Next == nil {
			break
		}
		q.Cursor = *page.Next
	}
	return n
}

// TestTrueReportsOfAWave reports 5,000 sightings in an hour, 20 of them true.
// The true ones stand on the first two pages or are found by place and time; in
// the order in which reports come in they do not.
func TestTrueReportsOfAWave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	r.released(c.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	r.holdingBack(c.ID, "plavu mašnu na rancu")
	w := r.flood(c.Number, 5000)
	if len(w.trueIDs) != 20 {
		t.Fatalf("%d true reports", len(w.trueIDs))
	}
	first := r.triage(alerts.TriageQuery{})
	t.Logf("%d reports are %d events", first.Reports, first.Events)
	if first.Reports != 5000 || first.Events >= 5000 {
		t.Fatalf("%d reports are %d events: nothing is counted twice or lost", first.Reports, first.Events)
	}
	if got := w.found(r, alerts.TriageQuery{}); got < 18 {
		t.Errorf("%d of 18 true reports that others bear out, or that show something, are on the first two pages", got)
	}
	for id, p := range w.lone {
		box := geo.Box{West: p.Lon() - 0.02, East: p.Lon() + 0.02, South: p.Lat() - 0.02, North: p.Lat() + 0.02}
		q := alerts.TriageQuery{SightingQuery: alerts.SightingQuery{Box: &box, From: w.seenAt.Add(-10 * time.Minute), To: w.seenAt.Add(20 * time.Minute)}}
		if !slices.Contains(idsOf(r.triage(q)), id) {
			t.Errorf("%s is not found by place and time", id)
		}
	}
	// The control: neither the order of waiting nor a plain list brings them up.
	if got := w.found(r, alerts.TriageQuery{Order: alerts.OrderWaiting}); got >= 18 {
		t.Errorf("%d true reports come first in the order in which they came in", got)
	}
	list := done(r.Sightings(r.ctx, r.ana, alerts.SightingQuery{Limit: 100}))
	plain := 0
	for _, f := range list.Features {
		if w.trueIDs[f.ID] {
			plain++
		}
	}
	if plain >= 18 {
		t.Errorf("%d true reports are on the first two pages of a plain list", plain)
	}
}

func TestLeaseOutlivesARestartAndGoesFree(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.sighted("", 20.4, 44.8).ID
	done(r.Take(r.ctx, r.ana, id, alerts.TakeSighting{}, alerts.Request{}))
	r.open()
	_, err := r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	_, err = r.AssessSighting(r.ctx, r.boris, id, alerts.Assess{Source: "F", Information: 6}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	if v := done(r.Sighting(r.ctx, r.boris, id)); v.Lease == nil || v.Lease.Mine || v.Lease.By != r.ana.ID {
		t.Fatalf("the lease is shown as %+v", v.Lease)
	}
	if v := done(r.Sighting(r.ctx, r.person("Pera", alerts.RolePoliceLiaison), id)); v.Lease != nil {
		t.Fatal("who works on it is shown to somebody who does not")
	}
	other := r.sighted("", 20.4, 44.8).ID // whoever opens the next puts the last one down
	done(r.Take(r.ctx, r.ana, other, alerts.TakeSighting{}, alerts.Request{}))
	done(r.Take(r.ctx, r.boris, id, alerts.TakeSighting{}, alerts.Request{}))
	r.pass(alerts.LeaseLasts)
	done(r.AssessSighting(r.ctx, r.ana, id, alerts.Assess{Source: "F", Information: 6}, alerts.Request{}))
	r.ok(r.GiveBack(r.ctx, r.ana, id, time.Time{}))
	r.refused(r.GiveBack(r.ctx, r.officer, id, time.Time{}), alerts.Forbidden)
	_, err = r.Take(r.ctx, r.officer, id, alerts.TakeSighting{}, alerts.Request{})
	r.refused(err, alerts.Forbidden)
}
