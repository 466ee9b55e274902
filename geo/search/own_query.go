package search

import (
	"slices"
	"strings"

	"homeward/geo/script"
)

// maxTownWords is how many words at the end of a text may be a town's name when
// no comma says so.
const maxTownWords = 3

// reading is one way to understand what was typed: a name and, where it was
// named, the town, both folded. Begun tells that the town may be half typed.
type reading struct {
	name, town string
	begun      bool
}

// readingsOf understands "Cara Dušana 15, Niš", "Niš, Cara Dušana", "ulica Cara
// Dušana Niš" and the like. A number may belong to the name ("27. marta", "Nova
// 4") or be a house's: both are tried. Known tells whether a key is a town's.
func readingsOf(text string, known func(key string) bool) []reading {
	var out []reading
	first, rest, comma := strings.Cut(text, ",")
	a, b := words(first), words(rest)
	if comma && len(a) > 0 && len(b) > 0 {
		out = withNames(out, a, town(b), true)
		out = withNames(out, b, town(a), true)
		return unique(out)
	}
	all := append(a, b...)
	out = withNames(out, all, "", false)
	for _, tokens := range [][]string{all, withoutNumber(all)} {
		for n := 1; n <= maxTownWords && n < len(tokens); n++ {
			if at := len(tokens) - n; known(strings.Join(tokens[at:], " ")) {
				out = withNames(out, tokens[:at], strings.Join(tokens[at:], " "), false)
			}
		}
	}
	return unique(out)
}

func unique(all []reading) []reading {
	var out []reading
	for _, r := range all {
		if r.name != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func words(text string) []string { return strings.Fields(script.Fold(text)) }

// town is a town's key without the number of its post office.
func town(tokens []string) string {
	for len(tokens) > 1 && digits(tokens[0]) {
		tokens = tokens[1:]
	}
	for len(tokens) > 1 && digits(tokens[len(tokens)-1]) {
		tokens = tokens[:len(tokens)-1]
	}
	return strings.Join(tokens, " ")
}

// withNames adds the ways to read a name: as it stands, and without a house
// number and the word for street.
func withNames(out []reading, tokens []string, town string, begun bool) []reading {
	for _, t := range [][]string{tokens, withoutNumber(tokens)} {
		out = append(out, reading{strings.Join(t, " "), town, begun})
		if len(t) > 1 && (t[0] == "ulica" || t[0] == "ul" || t[0] == "street") {
			out = append(out, reading{strings.Join(t[1:], " "), town, begun})
		}
	}
	return out
}

// HouseNumber tells whether a text ends in what may be a house number, before a
// comma or at its end.
func HouseNumber(text string) bool {
	first, rest, _ := strings.Cut(text, ",")
	for _, part := range []string{first, rest} {
		if t := words(part); len(withoutNumber(t)) < len(t) {
			return true
		}
	}
	return false
}

// withoutNumber leaves out a house number at the end: 15, 15a, 15 a, 12/3, br. 7,
// bb. A name that is only a number stays.
func withoutNumber(tokens []string) []string {
	n := len(tokens)
	if n > 2 && len(tokens[n-1]) == 1 && digits(tokens[n-2]) {
		n--
	}
	for n > 1 && numbered(tokens[n-1]) {
		n--
	}
	if n < len(tokens) && n > 1 && (tokens[n-1] == "br" || tokens[n-1] == "broj" || tokens[n-1] == "no") {
		n--
	}
	return tokens[:n]
}

// numbered tells whether a word is a house number or "bb", which stands for
// none.
func numbered(word string) bool {
	n := strings.IndexFunc(word, func(r rune) bool { return r < '0' || r > '9' })
	return word == "bb" || n < 0 && word != "" || n > 0 && len(word)-n == 1
}

func digits(word string) bool {
	return word != "" && strings.Trim(word, "0123456789") == ""
}
