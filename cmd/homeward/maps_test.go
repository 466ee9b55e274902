package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"math"
	mathrand "math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

const (
	mapSightings = 1_000_000
	mapCases     = 100_000
	// storedSightings are in the store too, in a town of their own, so that
	// pages of a list can be read.
	storedSightings = 5_000
)

// mapWorld is an embedded installation with a million sightings of a hundred
// thousand cases on its board. All but those of one town are rows only.
type mapWorld struct {
	*world
	rows []alerts.SightingRow
}

func newMapWorld(b *testing.B) *mapWorld {
	b.Helper()
	dir := b.TempDir()
	f := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	if err := f.settle(); err != nil {
		b.Fatal(err)
	}
	w, err := openWorld(context.Background(), f, worldOptions{}, timeNow, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = w.close() })
	go func() { _ = w.journal.Follow(b.Context()) }() // settles, so that documents are read from the store
	m := &mapWorld{world: w, rows: make([]alerts.SightingRow, mapSightings)}
	m.fill(b)
	return m
}

// fill puts most sightings into towns, as they really lie. One case in ten is
// restricted to a team that nobody here belongs to, and one in ten has ended.
func (m *mapWorld) fill(b *testing.B) {
	b.Helper()
	r := mathrand.New(mathrand.NewPCG(1, 1))
	documents := make([]journal.Document, 0, mapCases+mapSightings)
	for i := range mapCases {
		c := someCase(uint64(i + 1))
		c.Restricted, c.Team = r.IntN(10) == 0, []string{"nobody"}
		if r.IntN(10) == 0 {
			c.State = alerts.StateClosed
		}
		documents = append(documents, c)
	}
	now := time.Now().Truncate(time.Millisecond)
	var stored []journal.Document
	for i := range m.rows {
		p := geo.At(30.2+r.NormFloat64()*0.01, 50.2+r.NormFloat64()*0.01)
		if i >= storedSightings {
			town := r.IntN(300)
			p = geo.At(15+float64(town%20)/2+r.NormFloat64()*0.02, 41+float64(town/20)/2+r.NormFloat64()*0.02)
		}
		s := &m.rows[i]
		*s = alerts.SightingRow{
			Head:  journal.Head{ID: alerts.NewID(rand.Reader), Number: 1, Version: 1},
			State: alerts.SightingStates()[r.IntN(7)], ObservedAt: now.Add(-time.Duration(r.IntN(1e9)) * time.Millisecond), ReportedAt: now,
			CaseID: documents[r.IntN(mapCases)].DocumentHead().ID, Place: &p, Channel: "phone",
			Assessment: &alerts.RowGrade{Source: string(rune('A' + r.IntN(6))), Information: 1 + r.IntN(6)},
		}
		if i < storedSightings {
			stored = append(stored, wholeOf(s))
			continue
		}
		documents = append(documents, s)
	}
	m.desk.Board.Install([]journal.Installed{{Documents: documents}})
	for some := range slices.Chunk(stored, 500) {
		_, err := m.journal.Do(context.Background(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
			return journal.Outcome{Documents: some}, nil
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func wholeOf(r *alerts.SightingRow) *alerts.Sighting {
	return &alerts.Sighting{
		Head: journal.Head{ID: r.ID}, State: r.State, ObservedAt: r.ObservedAt, ReportedAt: r.ReportedAt,
		CaseID: r.CaseID, Place: r.Place, Channel: r.Channel, Text: "An invented observation, in a few words.", Sure: "probable",
		Assessment: &alerts.Assessment{Source: r.Assessment.Source, Information: r.Assessment.Information, By: "ana", At: r.ReportedAt},
		Reporter:   &alerts.Reporter{Name: "Invented", Phone: "+381 11 000 0001"},
	}
}

// plain is how a tile's sum is found without an index: by looking at each row.
func (m *mapWorld) plain(z, x, y int, q alerts.SightingQuery, sees map[string]bool) int {
	n := 0
	for i := range m.rows {
		r := &m.rows[i]
		if tx, ty := tileAt(z, r.Place); tx != x || ty != y || !sees[r.CaseID] ||
			q.Case != "" && r.CaseID != q.Case || !q.To.IsZero() && !r.ObservedAt.Before(q.To.Add(time.Minute)) ||
			!q.From.IsZero() && r.ObservedAt.Before(q.From) || len(q.States) > 0 && !slices.Contains(q.States, r.State) ||
			q.MinGrade != "" && (r.Assessment.Source > q.MinGrade[:1] || r.Assessment.Information > int(q.MinGrade[1]-'0')) {
			continue
		}
		n++
	}
	return n
}

func tileAt(z int, p *geo.Point) (x, y int) {
	side := float64(int(1) << z)
	lat := math.Round(p.Lat()*1e7) / 1e7 * math.Pi / 180
	return int((math.Round(p.Lon()*1e7)/1e7 + 180) / 360 * side), int((1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * side)
}

// BenchmarkMap measures tiles and lists over a million sightings through the
// desk: what a viewer may see is checked, and the read recorded.
func BenchmarkMap(b *testing.B) {
	m := newMapWorld(b)
	b.Run("tile", m.tiles)
	b.Run("first-tile", m.firstTiles)
	b.Run("box", m.boxes)
	for _, f := range m.filters() {
		b.Run("filter/tile/"+f.name, func(b *testing.B) { m.filtered(b, f.SightingQuery) })
		b.Run("filter/page/"+f.name, func(b *testing.B) { m.filteredPages(b, f.SightingQuery) })
	}
}

func (m *mapWorld) coordinator(id string) alerts.Actor {
	return alerts.Actor{ID: id, Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Name: id}
}

func (m *mapWorld) queries() []alerts.SightingQuery {
	return []alerts.SightingQuery{
		{},
		{From: time.Now().Add(-200 * time.Hour).Truncate(time.Minute)},
		{States: alerts.SightingStates()[:3], MinGrade: "C4"},
	}
}

func (m *mapWorld) tiles(b *testing.B) {
	ctx, ana := context.Background(), m.coordinator("ana")
	sees := map[string]bool{}
	for _, r := range m.rows {
		c, ok := m.desk.Board.Case(r.CaseID)
		sees[r.CaseID] = ok && !c.Restricted && !c.State.Ended()
	}
	r := mathrand.New(mathrand.NewPCG(2, 2))
	var took []time.Duration
	var slow time.Duration
	ask := func(z int, q alerts.SightingQuery, check bool) {
		x, y := tileAt(z, m.rows[r.IntN(len(m.rows))].Place)
		start := time.Now()
		dots, err := m.desk.SightingTile(ctx, ana, z, x, y, q)
		took = append(took, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		if !check {
			return
		}
		n := 0
		for _, d := range dots {
			n += d.Count
		}
		start = time.Now()
		if want := m.plain(z, x, y, q, sees); n != want {
			b.Fatalf("tile %d/%d/%d %+v counts %d, a scan %d", z, x, y, q, n, want)
		}
		slow = time.Since(start)
	}
	queries := m.queries()
	for _, q := range queries { // every zoom, and the first tile's read record
		for z := range 19 {
			ask(z, q, z%3 == 0)
		}
	}
	took = took[:0]
	for b.Loop() {
		ask(r.IntN(19), queries[r.IntN(len(queries))], false)
	}
	p99(b, took)
	b.ReportMetric(slow.Seconds()*1000, "ms/scan")
}

// p99 reports the 99th percentile of times in milliseconds.
func p99(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
}

// firstTiles are those of viewers who have not looked before: what they may see
// is found out, and their read is written to disk.
func (m *mapWorld) firstTiles(b *testing.B) {
	ctx := context.Background()
	var took, recorded []time.Duration
	for i := 0; b.Loop(); i++ {
		a := m.coordinator(fmt.Sprint("viewer", b.N, i))
		start := time.Now()
		if err := m.desk.Reads.Record(ctx, a, "bench", alerts.P2); err != nil {
			b.Fatal(err)
		}
		recorded = append(recorded, time.Since(start))
		start = time.Now()
		if _, err := m.desk.SightingTile(ctx, a, 6, 35, 23, alerts.SightingQuery{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	b.ReportMetric(median(recorded).Seconds()*1000, "ms/record")
	p99(b, took)
}

func (m *mapWorld) boxes(b *testing.B) {
	ctx, ana := context.Background(), m.coordinator("ana")
	r := mathrand.New(mathrand.NewPCG(3, 3))
	var again, fresh, recorded []time.Duration
	page := func(a alerts.Actor, box geo.Box) time.Duration {
		start := time.Now()
		list, err := m.desk.Sightings(ctx, a, alerts.SightingQuery{Box: &box, Limit: 100})
		took := time.Since(start)
		if err != nil || len(list.Features) != 100 {
			b.Fatal(len(list.Features), err)
		}
		return took
	}
	for i := 0; b.Loop(); i++ {
		at := m.rows[r.IntN(storedSightings)].Place
		box := geo.Box{West: 30.15, South: 50.15, East: 30.22 + at.Lon()/1e4, North: 50.25}
		fresh = append(fresh, page(ana, box))
		again = append(again, page(ana, box))
		start := time.Now()
		if err := m.desk.Reads.Record(ctx, ana, fmt.Sprint("bench", b.N, i), alerts.P2); err != nil {
			b.Fatal(err)
		}
		recorded = append(recorded, time.Since(start))
	}
	b.ReportMetric(median(again).Seconds()*1000, "ms/page")
	b.ReportMetric(median(fresh).Seconds()*1000, "ms/page+record")
	b.ReportMetric(median(recorded).Seconds()*1000, "ms/record")
}
