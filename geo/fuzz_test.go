package geo

import (
	"encoding/json"
	"testing"
)

// FuzzArea: whatever comes in, nothing panics, and what is accepted can be
// stored, read back and asked.
func FuzzArea(f *testing.F) {
	for _, c := range bombs() {
		if len(c[0]) < 20_000 {
			f.Add([]byte(`{"areas":[` + c[0] + `]}`))
		}
	}
	f.Add([]byte(`{"regions":["RS","xk"],"circles":[{"center":[179.9,89],"radius_m":5000000}]}`))
	r := MustBuiltin()
	f.Fuzz(func(t *testing.T, data []byte) {
		var a Area
		if json.Unmarshal(data, &a) != nil {
			return
		}
		problems := a.Validate(r)
		s := r.Compile(a)
		s.Contains(At(180, 1))
		s.Meets(s, 10_000)
		if len(problems) == 0 {
			checkStored(t, a, r)
		}
	})
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"properties":{"code":"A-1","name":"Đ"},"geometry":` + poly("[[170,0],[190,0],[190,10],[170,0]]") + `}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"properties":{"code":"RS","parent":"RS"},"geometry":` + poly("[[0,70],[90,75],[180,70],[-90,75],[0,70]]") + `}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &Regions{entries: map[string]*entry{}, resolved: map[string]*territory{}}
		added, err := r.Import(data)
		if err != nil && len(added) > 0 {
			t.Fatal("an error and additions")
		}
		for _, g := range added {
			s := r.Compile(Area{Regions: []string{g.Code}})
			if s.Empty() {
				t.Fatalf("%s holds nothing", g.Code)
			}
			r.At(s.Centroid())
			r.Find(g.Names.En)
		}
	})
}

func FuzzPoint(f *testing.F) {
	f.Add([]byte(`{"type":"Point","coordinates":[20.46,44.81]}`))
	f.Add([]byte(`{"type":"Point","coordinates":[null,1e400]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p Point
		if json.Unmarshal(data, &p) != nil || p.Validate() != nil {
			return
		}
		var back Point
		out, err := json.Marshal(p)
		if err != nil || json.Unmarshal(out, &back) != nil || back != p {
			t.Fatalf("%s came back as %v", data, back)
		}
	})
}

// TestAroundAPole holds rings that enclose a pole and begin anywhere: the way
// along the pole is longer than half the Earth on one side of the 180th
// meridian or the other.
func TestAroundAPole(t *testing.T) {
	t.Parallel()
	r := MustBuiltin()
	for _, in := range []string{
		"[[10,0],[160,0],[-50,10],[10,0]]",
		"[[-170,10],[-50,0],[100,5],[-170,10]]",
		"[[175,-10],[50,-20],[-60,-5],[175,-10]]",
		"[[0,70],[90,75],[180,70],[-90,75],[0,70]]",
	} {
		var a Area
		if err := json.Unmarshal([]byte(`{"areas":[`+poly(in)+`]}`), &a); err != nil {
			t.Fatal(err)
		}
		if p := a.Validate(r); len(p) > 0 {
			t.Errorf("%s is refused: %v", in, p)
			continue
		}
		checkStored(t, a, r)
	}
}
