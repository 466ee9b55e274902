package demo

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/geo"
	"homeward/geo/script"
)

//go:embed *.csv
var files embed.FS

// read returns the lines of one of the embedded tables without its head.
func read(name string) ([][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.Comment, r.LazyQuotes = '|', '#', true
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return rows, nil
}

// span reads a time span such as 45m, 5h, -3d or 48y; "" is none.
func span(s string) (time.Duration, error) {
	units := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "y": 8766 * time.Hour}
	if s == "" || s == "-" {
		return 0, nil
	}
	n, err := strconv.Atoi(s[:len(s)-1])
	unit, ok := units[s[len(s)-1:]]
	if err != nil || !ok {
		return 0, fmt.Errorf("%q is no time span", s)
	}
	return time.Duration(n) * unit, nil
}

// list splits a list at a separator; "" has nothing in it.
func list(s, separator string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, separator)
}

// towns finds places of the gazetteer by what the tables write: "Niš RS".
type towns struct {
	named map[string]geo.Place
	// large are towns of Serbia, in the gazetteer's order.
	large []geo.Place
}

func loadTowns() (towns, error) {
	places, err := geo.Places()
	if err != nil {
		return towns{}, fmt.Errorf("read the gazetteer: %w", err)
	}
	t := towns{named: make(map[string]geo.Place, len(places))}
	for _, p := range places {
		for _, name := range []string{p.Name, p.NameLatn} {
			key := townKey(name + " " + p.Country)
			if other, taken := t.named[key]; name != "" && (!taken || other.Population < p.Population) {
				t.named[key] = p
			}
		}
		if p.Country == "RS" && p.Population >= 8000 {
			t.large = append(t.large, p)
		}
	}
	return t, t.addOwn()
}

// addOwn adds the places of our own table.
func (t towns) addOwn() error {
	rows, err := read("places.csv")
	for _, r := range rows {
		lon, errLon := strconv.ParseFloat(r[2], 64)
		lat, errLat := strconv.ParseFloat(r[3], 64)
		if err := errors.Join(errLon, errLat); err != nil {
			return fmt.Errorf("read places.csv: %w", err)
		}
		t.named[townKey(r[0]+" "+r[1])] = geo.Place{Name: r[0], NameLatn: r[0], Country: r[1], Point: geo.At(lon, lat)}
	}
	return err
}

// townKey folds a name so that diacritics need not be the gazetteer's.
func townKey(s string) string { return script.Fold(s) }

func (t towns) find(name string) (geo.Place, error) {
	p, ok := t.named[townKey(name)]
	if !ok {
		return p, fmt.Errorf("there is no place %q in the gazetteer", name)
	}
	return p, nil
}

// all finds several places, written with a separator between them.
func (t towns) all(names string) ([]geo.Place, error) {
	var out []geo.Place
	for _, name := range list(names, ";") {
		p, err := t.find(name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// phone is a number that nobody has: no subscriber's number begins with 000.
func phone(prefix string, n int) string { return fmt.Sprintf("%s 000 00%02d", prefix, n%100) }
