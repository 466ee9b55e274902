package paper

import "strings"

// style is how a text looks. Size is in points.
type style struct {
	size float64
	bold bool
	grey bool
}

func body() style { return style{size: 10} }

// high is the height of a line, in millimetres.
func (t style) high() float64 { return t.size * 0.3528 * 1.38 }

func (s *sheet) style(t style) {
	weight := ""
	if t.bold {
		weight = "B"
	}
	s.pdf.SetFont("text", weight, t.size)
	if t.grey {
		s.pdf.SetTextColor(95, 95, 95)
	} else {
		s.pdf.SetTextColor(0, 0, 0)
	}
}

// lines breaks a cleaned text into lines of at most w millimetres. An empty
// line stays one.
func (s *sheet) lines(t style, text string, w float64) []string {
	s.style(t)
	var out []string
	for _, one := range strings.Split(text, "\n") {
		out = append(out, s.wrap(one, w)...)
	}
	return out
}

// wrap breaks one line at its spaces, and inside a word only when the word
// alone is too long.
func (s *sheet) wrap(text string, w float64) []string {
	var out []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if next := strings.TrimSpace(line + " " + word); s.pdf.GetStringWidth(next) <= w {
			line = next
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		parts := s.chop(word, w)
		out = append(out, parts[:len(parts)-1]...)
		line = parts[len(parts)-1]
	}
	return append(out, line)
}

// chop cuts a word into pieces that are not too long.
func (s *sheet) chop(word string, w float64) []string {
	var out []string
	piece := ""
	for _, r := range word {
		if next := piece + string(r); piece == "" || s.pdf.GetStringWidth(next) <= w {
			piece = next
			continue
		}
		out, piece = append(out, piece), string(r)
	}
	return append(out, piece)
}

// shorten cuts a line that is too long and shows that it did.
func (s *sheet) shorten(text string, w float64) string {
	if s.pdf.GetStringWidth(text) <= w {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && s.pdf.GetStringWidth(string(letters)+"…") > w {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimSpace(string(letters)) + "…"
}

// flow writes lines below each other, on as many pages as it takes.
func (s *sheet) flow(t style, text string) {
	for _, line := range s.lines(t, text, Column) {
		s.room(t.high())
		s.style(t)
		s.pdf.SetX(marginSide)
		s.pdf.CellFormat(Column, t.high(), line, "", 1, "L", false, 0, "")
	}
}

// Title puts the title of a document.
func (p *Paper) Title(text string) {
	text = p.clean(text)
	p.add(func(s *sheet) {
		s.room(20)
		s.flow(style{size: 17, bold: true}, text)
		s.pdf.Ln(3)
	})
}

// Heading puts a heading that the contents page lists.
func (p *Paper) Heading(text string) { p.head(text, style{size: 13, bold: true}, true) }

// Subheading puts a smaller heading that the contents page does not list.
func (p *Paper) Subheading(text string) { p.head(text, style{size: 10.5, bold: true}, false) }

func (p *Paper) head(text string, t style, listed bool) {
	text = p.clean(text)
	if listed {
		p.listed = append(p.listed, text)
	}
	p.add(func(s *sheet) {
		if s.pdf.GetY() > marginTop {
			s.pdf.Ln(t.size * 0.3)
		}
		s.room(t.high() * 3) // a heading never stands alone at the foot
		if listed {
			s.headings = append(s.headings, s.pdf.PageNo())
		}
		s.flow(t, text)
		s.pdf.Ln(1.2)
	})
}

// Text puts a paragraph. Line breaks in it are kept, and an empty line parts
// two paragraphs.
func (p *Paper) Text(text string) { p.text(text, body()) }

// Note puts a paragraph in small grey letters.
func (p *Paper) Note(text string) { p.text(text, style{size: 8.5, grey: true}) }

func (p *Paper) text(text string, t style) {
	text = p.clean(text)
	p.add(func(s *sheet) {
		s.flow(t, text)
		s.pdf.Ln(2)
	})
}

// Space leaves mm millimetres free, or less at the foot of a page.
func (p *Paper) Space(mm float64) {
	p.add(func(s *sheet) { s.pdf.Ln(min(mm, max(0, s.left()))) })
}

// Break starts a new page, unless this one is still empty.
func (p *Paper) Break() {
	p.add(func(s *sheet) {
		if s.pdf.GetY() > marginTop {
			s.pdf.AddPage()
		}
	})
}
