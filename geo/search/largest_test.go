package search

import (
	"testing"

	"homeward/geo"
)

func TestLargestIsTheTownThatPeopleKnow(t *testing.T) {
	t.Parallel()
	at := func(lon, lat float64, name string, people int) geo.Place {
		return geo.Place{Name: name, NameLatn: name, Country: "RS", Population: people, Point: geo.At(lon, lat)}
	}
	g := Over([]geo.Place{at(20.46, 44.81, "Beograd", 1_200_000), at(20.50, 44.82, "Palilula", 170_000), at(21.9, 43.32, "Niš", 180_000)})
	for _, c := range []struct {
		name   string
		at     geo.Point
		metres float64
		want   string
	}{
		{"the largest of two", geo.At(20.51, 44.82), 12_000, "Beograd"},
		{"only one in reach", geo.At(20.51, 44.82), 1_500, "Palilula"},
		{"none in reach", geo.At(10, 10), 50_000, ""},
	} {
		p, ok := g.Largest(c.at, c.metres)
		if p.Name != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %t", c.name, p.Name, ok)
		}
	}
}
