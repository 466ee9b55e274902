package script

import (
	_ "embed"
	"strings"
	"unicode"
)

//go:embed exceptions.txt
var exceptions string

// ToLatin writes Serbian Cyrillic in Latin letters. Everything else, Latin
// letters included, passes unchanged. A capital digraph is in title case before
// a small letter or alone, and in capitals inside a word of capitals.
func ToLatin(s string) string {
	runes := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range runes {
		latin := latinOf(unicode.ToLower(r))
		switch {
		case latin == "":
			b.WriteRune(r)
		case !unicode.IsUpper(r):
			b.WriteString(latin)
		case inCapitals(runes, i):
			b.WriteString(strings.ToUpper(latin))
		default:
			b.WriteString(strings.ToUpper(latin[:firstLen(latin)]) + latin[firstLen(latin):])
		}
	}
	return b.String()
}

func firstLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

// inCapitals looks at the letters beside a capital: the next one decides, the
// one before when there is no next.
func inCapitals(runes []rune, i int) bool {
	if i+1 < len(runes) && unicode.IsLetter(runes[i+1]) {
		return unicode.IsUpper(runes[i+1])
	}
	return i > 0 && unicode.IsUpper(runes[i-1])
}

func latinOf(r rune) string {
	const from = "абвгдђежзијклљмнњопрстћуфхцчџш"
	to := [...]string{
		"a", "b", "v", "g", "d", "đ", "e", "ž", "z", "i", "j", "k", "l", "lj", "m",
		"n", "nj", "o", "p", "r", "s", "t", "ć", "u", "f", "h", "c", "č", "dž", "š",
	}
	if r < 'а' || r > 'џ' {
		return ""
	}
	if i := strings.IndexRune(from, r); i >= 0 {
		return to[i/2]
	}
	return ""
}

// ToCyrillic writes Serbian Latin in Cyrillic letters. It is a guess: lj, nj
// and dž become one letter except in the words of the list of exceptions. A
// word with a letter that Serbian does not have stays as it is.
func ToCyrillic(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		n := wordLen(s)
		if n == 0 {
			n = firstLen(s)
			b.WriteString(s[:n])
		} else {
			b.WriteString(cyrillicWord(s[:n]))
		}
		s = s[n:]
	}
	return b.String()
}

// wordLen is the length of the run of letters that s begins with.
func wordLen(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) {
			return i
		}
	}
	return len(s)
}

func cyrillicWord(word string) string {
	runes := []rune(expandDigraphs(word))
	breaks := breaksIn(string(runes))
	var b strings.Builder
	for i := 0; i < len(runes); i++ {
		low := unicode.ToLower(runes[i])
		var next rune
		if i+1 < len(runes) && !breaks[i+1] {
			next = unicode.ToLower(runes[i+1])
		}
		c, width := cyrillicOf(low, next)
		if c == 0 {
			return word
		}
		if unicode.IsUpper(runes[i]) {
			c = unicode.ToUpper(c)
		}
		b.WriteRune(c)
		i += width - 1
	}
	return b.String()
}

func cyrillicOf(low, next rune) (c rune, width int) {
	switch {
	case low == 'l' && next == 'j':
		return 'љ', 2
	case low == 'n' && next == 'j':
		return 'њ', 2
	case low == 'd' && next == 'ž':
		return 'џ', 2
	}
	const from, to = "abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш"
	latin, cyrillic := []rune(from), []rune(to)
	for i, r := range latin {
		if r == low {
			return cyrillic[i], 1
		}
	}
	return 0, 1
}

// expandDigraphs writes the single code points of old data as two letters.
func expandDigraphs(s string) string {
	return strings.NewReplacer(
		"ǆ", "dž", "ǅ", "Dž", "Ǆ", "DŽ", "ǉ", "lj", "ǈ", "Lj", "Ǉ", "LJ", "ǌ", "nj", "ǋ", "Nj", "Ǌ", "NJ",
	).Replace(s)
}

// breaksIn tells at which letters of a word a new letter must begin, by the
// embedded stems, in which a bar stands where two letters are no digraph.
func breaksIn(word string) map[int]bool {
	low := []rune(strings.ToLower(word))
	breaks := map[int]bool{}
	for line := range strings.Lines(exceptions) {
		before, after, ok := strings.Cut(strings.TrimSpace(line), "|")
		if !ok {
			continue
		}
		stem := before + after
		if i := strings.Index(string(low), stem); i >= 0 {
			breaks[len([]rune(string(low)[:i]))+len([]rune(before))] = true
		}
	}
	return breaks
}
