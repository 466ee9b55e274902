package geo

import (
	"fmt"
	"strings"

	"homeward/geo/script"
)

// Place is a populated place of the embedded gazetteer.
type Place struct {
	ID         int    `json:"id" bson:"_id"` // of GeoNames, negative for places it lacks
	Name       string `json:"name" bson:"name"`
	NameLatn   string `json:"name_sr_latn,omitempty" bson:"name_sr_latn,omitempty"`
	NameCyrl   string `json:"name_sr_cyrl,omitempty" bson:"name_sr_cyrl,omitempty"`
	Country    string `json:"country" bson:"country"`
	AdminCode  string `json:"admin_code,omitempty" bson:"admin_code,omitempty"` // of Regions, in Serbia only
	Population int    `json:"population,omitempty" bson:"population,omitempty"` // 0 when not known
	Rank       int    `json:"rank,omitempty" bson:"rank,omitempty"`             // 2 capital, 1 seat of a region
	Point      Point  `json:"point" bson:"point"`
}

// In is the name in a language: "sr-Latn", "sr-Cyrl", or as GeoNames has it.
func (p Place) In(lang string) string {
	switch {
	case lang == "sr-Cyrl" && p.NameCyrl != "":
		return p.NameCyrl
	case strings.HasPrefix(lang, "sr") && p.NameLatn != "":
		return p.NameLatn
	}
	return p.Name
}

// Size is the population, or a guess where GeoNames does not know it: seats of
// municipalities are small towns.
func (p Place) Size() int {
	if p.Population == 0 && p.Rank > 0 {
		return 8000
	}
	return p.Population
}

// Places reads the gazetteer: all places of a thousand and more in Serbia and
// around it, larger ones elsewhere, by country and then by id. Every call reads
// it again; callers keep what they need.
func Places() ([]Place, error) {
	data, err := readZipped("places.bin.gz")
	if err != nil {
		return nil, err
	}
	r := &reader{data: data}
	out := make([]Place, r.count())
	countries, districts := r.lines(-1), r.lines(-1)
	names, latin, cyrillic := r.lines(len(out)), r.lines(len(out)), r.lines(len(out))
	if r.err != nil {
		return nil, r.err
	}
	for i := range out {
		out[i].Name, out[i].NameLatn, out[i].NameCyrl = names[i], latin[i], cyrillic[i]
	}
	r.column(out, func(p *Place, v int) { p.Country = pick(countries, v) })
	r.column(out, func(p *Place, v int) { p.AdminCode = pick(districts, v) })
	r.column(out, func(p *Place, v int) { p.Rank = v })
	r.column(out, func(p *Place, v int) { p.Population = v })
	r.column(out, func(p *Place, v int) { p.ID = v })
	r.column(out, func(p *Place, v int) { p.Point = At(float64(v)/1e4, 0) })
	r.column(out, func(p *Place, v int) { p.Point.Coordinates[1] = float64(v) / 1e4 })
	for i := range out {
		out[i].addSerbian()
	}
	return out, r.err
}

// addSerbian fills in what the file leaves out because it follows from the
// rest: where the local name is the Serbian one, and the other alphabet.
func (p *Place) addSerbian() {
	if p.NameLatn == "" && strings.Contains("RS ME BA HR SI", p.Country) {
		p.NameLatn = p.Name
	}
	if p.NameCyrl == "" && p.NameLatn != "" {
		p.NameCyrl = script.ToCyrillic(p.NameLatn)
	}
}

// lines reads a text of n lines, or of any number when n is negative.
func (r *reader) lines(n int) []string {
	lines := strings.Split(r.text(), "\n")
	if n >= 0 && len(lines) != n {
		if r.err == nil {
			r.err = fmt.Errorf("%w: %d lines instead of %d", ErrData, len(lines), n)
		}
		return make([]string, n)
	}
	return lines
}

// column reads one number per place, each as a step from the one before.
func (r *reader) column(places []Place, set func(*Place, int)) {
	value := 0
	for i := range places {
		value += r.int()
		set(&places[i], value)
	}
}

func pick(table []string, i int) string {
	if i < 0 || i >= len(table) {
		return ""
	}
	return table[i]
}
