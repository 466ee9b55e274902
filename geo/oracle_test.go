package geo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// star is a random outline around a centre that may lie on the date line. Its
// corners are kept unwrapped, so that the oracle never meets the line.
type star struct {
	lon, lat float64
	corners  [][2]float64
}

func anyStar(t *rapid.T, label string, size float64) star {
	s := star{rapid.Float64Range(-180, 180).Draw(t, label+"Lon"), rapid.Float64Range(-80, 80).Draw(t, label+"Lat"), nil}
	if rapid.Bool().Draw(t, label+"OnLine") {
		s.lon = 180 + rapid.Float64Range(-size, size).Draw(t, label+"Off")
	}
	n := rapid.IntRange(3, 24).Draw(t, label+"Corners")
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + rapid.Float64Range(0.05, 0.95).Draw(t, label+"Turn")) / float64(n))
		r := size * rapid.Float64Range(0.1, 1).Draw(t, label+"Radius")
		s.corners = append(s.corners, [2]float64{s.lon + r*cos, math.Max(-90, math.Min(90, s.lat+r*sin))})
	}
	return s
}

// wrapped is the outline as a program would send it that knows no date line.
func (s star) wrapped() Area {
	var ring [][2]float64
	for _, c := range s.corners {
		ring = append(ring, [2]float64{wrapLon(c[0]), c[1]})
	}
	return Area{Areas: []Geometry{Polygon(append(ring, ring[0]))}}
}

// holds is the oracle: the angle under which the outline is seen from the
// point adds up to a whole turn inside and to nothing outside.
func (s star) holds(lon, lat float64) bool {
	lon = s.lon + math.Mod(lon-s.lon+540, 360) - 180
	if lon < s.lon-180 {
		lon += 360
	}
	sum := 0.0
	for i, a := range s.corners {
		b := s.corners[(i+1)%len(s.corners)]
		turn := math.Atan2(b[1]-lat, b[0]-lon) - math.Atan2(a[1]-lat, a[0]-lon)
		sum += turn - 2*math.Pi*math.Round(turn/(2*math.Pi))
	}
	return math.Abs(sum) > math.Pi
}

func TestContainsAgainstOracle(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStar(t, "s", rapid.SampledFrom([]float64{0.01, 1, 9}).Draw(t, "size"))
		a := s.wrapped()
		if len(a.Validate(nil)) > 0 {
			return // a star with too thin a ray
		}
		shape := r.Compile(a)
		size := shape.Bounds().North - shape.Bounds().South
		for i := range 20 {
			p := At(wrapLon(s.lon+rapid.Float64Range(-2*size, 2*size).Draw(t, fmt.Sprint("x", i))),
				math.Max(-90, math.Min(90, s.lat+rapid.Float64Range(-2*size, 2*size).Draw(t, fmt.Sprint("y", i)))))
			if shape.outlineDistance(p) < 0.001 {
				continue // on the boundary both answers are right
			}
			if got, want := shape.Contains(p), s.holds(p.Lon(), p.Lat()); got != want {
				t.Fatalf("Contains(%v) = %v, want %v\n%v\n%v", p.Coordinates, got, want, s.corners, a.Normalize())
			}
			if shape.Contains(p) && !shape.Bounds().Contains(p) {
				t.Fatalf("%v is inside and out of bounds %v", p, shape.Bounds())
			}
		}
	})
}

// outlineDistance is how far p is from the nearest edge, inside or outside.
func (s Shape) outlineDistance(p Point) float64 {
	best := math.Inf(1)
	for q := range s.all {
		best = q.outline.distanceM(p.Lon(), p.Lat(), best)
	}
	return best
}

// TestContainsTenThousand is the figure that the threat model asks for.
func TestContainsTenThousand(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 10_000 {
		s := star{lon: -180 + 360*r.Float64(), lat: -70 + 140*r.Float64()}
		if i%3 == 0 {
			s.lon = 180 + 4*r.Float64() - 2
		}
		for k := range 12 {
			sin, cos := math.Sincos(2 * math.Pi * (float64(k) + 0.9*r.Float64()) / 12)
			d := 0.5 + 4*r.Float64()
			s.corners = append(s.corners, [2]float64{s.lon + d*cos, s.lat + d*sin})
		}
		shape := newShape(nil, s.wrapped().drawnParts())
		for range 5 {
			p := At(wrapLon(s.lon+10*r.Float64()-5), s.lat+10*r.Float64()-5)
			if got, want := shape.Contains(p), s.holds(p.Lon(), p.Lat()); got != want && shape.outlineDistance(p) > 0.001 {
				t.Fatalf("polygon %d: Contains(%v) = %v, want %v\n%v", i, p.Coordinates, got, want, s.corners)
			}
		}
	}
}

// apartOracle is the distance between two outlines by walking both of them in
// small steps, which can only be too large.
func apartOracle(a, b star) float64 {
	best := math.Inf(1)
	pa, pb := a.steps(), b.steps()
	for _, p := range pa {
		if b.holds(p[0], p[1]) {
			return 0
		}
		for _, q := range pb {
			best = math.Min(best, haversine(p[0], p[1], q[0], q[1]))
		}
	}
	for _, q := range pb {
		if a.holds(q[0], q[1]) {
			return 0
		}
	}
	return best
}

func (s star) steps() [][2]float64 {
	var out [][2]float64
	for i, a := range s.corners {
		b := s.corners[(i+1)%len(s.corners)]
		for k := range 12 {
			t := float64(k) / 12
			out = append(out, [2]float64{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
		}
	}
	return out
}

// Nobody within the tolerance may be missed, and nobody far beyond it told.
func TestMeetsAgainstOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]float64{0.05, 1}).Draw(t, "size")
		a, b := anyStar(t, "a", size), anyStar(t, "b", size)
		dx, dy := rapid.Float64Range(-3*size, 3*size).Draw(t, "dx"), rapid.Float64Range(-3*size, 3*size).Draw(t, "dy")
		for i := range b.corners { // bring b near a
			b.corners[i][0] += a.lon + dx - b.lon
			b.corners[i][1] = math.Max(-90, math.Min(90, b.corners[i][1]+a.lat+dy-b.lat))
		}
		b.lon, b.lat = a.lon+dx, a.lat+dy
		if len(a.wrapped().Validate(nil))+len(b.wrapped().Validate(nil)) > 0 {
			return
		}
		sa, sb := newShape(nil, a.wrapped().drawnParts()), newShape(nil, b.wrapped().drawnParts())
		d := apartOracle(a, b)
		if !sa.Meets(sb, d) || !sb.Meets(sa, d) {
			t.Fatalf("areas %f m apart do not meet within that\n%v\n%v", d, a.corners, b.corners)
		}
		// Below the polar circle an answer of yes must be near the truth; the
		// oracle's steps and the coarse cosines may each be off by a little.
		if step := size * 2 * metresPerDeg / 6; d > step && a.lat > -66 && a.lat < 66 && sa.Meets(sb, (d-step)*0.95) {
			t.Fatalf("areas %f m apart meet within %f", d, (d-step)*0.95)
		}
	})
}

func TestShapeDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStar(t, "s", 3)
		if len(s.wrapped().Validate(nil)) > 0 {
			return
		}
		shape := newShape(nil, s.wrapped().drawnParts())
		p := anyPoint(t, "p")
		d, best := shape.DistanceM(p), math.Inf(1)
		for _, q := range s.steps() {
			best = math.Min(best, Distance(p, At(wrapLon(q[0]), q[1])))
		}
		if d > best+1 {
			t.Fatalf("DistanceM %f, but a corner is at %f", d, best)
		}
		if d == 0 != shape.Contains(p) && shape.outlineDistance(p) > 0.001 {
			t.Fatalf("distance %f and contains %v", d, shape.Contains(p))
		}
		if d > 0 && d < best-3*metresPerDeg/5 {
			t.Fatalf("DistanceM %f, the nearest step is at %f", d, best)
		}
	})
}

func TestCircles(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	circle := func(lon, lat, m float64) Shape {
		return r.Compile(Area{Circles: []Circle{{[2]float64{lon, lat}, m}}})
	}
	date := circle(179.95, 10, 20_000)
	if !date.Contains(At(-179.95, 10)) || date.Contains(At(-179.5, 10)) || date.Bounds().West < date.Bounds().East {
		t.Errorf("over the date line: %v", date.Bounds())
	}
	if pole := circle(0, 89.9, 50_000); !pole.Contains(At(180, 89.9)) || !pole.Contains(At(77, 90)) {
		t.Error("over the pole")
	}
	for _, c := range []struct {
		a, b  Shape
		tol   float64
		meets bool
	}{
		{circle(20, 44, 1000), circle(20, 44.1, 1000), 9_200, true},
		{circle(20, 44, 1000), circle(20, 44.1, 1000), 8_900, false},
		{circle(179.99, 0, 1000), circle(-179.99, 0, 1000), 300, true},
		{circle(0, 89.99, 100), circle(180, 89.99, 100), 2100, true},
	} {
		if c.a.Meets(c.b, c.tol) != c.meets || c.b.Meets(c.a, c.tol) != c.meets {
			t.Errorf("circles within %f: want %v", c.tol, c.meets)
		}
	}
}

// A circle far away stays far away, whatever its radius does to the last digits.
func TestFarCirclesDoNotMeet(t *testing.T) {
	t.Parallel()
	town := newShape(nil, Area{Areas: []Geometry{Polygon([][2]float64{{20, 44}, {20.1, 44}, {20.1, 44.1}, {20, 44}})}}.drawnParts())
	r := rand.New(rand.NewPCG(7, 7))
	for range 2000 {
		radius := 1000 + 40_000*r.Float64()
		far := newShape(nil, Area{Circles: []Circle{{[2]float64{20.05, 44 + (radius+60_000)/metresPerDeg}, radius}}}.drawnParts())
		p, q := &town.parts[0], &far.parts[0]
		if d := p.measure(q, reach(10_000)); d < reach(10_000) {
			t.Fatalf("a circle of %f m some 50 km away is taken for %f m away", radius, d)
		}
	}
}

// randomAreas is n partner areas as they are: mostly regions, districts drawn
// by hand, and towns with a radius.
func randomAreas(n int, seed uint64) []Area {
	r := rand.New(rand.NewPCG(seed, 3))
	countries := []string{"RS", "XK", "RS-KM", "HR", "BA", "ME", "MK", "BG", "RO", "HU", "SI", "AT", "DE", "FR", "IT", "GR", "RS-14", "RS-25", "HR-16"}
	out := make([]Area, n)
	for i := range out {
		lon, lat := -5+35*r.Float64(), 38+15*r.Float64()
		if i%50 == 0 {
			lon = 180 - 2*r.Float64()
		}
		switch i % 4 {
		case 0:
			out[i].Regions = []string{countries[r.IntN(len(countries))]}
		case 1:
			out[i].Circles = []Circle{{[2]float64{lon, lat}, 1000 + 40_000*r.Float64()}}
		default:
			var ring [][2]float64
			corners := 5 + r.IntN(40)
			for k := range corners {
				sin, cos := math.Sincos(2 * math.Pi * float64(k) / float64(corners))
				d := 0.05 + 0.3*r.Float64()
				ring = append(ring, [2]float64{wrapLon(lon + d*cos), lat + d*sin})
			}
			out[i].Areas = []Geometry{Polygon(append(ring, ring[0]))}
		}
	}
	return out
}

func TestAreaIndexAgainstScan(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	var x AreaIndex
	shapes := map[string]Shape{}
	for i, a := range randomAreas(1500, 4) {
		id := fmt.Sprintf("p%04d", i)
		shapes[id] = r.Compile(a)
		x.Put(id, shapes[id])
		if i%7 == 3 { // replaced
			shapes[id] = r.Compile(randomAreas(1, uint64(i))[0])
			x.Put(id, shapes[id])
		}
		if i%11 == 5 {
			x.Remove(id)
			delete(shapes, id)
		}
	}
	x.Remove("never there")
	if x.Len() != len(shapes) {
		t.Fatalf("%d areas, want %d", x.Len(), len(shapes))
	}
	for i, a := range randomAreas(60, 99) {
		s := r.Compile(a)
		var want []string
		for id, o := range shapes {
			if s.Meets(o, 10_000) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		var got []string
		for _, m := range x.Meeting(s, 10_000) {
			got = append(got, m.ID)
			if m.Why.Code == "" || m.Why.DistanceM > 10_062 || m.Why.String() == "" {
				t.Errorf("no reason: %+v", m)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("area %d: got %d, want %d\n%v\n%v", i, len(got), len(want), got, want)
		}
	}
}

func BenchmarkTargeting(b *testing.B) {
	r := MustBuiltin()
	var x AreaIndex
	var shapes []Shape
	for i, a := range randomAreas(10_000, 5) {
		shapes = append(shapes, r.Compile(a))
		x.Put(fmt.Sprint(i), shapes[i])
	}
	for name, a := range map[string]Area{
		"country": {Regions: []string{"RS"}},
		"circle":  {Circles: []Circle{{[2]float64{20.46, 44.81}, 50_000}}},
		"polygon": {Areas: []Geometry{Polygon(append(ringOf(18, 46, 8, 1990), [2]float64{26, 46}))}},
	} {
		s := r.Compile(a)
		b.Run(name, func(b *testing.B) {
			var times []time.Duration
			n := 0
			for b.Loop() {
				start := time.Now()
				n = len(x.Meeting(s, 10_000))
				times = append(times, time.Since(start))
			}
			start := time.Now()
			scanned := 0
			for _, o := range shapes {
				if s.Meets(o, 10_000) {
					scanned++
				}
			}
			if scanned != n {
				b.Fatalf("%d matches, a scan finds %d", n, scanned)
			}
			b.ReportMetric(float64(n), "matches")
			b.ReportMetric(float64(time.Since(start))/float64(times[len(times)/2]), "times-faster")
			p99(b, times)
		})
	}
}

func ringOf(lon, lat, radius float64, n int) [][2]float64 {
	var out [][2]float64
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		out = append(out, [2]float64{lon + radius*c, lat + radius*s})
	}
	return out
}
