package paper

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"image/png"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Picture puts a JPEG or PNG across the column, as large as the page allows,
// with a line below it. It is at most high millimetres high; 0 sets no limit.
func (p *Paper) Picture(image []byte, high float64, caption string) {
	caption = p.clean(caption)
	p.add(func(s *sheet) {
		name, ratio, ok := s.register(image)
		if !ok {
			return
		}
		small := style{size: 8.5, grey: true}
		under := 2 + float64(len(s.lines(small, caption, Column)))*small.high()
		limit := PageHeight - marginTop - marginFoot - under - 2
		if high > 0 {
			limit = min(limit, high)
		}
		w := min(Column, limit*ratio)
		s.room(w/ratio + under)
		s.place(name, marginSide, s.pdf.GetY(), w, w/ratio)
		s.pdf.SetY(s.pdf.GetY() + w/ratio + 2)
		s.flow(small, caption)
		s.pdf.Ln(2)
	})
}

// register hands a picture to the document and returns its name in it and its
// width divided by its height.
func (s *sheet) register(image []byte) (string, float64, bool) {
	if err := readable(image); err != nil {
		s.pdf.SetError(err)
		return "", 0, false
	}
	s.pictures++
	name := "picture " + strconv.Itoa(s.pictures)
	info := s.pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: imageType(image)}, bytes.NewReader(image))
	if s.pdf.Err() || info.Width() <= 0 || info.Height() <= 0 {
		return "", 0, false
	}
	return name, info.Width() / info.Height(), true
}

func (s *sheet) place(name string, x, y, w, h float64) {
	s.pdf.ImageOptions(name, x, y, w, h, false, fpdf.ImageOptions{}, 0, "")
}

// readable looks at a picture before the library does, which trusts a PNG and
// panics when it ends too early.
func readable(data []byte) error {
	var err error
	if imageType(data) == "png" {
		_, err = png.Decode(bytes.NewReader(data))
	} else {
		_, err = jpeg.DecodeConfig(bytes.NewReader(data))
	}
	if err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	return nil
}

func imageType(image []byte) string {
	if bytes.HasPrefix(image, []byte("\x89PNG")) {
		return "png"
	}
	return "jpg"
}
