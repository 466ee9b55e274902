package poster

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	"github.com/boombuler/barcode/qr"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// quietModules is the white around a code without which readers do not find it.
const quietModules = 4

// PNG draws a share image.
func PNG(c Content, f Format) ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	w, h := float64(f.Width), float64(f.Height)
	u := w / 100
	p := pieces{top: 10 * u, foot: 6.4 * u, call: 20 * u, edge: 3.5 * u, who: 5.4 * u, body: 3 * u, facts: 3}
	y := p.top + 3*u
	if f.Height > f.Width {
		p.who, p.body, p.call = 6.2*u, 3.3*u, 21*u
		p.photo = box{p.edge, y, w - 2*p.edge, 50 * u}
		p.text = box{p.edge, y + 52*u, w - 2*p.edge, h - p.foot - p.call - y - 54*u}
	} else {
		rest := h - p.foot - p.call - y - 2*u
		p.photo = box{p.edge, y, 42 * u, rest}
		p.text = box{p.edge + 45*u, y, w - 2*p.edge - 45*u, rest}
	}
	s, err := sheetOf(&c, w, h, p)
	if err != nil {
		return nil, err
	}
	return s.png(&c)
}

// canvas draws steps as a picture.
type canvas struct {
	*image.RGBA
	of    *sheet
	faces map[face]font.Face
}

type face struct {
	size float64
	bold bool
}

func (s *sheet) png(c *Content) ([]byte, error) {
	d := &canvas{RGBA: image.NewRGBA(image.Rect(0, 0, int(s.w), int(s.h))), of: s, faces: map[face]font.Face{}}
	for i := range s.steps {
		if err := d.draw(&s.steps[i], c); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&out, d.RGBA); err != nil {
		return nil, fmt.Errorf("write a share image: %w", err)
	}
	return out.Bytes(), nil
}

func (d *canvas) draw(s *step, c *Content) error {
	at := image.Rect(int(s.box.x+0.5), int(s.box.y+0.5), int(s.box.x+s.box.w+0.5), int(s.box.y+s.box.h+0.5))
	switch s.kind {
	case fill:
		draw.Draw(d, at, image.NewUniform(s.colour.rgba()), image.Point{}, draw.Src)
	case line:
		return d.line(s)
	case photo:
		img, err := jpeg.Decode(bytes.NewReader(c.Photo))
		if err != nil {
			return fmt.Errorf("read the photo of a poster: %w", err)
		}
		xdraw.CatmullRom.Scale(d, within(at, img.Bounds()), img, img.Bounds(), draw.Over, nil)
	case code:
		img, err := codeOf(c.Link, at.Dx())
		if err != nil {
			return err
		}
		to := within(at, img.Bounds())
		xdraw.NearestNeighbor.Scale(d, to, img, img.Bounds(), draw.Src, nil)
	}
	return nil
}

func (c colour) rgba() color.RGBA { return color.RGBA{c[0], c[1], c[2], 255} }

// within is the largest place in a box that has a picture's shape.
func within(at, of image.Rectangle) image.Rectangle {
	w, h := at.Dx(), at.Dx()*of.Dy()/max(1, of.Dx())
	if h > at.Dy() {
		w, h = at.Dy()*of.Dx()/max(1, of.Dy()), at.Dy()
	}
	x, y := at.Min.X+(at.Dx()-w)/2, at.Min.Y+(at.Dy()-h)/2
	return image.Rect(x, y, x+w, y+h)
}

func (d *canvas) line(s *step) error {
	k := face{s.size, s.bold}
	f, ok := d.faces[k]
	if !ok {
		var of *sfnt.Font = d.of.letters.text
		if s.bold {
			of = d.of.letters.strong
		}
		var err error
		if f, err = opentype.NewFace(of, &opentype.FaceOptions{Size: s.size, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return fmt.Errorf("set letters: %w", err)
		}
		d.faces[k] = f
	}
	pen := font.Drawer{Dst: d, Src: image.NewUniform(s.colour.rgba()), Face: f, Dot: fixed.Point26_6{
		X: fixed.Int26_6(s.box.x * 64), Y: fixed.Int26_6((s.box.y + (rise-(1.38-high)/2)*s.size) * 64),
	}}
	pen.DrawString(s.text)
	return nil
}

// codeOf draws the code of an address with the white that belongs around it, as
// large as fits into so many pixels with whole modules.
func codeOf(link string, pixels int) (image.Image, error) {
	bars, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("make the code of a poster: %w", err)
	}
	n := bars.Bounds().Dx()
	all := n + 2*quietModules
	module := max(1, pixels/all)
	img := image.NewGray(image.Rect(0, 0, all*module, all*module))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := range n {
		for x := range n {
			if r, _, _, _ := bars.At(x, y).RGBA(); r == 0 {
				at := image.Rect(x+quietModules, y+quietModules, x+quietModules+1, y+quietModules+1)
				at = image.Rect(at.Min.X*module, at.Min.Y*module, at.Max.X*module, at.Max.Y*module)
				draw.Draw(img, at, image.Black, image.Point{}, draw.Src)
			}
		}
	}
	return img, nil
}
