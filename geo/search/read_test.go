package search

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"homeward/geo"
)

const header = "name,kind,town,lat,lon,other_names\n"

func TestReadCSV(t *testing.T) {
	t.Parallel()
	places, unnamed, err := Reader{}.Read([]byte("\ufeff" + header +
		"Цара Душана,street,Niš,43.32,21.90,Cara Dušana; Stara pijaca;\n" +
		"\"Ljermontova, gornja\", Street , Beograd ,44.80,20.48,\n" +
		"  Škola  kod mosta ,school,Čačak,43.89,20.35,\n"))
	want := []OwnPlace{
		{Name: "Цара Душана", Kind: "street", Town: "Niš", Others: []string{"Stara pijaca"}, Point: geo.At(21.90, 43.32)},
		{Name: "Ljermontova, gornja", Kind: "street", Town: "Beograd", Point: geo.At(20.48, 44.80)},
		{Name: "Škola kod mosta", Kind: "school", Town: "Čačak", Point: geo.At(20.35, 43.89)},
	}
	if err != nil || unnamed != 0 || !reflect.DeepEqual(places, want) {
		t.Errorf("%+v, %d, %v", places, unnamed, err)
	}
	places, _, err = Reader{Town: "Bor"}.Read([]byte("kind,lon,name,lat,note\nsquare,22.1,Trg,44.07,x\n"))
	if err != nil || len(places) != 1 || places[0].Town != "Bor" || places[0].Point != geo.At(22.1, 44.07) {
		t.Errorf("columns in another order and a town for all: %+v, %v", places, err)
	}
}

func TestReadTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	swapped := func(p geo.Point) error {
		if err := p.Validate(); err != nil {
			return err
		}
		if p.Lat() < 30 {
			return fmt.Errorf("%w: latitude and longitude look exchanged", geo.ErrPoint)
		}
		return nil
	}
	_, _, err := Reader{Check: swapped}.Read([]byte(header +
		"Good,street,Niš,43.32,21.90,\n" +
		"Turned,street,Niš,21.90,43.32,\n" +
		"Road,motorway,Niš,43.32,21.90,\n" +
		",street,,43.32,21.90,\n" +
		"Short,street,Niš\n" +
		"Comma,street,Niš,\"43,32\",21.90,\n" +
		"Bell\a,street,Niš,43.32,21.90,\n" +
		"Turn\u202ed,street,Niš,43.32,21.90,\n" +
		"…,street,Niš,43.32,21.90,\n" +
		strings.Repeat("ж", 121) + ",street,Niš,43.32,21.90,\n" +
		"Nowhere,street,Niš,NaN,21.90,\n" +
		"Far,street,Niš,91,21.90,\n" +
		"Bad\xff,street,Niš,43.32,21.90,\n" +
		"Many,street,Niš,43.32,21.90,a;b;c;d;e;f;g;h;i\n"))
	var faults *Faults
	if !errors.As(err, &faults) || !errors.Is(err, ErrFile) || faults.Count() != 14 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{
		"line 3: latitude and longitude look exchanged", "line 4: kind must be one of street,", "line 5: name is empty", "line 5: town is empty",
		"line 6: it has 3 columns instead of 6", "line 7: lat and lon must be numbers", "line 8: name has a control character", "line 9: name has a control character",
		"line 10: name has no letter", "line 11: name is longer than 120", "line 12: ", "line 13: ", "line 14: name is not UTF-8", "line 15: it has more than 8 other names",
	} {
		if !strings.Contains(err.Error(), "\n"+want) {
			t.Errorf("%q is not told in\n%v", want, err)
		}
	}
	_, _, err = Reader{}.Read([]byte(header + strings.Repeat("X,hut,Niš,43,21,\n", 27)))
	if lines := strings.Split(err.Error(), "\n"); len(lines) != 22 || lines[21] != "and 7 more." {
		t.Errorf("%d lines: %s", len(lines), lines[len(lines)-1])
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"nothing":               {"", "no header"},
		"only a header":         {header, "names no place"},
		"a missing column":      {"name,kind,lat,lon\nA,street,43,21\n", "town is missing"},
		"an open quote":         {header + "A,street,Niš,43,21,\n\"B,street\n", "what follows was not read"},
		"no features":           {`{"type":"FeatureCollection"}`, "a FeatureCollection"},
		"features that are not": {`{"features":3}`, "not a list"},
		"a cut file":            {`{"features":[{"properties":{"name":"A","town":"B"},"geometry":{"type":"Point","coordinates":[21,43]}}]`, "ends too early"},
		"an area":               {`{"features":[{"properties":{"name":"A","town":"B"},"geometry":{"type":"Polygon","coordinates":[]}}]}`, "feature 1: the geometry must be"},
		"half a position":       {`{"features":[{"properties":{"name":"A","town":"B"},"geometry":{"type":"Point","coordinates":[21]}}]}`, "feature 1: a position must be"},
		"no town":               {`{"features":[{"properties":{"name":"A"},"geometry":{"type":"Point","coordinates":[21,43]}}]}`, "feature 1: town is empty"},
		"zero and zero":         {header + "A,street,Niš,0,0,\n", "both 0"},
		"only unnamed":          {`{"features":[{"properties":{},"geometry":{"type":"Point","coordinates":[21,43]}}]}`, "names no place"},
	} {
		if places, _, err := (Reader{}).Read([]byte(c[0])); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), c[1]) || places != nil {
			t.Errorf("%s: %v, %v", name, places, err)
		}
	}
	var many strings.Builder
	many.WriteString(header)
	for i := range MaxPlaces + 1 {
		fmt.Fprintf(&many, "S%d,street,Niš,43,21,\n", i)
	}
	if _, _, err := (Reader{}).Read([]byte(many.String())); !errors.Is(err, ErrFile) || !strings.Contains(err.Error(), "import it in parts") {
		t.Errorf("too many places: %v", err)
	}
	if _, _, err := (Reader{}).Read(make([]byte, MaxFile+1)); !errors.Is(err, ErrFile) {
		t.Errorf("too many bytes: %v", err)
	}
}

func TestReadGeoJSON(t *testing.T) {
	t.Parallel()
	feature := func(properties, kind string, coordinates any) string {
		c, err := json.Marshal(coordinates)
		if err != nil {
			t.Fatal(err)
		}
		return `{"type":"Feature","properties":` + properties + `,"geometry":{"type":"` + kind + `","coordinates":` + string(c) + `}}`
	}
	type line = [][]float64
	file := `{"name":"streets","features":[` + strings.Join([]string{
		feature(`{"highway":"residential","name":"Вирска","name:sr-Latn":"Virska","addr:city":"Bor","alt_name":"Stara;Gornja","lanes":2}`, "LineString", line{{22.00, 44.00}, {22.01, 44.00}}),
		feature(`{"highway":"residential","name":"Virska","addr:city":"Бор"}`, "LineString", line{{22.01, 44.00}, {22.04, 44.00, 300}}),
		feature(`{"highway":"residential","name":"Virska","addr:city":"Niš"}`, "MultiLineString", []line{{{21.90, 43.32}, {21.90, 43.33}}}),
		feature(`{"highway":"service"}`, "LineString", line{{22.00, 44.00}, {22.01, 44.00}}),
		feature(`{"amenity":"school","name":"Prva","town":"Bor"}`, "Point", []float64{22.09, 44.08}),
		feature(`{"place":"square","name":"Trg","town":"Bor"}`, "Point", []float64{22.10, 44.08}),
		feature(`{"railway":"halt","name":"Stajalište","town":"Bor"}`, "Point", []float64{22.11, 44.08}),
	}, ",") + `],"type":"FeatureCollection"}`
	places, unnamed, err := Reader{}.Read([]byte(file))
	if err != nil || unnamed != 1 || len(places) != 5 {
		t.Fatalf("%+v, %d unnamed, %v", places, unnamed, err)
	}
	var kinds []string
	for _, p := range places {
		kinds = append(kinds, p.Kind)
	}
	if !slices.Equal(kinds, []string{"street", "street", "school", "square", "station"}) {
		t.Errorf("kinds: %v", kinds)
	}
	if p := places[0]; p.Name != "Вирска" || !slices.Equal(p.Others, []string{"Stara", "Gornja"}) {
		t.Errorf("names: %+v", p)
	}
}

// The pieces of a street are one place in its middle, whichever alphabet the
// town is written in.
func TestPiecesOfAStreetAreOnePlace(t *testing.T) {
	t.Parallel()
	part := func(name, town string, line ...geo.Point) piece {
		return piece{OwnPlace{Name: name, Kind: KindStreet, Town: town}, [][]geo.Point{line}}
	}
	got := joined([]piece{
		part("Virska", "Bor", geo.At(22.00, 44), geo.At(22.01, 44)),
		part("Virska", "Bor", geo.At(22.01, 44), geo.At(22.04, 44)),
		part("Lučna", "Bor", geo.At(22, 44), geo.At(22, 44.02), geo.At(22.02, 44.02)),
		part("Virska", "Niš", geo.At(21.9, 43.3)),
	})
	if len(got) != 3 {
		t.Fatalf("%+v", got)
	}
	if p := got[0].Point; math.Abs(p.Lon()-22.02) > 1e-9 || p.Lat() != 44 {
		t.Errorf("the middle of a straight street is %v", p.Coordinates)
	}
	if p := got[1].Point; p.Lon() != 22 && math.Abs(p.Lat()-44.02) > 1e-9 {
		t.Errorf("the middle of a bent street is off it: %v", p.Coordinates)
	}
	schools := joined([]piece{
		{OwnPlace{Name: "Vuk", Kind: KindSchool, Town: "Bor"}, [][]geo.Point{{geo.At(22, 44)}}},
		{OwnPlace{Name: "Vuk", Kind: KindSchool, Town: "Bor"}, [][]geo.Point{{geo.At(22.1, 44)}}},
		{OwnPlace{Name: "Vuk", Kind: KindSchool, Town: "Bor"}, [][]geo.Point{{geo.At(22, 44)}}},
	})
	if len(schools) != 2 {
		t.Errorf("two schools of one name, one of them written twice, are %d", len(schools))
	}
}

// FuzzReadOwn: whatever comes in, nothing panics, and what is accepted can be
// written, read back and found.
func FuzzReadOwn(f *testing.F) {
	f.Add([]byte(header + "Цара Душана,street,Niš,43.32,21.90,Cara Dušana;x\n"))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"properties":{"name":"Đ","town":"B"},"geometry":{"type":"LineString","coordinates":[[170,0],[-170,1]]}}]}`))
	f.Add([]byte("\ufeffname,kind,town,lat,lon\n\"a\nb\",other,1,1e1,-0\n"))
	g := Over(nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		places, _, err := Reader{}.Read(data)
		if err != nil {
			if !errors.Is(err, ErrFile) || places != nil {
				t.Fatalf("%v with %d places", err, len(places))
			}
			return
		}
		var b bytes.Buffer
		if err := WriteCSV(&b, places); err != nil {
			t.Fatal(err)
		}
		again, _, err := Reader{Check: func(geo.Point) error { return nil }}.Read(b.Bytes())
		if err != nil && !strings.Contains(err.Error(), "both 0") {
			t.Fatalf("what was accepted is refused: %v\n%s", err, b.Bytes())
		}
		own := &Own{}
		own.Set(g, []List{{Name: "a", Places: again}})
		for _, p := range again[:min(3, len(again))] {
			g.Answers(own, p.Name+", "+p.Town, "sr-Cyrl", p.Point, 3)
		}
	})
}
