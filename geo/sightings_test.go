package geo

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"pgregory.net/rapid"
)

// anyFilter draws every question at every strength.
func anyFilter(t *rapid.T) Filter {
	f := Filter{
		From:      rapid.SampledFrom([]int64{0, 29_000_000, 29_300_000, 29_900_000}).Draw(t, "from"),
		To:        rapid.SampledFrom([]int64{0, 29_000_000, 29_400_000, 29_950_000}).Draw(t, "to"),
		States:    rapid.SampledFrom([]uint32{0, 1, 0b101, 0b1111111}).Draw(t, "states"),
		MaxSource: rapid.Uint8Range(0, 6).Draw(t, "source"), MaxInfo: rapid.Uint8Range(0, 6).Draw(t, "info"),
		FlagsSet: rapid.Uint8Range(0, 3).Draw(t, "set"), FlagsClear: rapid.Uint8Range(0, 3).Draw(t, "clear"),
	}
	if rapid.Bool().Draw(t, "byCase") {
		f.Cases = NewCaseSet(rapid.SliceOfN(rapid.Uint32Range(1, 2000), 0, 300).Draw(t, "cases")...)
	}
	if rapid.Bool().Draw(t, "without") {
		f.Excluded = NewCaseSet(rapid.SliceOfN(rapid.Uint32Range(1, 2000), 0, 300).Draw(t, "excluded")...)
	}
	return f
}

// model is the index said again with one map.
type model map[[16]byte]Row

func (m model) put(x *SightingIndex, r Row) {
	r.Lon, r.Lat = degrees(fixed(r.Lon)), degrees(fixed(r.Lat))
	m[r.ID] = r
	x.Put(r)
}

func (m model) list(keep func(Row) bool) []Row {
	var out []Row
	for _, r := range m {
		if keep(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return order(a.Cursor(), b.Cursor()) })
	return out
}

// changed is an index after a life: filled, moved, regraded, thinned out.
func changed(n int, seed uint64) (*SightingIndex, model) {
	x, m := &SightingIndex{}, model{}
	rows := townRows(n, seed)
	r := rand.New(rand.NewPCG(seed, 9))
	for _, row := range rows {
		m.put(x, row)
	}
	for range n {
		row := rows[r.IntN(n)]
		switch r.IntN(4) {
		case 0:
			delete(m, row.ID)
			x.Remove(row.ID)
		case 1:
			row.State, row.Source, row.Info = 6, 1, 1
			m.put(x, row)
		case 2:
			row.Lon, row.Lat, row.At = -row.Lon, -row.Lat, row.At+1000
			m.put(x, row)
		}
	}
	return x, m
}

func TestBoxAgainstModel(t *testing.T) {
	t.Parallel()
	x, m := changed(20_000, 7)
	if x.Len() != len(m) {
		t.Fatalf("%d rows, want %d", x.Len(), len(m))
	}
	rapid.Check(t, func(t *rapid.T) {
		f := anyFilter(t)
		p := anyPoint(t, "p")
		if rapid.Bool().Draw(t, "home") {
			p = At(rapid.Float64Range(14, 26).Draw(t, "x"), rapid.Float64Range(40, 49).Draw(t, "y"))
		}
		size := rapid.SampledFrom([]float64{0.01, 1, 8, 170}).Draw(t, "size")
		b := Box{wrapLon(p.Lon() - size), math.Max(-90, p.Lat()-size), wrapLon(p.Lon() + size), math.Min(90, p.Lat()+size)}
		want := m.list(func(r Row) bool { return passes(r, f) && b.Contains(At(r.Lon, r.Lat)) })
		var got []Row
		after := Cursor{}
		limit := rapid.IntRange(1, 400).Draw(t, "limit")
		for {
			page := x.Box(b, f, limit, after)
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			after = page[len(page)-1].Cursor()
		}
		if !slices.Equal(got, want) {
			t.Fatalf("box %v filter %+v: %d rows, want %d", b, f, len(got), len(want))
		}
	})
}

func TestTileCountsAreExact(t *testing.T) {
	t.Parallel()
	x, m := changed(20_000, 8)
	all := m.list(func(Row) bool { return true })
	rapid.Check(t, func(t *rapid.T) {
		f := anyFilter(t)
		z := rapid.IntRange(0, MaxTileZoom).Draw(t, "z")
		row := rapid.SampledFrom(all).Draw(t, "row")
		mx, my := mercator(row.Lon, row.Lat)
		tx, ty := int(uint64(mx)<<z>>32), int(uint64(my)<<z>>32)
		want, best := 0, uint8(ungraded)
		for _, r := range all {
			rx, ry := mercator(r.Lon, r.Lat)
			if int(uint64(rx)<<z>>32) == tx && int(uint64(ry)<<z>>32) == ty && passes(r, f) {
				want++
				best = min(best, packGrade(r.Source, r.Info))
			}
		}
		clusters := x.Tile(z, tx, ty, f)
		got, gotBest := 0, uint8(ungraded)
		for _, c := range clusters {
			got += c.Count
			gotBest = min(gotBest, packGrade(c.Source, c.Info))
			if c.Count == 1 && m[c.Row.ID] != c.Row {
				t.Fatalf("row %+v, want %+v", c.Row, m[c.Row.ID])
			}
		}
		if got != want || len(clusters) > MaxFeatures || gotBest != best {
			t.Fatalf("tile %d/%d/%d: %d in %d features, best %x; want %d, best %x", z, tx, ty, got, len(clusters), gotBest, want, best)
		}
		checkTile(t, EncodeTile(clusters, z, tx, ty, TileLabels{}), want)
	})
}

// checkTile reads the bytes back as a map would.
func checkTile(t *rapid.T, data []byte, want int) {
	layers, err := mvt.Unmarshal(data)
	if err != nil {
		t.Fatal(err)
	}
	got := 0.0
	for _, l := range layers {
		if l.Name != "sightings" || l.Version != 2 || l.Extent != tileExtent {
			t.Fatalf("layer %s version %d", l.Name, l.Version)
		}
		for _, f := range l.Features {
			got += f.Properties["count"].(float64)
			p := f.Geometry.(orb.Point)
			if p[0] < 0 || p[1] < 0 || p[0] > tileExtent || p[1] > tileExtent {
				t.Fatalf("feature at %v", p)
			}
		}
	}
	if int(got) != want {
		t.Fatalf("the bytes count %v, want %d", got, want)
	}
}

func TestNearestAgainstModel(t *testing.T) {
	t.Parallel()
	x, m := changed(8_000, 9)
	rapid.Check(t, func(t *rapid.T) {
		f, p := anyFilter(t), anyPoint(t, "p")
		if rapid.Bool().Draw(t, "home") {
			p = At(rapid.Float64Range(14, 26).Draw(t, "x"), rapid.Float64Range(40, 49).Draw(t, "y"))
		}
		n := rapid.IntRange(1, 50).Draw(t, "n")
		maxM := rapid.SampledFrom([]float64{0, 100, 30_000, 2_000_000, 15_000_000}).Draw(t, "max")
		var want []Near
		for _, r := range m {
			if d := Distance(p, At(r.Lon, r.Lat)); passes(r, f) && (maxM == 0 || d <= maxM) {
				want = append(want, Near{r, d})
			}
		}
		slices.SortFunc(want, func(a, b Near) int {
			return cmp.Or(cmp.Compare(a.DistanceM, b.DistanceM), cmp.Compare(string(a.ID[:]), string(b.ID[:])))
		})
		want = want[:min(n, len(want))]
		if got := x.Nearest(p, n, maxM, f); !slices.Equal(got, want) {
			t.Fatalf("nearest %d to %v within %v: %d rows, want %d", n, p, maxM, len(got), len(want))
		}
	})
}

// Any number of sightings may be reported at one spot: a town's name alone.
func TestManyRowsAtOneSpot(t *testing.T) {
	t.Parallel()
	var x SightingIndex
	for i := range 5000 {
		var id [16]byte
		binary.BigEndian.PutUint64(id[8:], uint64(i))
		x.Put(Row{ID: id, Lon: 20.46, Lat: 44.81, At: 100, Case: uint32(i % 3)})
	}
	clusters := x.Tile(22, tileOf(20.46, 22), 0, Filter{})
	if len(clusters) != 0 {
		t.Errorf("a tile elsewhere holds %v", clusters)
	}
	mx, my := mercator(20.46, 44.81)
	clusters = x.Tile(22, int(mx>>10), int(my>>10), Filter{})
	if len(clusters) != 1 || clusters[0].Count != 5000 || math.Abs(clusters[0].Lon-20.46) > 1e-4 {
		t.Errorf("got %+v", clusters)
	}
	for i := range 5000 {
		var id [16]byte
		binary.BigEndian.PutUint64(id[8:], uint64(i))
		if r, ok := x.Get(id); !ok || r.Case != uint32(i%3) {
			t.Fatalf("row %d: %v %v", i, r, ok)
		}
		x.Remove(id)
	}
	if x.Len() != 0 || len(x.pages) != 0 || len(x.Tile(0, 0, 0, Filter{})) != 0 {
		t.Errorf("%d rows, %d pages are left", x.Len(), len(x.pages))
	}
	x.Remove([16]byte{1})
	x.Clear()
}

func tileOf(lon float64, z int) int {
	mx, _ := mercator(lon, 0)
	return int(uint64(mx) << z >> 32)
}

func TestTileEdges(t *testing.T) {
	t.Parallel()
	var x SightingIndex
	for i, p := range [][2]float64{{180, 0}, {-180, 0}, {0, 90}, {0, -90}, {0, 0}} {
		x.Put(Row{ID: [16]byte{byte(i)}, Lon: p[0], Lat: p[1], At: math.MaxInt64 - int64(i), State: 3})
	}
	for z := range MaxTileZoom + 1 {
		total := 0
		edge := 1<<z - 1
		for _, tile := range [][2]int{{0, edge / 2}, {edge, edge / 2}, {0, (edge + 1) / 2}, {edge, (edge + 1) / 2}, {edge / 2, 0}, {(edge + 1) / 2, 0}, {(edge + 1) / 2, edge}, {(edge + 1) / 2, (edge + 1) / 2}} {
			for _, c := range x.Tile(z, tile[0], tile[1], Filter{}) {
				total += c.Count
			}
		}
		if z > 1 && total != 5 {
			t.Errorf("zoom %d shows %d of 5", z, total)
		}
	}
	for _, bad := range [][3]int{{-1, 0, 0}, {23, 0, 0}, {2, 4, 0}, {2, 0, -1}, {2, -1, 0}} {
		if x.Tile(bad[0], bad[1], bad[2], Filter{}) != nil || TileExists(bad[0], bad[1], bad[2]) {
			t.Errorf("tile %v exists", bad)
		}
	}
	if EncodeTile(nil, 0, 0, 0, TileLabels{}) != nil {
		t.Error("an empty tile has bytes")
	}
}

func TestTileLabels(t *testing.T) {
	t.Parallel()
	var x SightingIndex
	x.Put(Row{ID: [16]byte{7}, Lon: 20, Lat: 44, At: 10, State: 2, Source: 2, Info: 3})
	data := EncodeTile(x.Tile(0, 0, 0, Filter{}), 0, 0, 0, TileLabels{
		ID:    func(id [16]byte) string { return fmt.Sprint("s", id[0]) },
		State: func(s uint8) string { return fmt.Sprint("state", s) },
	})
	layers, err := mvt.Unmarshal(data)
	if err != nil {
		t.Fatal(err)
	}
	p := layers[0].Features[0].Properties
	if p["id"] != "s7" || p["state"] != "state2" || p["source"] != "B" || p["info"] != 3.0 || p["at"] != 600.0 {
		t.Errorf("properties %v", p)
	}
}

// One writer and several readers at once; the race detector watches.
func TestSightingsConcurrently(t *testing.T) {
	t.Parallel()
	rows := townRows(3000, 3)
	var x SightingIndex
	var wg sync.WaitGroup
	wg.Go(func() {
		for i, r := range rows {
			x.Put(r)
			if i%3 == 0 {
				x.Remove(rows[i/2].ID)
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			for range 50 {
				x.Tile(0, 0, 0, Filter{States: 1})
				x.Box(World(), Filter{}, 20, Cursor{})
				x.Nearest(At(20, 44), 5, 0, Filter{})
				x.Get(rows[5].ID)
			}
		})
	}
	wg.Wait()
}
