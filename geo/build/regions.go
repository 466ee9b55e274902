package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"homeward/geo/script"
)

// withRegions are the countries whose ISO 3166-2 regions are taken along;
// slavic are those whose names are read in Serbian as they are written.
const (
	withRegions = "RS ME BA HR HU RO BG MK"
	slavic      = "RS ME BA HR"
)

// buildRegions writes code, parent, kind and names of countries and regions.
func buildRegions(iso, locale, own string, countries []map[string]string, out string) error {
	parents, err := readTable(filepath.Join(own, "parents.csv"))
	if err != nil {
		return err
	}
	parentOf := map[string]string{}
	for _, row := range parents {
		parentOf[row["code"]] = row["parent"]
	}
	lines := [][]string{{"code", "parent", "kind", "en", "sr-Latn", "sr-Cyrl"}}
	for _, c := range countries {
		lines = append(lines, []string{c["code"], parentOf[c["code"]], "country", c["en"], c["sr-Latn"], c["sr-Cyrl"]})
	}
	regions, err := readRegions(iso, locale)
	if err != nil {
		return err
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	return csv.NewWriter(f).WriteAll(append(lines, regions...))
}

func readRegions(iso, locale string) ([][]string, error) {
	data, err := os.ReadFile(filepath.Join(iso, "iso_3166-2.json"))
	if err != nil {
		return nil, err
	}
	var file struct {
		Regions []struct {
			Code, Name, Parent, Type string
		} `json:"3166-2"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("read regions: %w", err)
	}
	serbian, err := readMessages(filepath.Join(locale, "sr", "LC_MESSAGES", "iso_3166-2.mo"))
	if err != nil {
		return nil, err
	}
	var lines [][]string
	for _, r := range file.Regions {
		country := r.Code[:2]
		if !strings.Contains(withRegions, country) {
			continue
		}
		parent := country
		if r.Parent != "" {
			parent = country + "-" + strings.TrimPrefix(r.Parent, country+"-")
		}
		cyrillic, latin := serbianName(country, r.Name, serbian[r.Name])
		lines = append(lines, []string{r.Code, parent, strings.ToLower(r.Type), r.Name, latin, cyrillic})
	}
	slices.SortFunc(lines, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return lines, nil
}

func serbianName(country, name, translated string) (cyrillic, latin string) {
	switch {
	case translated != "":
		return translated, script.ToLatin(translated)
	case strings.Contains(slavic, country):
		return script.ToCyrillic(name), name
	}
	return name, name
}

// readMessages reads a little-endian gettext catalogue.
func readMessages(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(data) < 20 || binary.LittleEndian.Uint32(data) != 0x950412de {
		return nil, fmt.Errorf("%s is no message catalogue", path)
	}
	word := func(at uint32) uint32 { return binary.LittleEndian.Uint32(data[at:]) }
	text := func(table, i uint32) string {
		length, at := word(table+8*i), word(table+8*i+4)
		return string(data[at : at+length])
	}
	out := map[string]string{}
	for i := range word(8) {
		out[text(word(12), i)] = text(word(16), i)
	}
	return out, nil
}
