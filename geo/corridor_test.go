package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestCorridorHoldsEverythingWithinItsWidth draws corridors anywhere below the
// polar limit: every point within the width of the line is in, every point
// clearly beyond it is out.
func TestCorridorHoldsEverythingWithinItsWidth(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	regions := MustBuiltin()
	tried := 0
	for tried < 150 {
		c := randomCorridor(random)
		if c.Validate() != nil {
			continue
		}
		tried++
		a := c.Area()
		if p := a.Validate(nil); p != nil {
			t.Fatalf("%+v: the outline has %v", c, p)
		}
		shape := regions.Compile(a)
		line := pointsAlong(c)
		for range 60 {
			p := line[random.IntN(len(line))]
			bearing, width := random.Float64()*360, c.WidthKM*1000
			if in := Destination(p, bearing, width*random.Float64()); !shape.Contains(in) {
				t.Fatalf("%+v: %v is within the width of %v and not in the area", c, in, p)
			}
			out := Destination(p, bearing, width*(1.03+3*random.Float64())+500)
			if away(line, out) > width*1.03+500 && shape.Contains(out) {
				t.Fatalf("%+v: %v is %.0f m away and in the area", c, out, away(line, out))
			}
		}
	}
}

func randomCorridor(random *rand.Rand) Corridor {
	at := At(random.Float64()*360-180, random.Float64()*150-75)
	if random.IntN(4) == 0 {
		at = At(179.9, random.Float64()*100-50) // across the 180th meridian
	}
	c := Corridor{WidthKM: 0.5 + random.Float64()*60}
	for range 2 + random.IntN(4) {
		c.Line = append(c.Line, at.Coordinates)
		at = Destination(at, random.Float64()*360, 1000+random.Float64()*600_000)
	}
	return c
}

// pointsAlong are points of the line, close together.
func pointsAlong(c Corridor) []Point {
	var out []Point
	for i := 1; i < len(c.Line); i++ {
		a, b := At(c.Line[i-1][0], c.Line[i-1][1]), At(c.Line[i][0], c.Line[i][1])
		d := Distance(a, b)
		for m := 0.0; m < d; m += 300 {
			out = append(out, Destination(a, Bearing(a, b), m))
		}
		out = append(out, b)
	}
	return out
}

func away(line []Point, p Point) float64 {
	best := math.Inf(1)
	for _, q := range line {
		best = math.Min(best, Distance(p, q))
	}
	return best
}

func TestCorridorsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		c    Corridor
		want string
	}{
		"nothing":             {Corridor{}, "width_km bad_width; line too_few_places"},
		"no length":           {Corridor{Line: [][2]float64{{20, 44}, {20, 44}}, WidthKM: 5}, "line no_length"},
		"too long":            {Corridor{Line: [][2]float64{{-60, 0}, {20, 0}}, WidthKM: 5}, "line line_too_long"},
		"over the pole":       {Corridor{Line: [][2]float64{{0, 70}, {180, 70}}, WidthKM: 5}, "line near_pole"},
		"no place":            {Corridor{Line: [][2]float64{{20, 44}, {200, 95}}, WidthKM: 5}, "line[1] outside_world"},
		"not a number":        {Corridor{Line: [][2]float64{{20, 44}, {21, 44}}, WidthKM: math.NaN()}, "width_km bad_width"},
		"too wide":            {Corridor{Line: [][2]float64{{20, 44}, {21, 44}}, WidthKM: 201}, "width_km bad_width"},
		"good, a place twice": {Corridor{Line: [][2]float64{{20, 44}, {20, 44}, {21, 44}}, WidthKM: 5}, ""},
	} {
		if got := codes(one.c.Validate()); got != one.want {
			t.Errorf("%s: %s, want %s", name, got, one.want)
		}
	}
	many := Corridor{WidthKM: 5}
	for i := range maxLinePoints + 1 {
		many.Line = append(many.Line, [2]float64{20 + float64(i)/10, 44})
	}
	if got := codes(many.Validate()); got != "line too_many_points" {
		t.Errorf("too many places: %s", got)
	}
}

// TestTheLongestCorridorIsWithinTheLimits looks at how many corners it has.
func TestTheLongestCorridorIsWithinTheLimits(t *testing.T) {
	t.Parallel()
	c := Corridor{WidthKM: 1}
	for i := range maxLinePoints {
		c.Line = append(c.Line, [2]float64{-30 + float64(i)*2.7, 40 + float64(i%2)})
	}
	if p := c.Validate(); p != nil {
		t.Fatal(p)
	}
	if p := c.Area().Validate(nil); p != nil {
		t.Errorf("%.0f km: %v", c.LengthM()/1000, p)
	}
}
