package paper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mark stands for a letter that cannot be set.
const mark = '¿'

// settable returns the ranges of letters that the embedded fonts hold.
func settable() *unicode.RangeTable {
	return &unicode.RangeTable{R16: []unicode.Range16{
		{Lo: 0x20, Hi: 0x7e, Stride: 1}, {Lo: 0xa0, Hi: 0x24f, Stride: 1}, {Lo: 0x259, Hi: 0x259, Stride: 1},
		{Lo: 0x2bb, Hi: 0x2bc, Stride: 1}, {Lo: 0x2c6, Hi: 0x2dd, Stride: 1}, {Lo: 0x300, Hi: 0x304, Stride: 1},
		{Lo: 0x306, Hi: 0x30c, Stride: 1}, {Lo: 0x323, Hi: 0x323, Stride: 1}, {Lo: 0x326, Hi: 0x328, Stride: 1},
		{Lo: 0x370, Hi: 0x3ff, Stride: 1}, {Lo: 0x400, Hi: 0x52f, Stride: 1}, {Lo: 0x1e00, Hi: 0x1eff, Stride: 1},
		{Lo: 0x2010, Hi: 0x2027, Stride: 1}, {Lo: 0x202f, Hi: 0x202f, Stride: 1}, {Lo: 0x2030, Hi: 0x203a, Stride: 1},
		{Lo: 0x2044, Hi: 0x2044, Stride: 1}, {Lo: 0x20ac, Hi: 0x20ac, Stride: 1}, {Lo: 0x2116, Hi: 0x2116, Stride: 1},
		{Lo: 0x2122, Hi: 0x2122, Stride: 1}, {Lo: 0x2212, Hi: 0x2212, Stride: 1},
	}, LatinOffset: 2}
}

// CanSet tells whether every letter of a text can be printed. Line breaks and
// tabs can.
func CanSet(text string) bool {
	table := settable()
	for _, r := range composed(text) {
		if r != '\n' && !unicode.Is(table, r) {
			return false
		}
	}
	return true
}

// composed writes letters with their accents as one, and leaves out what has no
// shape of its own.
func composed(text string) string {
	text = norm.NFC.String(strings.ReplaceAll(text, "\r\n", "\n"))
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r' || unicode.Is(unicode.Zs, r) && r != ' ' && r != '\u00a0' && r != '\u202f':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
}

// clean makes a text settable: what cannot be set becomes a mark.
func clean(text string) string {
	table := settable()
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.Is(table, r) {
			return r
		}
		return mark
	}, composed(text))
}

// clean makes a text settable and notes the words that lost letters.
func (p *Paper) clean(text string) string {
	if !CanSet(text) {
		for word := range strings.FieldsSeq(composed(text)) {
			if !CanSet(word) && !slices.Contains(p.lost, word) {
				p.lost = append(p.lost, word)
			}
		}
	}
	return clean(text)
}
