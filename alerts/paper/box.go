package paper

// Box is a place on the current page, in millimetres from its upper left
// corner.
type Box struct{ X, Y, W, H float64 }

// Look is how a text in a box is written.
type Look struct {
	// Size is the largest size of the letters in points; a text that does not
	// fit is written smaller, down to half of it.
	Size   float64
	Bold   bool
	Centre bool
	Colour Colour
}

// Colour is red, green and blue, 0 to 255. The zero value is black.
type Colour struct{ R, G, B int }

// Fill fills a box with a colour.
func (p *Paper) Fill(b Box, c Colour) {
	p.add(func(s *sheet) {
		s.pdf.SetFillColor(c.R, c.G, c.B)
		s.pdf.Rect(b.X, b.Y, b.W, b.H, "F")
	})
}

// TextIn writes a text into a box, from its upper edge down. Letters shrink
// until it fits; what does not fit even at half the size is cut, and the cut is
// shown.
func (p *Paper) TextIn(b Box, l Look, text string) {
	text = p.clean(text)
	p.add(func(s *sheet) {
		t, lines := s.squeeze(b, l, text)
		align := "L"
		if l.Centre {
			align = "C"
		}
		s.style(t)
		s.pdf.SetTextColor(l.Colour.R, l.Colour.G, l.Colour.B)
		for i, line := range lines {
			s.pdf.SetXY(b.X, b.Y+float64(i)*t.high())
			s.pdf.CellFormat(b.W, t.high(), line, "", 0, align, false, 0, "")
		}
		s.pdf.SetXY(marginSide, marginTop)
	})
}

// squeeze finds the largest letters with which a text fits into a box.
func (s *sheet) squeeze(b Box, l Look, text string) (style, []string) {
	t := style{size: l.Size, bold: l.Bold}
	for {
		lines := s.lines(t, text, b.W)
		fit := max(1, int(b.H/t.high()))
		switch {
		case len(lines) <= fit:
			return t, lines
		case t.size > l.Size/2:
			t.size -= max(0.25, l.Size/50)
		default:
			lines[fit-1] = s.shorten(lines[fit-1]+" …", b.W)
			return t, lines[:fit]
		}
	}
}

// PictureIn puts a JPEG or PNG into a box, whole and in its middle.
func (p *Paper) PictureIn(b Box, image []byte) {
	p.add(func(s *sheet) {
		name, ratio, ok := s.register(image)
		if !ok {
			return
		}
		w := min(b.W, b.H*ratio)
		s.place(name, b.X+(b.W-w)/2, b.Y+(b.H-w/ratio)/2, w, w/ratio)
	})
}
