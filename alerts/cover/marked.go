package cover

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"

	"golang.org/x/image/draw"

	"homeward/alerts"
)

// Marked is the whole picture with the rectangles as they stand: covered,
// framed, the crop framed in white. The corner is the first of two that were
// pressed, nil for none.
func Marked(b []byte, in alerts.CoverPhoto, corner *alerts.Box, width int) (alerts.Picture, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return alerts.Picture{}, fmt.Errorf("decode a photo: %w", err)
	}
	of := img.Bounds()
	to := image.NewRGBA(image.Rect(0, 0, width, max(1, of.Dy()*width/of.Dx())))
	draw.ApproxBiLinear.Scale(to, to.Bounds(), img, of, draw.Src, nil)
	for _, box := range in.Covered {
		r := pixels(box, to.Bounds())
		cover(to, r)
		frame(to, r, color.RGBA{255, 214, 10, 255})
	}
	if in.Crop != nil {
		frame(to, pixels(*in.Crop, to.Bounds()), color.RGBA{255, 255, 255, 255})
	}
	if corner != nil {
		dot := pixels(*corner, to.Bounds())
		frame(to, image.Rect(dot.Min.X-6, dot.Min.Y-6, dot.Min.X+7, dot.Min.Y+7), color.RGBA{255, 255, 255, 255})
	}
	return writeJPEG(to, quality)
}

// frame draws the edge of a rectangle with a dark line beside it, so that it is
// seen on any picture.
func frame(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	line := func(r image.Rectangle, c color.RGBA) {
		for _, side := range []image.Rectangle{
			{r.Min, image.Pt(r.Max.X, r.Min.Y+1)}, {image.Pt(r.Min.X, r.Max.Y-1), r.Max},
			{r.Min, image.Pt(r.Min.X+1, r.Max.Y)}, {image.Pt(r.Max.X-1, r.Min.Y), r.Max},
		} {
			draw.Draw(img, side.Intersect(img.Bounds()), &image.Uniform{c}, image.Point{}, draw.Src)
		}
	}
	line(r, color.RGBA{0, 0, 0, 255})
	line(r.Inset(1), c)
	line(r.Inset(2), c)
}

// Blurred is a thumbnail of which nobody can tell what is on it, for
// pictures that strangers sent.
func Blurred(b []byte) (alerts.Picture, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return alerts.Picture{}, fmt.Errorf("decode a photo: %w", err)
	}
	small := fitted(img, img.Bounds(), 160)
	cover(small, small.Bounds())
	return writeJPEG(small, quality)
}
