package main

import (
	"context"
	mathrand "math/rand/v2"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

// namedQuery is one filter of the map and its list.
type namedQuery struct {
	name string
	alerts.SightingQuery
}

// filters are each filter alone, and all of them.
func (m *mapWorld) filters() []namedQuery {
	from, to := time.Now().Add(-200*time.Hour).Truncate(time.Minute), time.Now().Add(-100*time.Hour).Truncate(time.Minute)
	open := ""
	for i := range storedSightings { // a case of the town that can be read
		if c, ok := m.desk.Board.Case(m.rows[i].CaseID); ok && !c.Restricted && !c.State.Ended() {
			open = c.ID
			break
		}
	}
	states := alerts.SightingStates()[:2]
	return []namedQuery{
		{"none", alerts.SightingQuery{}},
		{"time", alerts.SightingQuery{From: from, To: to}},
		{"state", alerts.SightingQuery{States: states}},
		{"grade", alerts.SightingQuery{MinGrade: "B2"}},
		{"case", alerts.SightingQuery{Case: open}},
		{"all", alerts.SightingQuery{From: from, To: to, States: states, MinGrade: "D4"}},
	}
}

// filtered measures tiles of every zoom under one filter against a scan, whose
// count each of the compared tiles must have.
func (m *mapWorld) filtered(b *testing.B, q alerts.SightingQuery) {
	ctx, ana, sees := context.Background(), m.coordinator("ana"), m.seen()
	r := mathrand.New(mathrand.NewPCG(4, 4))
	var took, scans []time.Duration
	tile := func(z int) (int, int, int) {
		x, y := tileAt(z, m.rows[r.IntN(len(m.rows))].Place)
		start := time.Now()
		dots, err := m.desk.SightingTile(ctx, ana, z, x, y, q)
		took = append(took, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, d := range dots {
			n += d.Count
		}
		return x, y, n
	}
	for _, z := range []int{0, 6, 12} {
		x, y, n := tile(z)
		start := time.Now()
		if want := m.plain(z, x, y, q, sees); n != want {
			b.Fatalf("tile %d/%d/%d counts %d, a scan %d", z, x, y, n, want)
		}
		scans = append(scans, time.Since(start))
	}
	took = took[:0]
	for b.Loop() {
		tile(r.IntN(19))
	}
	p99(b, took)
	b.ReportMetric(median(scans).Seconds()*1000, "ms/scan")
	b.ReportMetric(median(scans).Seconds()/median(took).Seconds(), "scan/tile")
}

// seen are the cases whose sightings are on the live map of a coordinator.
func (m *mapWorld) seen() map[string]bool {
	sees := map[string]bool{}
	for i := range m.rows {
		id := m.rows[i].CaseID
		if _, ok := sees[id]; !ok {
			c, ok := m.desk.Board.Case(id)
			sees[id] = ok && !c.Restricted && !c.State.Ended()
		}
	}
	return sees
}

// filteredPages measures pages of a list in a box under one filter against a
// scan for what is in the box.
func (m *mapWorld) filteredPages(b *testing.B, q alerts.SightingQuery) {
	ctx, ana, sees := context.Background(), m.coordinator("ana"), m.seen()
	box := geo.Box{West: 30.15, South: 50.15, East: 30.25, North: 50.25}
	q.Box, q.Limit = &box, 100
	start := time.Now()
	for i := range m.rows {
		_ = box.Contains(*m.rows[i].Place) && sees[m.rows[i].CaseID]
	}
	scan := time.Since(start)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := m.desk.Sightings(ctx, ana, q); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	p99(b, took)
	b.ReportMetric(median(took).Seconds()*1000, "ms/page")
	b.ReportMetric(scan.Seconds()/median(took).Seconds(), "scan/page")
}
