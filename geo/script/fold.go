package script

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes the key by which names are compared: Latin letters a to z and
// digits, words parted by one space. Cyrillic is written in Latin, đ as dj,
// diacritics are dropped, case, hyphens and apostrophes do not count. Folding
// twice changes nothing. Letters of other alphabets stay, in lower case.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFKD.String(unmark(s)) {
		r = unicode.ToLower(r)
		plain := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		out := ""
		if !plain {
			out = foldRune(r)
		}
		switch {
		case plain: // nearly every letter: as it is, without a string of its own
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteByte(byte(r))
		case out == " ":
			gap = b.Len() > 0
		case out != "":
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteString(out)
		}
	}
	return b.String()
}

// unmark writes Cyrillic letters that decompose (й, ї, ѓ, ќ, ё) while they are
// still one rune: afterwards й could not be told from и.
func unmark(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x400 && r <= 0x52f }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFC.String(s) {
		if out := otherCyrillic(unicode.ToLower(r)); out != "" {
			b.WriteString(out)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Keys returns the key and, where đ or dj stands in the name, the variant with
// a plain d: Đorđević, Djordjevic and Dordevic then share one.
func Keys(s string) []string {
	key := Fold(s)
	if plain := strings.ReplaceAll(key, "dj", "d"); plain != key {
		return []string{key, plain}
	}
	return []string{key}
}

func foldRune(r rune) string {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return string(r)
	case r == 'ъ' || r == 'ь':
		return ""
	case r >= 0x400 && r <= 0x52f:
		if latin := latinOf(r); latin != "" {
			return foldLatin(latin)
		}
		if other := otherCyrillic(r); other != "" {
			return other // of a compatibility form, such as a raised letter
		}
		return string(r)
	case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '`' || r == 'ʼ':
		return ""
	case unicode.IsLetter(r) || unicode.IsNumber(r):
		return foldSpecial(r)
	}
	return " "
}

func foldLatin(latin string) string {
	switch latin {
	case "đ":
		return "dj"
	case "ž":
		return "z"
	case "ć", "č":
		return "c"
	case "š":
		return "s"
	case "dž":
		return "dz"
	}
	return latin
}

// foldSpecial is for Latin letters that do not decompose.
func foldSpecial(r rune) string {
	switch r {
	case 'đ', 'ð':
		return "dj"
	case 'ł':
		return "l"
	case 'ø':
		return "o"
	case 'ı':
		return "i"
	case 'ß', 'ẞ':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	case 'ħ':
		return "h"
	case 'ŧ':
		return "t"
	case 'ŋ':
		return "n"
	case 'ə':
		return "e"
	}
	return string(r)
}

// otherCyrillic writes letters that Serbian does not have, as Macedonian,
// Bulgarian, Russian and Ukrainian names are spelt in Serbian.
func otherCyrillic(r rune) string {
	switch r {
	case 'ѓ':
		return "dj"
	case 'ќ':
		return "c"
	case 'ѕ':
		return "dz"
	case 'й':
		return "j"
	case 'щ':
		return "st"
	case 'ы', 'і', 'ї':
		return "i"
	case 'э', 'є', 'ё':
		return "e"
	case 'ю':
		return "ju"
	case 'я':
		return "ja"
	case 'ґ':
		return "g"
	}
	return ""
}
