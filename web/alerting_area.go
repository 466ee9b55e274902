package web

import (
	"encoding/json"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"homeward/geo"
)

// area reads the area of a form: whole regions as NAME.regions, what was drawn
// on the map as JSON lists in NAME.areas and NAME.circles, and, for those
// without a map, NAME.around_km around a known point. NAME.clear takes away what
// was drawn.
func (f *Form) area(name string, around *geo.Point) geo.Area {
	a := geo.Area{Regions: f.All(name + ".regions")}
	if !f.On(name + ".clear") {
		f.drawn(name+".areas", &a.Areas)
		f.drawn(name+".circles", &a.Circles)
	}
	if km := f.Decimal(name + ".around_km"); km != 0 && around != nil {
		a.Circles = append(a.Circles, geo.Circle{Center: [2]float64{around.Lon(), around.Lat()}, RadiusM: km * 1000})
	}
	return a
}

func (f *Form) drawn(field string, into any) {
	if text := f.Get(field); text != "" && json.Unmarshal([]byte(text), into) != nil {
		f.Errors.Add(field, "bad_coordinates", "The drawn area cannot be read. Draw it again.")
	}
}

// setArea fills the fields of an area.
func (f *Form) setArea(name string, a *geo.Area) {
	if a == nil {
		return
	}
	f.Values[name+".regions"] = slices.Clone(a.Regions)
	set := func(field string, n int, list any) {
		if raw, err := json.Marshal(list); n > 0 && err == nil {
			f.Set(field, string(raw))
		}
	}
	set(name+".areas", len(a.Areas), a.Areas)
	set(name+".circles", len(a.Circles), a.Circles)
}

// Drawn counts what an area field has on its map.
func (f *Form) Drawn(name string) int {
	var areas, circles []json.RawMessage
	_ = json.Unmarshal([]byte(f.Get(name+".areas")), &areas)
	_ = json.Unmarshal([]byte(f.Get(name+".circles")), &circles)
	return len(areas) + len(circles)
}

// AreaForm is the map on which an area is drawn, with what is on it already.
func (p *Page) AreaForm(f *Form, name string, at *geo.Point) MapData {
	d := MapData{Fit: true}
	_ = json.Unmarshal([]byte(f.Get(name+".areas")), &d.Areas)
	_ = json.Unmarshal([]byte(f.Get(name+".circles")), &d.Circles)
	if at != nil {
		d.Markers = []MapMarker{{Lon: at.Lon(), Lat: at.Lat(), Kind: "last_seen", Label: p.T("map.last_seen")}}
	}
	return p.Map(d)
}

// AreaSVG draws an area with the place last seen.
func (p *Page) AreaSVG(a *geo.Area, at *geo.Point, width, height int, title string) template.HTML {
	if a == nil {
		return ""
	}
	d := MapData{Areas: a.Areas, Circles: a.Circles}
	if at != nil {
		d.Markers = []MapMarker{{Lon: at.Lon(), Lat: at.Lat(), Kind: "last_seen", Label: p.T("map.last_seen")}}
	}
	return p.MapSVG(d, a.Regions, width, height, title)
}

// AreaWords says an area in words: its regions and how much was drawn.
func (p *Page) AreaWords(a *geo.Area) string {
	if a == nil {
		return ""
	}
	var parts []string
	for _, r := range a.Regions {
		parts = append(parts, p.Region(r))
	}
	if n := len(a.Areas); n > 0 {
		parts = append(parts, p.N("alert.area_polygons", n))
	}
	for _, c := range a.Circles {
		parts = append(parts, p.T("alert.area_circle", "Radius", p.Distance(c.RadiusM)))
	}
	return strings.Join(parts, ", ")
}

// nearCountries are offered first: where most alerts go. The list is only the
// order of a form.
func nearCountries() []string {
	return []string{"RS", "BA", "ME", "HR", "HU", "RO", "BG", "MK", "XK", "AL", "SI", "AT"}
}

// NearCountries are the countries that a form offers first.
func (p *Page) NearCountries() []Choice {
	var out []Choice
	for _, code := range nearCountries() {
		out = append(out, Choice{code, p.Region(code)})
	}
	return out
}

// FarCountries are all other countries by name, and before them whatever else
// is chosen already, such as parts of countries.
func (p *Page) FarCountries(chosen []string) []Choice {
	var out []Choice
	for _, r := range p.s.Regions.All() {
		if r.Kind == "country" && !slices.Contains(nearCountries(), r.Code) {
			out = append(out, Choice{r.Code, r.Names.In(p.Lang)})
		}
	}
	slices.SortFunc(out, func(x, y Choice) int { return slices.Compare(alphabetical(x.Label), alphabetical(y.Label)) })
	for _, code := range chosen {
		if r, ok := p.s.Regions.Lookup(code); ok && r.Kind != "country" {
			out = slices.Insert(out, 0, Choice{code, r.Names.In(p.Lang)})
		}
	}
	return out
}

// alphabetical is the key by which Serbian, in either script, and English sort
// a name.
func alphabetical(s string) []int {
	const latin, cyrillic = "abcčćdđefghijklmnopqrsštuvwxyzž", "абвгдђежзијклљмнњопрстћуфхцчџш"
	var key []int
	for _, r := range strings.ToLower(s) {
		if !strings.ContainsRune(latin+cyrillic, r) {
			r, _ = utf8.DecodeRuneInString(norm.NFD.String(string(r))) // the letter under a foreign mark
		}
		if i := strings.IndexRune(latin, r); i >= 0 {
			key = append(key, 100+i)
		} else if i := strings.IndexRune(cyrillic, r); i >= 0 {
			key = append(key, 200+i)
		} else {
			key = append(key, int(r))
		}
	}
	return key
}

// Countries are all countries as choices, the near ones first.
func (p *Page) Countries() []Choice { return append(p.NearCountries(), p.FarCountries(nil)...) }

// AnyOf tells whether one of the choices is among the values of a field.
func (f *Form) AnyOf(name string, choices []Choice) bool {
	return slices.ContainsFunc(choices, func(c Choice) bool { return f.Has(name, c.Value) })
}

// formLanguages are the languages that texts and people may have, those of the
// installation first.
func formLanguages() []string {
	return []string{SerbianLatin, SerbianCyrillic, English, "hu", "ro", "bg", "mk", "sq", "hr", "bs", "cnr", "sl", "rom", "de", "fr", "it", "es",
		"el", "tr", "ru", "uk", "ar", "fa", "nl", "pl", "cs", "sk", "sv", "pt"}
}

// LanguageChoices are the languages that a form offers, without those that it
// has already.
func (p *Page) LanguageChoices(without []string) []Choice {
	var out []Choice
	for _, l := range formLanguages() {
		if !slices.Contains(without, l) {
			out = append(out, Choice{l, p.Word("language", l)})
		}
	}
	return out
}

// LanguageList names languages in a row.
func (p *Page) LanguageList(codes []string) string {
	var out []string
	for _, c := range codes {
		out = append(out, p.Word("language", c))
	}
	return strings.Join(out, ", ")
}

// AreaOf is the area that a form has now, for drawing it.
func (f *Form) AreaOf(name string) *geo.Area {
	a := geo.Area{Regions: f.All(name + ".regions")}
	_ = json.Unmarshal([]byte(f.Get(name+".areas")), &a.Areas)
	_ = json.Unmarshal([]byte(f.Get(name+".circles")), &a.Circles)
	return &a
}

// Pointer, NoPoint and NoWords give templates what they cannot write: the
// address of an area, no place and an empty list.
func (p *Page) Pointer(a geo.Area) *geo.Area { return &a }

// NoPoint is the place of what has none.
func (p *Page) NoPoint() *geo.Point { return nil }

// NoWords is an empty list.
func (p *Page) NoWords() []string { return nil }
