package geo

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// codes writes problems as "field code; field code".
func codes(problems []Problem) string {
	var out []string
	for _, p := range problems {
		out = append(out, strings.TrimSpace(p.Field+" "+p.Code))
	}
	return strings.Join(out, "; ")
}

func areaOf(t testing.TB, geometry string) Area {
	t.Helper()
	var a Area
	if err := json.Unmarshal([]byte(`{"areas":[`+geometry+`]}`), &a); err != nil {
		t.Fatalf("%s: %v", geometry[:min(80, len(geometry))], err)
	}
	return a
}

func poly(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }

// ringText is a regular ring of n corners.
func ringText(lon, lat, radius float64, n int) string {
	var b strings.Builder
	for i := range n + 1 {
		s, c := math.Sincos(2 * math.Pi * float64(i%n) / float64(n))
		fmt.Fprintf(&b, "[%.7f,%.7f],", lon+radius*c, lat+radius*s)
	}
	return "[" + strings.TrimSuffix(b.String(), ",") + "]"
}

// combText runs up and down beside itself: every pair of edges overlaps in
// latitude, which is the dearest case for a search of crossings.
func combText(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "[%f,%d],", float64(i)*0.001, 40+i%2*5)
	}
	return "[" + b.String() + fmt.Sprintf("[%f,39],[0,39],[0,40]]", float64(n)*0.001)
}

func repeat(n int, f func(i int) string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = f(i)
	}
	return strings.Join(out, ",")
}

// bombs are the files that have brought other programs down, or fooled them.
func bombs() map[string][2]string {
	square := "[[0,0],[4,0],[4,4],[0,4],[0,0]]"
	return map[string][2]string{
		"200,000 vertices":     {poly(ringText(20, 44, 1, 200_000)), "areas too_large"},
		"10,000 rings":         {poly(repeat(10_000, func(i int) string { return "[[0,0],[1,0],[1,1],[0,0]]" })), "areas too_many_vertices; areas too_many_rings"},
		"65 rings":             {poly(repeat(65, func(i int) string { return ringText(float64(i), 0, 0.2, 5) })), "areas too_many_rings"},
		"2,001 vertices":       {poly(ringText(20, 44, 1, 2001)), "areas too_many_vertices"},
		"2,000 vertices":       {poly(ringText(20, 44, 1, 2000)), ""},
		"comb":                 {poly(combText(1990)), ""},
		"depth 1,000":          {poly(strings.Repeat("[", 1000) + "1" + strings.Repeat("]", 1000)), "areas[0].coordinates bad_coordinates"},
		"1e308":                {poly("[[0,0],[1e308,0],[1e308,1e308],[0,0]]"), "areas[0].coordinates[0][1] outside_world"},
		"beyond float":         {poly("[[0,0],[1e400,0],[1,1],[0,0]]"), "areas[0].coordinates bad_coordinates"},
		"coordinates 1000,-95": {poly("[[0,0],[1000,-95],[1,1],[0,0]]"), "areas[0].coordinates[0][1] outside_world"},
		"latitude 91":          {poly("[[0,0],[1,91],[1,1],[0,0]]"), "areas[0].coordinates[0][1] outside_world"},
		"null number":          {poly("[[0,0],[null,1],[1,1],[0,0]]"), "areas[0].coordinates bad_coordinates"},
		"null position":        {poly("[[0,0],null,[1,1],[0,0]]"), "areas[0].coordinates bad_coordinates"},
		"null ring":            {poly("null"), "areas[0].coordinates bad_coordinates"},
		"text numbers":         {poly(`[["0","0"],["1","0"],["1","1"],["0","0"]]`), "areas[0].coordinates bad_coordinates"},
		"one number":           {poly("[[0],[1],[2],[0]]"), "areas[0].coordinates[0][0] bad_position"},
		"five numbers":         {poly("[[0,0,0,0,0],[1,0],[1,1],[0,0]]"), "areas[0].coordinates[0][0] bad_position"},
		"altitudes":            {poly("[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]"), ""},
		"open ring":            {poly("[[0,0],[4,0],[4,4],[0,4]]"), "areas[0].coordinates[0][3] ring_not_closed"},
		"two points":           {poly("[[0,0],[0,0]]"), "areas[0].coordinates[0] too_few_points"},
		"one point":            {poly("[[0,0]]"), "areas[0].coordinates[0] too_few_points"},
		"empty ring":           {poly("[]"), "areas[0].coordinates[0] too_few_points"},
		"no rings":             {`{"type":"Polygon","coordinates":[]}`, "areas[0].coordinates empty"},
		"no polygons":          {`{"type":"MultiPolygon","coordinates":[]}`, "areas[0].coordinates empty"},
		"empty polygon":        {`{"type":"MultiPolygon","coordinates":[[]]}`, "areas[0].coordinates[0] empty"},
		"no coordinates":       {`{"type":"Polygon"}`, "areas[0].coordinates bad_coordinates"},
		"no type":              {`{"coordinates":[` + square + `]}`, "areas[0].type bad_type"},
		"a point":              {`{"type":"Point","coordinates":[1,2]}`, "areas[0].type bad_type"},
		"a collection":         {`{"type":"GeometryCollection","geometries":[]}`, "areas[0] foreign_member; areas[0].type bad_type"},
		"type is a number":     {`{"type":7,"coordinates":[` + square + `]}`, "areas[0].type bad_type"},
		"foreign member":       {`{"type":"Polygon","coordinates":[` + square + `],"crs":{"name":"EPSG:31277"}}`, "areas[0] foreign_member"},
		"bbox":                 {`{"type":"Polygon","bbox":[0,0,4,4],"coordinates":[` + square + `]}`, ""},
		"zero area":            {poly("[[0,0],[1,1],[2,2],[0,0]]"), "areas[0].coordinates[0] zero_area"},
		"there and back":       {poly("[[0,0],[4,0],[4,4],[4,0],[0,0]]"), "areas[0].coordinates[0] self_intersection"},
		"a square millimetre":  {poly("[[0,0],[1e-8,0],[1e-8,1e-8],[0,0]]"), "areas[0].coordinates[0] zero_area"},
		// 3 ─── 2      The bow tie: two edges cross in the middle, and the
		//   \ /        lobes wind against each other, so that the sum of
		//   / \        their areas is nothing.
		// 1 ─── 4
		"bow tie": {poly("[[0,0],[4,4],[0,4],[4,0],[0,0]]"), "areas[0].coordinates[0] self_intersection"},
		// ┌──┐         Two squares that share a corner, drawn with one pen:
		// └──┼──┐      the outline touches itself there.
		//    └──┘
		"touching corner": {poly("[[0,0],[2,0],[2,2],[4,2],[4,4],[2,4],[2,2],[0,2],[0,0]]"), "areas[0].coordinates[0] self_intersection"},
		// ┌───┐        A hair sticks out and comes back on itself.
		// │   ├───
		// └───┘
		"spike":              {poly("[[0,0],[4,0],[4,2],[8,2],[4,2],[4,4],[0,4],[0,0]]"), "areas[0].coordinates[0] self_intersection"},
		"hole outside":       {poly(square + ",[[5,5],[6,5],[6,6],[5,5]]"), "areas[0].coordinates[1] hole_outside"},
		"hole crosses":       {poly(square + ",[[3,3],[6,3],[6,6],[3,3]]"), "areas[0].coordinates[1] hole_outside"},
		"hole is the whole":  {poly(square + "," + square), "areas[0].coordinates[1] hole_outside"},
		"hole in a hole":     {poly(square + ",[[1,1],[3,1],[3,3],[1,3],[1,1]],[[1.5,1.5],[2,1.5],[2,2],[1.5,1.5]]"), "areas[0].coordinates[2] holes_overlap"},
		"holes cross":        {poly(square + ",[[1,1],[3,1],[3,3],[1,3],[1,1]],[[2,2],[3.5,2],[3.5,3.5],[2,2]]"), "areas[0].coordinates[2] holes_overlap"},
		"hole touches":       {poly(square + ",[[0,2],[2,1],[2,3],[0,2]]"), ""},
		"hole around":        {poly("[[1,1],[2,1],[2,2],[1,1]]," + square), "areas[0].coordinates[1] hole_outside"},
		"clockwise":          {poly("[[0,0],[0,4],[4,4],[4,0],[0,0]]"), ""},
		"hole wound alike":   {poly(square + ",[[1,1],[3,1],[3,3],[1,3],[1,1]]"), ""},
		"repeated corners":   {poly("[[0,0],[0,0],[4,0],[4,0],[4,4],[0,4],[0,0],[0,0]]"), ""},
		"over 180":           {poly("[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]"), ""},
		"over 180 unwrapped": {poly("[[170,-10],[190,-10],[190,10],[170,10],[170,-10]]"), ""},
		"wider than Earth":   {poly("[[-350,0],[-200,0],[-50,0],[100,0],[250,0],[350,10],[200,10],[50,10],[-100,10],[-250,10],[-350,0]]"), "areas[0].coordinates[0] too_wide"},
		"around the pole":    {poly("[[0,70],[90,75],[180,70],[-90,75],[0,70]]"), ""},
		"the whole world":    {poly("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]"), ""},
		"a comb over 180":    {poly(comb180(200)), "areas too_many_rings"},
		"two faults": {`{"type":"MultiPolygon","coordinates":[[[[0,0],[4,4],[0,4],[4,0],[0,0]]],[[[0,0],[1,0],[1,1]]]]}`,
			"areas[0].coordinates[0][0] self_intersection; areas[0].coordinates[1][0][2] ring_not_closed"},
		"an array":  {`[]`, "unreadable"},
		"a text":    {`"Polygon"`, "unreadable"},
		"null":      {`null`, "areas[0].type bad_type"},
		"arc bombs": {`{"type":"Polygon","coordinates":{"a":1}}`, "areas[0].coordinates bad_coordinates"},
	}
}

// comb180 has n teeth over the date line.
func comb180(n int) string {
	var b strings.Builder
	b.WriteString("[[178,0]")
	for i := range n {
		y := float64(i) * 0.01
		fmt.Fprintf(&b, ",[-179,%f],[-179,%f],[179,%f],[179,%f]", y, y+0.004, y+0.004, y+0.01)
	}
	fmt.Fprintf(&b, ",[178,%f],[178,0]]", float64(n)*0.01)
	return b.String()
}

func TestGeometryBombs(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	for name, c := range bombs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var a Area
			if err := json.Unmarshal([]byte(`{"areas":[`+c[0]+`]}`), &a); err != nil {
				if c[1] != "unreadable" {
					t.Fatalf("unreadable: %v", err)
				}
				return
			}
			if got := codes(a.Validate(r)); got != c[1] {
				t.Fatalf("got %q, want %q", got, c[1])
			}
			if c[1] == "" {
				checkStored(t, a, r)
			}
		})
	}
}

// checkStored asserts what the rest of the program trusts in.
func checkStored(t testing.TB, a Area, r *Regions) {
	t.Helper()
	n := a.Normalize()
	if again := n.Normalize(); !reflect.DeepEqual(n, again) {
		t.Errorf("normalising twice changes it:\n%v\n%v", n, again)
	}
	if p := n.Validate(r); len(p) > 0 {
		t.Errorf("what is stored is refused: %s", codes(p))
	}
	data, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	var back Area
	if err := json.Unmarshal(data, &back); err != nil || len(back.Validate(r)) > 0 {
		t.Errorf("what is answered is refused: %v %s", err, codes(back.Validate(r)))
	}
	for _, g := range n.Areas {
		for _, polygon := range g.Coordinates {
			for i, ring := range polygon {
				if ring[0] != ring[len(ring)-1] || (ringArea(openRing(ring)) > 0) != (i == 0) {
					t.Errorf("ring %d is open or wound wrongly: %v", i, ring)
				}
				for _, p := range ring {
					if positionFault(p[0], p[1], 180) != "" {
						t.Errorf("position %v lies outside the world", p)
					}
				}
			}
		}
	}
}

func TestNormalizeShapes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text    string
		pieces  int
		in, out []Point
	}{
		//  170   180  -170
		//   ┌─────┼─────┐     becomes two, neither of which holds Greenwich
		//   └─────┼─────┘
		"over 180": {poly("[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]]"), 2,
			[]Point{At(175, 0), At(-175, 0), At(180, 5), At(-180, 5)}, []Point{At(0, 0), At(160, 0), At(-160, 0)}},
		//   ┌─────┼─────┐
		//   │ ┌───┼───┐ │     the hole is cut as well, and opens both pieces
		//   │ └───┼───┘ │
		//   └─────┼─────┘
		"hole over 180": {poly("[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]],[[175,-5],[-175,-5],[-175,5],[175,5],[175,-5]]"), 2,
			[]Point{At(172, 0), At(-172, 0), At(180, 8), At(178, -7)}, []Point{At(178, 0), At(-178, 0), At(180, 0)}},
		//   ┌──┐ ┌┼──┐        a U lying on its back: one piece west of the
		//   │  └─┘│  │        line, and two tips east of it
		"two tips over 180": {poly("[[170,0],[-170,0],[-170,2],[175,2],[175,8],[-170,8],[-170,10],[170,10],[170,0]]"), 3,
			[]Point{At(172, 5), At(-175, 1), At(-175, 9)}, []Point{At(-175, 5), At(178, 5)}},
		"touches 180 from the west": {poly("[[170,0],[180,5],[170,10],[170,0]]"), 1,
			[]Point{At(175, 5), At(180, 5), At(-180, 5)}, []Point{At(-179, 5), At(179, 9)}},
		"touches 180 from the east": {poly("[[-170,0],[-170,10],[-180,5],[-170,0]]"), 1,
			[]Point{At(-175, 5)}, []Point{At(179, 5)}},
		"wholly beyond 180": {poly("[[190,0],[200,0],[200,10],[190,10],[190,0]]"), 1,
			[]Point{At(-165, 5)}, []Point{At(165, 5), At(0, 5)}},
		// A ring once around the Earth: all that lies north of it.
		"around the north pole": {poly("[[0,70],[90,75],[180,70],[-90,75],[0,70]]"), 2,
			[]Point{At(0, 80), At(135, 89.9), At(-45, 90), At(180, 71)}, []Point{At(0, 69), At(90, 70), At(0, -80)}},
		"around the south pole": {poly("[[0,-70],[-120,-70],[120,-70],[0,-70]]"), 2,
			[]Point{At(77, -80), At(0, -90)}, []Point{At(77, -60), At(0, 80)}},
		"the seam of a cut island": {poly("[[179,0],[180,0],[-180,0],[-179,0],[-179,2],[-180,2],[180,2],[179,2],[179,0]]"), 2,
			[]Point{At(179.5, 1), At(-179.5, 1)}, []Point{At(0, 1), At(178, 1)}},
		"a band around the world": {poly("[[-180,40],[180,40],[180,50],[-180,50],[-180,40]]"), 1,
			[]Point{At(0, 45), At(-179, 45), At(180, 45)}, []Point{At(0, 39), At(0, 51)}},
		"the whole world": {poly("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]"), 1,
			[]Point{At(0, 0), At(180, 90), At(-180, -90)}, nil},
		"clockwise with a hole": {poly("[[0,0],[0,4],[4,4],[4,0],[0,0]],[[1,1],[3,1],[3,3],[1,3],[1,1]]"), 1,
			[]Point{At(0.5, 0.5), At(0, 0), At(1, 2), At(4, 2)}, []Point{At(2, 2), At(5, 2)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := areaOf(t, c.text)
			if p := a.Validate(nil); len(p) > 0 {
				t.Fatalf("refused: %s", codes(p))
			}
			checkStored(t, a, nil)
			if n := len(a.Normalize().Areas[0].Coordinates); n != c.pieces {
				t.Errorf("%d pieces, want %d: %v", n, c.pieces, a.Normalize())
			}
			s := MustBuiltin().Compile(a)
			for _, p := range c.in {
				if !s.Contains(p) || s.DistanceM(p) != 0 {
					t.Errorf("%v is not inside", p.Coordinates)
				}
			}
			for _, p := range c.out {
				if s.Contains(p) || s.DistanceM(p) <= 0 {
					t.Errorf("%v is inside", p.Coordinates)
				}
			}
		})
	}
}

func TestAreaValidate(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	for want, a := range map[string]Area{
		"empty":                           {},
		"regions[1] unknown_region":       {Regions: []string{"rs", "YU"}},
		"circles[0].radius_m bad_radius":  {Circles: []Circle{{Center: [2]float64{20, 44}}}},
		"circles[0].center outside_world": {Circles: []Circle{{Center: [2]float64{20, 144}, RadiusM: 5}}},
		"circles too_many_circles":        {Circles: make([]Circle, 65)},
		"circles[0].center not_a_number; circles[0].radius_m bad_radius": {Circles: []Circle{{Center: [2]float64{math.NaN(), 4}, RadiusM: math.NaN()}}},
		"": {Regions: []string{"RS", "XK", "RS-KM", "RS-25", "HR-16"}, Circles: []Circle{{Center: [2]float64{180, 0}, RadiusM: 10}}},
	} {
		if got := codes(a.Validate(r)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		for _, p := range a.Validate(r) {
			if p.Message == "" || p.Message == sentence("") {
				t.Errorf("%s has no sentence", p.Code)
			}
		}
	}
	n := Area{Regions: []string{" rs", "RS", "hr-16 "}}.Normalize()
	if fmt.Sprint(n.Regions) != "[RS HR-16]" {
		t.Errorf("codes are not normalised: %v", n.Regions)
	}
}

func BenchmarkValidate(b *testing.B) {
	r := MustBuiltin()
	var files [][]byte
	for _, c := range bombs() {
		files = append(files, []byte(`{"areas":[`+c[0]+`]}`))
	}
	var times []time.Duration
	for b.Loop() {
		for _, data := range files {
			start := time.Now()
			var a Area
			if json.Unmarshal(data, &a) == nil {
				a.Validate(r)
			}
			times = append(times, time.Since(start))
		}
	}
	p99(b, times)
}

// Compile may be asked about an area that nobody validated. It must come back.
func TestCompileOfNonsense(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	var spiral [][2]float64
	for i := range 30_000 {
		spiral = append(spiral, [2]float64{float64(i*170%360 - 180), float64(i%80) / 10})
	}
	for name, ring := range map[string][][2]float64{
		"far away":  {{1e300, 0}, {1e300, 1}, {-1e300, 5}, {1e300, 0}},
		"nowhere":   {{math.NaN(), 0}, {1, math.Inf(1)}, {5, 5}, {math.NaN(), 0}},
		"spiral":    append(spiral, spiral[0]),
		"too north": {{0, 100}, {1, 100}, {1, 120}, {0, 100}},
	} {
		s := r.Compile(Area{Areas: []Geometry{Polygon(ring)}, Circles: []Circle{{Center: [2]float64{1e9, math.NaN()}, RadiusM: -1}}})
		if !s.Empty() || s.Contains(At(0, 0)) || s.Meets(s, 10_000) || !math.IsInf(s.DistanceM(At(0, 0)), 1) || !s.Centroid().IsZero() {
			t.Errorf("%s: something is left of it", name)
		}
	}
}
