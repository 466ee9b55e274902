package geo

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPointValidate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		p    Point
		want string
	}{
		"belgrade":      {At(20.46, 44.81), ""},
		"null island":   {At(0, 0), ""},
		"date line":     {At(180, -17), ""},
		"pole":          {At(-180, 90), ""},
		"nothing":       {Point{}, "type"},
		"wrong type":    {Point{Type: "LineString"}, "type"},
		"too far east":  {At(180.1, 0), "between"},
		"too far north": {At(0, 90.01), "between"},
		"not a number":  {At(math.NaN(), 0), "not a number"},
		"infinite":      {At(0, math.Inf(-1)), "not a number"},
		"huge":          {At(1e308, 1e308), "between"},
	} {
		err := c.p.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestPointFromJSON(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		`{"type":"Point","coordinates":[20.46,44.81]}`:            true,
		`{"type":"Point","coordinates":[20.46,44.81,117]}`:        true, // an altitude is dropped
		`{"type":"Point","coordinates":[20.46]}`:                  false,
		`{"type":"Point","coordinates":[]}`:                       false,
		`{"type":"Point","coordinates":[null,44]}`:                false,
		`{"type":"Point","coordinates":[1,2,3,4]}`:                false,
		`{"type":"Point","coordinates":["20","44"]}`:              false,
		`{"type":"Point","coordinates":[1,2],"crs":"EPSG:31277"}`: false,
		`{"type":"Point"}`:                                        false,
		`[20,44]`:                                                 false,
	} {
		var p Point
		if err := json.Unmarshal([]byte(text), &p); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
	var none struct {
		P Point `json:"p,omitzero"`
	}
	if err := json.Unmarshal([]byte(`{"p":null}`), &none); err != nil || !none.P.IsZero() {
		t.Errorf("null: %v %v", none, err)
	}
	if out, _ := json.Marshal(none); string(out) != "{}" {
		t.Errorf("the zero point is written: %s", out)
	}
}

func TestSwappedCoordinates(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	swapped := At(44.81, 20.46) // Belgrade with latitude first: a desert in Saudi Arabia
	if err := r.CheckPoint(swapped); err != nil {
		t.Errorf("without a home nothing is known of it: %v", err)
	}
	if err := r.SetHome("RS"); err != nil {
		t.Fatal(err)
	}
	if err := r.CheckPoint(swapped); err == nil || !strings.Contains(err.Error(), "swapped") {
		t.Errorf("got %v", err)
	}
	for _, p := range []Point{At(20.46, 44.81), At(2.35, 48.85), At(-74, 40.7), At(46.7, 24.7)} {
		if err := r.CheckPoint(p); err != nil {
			t.Errorf("%v: %v", p.Coordinates, err)
		}
	}
	a := Area{Circles: []Circle{{Center: [2]float64{44.81, 20.46}, RadiusM: 1000}}}
	if got := codes(a.Validate(r)); got != "circles[0].center looks_swapped" {
		t.Errorf("circle: %s", got)
	}
	if err := r.SetHome("ZZ"); err == nil {
		t.Error("an unknown home is taken")
	}
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b Point
		km   float64
	}{
		{At(20.46, 44.81), At(19.84, 45.25), 69.0}, // Beograd to Novi Sad
		{At(179.9, 0), At(-179.9, 0), 22.2},
		{At(0, 89.9), At(180, 89.9), 22.2},
		{At(10, -90), At(-70, -90), 0},
		{At(0, 0), At(180, 0), 20015},
	} {
		if got := Distance(c.a, c.b) / 1000; math.Abs(got-c.km) > 0.2+c.km/1000 {
			t.Errorf("%v to %v: %.1f km, want %.1f", c.a.Coordinates, c.b.Coordinates, got, c.km)
		}
	}
}

func anyPoint(t *rapid.T, label string) Point {
	return At(rapid.Float64Range(-180, 180).Draw(t, label+"Lon"), rapid.Float64Range(-90, 90).Draw(t, label+"Lat"))
}

// The grown rectangle is what the indexes trust: nothing near may lie outside.
func TestGrowHoldsEverythingNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, q := anyPoint(t, "p"), anyPoint(t, "q")
		if rapid.Bool().Draw(t, "near") {
			q = At(wrapLon(p.Lon()+rapid.Float64Range(-3, 3).Draw(t, "dx")), math.Max(-90, math.Min(90, p.Lat()+rapid.Float64Range(-2, 2).Draw(t, "dy"))))
		}
		b := Box{West: p.Lon(), South: p.Lat(), East: p.Lon(), North: p.Lat()}
		m := Distance(p, q)
		if !b.Grow(m * 1.000001).Contains(q) {
			t.Fatalf("%v is %f m from %v and outside %v", q, m, p, b.Grow(m))
		}
	})
}

// The lower bound to a rectangle never exceeds the distance to a point in it.
func TestRectDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, a, b := anyPoint(t, "p"), anyPoint(t, "a"), anyPoint(t, "b")
		r := rect{min(a.Lon(), b.Lon()), min(a.Lat(), b.Lat()), max(a.Lon(), b.Lon()), max(a.Lat(), b.Lat())}
		in := At(r.w+(r.e-r.w)*rapid.Float64Range(0, 1).Draw(t, "u"), r.s+(r.n-r.s)*rapid.Float64Range(0, 1).Draw(t, "v"))
		if d := r.distanceM(p.Lon(), p.Lat()); d > Distance(p, in)+0.01 {
			t.Fatalf("%f m to the rectangle, %f to %v in it", d, Distance(p, in), in)
		}
	})
}

func TestBox(t *testing.T) {
	t.Parallel()
	fiji, err := ParseBox("177, -20, -178, -16")
	if err != nil || !fiji.Contains(At(179.9, -17)) || !fiji.Contains(At(-179, -17)) || fiji.Contains(At(0, -17)) {
		t.Errorf("across the date line: %v %v", fiji, err)
	}
	if c := fiji.Center(); math.Abs(c.Lon()-179.5) > 1e-9 {
		t.Errorf("centre %v", c)
	}
	for _, text := range []string{"", "1,2,3", "a,b,c,d", "0,10,1,5", "0,0,200,1", "NaN,0,1,1", "0,0,1,1,1"} {
		if _, err := ParseBox(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// Between points nearer than a distance can tell apart, the rectangle still
// holds both: rounding may make their distance nothing.
func TestGrowHoldsWhatRoundingHides(t *testing.T) {
	t.Parallel()
	for _, q := range []Point{At(7.283535870312702e-158, 1), At(0, 1), At(math.Nextafter(0, 1), math.Nextafter(1, 2))} {
		p := At(0, 1)
		if b := (Box{West: 0, South: 1, East: 0, North: 1}).Grow(Distance(p, q)); !b.Contains(q) {
			t.Errorf("%v is outside %v", q, b)
		}
	}
}
