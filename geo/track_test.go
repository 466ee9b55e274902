package geo

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func squareShape(lon, lat, side float64) (Geometry, Shape) {
	g := Polygon([][2]float64{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}})
	return g, newShape(nil, Area{Areas: []Geometry{g}}.drawnParts())
}

func TestGround(t *testing.T) {
	t.Parallel()
	g, _ := squareShape(20, 45, 0.01)
	want := 0.01 * metresPerDeg * 0.01 * metresPerDeg * math.Cos(45.005*radiansPerDeg)
	if got := g.GroundM2(); math.Abs(got-want) > want/1e5 {
		t.Errorf("%v m², want %v", got, want)
	}
	whole := Polygon([][2]float64{{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}})
	if got, want := whole.GroundM2(), 4*math.Pi*earthRadiusM*earthRadiusM; math.Abs(got-want) > want/100*35 {
		t.Errorf("the Earth has %v m²", got)
	}
	holed := Polygon(g.Coordinates[0][0], [][2]float64{{20.002, 45.002}, {20.002, 45.007}, {20.007, 45.007}, {20.007, 45.002}, {20.002, 45.002}})
	if got := holed.GroundM2() / g.GroundM2(); math.Abs(got-0.75) > 1e-3 {
		t.Errorf("with a hole of a quarter %v is left", got)
	}
}

// TestInsideAgainstSmallSteps compares the length inside with what walking the
// same way in very small steps gives.
func TestInsideAgainstSmallSteps(t *testing.T) {
	t.Parallel()
	g := Polygon([][2]float64{{20, 45}, {20.01, 45}, {20.01, 45.01}, {20.006, 45.003}, {20.003, 45.01}, {20, 45.01}, {20, 45}},
		[][2]float64{{20.001, 45.001}, {20.001, 45.002}, {20.003, 45.002}, {20.003, 45.001}, {20.001, 45.001}})
	shape := newShape(nil, Area{Areas: []Geometry{g}}.drawnParts())
	rapid.Check(t, func(t *rapid.T) {
		run := []Point{At(20.005, 45.005)}
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			last := run[len(run)-1]
			step := func(name string) float64 {
				return rapid.Float64Range(-0.003, 0.003).Draw(t, fmt.Sprint(name, i))
			}
			run = append(run, At(last.Lon()+step("x"), last.Lat()+step("y")))
		}
		track := Track{Runs: [][]Point{run}}
		got, want, length := track.InsideM(shape), 0.0, 0.0
		const pieces = 400
		for i := 0; i+1 < len(run); i++ {
			d := Distance(run[i], run[i+1])
			if d > TrackGapM {
				continue
			}
			length += d
			for k := range pieces {
				if shape.Contains(alongStep(run[i], run[i+1], (float64(k)+.5)/pieces)) {
					want += d / pieces
				}
			}
		}
		if math.Abs(got-want) > 2+length/100 || got > length+1e-6 || math.Abs(track.LengthM()-length) > 1e-6 {
			t.Fatalf("inside %v, small steps %v, of %v", got, want, length)
		}
	})
}

func TestGapsAreNotWalked(t *testing.T) {
	t.Parallel()
	_, shape := squareShape(20, 45, 1)
	far := Track{Runs: [][]Point{{At(20.1, 45.1), At(20.2, 45.1)}, {At(20.1, 45.1)}, nil}}
	if far.LengthM() != 0 || far.InsideM(shape) != 0 {
		t.Errorf("a jump of eight kilometres counts as %v", far.LengthM())
	}
	long := Track{Runs: [][]Point{make([]Point, 1001), make([]Point, 3)}}
	if thin := long.Thin(100); thin.Points() > 105 || len(thin.Runs) != 2 || long.Points() != 1004 {
		t.Errorf("%d points are left", thin.Points())
	}
}

func TestGrid(t *testing.T) {
	t.Parallel()
	regions := MustBuiltin()
	for _, side := range []float64{200, 400, 1000} {
		over := regions.Compile(Area{Circles: []Circle{{Center: [2]float64{20.46, 44.81}, RadiusM: 1000}}})
		cells, wanted := Grid(over, side)
		if len(cells) != wanted || len(cells) == 0 {
			t.Fatalf("side %v: %d of %d", side, len(cells), wanted)
		}
		var all []Geometry
		for _, c := range cells {
			if m2 := c.Area.GroundM2(); math.Abs(m2-side*side) > side*side/50 {
				t.Errorf("a cell of %v m has %v m²", side, m2)
			}
			if problems := (Area{Areas: []Geometry{c.Area}}).Validate(regions); len(problems) > 0 {
				t.Error(problems)
			}
			all = append(all, c.Area)
		}
		covered := regions.Compile(Area{Areas: all})
		for i := range 400 {
			turn, r := float64(i)*2.399963, 990*math.Sqrt(float64(i)/400)
			p := At(20.46+r*math.Cos(turn)/(metresPerDeg*math.Cos(44.81*radiansPerDeg)), 44.81+r*math.Sin(turn)/metresPerDeg)
			if over.Contains(p) && covered.DistanceM(p) > side*0.05 {
				t.Errorf("side %v: %v is in no cell", side, p)
			}
		}
	}
	_, big := squareShape(19, 44, 2)
	for _, side := range []float64{0, math.NaN(), 1e9, 100, 2000} {
		if cells, _ := Grid(big, side); cells != nil {
			t.Errorf("side %v: %d cells", side, len(cells))
		}
	}
}

const gpx = `<?xml version="1.0"?><gpx version="1.1" creator="a watch" xmlns="http://www.topografix.com/GPX/1/1"><metadata><name>x</name></metadata><wpt lat="1" lon="2"/>
<trk><name>team</name><trkseg><trkpt lat="45.0" lon="20.0"><ele>80</ele><time>2031-03-05T10:00:00Z</time></trkpt><trkpt lat="45.001" lon="20.0"><time>2031-03-05T10:05:00+01:00</time></trkpt></trkseg>
<trkseg><trkpt lat="45.002" lon="20.0"/><trkpt lat="45.003" lon="20.0"><time>soon</time></trkpt></trkseg></trk></gpx>`

func TestReadGPX(t *testing.T) {
	t.Parallel()
	got, err := ReadGPX([]byte(gpx))
	if err != nil || len(got.Runs) != 2 || got.Points() != 4 || math.Abs(got.LengthM()-0.002*metresPerDeg) > 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got.From.Format("15:04") != "09:05" || got.To.Format("15:04") != "10:00" {
		t.Errorf("from %v to %v", got.From, got.To)
	}
	for code, data := range map[string]string{
		"not_gpx": "", "no_track": `<gpx><trk><trkseg><trkpt lat="1" lon="1"/></trkseg></trk></gpx>`,
		"doctype":         `<!DOCTYPE gpx [<!ENTITY a "b">]>` + gpx[21:],
		"bad_position":    `<gpx><trk><trkseg><trkpt lat="91" lon="1"/></trkseg></trk></gpx>`,
		"too_deep":        `<gpx>` + strings.Repeat("<a>", 40),
		"too_many_points": `<gpx><trk><trkseg>` + strings.Repeat(`<trkpt lat="1" lon="1"/>`, MaxGPXPoints+1) + `</trkseg></trk></gpx>`,
		"too_large":       gpx + strings.Repeat(" ", MaxGPXBytes),
	} {
		_, err := ReadGPX([]byte(data))
		var f *GPXFault
		if !errors.As(err, &f) || f.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, data := range []string{"{}", "<kml/>", gpx[:len(gpx)-9], `<gpx><trk><trkseg><trkpt lat="x" lon="1"/></trkseg></trk></gpx>`, `<gpx><trk><trkseg><trkpt lat="NaN" lon="1"/></trkseg></trk></gpx>`} {
		if _, err := ReadGPX([]byte(data)); err == nil {
			t.Errorf("%.60s is taken", data)
		}
	}
}

func FuzzReadGPX(f *testing.F) {
	f.Add([]byte(gpx))
	f.Add([]byte(`<gpx><trk><trkseg/></trk></gpx>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadGPX(data)
		if err == nil && (got.Points() < 2 || got.LengthM() < 0) {
			t.Errorf("%+v", got)
		}
	})
}

func TestCellsAndTracksAreDrawn(t *testing.T) {
	t.Parallel()
	b, err := NewBasemap(MustBuiltin())
	if err != nil {
		t.Fatal(err)
	}
	_, shape := squareShape(20, 45, 0.01)
	svg := string(b.SVG(shape.Bounds().Grow(500), 400, 300, Drawing{Title: "x", Cells: []Cell{{Area: shape, Label: "A<1", Class: "next", Level: 9}},
		Tracks: []Track{{Runs: [][]Point{{At(20, 45), At(20.01, 45.01)}}}}}))
	// The square is 1112 m high and 786 m wide; the frame shows 2112 m in 282 pixels.
	if !strings.Contains(svg, ">500 m<") {
		t.Error("the ruler is not 500 m long")
	}
	for _, want := range []string{`class="cell next"`, `fill-opacity="0.62"`, "A&lt;1", `class="track"`, "M"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
}
