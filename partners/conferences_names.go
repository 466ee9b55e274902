package partners

import (
	"slices"
	"strings"
	"unicode"

	"homeward/alerts"
	"homeward/geo/script"
)

// unnamed is a text without what is hidden and without the names of people of
// the case that the reader was not given: those of children go with P1, those of
// parties with P3.
func (g *glass) unnamed(text string) string {
	text = g.words(text)
	var names []string
	if !g.sees(alerts.P1) {
		for i := range g.of.Children {
			for _, n := range g.of.Children[i].Names {
				names = append(names, n.Given, n.Family)
			}
		}
	}
	if !g.sees(alerts.P3) {
		for _, p := range g.of.Parties {
			names = append(names, p.Name)
		}
	}
	out, less := withoutNames(text, names)
	g.less = g.less || less
	return out
}

// withoutNames puts an ellipsis in place of each word that is one of the names,
// in either script and whatever its ending, and tells whether it did. It leaves
// out a word too many rather than one too few.
func withoutNames(text string, names []string) (string, bool) {
	var stems []nameStem
	for _, name := range names {
		for _, part := range strings.FieldsFunc(script.Fold(name), notLetter) {
			stems = append(stems, stemsOf(part)...)
		}
	}
	if len(stems) == 0 || text == "" {
		return text, false
	}
	var out strings.Builder
	less, start := false, -1
	word := func(end int) {
		if start < 0 {
			return
		}
		w := text[start:end]
		if folded := script.Fold(w); slices.ContainsFunc(stems, func(s nameStem) bool { return s.names(folded) }) {
			w, less = "…", true
		}
		out.WriteString(w)
		start = -1
	}
	for at, r := range text {
		if notLetter(r) {
			word(at)
			out.WriteRune(r)
		} else if start < 0 {
			start = at
		}
	}
	word(len(text))
	return out.String(), less
}

// nameStem is the part of a name that stays the same in all cases. A cut stem is
// a name only with an ending.
type nameStem struct {
	letters string
	cut     bool
}

// stemsOf are the stems of one folded part of a name: without the vowel at its
// end (Ana, Ani), and without the one that falls out before the last consonant
// (Petar, Petra). One letter is no name.
func stemsOf(part string) []nameStem {
	n := len(part)
	if n < 2 {
		return nil
	}
	if n > 2 && strings.ContainsAny(part[n-1:], "aeiou") {
		return []nameStem{{part[:n-1], true}}
	}
	out := []nameStem{{part, false}}
	if n > 4 && part[n-2] == 'a' {
		out = append(out, nameStem{part[:n-2] + part[n-1:], true})
	}
	return out
}

func (s nameStem) names(word string) bool {
	ending, ok := strings.CutPrefix(word, s.letters)
	return ok && (ending == "" && !s.cut || slices.Contains(nameEndings(), ending))
}

// nameEndings are what the cases and possessives of Serbian, and the plural of
// English, add to the stem of a name.
func nameEndings() []string {
	return []string{
		"a", "e", "i", "o", "u", "s", "om", "em", "ov", "ev", "in", "im", "ova", "eva", "ina", "ove", "eve", "ine", "ovi", "evi", "ini", "ovo", "evo", "ino",
		"ovu", "evu", "inu", "ovom", "evom", "inom", "ovoj", "evoj", "inoj", "ovih", "evih", "inih", "ovima", "evima", "inima", "og", "oj", "ih", "ima", "ama",
	}
}

func notLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r)
}
