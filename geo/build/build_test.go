package main

import (
	"encoding/binary"
	"strings"
	"testing"

	"homeward/geo/script"
)

// The tables written by hand are what a generator cannot check for itself.
func TestOwnTables(t *testing.T) {
	t.Parallel()
	countries, err := readTable("countries.csv")
	if err != nil || len(countries) != 250 {
		t.Fatalf("%d countries, %v", len(countries), err)
	}
	known := map[string]bool{}
	for _, c := range countries {
		known[c["code"]] = true
		if script.ToLatin(c["sr-Cyrl"]) != c["sr-Latn"] {
			t.Errorf("%s is called %s and %s", c["code"], c["sr-Cyrl"], c["sr-Latn"])
		}
	}
	for file, columns := range map[string][]string{
		"parents.csv": {"code", "parent"}, "serbian.csv": {"country"}, "missing.csv": {"country"},
	} {
		rows, err := readTable(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, column := range columns {
				if !known[row[column]] {
					t.Errorf("%s: unknown country in %v", file, row)
				}
			}
			if file == "serbian.csv" && (row["name"] == "" || row["sr-Latn"] == "") {
				t.Errorf("%s: a name is missing in %v", file, row)
			}
		}
	}
	if _, err := readTable("none.csv"); err == nil {
		t.Error("a table that is not there is read")
	}
}

func TestReadCities(t *testing.T) {
	t.Parallel()
	zigzag := func(v int64) uint64 { return uint64(v<<1 ^ v>>63) }
	city := func(id int64, name, country string, lon, lat int64) []byte {
		var b []byte
		b = binary.AppendUvarint(append(b, 1<<3), zigzag(id))
		b = append(binary.AppendUvarint(append(b, 2<<3|2), uint64(len(name))), name...)
		b = append(binary.AppendUvarint(append(b, 3<<3|2), uint64(len(country))), country...)
		b = binary.AppendUvarint(append(b, 10<<3), zigzag(lon))
		b = binary.AppendUvarint(append(b, 11<<3), zigzag(lat))
		return append(binary.AppendUvarint(nil, uint64(len(b))), b...)
	}
	data := append(city(5, "Ðurići", "RS", 1940940, 4384680), city(6, "Ísafjörður", "IS", -4252000, 2223000)...)
	all, err := readCities(data)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v %v", all, err)
	}
	if all[0].name != "Đurići" || all[1].name != "Ísafjörður" || all[1].lon != 1940940-4252000 || all[1].lat != 4384680+2223000 {
		t.Errorf("%+v", all)
	}
	if _, err := readCities(data[:len(data)-3]); err == nil || !strings.Contains(err.Error(), "short") {
		t.Errorf("a file cut short: %v", err)
	}
}
