package geo

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// townRows makes n rows as they really lie: most in a few hundred towns, some
// on one spot, the rest over the country.
func townRows(n int, seed uint64) []Row {
	r := rand.New(rand.NewPCG(seed, 1))
	type town struct{ lon, lat, size float64 }
	towns := make([]town, 300)
	for i := range towns {
		towns[i] = town{15 + 10*r.Float64(), 41 + 7*r.Float64(), 0.005 + 0.05*r.Float64()}
	}
	rows := make([]Row, n)
	for i := range rows {
		t := towns[int(math.Abs(r.NormFloat64()*60))%len(towns)]
		rows[i] = Row{
			Lon: t.lon + r.NormFloat64()*t.size, Lat: t.lat + r.NormFloat64()*t.size,
			At: 29_000_000 + int64(r.IntN(1_000_000)), Case: uint32(1 + r.IntN(2000)), State: uint8(r.IntN(7)),
			Source: uint8(r.IntN(7)), Info: uint8(r.IntN(7)), Flags: uint8(r.IntN(4)),
		}
		switch r.IntN(20) {
		case 0:
			rows[i].Lon, rows[i].Lat = t.lon, t.lat
		case 1:
			rows[i].Lon, rows[i].Lat = -180+360*r.Float64(), -90+180*r.Float64()
		}
		binary.BigEndian.PutUint64(rows[i].ID[:], r.Uint64())
		binary.BigEndian.PutUint64(rows[i].ID[8:], uint64(i))
	}
	return rows
}

func benchFilters() []Filter {
	many := NewCaseSet()
	for i := range 1000 {
		many.Add(uint32(2 * i))
	}
	return []Filter{
		{},
		{From: 29_200_000, To: 29_700_000},
		{States: 0b101, MaxSource: 3},
		{Cases: NewCaseSet(77)},
		{From: 29_100_000, To: 29_900_000, States: 0b1111, MaxSource: 4, MaxInfo: 4, Cases: many, Excluded: NewCaseSet(4, 6, 8), FlagsClear: 1},
	}
}

const benchRows = 1_000_000

func filled(b *testing.B, rows []Row) *SightingIndex {
	b.Helper()
	x := &SightingIndex{}
	for _, r := range rows {
		x.Put(r)
	}
	return x
}

// p99 reports the 99th percentile of the times in milliseconds.
func p99(b *testing.B, times []time.Duration) {
	b.Helper()
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

// passes is the filter said again, as plainly as possible.
func passes(r Row, f Filter) bool {
	return (f.Cases == nil || f.Cases.Has(r.Case)) && !f.Excluded.Has(r.Case) &&
		(f.From == 0 || r.At >= f.From) && (f.To == 0 || r.At < f.To) &&
		(f.States == 0 || f.States>>r.State&1 == 1) &&
		(f.MaxSource == 0 || r.Source > 0 && r.Source <= f.MaxSource) &&
		(f.MaxInfo == 0 || r.Info > 0 && r.Info <= f.MaxInfo) &&
		r.Flags&f.FlagsSet == f.FlagsSet && r.Flags&f.FlagsClear == 0
}

func BenchmarkTile(b *testing.B) {
	rows := townRows(benchRows, 1)
	x := filled(b, rows)
	for z := 0; z <= 18; z += 3 {
		for fi, f := range benchFilters() {
			b.Run(fmt.Sprintf("z%d/filter%d", z, fi), func(b *testing.B) {
				r := rand.New(rand.NewPCG(2, 2))
				var times []time.Duration
				for b.Loop() {
					row := rows[r.IntN(len(rows))]
					mx, my := mercator(row.Lon, row.Lat)
					tx, ty := int(uint64(mx)<<z>>32), int(uint64(my)<<z>>32)
					start := time.Now()
					EncodeTile(x.Tile(z, tx, ty, f), z, tx, ty, TileLabels{})
					times = append(times, time.Since(start))
				}
				p99(b, times)
			})
		}
	}
	b.Run("bruteforce", func(b *testing.B) {
		f := benchFilters()[4]
		for b.Loop() {
			n := 0
			for _, r := range rows {
				if passes(r, f) {
					n++
				}
			}
		}
	})
}

func BenchmarkBox(b *testing.B) {
	rows := townRows(benchRows, 1)
	x := filled(b, rows)
	for _, size := range []float64{0.1, 2, 400} {
		for fi, f := range benchFilters() {
			b.Run(fmt.Sprintf("%gdeg/filter%d", size, fi), func(b *testing.B) {
				r := rand.New(rand.NewPCG(2, 2))
				var times []time.Duration
				for b.Loop() {
					row := rows[r.IntN(len(rows))]
					box := World()
					if size < 360 {
						box = Box{row.Lon - size/2, row.Lat - size/2, row.Lon + size/2, row.Lat + size/2}
					}
					after := Cursor{}
					if r.IntN(2) == 0 {
						after = Cursor{At: 29_000_000 + int64(r.IntN(1_000_000))}
					}
					start := time.Now()
					x.Box(box, f, 100, after)
					times = append(times, time.Since(start))
				}
				p99(b, times)
			})
		}
	}
	b.Run("bruteforce", func(b *testing.B) {
		f := benchFilters()[1]
		box := Box{20, 44, 22, 46}
		for b.Loop() {
			var hits []Row
			for _, r := range rows {
				if box.Contains(At(r.Lon, r.Lat)) && passes(r, f) {
					hits = append(hits, r)
				}
			}
			slices.SortFunc(hits, func(a, b Row) int { return order(a.Cursor(), b.Cursor()) })
		}
	})
}

func BenchmarkNearest(b *testing.B) {
	rows := townRows(benchRows, 1)
	x := filled(b, rows)
	for fi, f := range benchFilters() {
		b.Run(fmt.Sprintf("filter%d", fi), func(b *testing.B) {
			r := rand.New(rand.NewPCG(2, 2))
			var times []time.Duration
			for b.Loop() {
				row := rows[r.IntN(len(rows))]
				start := time.Now()
				x.Nearest(At(row.Lon, row.Lat), 20, 50_000, f)
				times = append(times, time.Since(start))
			}
			p99(b, times)
		})
	}
	b.Run("bruteforce", func(b *testing.B) {
		for b.Loop() {
			for _, r := range rows {
				_ = haversine(20, 44, r.Lon, r.Lat) < 50_000
			}
		}
	})
}

func BenchmarkInsert(b *testing.B) {
	rows := townRows(benchRows, 1)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		x := filled(b, rows)
		b.ReportMetric(float64(len(rows))/time.Since(start).Seconds(), "inserts/s")
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
		start = time.Now()
		for i := range rows[:200_000] {
			r := rows[i]
			r.Lon = math.Mod(r.Lon+180.01, 360) - 180
			x.Put(r)
		}
		b.ReportMetric(200_000/time.Since(start).Seconds(), "moves/s")
		runtime.KeepAlive(x)
	}
}
