package demo

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"homeward/alerts"
)

// The size of a drawn picture.
const (
	drawnWidth  = 300
	drawnHeight = 380
)

// photograph adds a picture of each child: a drawing, which nobody can take for
// a photo of somebody.
func (t *teller) photograph(ctx context.Context, s *searching) error {
	v, err := t.Desk.Case(ctx, t.staff.operator, s.id)
	if err != nil {
		return err
	}
	for i, c := range s.children {
		drawing, err := portrait(newDice(fmt.Sprint("face ", s.key, i)), c)
		if err != nil {
			return err
		}
		p, err := t.Desk.AddPhoto(ctx, t.staff.operator, s.id, alerts.NewPhoto{
			Picture: alerts.Picture{JPEG: drawing, Width: drawnWidth, Height: drawnHeight},
			Child:   v.Children[i].ID, Main: i == 0, TakenOn: s.seen.AddDate(0, -s.IntN(14), 0).Format("2006-01"),
			Source: "The family", Use: alerts.UsePublic, Others: alerts.OthersNone,
		}, alerts.Request{})
		if err != nil {
			return err
		}
		if i == 0 {
			s.photoID = p.ID
		}
	}
	return nil
}

// oval is a filled ellipse around a place, in pixels.
type oval struct {
	x, y, rx, ry float64
	c            color.RGBA
	// below and above bound it to one side of a line, 0 for neither.
	below, above float64
}

func portrait(d dice, c child) ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, drawnWidth, drawnHeight))
	paper := pick(d, []color.RGBA{{222, 232, 240, 255}, {236, 229, 214, 255}, {221, 236, 224, 255}, {238, 224, 232, 255}})
	for y := range drawnHeight {
		for x := range drawnWidth {
			img.SetRGBA(x, y, paper)
		}
	}
	for _, o := range face(d, c) {
		o.paint(img)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 82}); err != nil {
		return nil, fmt.Errorf("write a drawing: %w", err)
	}
	return out.Bytes(), nil
}

// face lists what a face is drawn of, from the back to the front.
func face(d dice, c child) []oval {
	ink, blush := color.RGBA{50, 45, 48, 255}, color.RGBA{226, 92, 84, 255}
	hair := hairColour(c.hair)
	skin := pick(d, []color.RGBA{{246, 214, 190, 255}, {236, 196, 164, 255}, {214, 168, 130, 255}, {190, 140, 104, 255}})
	coat := pick(d, []color.RGBA{{176, 58, 62, 255}, {52, 96, 148, 255}, {62, 122, 84, 255}, {132, 82, 150, 255}, {196, 140, 48, 255}})
	const x, y = 150.0, 168.0
	w := 66 + d.Float64()*14
	h := 86 + d.Float64()*12
	var out []oval
	if c.sex == "female" {
		out = append(out, oval{x: x, y: y + 26, rx: w + 22, ry: h + 30, c: hair})
	}
	out = append(out,
		oval{x: x, y: 398, rx: 128, ry: 106, c: coat},
		oval{x: x, y: y + h, rx: 27, ry: 44, c: skin},
		oval{x: x - w, y: y + 6, rx: 13, ry: 20, c: skin}, oval{x: x + w, y: y + 6, rx: 13, ry: 20, c: skin},
		oval{x: x, y: y, rx: w + 2.5, ry: h + 2.5, c: ink}, oval{x: x, y: y, rx: w, ry: h, c: skin},
		oval{x: x, y: y - 12, rx: w + 6, ry: h + 4, c: hair, above: y - 34 - d.Float64()*12},
	)
	for _, side := range []float64{-1, 1} {
		e := x + side*(26+d.Float64()*3)
		out = append(out,
			oval{x: e, y: y + 2, rx: 12, ry: 9, c: color.RGBA{255, 255, 255, 255}}, oval{x: e, y: y + 2, rx: 6, ry: 7, c: ink},
			oval{x: e, y: y - 19, rx: 15, ry: 4, c: hair}, oval{x: e + side*8, y: y + 34, rx: 11, ry: 7, c: mix(skin, blush)})
	}
	smile := 20 + d.Float64()*8
	return append(out,
		oval{x: x, y: y + 24, rx: 6, ry: 8, c: mix(skin, ink)},
		oval{x: x, y: y + 44, rx: smile, ry: 14, c: ink, below: y + 48}, oval{x: x, y: y + 41, rx: smile, ry: 13, c: skin, below: y + 40})
}

func hairColour(word string) color.RGBA {
	switch word {
	case "black":
		return color.RGBA{36, 32, 34, 255}
	case "blonde", "fair", "dark blonde":
		return color.RGBA{222, 184, 104, 255}
	case "red":
		return color.RGBA{186, 88, 40, 255}
	case "dyed violet":
		return color.RGBA{128, 76, 160, 255}
	}
	return color.RGBA{98, 66, 44, 255}
}

func mix(a, b color.RGBA) color.RGBA {
	part := func(x, y uint8) uint8 { return uint8((3*int(x) + int(y)) / 4) }
	return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
}

// paint fills the oval; its edge is softened over about one pixel.
func (o oval) paint(img *image.RGBA) {
	r := image.Rect(int(o.x-o.rx)-1, int(o.y-o.ry)-1, int(o.x+o.rx)+2, int(o.y+o.ry)+2).Intersect(img.Bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if o.below > 0 && float64(y) < o.below || o.above > 0 && float64(y) > o.above {
			continue
		}
		for x := r.Min.X; x < r.Max.X; x++ {
			dx, dy := (float64(x)-o.x)/o.rx, (float64(y)-o.y)/o.ry
			cover := min(1, (1-math.Sqrt(dx*dx+dy*dy))*min(o.rx, o.ry))
			if cover <= 0 {
				continue
			}
			under := img.RGBAAt(x, y)
			blend := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*cover) }
			img.SetRGBA(x, y, color.RGBA{blend(under.R, o.c.R), blend(under.G, o.c.G), blend(under.B, o.c.B), 255})
		}
	}
}
