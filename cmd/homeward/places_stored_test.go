package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/geo"
	"homeward/geo/search"
	"homeward/store"
)

const placesHeader = "name,kind,town,lat,lon,other_names\n"

// placeNodes are two nodes that search over one store, on each kind of store.
func placeNodes(t *testing.T, test func(t *testing.T, a, b *placeLists)) {
	regions := geo.MustBuiltin()
	if err := regions.SetHome("RS"); err != nil {
		t.Fatal(err)
	}
	towns := search.Over([]geo.Place{{ID: 1, Name: "Niš", NameLatn: "Niš", Country: "RS", Point: geo.At(21.9, 43.32)}})
	node := func(t *testing.T, s store.Store) *placeLists {
		p := newPlaceLists(s, regions, time.Now)
		if err := p.searchOver(t.Context(), towns); err != nil {
			t.Fatal(err)
		}
		return p
	}
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		s, err := store.OpenBolt(filepath.Join(t.TempDir(), "data"), store.BoltOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		test(t, node(t, s), node(t, s))
	})
	t.Run("MongoDB", func(t *testing.T) {
		t.Parallel()
		address := mongoForTest(t)
		if address == "" {
			return
		}
		var nodes [2]*placeLists
		for i := range nodes {
			s, err := store.OpenMongo(t.Context(), address, store.MongoOptions{Collections: collections()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			nodes[i] = node(t, s)
		}
		test(t, nodes[0], nodes[1])
	})
}

func TestListsOfPlacesAreKeptAndShared(t *testing.T) {
	t.Parallel()
	placeNodes(t, func(t *testing.T, a, b *placeLists) {
		add := func(name, credit, rows string) {
			t.Helper()
			if _, err := a.add(t.Context(), placeFile{name: name, credit: credit, content: []byte(placesHeader + rows)}); err != nil {
				t.Fatal(err)
			}
		}
		finds := func(p *placeLists, text, want string) {
			t.Helper()
			got, _ := p.over.Answers(p.own, text, "sr-Latn", geo.Point{}, 1)
			if said := fmt.Sprintf("%+v", got); want == "" && len(got) > 0 || !strings.Contains(said, want) {
				t.Errorf("%s: %s, want %q", text, said, want)
			}
		}
		refresh := func() {
			t.Helper()
			if err := b.refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		add("nis", "© A", "Papirnih zmajeva,street,Niš,43.3211,21.8984,Stara zmajska\n")
		finds(a, "stara zmajska", "© A")
		finds(b, "stara zmajska", "")
		refresh()
		finds(b, "папирних змајева ниш", "Credit:© A")

		add("bor", "", "Borska,street,Bor,44.07,22.10,\n")
		add("nis", "© B", "Kišobrana,street,Niš,43.3211,21.8984,\n") // in the place of the first
		refresh()
		finds(b, "papirnih zmajeva", "")
		finds(b, "kisobrana", "© B")
		finds(b, "borska", "Bor")
		lists, err := b.all(t.Context())
		if err != nil || len(lists) != 2 || lists[1].Name != "nis" || lists[1].Places != 1 || lists[1].Credit != "© B" {
			t.Errorf("%+v, %v", lists, err)
		}
		rows := 0
		if err := b.store.EachSide(t.Context(), sidePlaceRows, func(string, []byte) error { rows++; return nil }); err != nil || rows != 2 {
			t.Errorf("%d records of places are kept for two lists, %v", rows, err)
		}
		if err := b.drop(t.Context(), "nis"); err != nil {
			t.Fatal(err)
		}
		finds(b, "kisobrana", "")
		if err := a.refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		finds(a, "kisobrana", "")
		finds(a, "borska", "Bor")
		if err := a.drop(t.Context(), "nis"); err == nil || !strings.Contains(err.Error(), `no list "nis"`) {
			t.Errorf("a list that is not there: %v", err)
		}
	})
}

// A file that is refused leaves what was there.
func TestARefusedFileChangesNothing(t *testing.T) {
	t.Parallel()
	placeNodes(t, func(t *testing.T, a, _ *placeLists) {
		good := []byte(placesHeader + "Borska,street,Bor,44.07,22.10,\n")
		if _, err := a.add(t.Context(), placeFile{name: "bor", content: good}); err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]placeFile{
			"exchanged":      {name: "bor", content: []byte(placesHeader + "Nova,street,Bor,22.10,44.07,\n")},
			"a wrong name":   {name: "../bor", content: good},
			"no name":        {content: good},
			"a wrong credit": {name: "bor", credit: "a\nb", content: good},
			"a long credit":  {name: "bor", credit: strings.Repeat("x", mostCredit+1), content: good},
		} {
			if _, err := a.add(t.Context(), f); err == nil {
				t.Errorf("%s is taken", name)
			}
		}
		_, err := a.add(t.Context(), placeFile{name: "bor", content: []byte(placesHeader + "Nova,street,Bor,22.10,44.07,\nStara,street,Bor,44,22,\nSama,barn,Bor,44,22,\n")})
		if !errors.Is(err, search.ErrFile) || !strings.Contains(err.Error(), "line 2: ") || !strings.Contains(err.Error(), "line 4: kind") {
			t.Errorf("%v", err)
		}
		if lists, err := a.all(t.Context()); err != nil || len(lists) != 1 || lists[0].Places != 1 || a.own.Len() != 1 {
			t.Errorf("%+v, %v, %d in use", lists, err, a.own.Len())
		}
	})
}

// All lists together are bounded: each node keeps them in memory.
func TestListsOfPlacesAreBounded(t *testing.T) {
	t.Parallel()
	m := store.NewMemory()
	p := newPlaceLists(m, geo.MustBuiltin(), time.Now)
	for _, l := range []placeList{{Name: "a", Rows: "a.1", Places: mostPlaces - 2}, {Name: "b", Rows: "b.1", Places: 2}} {
		if err := p.put(t.Context(), l, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	file := func(name string) placeFile {
		return placeFile{name: name, content: []byte(placesHeader + "A,street,Bor,44,22,\nB,street,Bor,44,22,\n")}
	}
	if _, err := p.add(t.Context(), file("c")); err == nil || !strings.Contains(err.Error(), "drop one first") {
		t.Errorf("a list too many: %v", err)
	}
	if _, err := p.add(t.Context(), file("b")); err != nil {
		t.Errorf("a list in the place of one as long: %v", err)
	}
}

func TestNameOfAList(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{"Niš streets.geojson": "nis-streets", "bor.csv": "bor", "Улице.csv": "ulice", "….csv": ""} {
		if got := listNameOf(file); got != want {
			t.Errorf("%s: %q", file, got)
		}
	}
}
