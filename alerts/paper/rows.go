package paper

import "strconv"

// Field is a name and what is known under it.
type Field struct {
	Name, Value string
	// Note stands below the value in small grey letters.
	Note string
}

// Fields puts a list of names and values.
func (p *Paper) Fields(fields ...Field) {
	for _, f := range fields {
		name, value, note := p.clean(f.Name), p.clean(f.Value), p.clean(f.Note)
		p.add(func(s *sheet) {
			cells := []cell{{52, style{size: 9, grey: true}, name}, {Column - 56, body(), value}}
			if value == "" {
				cells[1] = cell{Column - 56, style{size: 9, grey: true}, note}
				s.row(cells, 4)
				return
			}
			s.row(cells, 4)
			if note != "" {
				s.row([]cell{{52, body(), ""}, {Column - 56, style{size: 8.5, grey: true}, note}}, 4)
			}
		})
	}
	p.Space(1.5)
}

// Table puts a table: the widths are parts of the whole, one for each column.
// The first line is repeated on every page.
func (p *Paper) Table(widths []float64, head []string, rows [][]string) {
	total := 0.0
	for _, w := range widths {
		total += w
	}
	gap := 3.0
	wide := func(i int) float64 {
		return widths[i] / total * (Column - gap*float64(len(widths)-1))
	}
	cells := func(texts []string, t style) []cell {
		out := make([]cell, len(widths))
		for i := range out {
			out[i] = cell{wide(i), t, ""}
			if i < len(texts) {
				out[i].text = p.clean(texts[i])
			}
		}
		return out
	}
	top := cells(head, style{size: 8.5, bold: true})
	p.add(func(s *sheet) { s.room(24); s.row(top, gap); s.line() })
	for _, r := range rows {
		row := cells(r, style{size: 9})
		p.add(func(s *sheet) {
			was := s.pdf.PageNo()
			if s.fit(row); was != s.pdf.PageNo() {
				s.row(top, gap)
				s.line()
			}
			s.row(row, gap)
			s.line()
		})
	}
	p.Space(3)
}

// cell is one text of a row, w millimetres wide.
type cell struct {
	w    float64
	t    style
	text string
}

// fit starts a new page when a row does not fit on this one and would on
// another.
func (s *sheet) fit(row []cell) {
	high := 0.0
	for _, c := range row {
		high = max(high, float64(len(s.lines(c.t, c.text, c.w)))*c.t.high())
	}
	if high+2 < PageHeight-marginTop-marginFoot {
		s.room(high + 2)
	}
}

// row writes cells beside each other, line by line, so that a long one goes on
// over the page.
func (s *sheet) row(row []cell, gap float64) {
	s.fit(row)
	texts, count, high := make([][]string, len(row)), 0, 0.0
	for i, c := range row {
		texts[i] = s.lines(c.t, c.text, c.w)
		count, high = max(count, len(texts[i])), max(high, c.t.high())
	}
	for n := range count {
		s.room(high)
		x, y := marginSide, s.pdf.GetY()
		for i, c := range row {
			if n < len(texts[i]) {
				s.style(c.t)
				s.pdf.SetXY(x, y)
				s.pdf.CellFormat(c.w, high, texts[i][n], "", 0, "L", false, 0, "")
			}
			x += c.w + gap
		}
		s.pdf.SetXY(marginSide, y+high)
	}
	s.pdf.Ln(0.8)
}

func (s *sheet) line() {
	y := s.pdf.GetY()
	s.pdf.SetDrawColor(200, 200, 200)
	s.pdf.SetLineWidth(0.15)
	s.pdf.Line(marginSide, y, PageWidth-marginSide, y)
	s.pdf.Ln(0.8)
}

// Contents puts the list of all headings with their pages.
func (p *Paper) Contents(title string) {
	title = p.clean(title)
	p.add(func(s *sheet) {
		s.flow(style{size: 13, bold: true}, title)
		s.pdf.Ln(1.2)
		for i, text := range p.listed {
			page := ""
			if i < len(s.known) { // not in the first setting, which finds the pages
				page = strconv.Itoa(s.known[i])
			}
			s.row([]cell{{Column - 18, body(), text}, {14, body(), page}}, 4)
		}
		s.pdf.Ln(3)
	})
}
