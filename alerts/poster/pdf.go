package poster

import (
	"bytes"
	"fmt"
	"image/png"

	"homeward/alerts/paper"
)

// codePixels is how large a code is drawn before it is put on paper.
const codePixels = 800

// points turns millimetres into points.
const points = 1 / 0.3528

// PDF draws the poster on an A4 page.
func PDF(c Content) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	p := pieces{top: 27, foot: 13, call: 44, edge: 12, who: 13, body: 7, facts: 8}
	full := paper.PageWidth - 2*p.edge
	p.photo = box{p.edge, 33, 90, 116}
	p.text = box{p.edge + 97, 33, full - 97, 116}
	p.more = box{p.edge, 154, full, paper.PageHeight - p.foot - p.call - 154 - 3}
	s, err := sheetOf(&c, paper.PageWidth, paper.PageHeight, p)
	if err != nil {
		return nil, err
	}
	return s.pdf(&c)
}

func (s *sheet) pdf(c *Content) ([]byte, error) {
	doc := paper.New(paper.Options{Lang: c.Lang, Title: c.Missing, At: c.At})
	for i := range s.steps {
		t := &s.steps[i]
		b := paper.Box{X: t.box.x, Y: t.box.y, W: t.box.w, H: t.box.h}
		switch t.kind {
		case fill:
			doc.Fill(b, t.colour.paper())
		case line:
			// A little wider than measured, so that rounding does not shrink it.
			b.W, b.Y = b.W*1.01+0.5, b.Y-(1.38-high)/2*t.size
			doc.TextIn(b, paper.Look{Size: t.size * points, Bold: t.bold, Colour: t.colour.paper()}, t.text)
		case photo:
			doc.PictureIn(b, c.Photo)
		case code:
			img, err := codeOf(c.Link, codePixels)
			if err != nil {
				return nil, err
			}
			var out bytes.Buffer
			if err := png.Encode(&out, img); err != nil {
				return nil, fmt.Errorf("write the code of a poster: %w", err)
			}
			doc.PictureIn(b, out.Bytes())
		}
	}
	return doc.Bytes()
}

func (c colour) paper() paper.Colour {
	return paper.Colour{R: int(c[0]), G: int(c[1]), B: int(c[2])}
}
