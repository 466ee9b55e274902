package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"homeward/geo/script"
)

// mostSounds bounds how many readings one word has, longestWord its letters.
const (
	mostSounds  = 4
	longestWord = 40
)

// The Hungarian front vowels, which Serbian writes as e and i, and people
// without such a keyboard as o and u, pass through folding as digits; digits
// of the word itself are dropped before.
const (
	frontO = '0'
	frontU = '1'
)

// sounds returns the readings of one word of a name: short keys in which the
// spellings of one sound are the same, whatever language wrote them. The first
// is the usual one. A word without letters has none.
func sounds(word string) []string {
	letters := script.Fold(strings.Map(frontVowels, norm.NFKC.String(word)))
	letters = strings.ReplaceAll(letters, " ", "")
	if len(letters) > longestWord {
		letters = strings.ToValidUTF8(letters[:longestWord], "")
	}
	readings := []string{""}
	for i := 0; i < len(letters); {
		way, other, width := readAt(letters, i)
		readings = branch(readings, way, other)
		i += width
	}
	var out []string
	for _, r := range readings {
		if r = settle(r); r != "" && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

func frontVowels(r rune) rune {
	switch unicode.ToLower(r) {
	case 'ö', 'ő':
		return frontO
	case 'ü', 'ű':
		return frontU
	}
	if unicode.IsNumber(r) {
		return -1
	}
	return r
}

// branch writes a way to read some letters behind each reading so far, and the
// other way, if there is one, as long as there is room.
func branch(readings []string, way, other string) []string {
	for i, r := range readings {
		if other != "" && len(readings) < mostSounds {
			readings = append(readings, r+other)
		}
		readings[i] = r + way
	}
	return readings
}

// spelt reads the group of letters that s begins with and that stands for one
// sound somewhere, in one way or in two. What the groups of one sound have in
// common is their key; č, ć and c share one, as do š and s, since so many people
// type none of them.
func spelt(s string) (way, other string, width int) {
	switch {
	case strings.HasPrefix(s, "tsch"):
		return "c", "", 4
	case strings.HasPrefix(s, "dzs"):
		return "dz", "", 3
	case strings.HasPrefix(s, "sch"):
		return "s", "", 3
	}
	if len(s) > 1 {
		if way, other = digraph(s[:2]); way != "" {
			return way, other, 2
		}
	}
	switch s[0] {
	case 'q':
		return "c", "k", 1
	case 'w':
		return "v", "", 1
	case 'x':
		return "ks", "dz", 1
	case frontO:
		return "e", "o", 1
	case frontU:
		return "i", "u", 1
	}
	return "", "", 0
}

func digraph(two string) (way, other string) {
	switch two {
	case "cs", "cz", "ts", "tz":
		return "c", ""
	case "ch":
		return "c", "h"
	case "ty":
		return "c", "ti"
	case "dh", "dj", "gj", "gy":
		return "d", ""
	case "xh":
		return "dz", ""
	case "sh", "sz":
		return "s", ""
	case "zh", "zs":
		return "z", ""
	case "ck":
		return "k", ""
	case "gh":
		return "g", ""
	case "kh":
		return "h", ""
	case "ph":
		return "f", ""
	case "th":
		return "t", ""
	case "ou", "oo":
		return "u", ""
	case "ee":
		return "i", ""
	}
	return "", ""
}

// readAt returns the ways to read the letters at i and how many they are.
func readAt(s string, i int) (way, other string, width int) {
	if way, other, width = spelt(s[i:]); width > 0 {
		return way, other, width
	}
	switch s[i] {
	case 'y':
		return glide(s, i), "", 1
	case 'c':
		if i+1 < len(s) && strings.IndexByte("aourlt", s[i+1]) >= 0 {
			return "c", "k", 1
		}
	}
	return s[i : i+1], "", 1
}

// glide reads y: j beside a vowel and after the letters that it softens, else
// the vowel i.
func glide(s string, i int) string {
	before := i > 0 && (s[i-1] == 'l' || s[i-1] == 'n')
	after := i+1 < len(s) && isVowel(s[i+1])
	if before || after {
		return "j"
	}
	return "i"
}

// settle brings a reading into its last form: j and i stand where the ear puts
// them, ije and je after a consonant are e as in Ekavian, letters count once.
func settle(r string) string {
	r = glides(r)
	r = strings.ReplaceAll(r, "ie", "e")
	var b strings.Builder
	for i := range len(r) {
		if i == 0 || r[i] != r[i-1] {
			b.WriteByte(r[i])
		}
	}
	return b.String()
}

func glides(r string) string {
	var b strings.Builder
	for i := range len(r) {
		var before, after byte
		if i > 0 {
			before = r[i-1]
		}
		if i+1 < len(r) {
			after = r[i+1]
		}
		switch c := r[i]; {
		case c == 'j' && before == 'i': // Marija, Maria
		case c == 'j' && i > 0 && !isVowel(before) && isVowel(after):
			b.WriteByte('i')
		case c == 'j' && i > 0 && !isVowel(before): // Aranj, Arany
		case c == 'j' && isVowel(before) && !isVowel(after):
			b.WriteByte('i') // Mihajlo, Mihailo
		case c == 'i' && (i == 0 || isVowel(before) && before != 'i') && isVowel(after):
			b.WriteByte('j') // Ioan, Maia
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 && c != 0 }
