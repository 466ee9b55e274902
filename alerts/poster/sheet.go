package poster

import (
	"fmt"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"homeward/alerts/paper"
)

// colour is red, green and blue.
type colour [3]uint8

// The colours of a poster: few, and dark enough for a poor printer.
func black() colour { return colour{20, 24, 28} }
func quiet() colour { return colour{84, 92, 100} }
func alarm() colour { return colour{176, 24, 24} }
func white() colour { return colour{255, 255, 255} }
func paleOf(c colour) colour {
	var out colour
	for i := range c {
		out[i] = uint8(255 - (255-int(c[i]))/9)
	}
	return out
}

// box is a place on the sheet, in the sheet's own units from its upper left.
type box struct{ x, y, w, h float64 }

func (b box) in(d float64) box { return box{b.x + d, b.y + d, b.w - 2*d, b.h - 2*d} }

// kind of a step.
type kind int

const (
	fill  kind = iota
	line       // a line of text: the box is as wide as it, and one line high
	photo      // a JPEG, whole and in the middle of its box
	code       // the code that leads to the page
)

// step is one thing to draw.
type step struct {
	kind   kind
	box    box
	colour colour
	text   string
	size   float64
	bold   bool
}

// look is how a text is set: size in the sheet's units.
type look struct {
	size   float64
	bold   bool
	colour colour
	centre bool
}

// Lines are spaced by high times their size, and stand rise times their size
// below the top of their line.
const (
	high = 1.28
	rise = 0.99
)

// sheet is a page being laid out. The same steps are drawn as PDF and as PNG.
type sheet struct {
	w, h    float64
	steps   []step
	letters letters
}

// letters measure texts; they are those of the printed document.
type letters struct {
	text, strong *sfnt.Font
	buffer       sfnt.Buffer
}

func newSheet(w, h float64) (*sheet, error) {
	text, strong := paper.Letters()
	s := &sheet{w: w, h: h}
	var err error
	if s.letters.text, err = opentype.Parse(text); err != nil {
		return nil, fmt.Errorf("read the letters: %w", err)
	}
	if s.letters.strong, err = opentype.Parse(strong); err != nil {
		return nil, fmt.Errorf("read the bold letters: %w", err)
	}
	return s, nil
}

// em is the size at which letters are measured, in 26.6 units of a pixel.
const em = 1000

// width is how wide a text is, in the sheet's units.
func (s *sheet) width(t look, text string) float64 {
	f := s.letters.text
	if t.bold {
		f = s.letters.strong
	}
	sum := fixed.Int26_6(0)
	for _, r := range text {
		i, err := f.GlyphIndex(&s.letters.buffer, r)
		if err != nil {
			continue
		}
		if a, err := f.GlyphAdvance(&s.letters.buffer, i, fixed.I(em), font.HintingNone); err == nil {
			sum += a
		}
	}
	return float64(sum) / 64 / em * t.size
}

// wrap breaks a text into lines of at most w. Line breaks in it are kept.
func (s *sheet) wrap(t look, text string, w float64) []string {
	var out []string
	for _, one := range strings.Split(strings.TrimSpace(text), "\n") {
		current := ""
		for _, word := range strings.Fields(one) {
			for i, piece := range s.chop(t, word, w) {
				next := strings.TrimSpace(current + " " + piece)
				if i > 0 {
					next = current + piece // two halves of one word
				}
				if current == "" || s.width(t, next) <= w {
					current = next
					continue
				}
				out = append(out, current)
				current = piece
			}
		}
		out = append(out, current)
	}
	return out
}

// chop cuts a word that alone is too long for a line: behind its hyphens, and
// elsewhere only when that does not help.
func (s *sheet) chop(t look, word string, w float64) []string {
	if s.width(t, word) <= w {
		return []string{word}
	}
	if head, tail, ok := strings.Cut(word, "-"); ok && tail != "" && head != "" {
		return append(s.chop(t, head+"-", w), s.chop(t, tail, w)...)
	}
	var out []string
	piece := ""
	for _, r := range word {
		if next := piece + string(r); piece == "" || s.width(t, next) <= w {
			piece = next
			continue
		}
		out, piece = append(out, piece), string(r)
	}
	return append(out, piece)
}

func (s *sheet) fill(b box, c colour) { s.steps = append(s.steps, step{kind: fill, box: b, colour: c}) }

// put writes lines from the top of a box down and returns how high they are.
func (s *sheet) put(b box, t look, lines []string) float64 {
	for i, text := range lines {
		w := s.width(t, text)
		x := b.x
		if t.centre {
			x += (b.w - w) / 2
		}
		s.steps = append(s.steps, step{
			kind: line, box: box{x, b.y + float64(i)*t.size*high, w, t.size * high}, colour: t.colour, text: text, size: t.size, bold: t.bold,
		})
	}
	return float64(len(lines)) * t.size * high
}

// fit writes a text into a box with letters as large as the look says, or as
// small as it takes down to least, and in the middle of the box's height. What
// does not fit even then is cut, and the cut is shown.
func (s *sheet) fit(b box, t look, least float64, text string) {
	for ; ; t.size *= 0.96 {
		lines := s.wrap(t, text, b.w)
		most := max(1, int(b.h/(t.size*high)))
		if len(lines) > most && t.size > least {
			continue
		}
		lines = s.cut(t, lines, most, b.w)
		b.y += (b.h - float64(len(lines))*t.size*high) / 2
		s.put(b, t, lines)
		return
	}
}

// cut shortens a text to so many lines and shows that it did.
func (s *sheet) cut(t look, lines []string, most int, w float64) []string {
	if len(lines) <= most {
		return lines
	}
	last := []rune(lines[most-1])
	for len(last) > 0 && s.width(t, string(last)+" …") > w {
		last = last[:len(last)-1]
	}
	return append(append([]string{}, lines[:most-1]...), strings.TrimSpace(string(last))+" …")
}

// part is a paragraph of a flow, with space after it in parts of its size.
type part struct {
	look
	text  string
	after float64
}

// flow writes paragraphs below each other into a box: all letters shrink alike
// until everything fits, and what does not fit at least times their size is cut.
// It returns how high the text came out.
func (s *sheet) flow(b box, least float64, parts []part) float64 {
	for k := 1.0; ; k -= 0.04 {
		total := 0.0
		for _, p := range parts {
			p.size *= k
			total += (float64(len(s.wrap(p.look, p.text, b.w)))*high + p.after) * p.size
		}
		if total > b.h && k > least {
			continue
		}
		y, end := b.y, b.y+b.h
		for _, p := range parts {
			p.size *= k
			most := int((end - y) / (p.size * high))
			if most < 1 {
				break
			}
			y += s.put(box{b.x, y, b.w, 0}, p.look, s.cut(p.look, s.wrap(p.look, p.text, b.w), most, b.w)) + p.after*p.size
		}
		return y - b.y
	}
}
