package search

import (
	"slices"
	"strings"
	"unicode"

	"homeward/geo"
	"homeward/geo/script"
)

// Answer is a place as it is shown to whoever searches.
type Answer struct {
	Name string
	// Town is where a place of the operator's own lies; "" for a town itself.
	Town string
	// Kind is KindTown or one of OwnKinds.
	Kind string
	// Country is the code of a town's country; "" for a place of the operator's
	// own.
	Country string
	Point   geo.Point
	// Credit is whom to thank for a place of the operator's own; it may be "".
	Credit string
}

// Answers returns up to n towns and places of the operator's own whose names are
// like the text, the likeliest first, and whether more of the own ones fit.
// Towns of exactly that name come first, then own places of exactly that name or
// with their town named, then the others. A house number is not looked at.
func (g *Gazetteer) Answers(own *Own, text, lang string, near geo.Point, n int) (out []Answer, more bool) {
	towns := g.Find(text, lang, near, n)
	x := own.current()
	if len(text) > maxQuery {
		text = strings.ToValidUTF8(text[:maxQuery], "")
	}
	hits := x.find(text, near)
	at := slices.IndexFunc(hits, func(h ownHit) bool { return !h.sure })
	if at < 0 {
		at = len(hits)
	}
	sure, perhaps := hits[:at], hits[at:]
	exact := 0
	for exact < len(towns) && hasName(towns[exact], text) {
		exact++
	}
	out = addTowns(out, towns[:exact], lang)
	out = addOwn(out, x, sure, lang, n)
	// Names that only begin so leave some room for each other.
	rest := min(max(0, n-len(out)-min(n/3, len(perhaps))), len(towns)-exact)
	if n == 1 {
		rest = min(n-len(out), len(towns)-exact)
	}
	out = addTowns(out, towns[exact:exact+rest], lang)
	out = addOwn(out, x, perhaps, lang, n)
	shown := 0
	for _, a := range out {
		if a.Kind != KindTown {
			shown++
		}
	}
	return out, shown > 0 && len(hits) > shown
}

// hasName tells whether a place is called just so.
func hasName(p geo.Place, text string) bool {
	keys := keysOf(p)
	return slices.ContainsFunc(script.Keys(text), func(k string) bool { return slices.Contains(keys, k) })
}

func addTowns(out []Answer, towns []geo.Place, lang string) []Answer {
	for _, p := range towns {
		out = append(out, Answer{Name: p.In(lang), Kind: KindTown, Country: p.Country, Point: p.Point})
	}
	return out
}

func addOwn(out []Answer, x *ownIndex, hits []ownHit, lang string, n int) []Answer {
	for _, h := range hits {
		if len(out) >= n {
			break
		}
		s := x.places[h.place]
		out = append(out, Answer{
			Name: inScript(x.names[h.name], lang), Town: inScript(x.towns[s.town].name, lang), Kind: OwnKinds()[s.kind],
			Point: s.point(), Credit: x.credits[s.list],
		})
	}
	return out
}

// inScript writes a name in the reader's alphabet, where it is a Serbian one.
func inScript(name, lang string) string {
	if lang != "sr-Cyrl" {
		return script.ToLatin(name)
	}
	foreign := func(r rune) bool {
		return unicode.IsLetter(r) && !strings.ContainsRune("abcčćdđefghijklmnoprsštuvzž", unicode.ToLower(r))
	}
	if strings.ContainsFunc(name, foreign) {
		return name
	}
	return script.ToCyrillic(name)
}
