package cover

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"golang.org/x/image/draw"

	"homeward/alerts"
)

// How a picture is covered.
const (
	// longest is the longer side of the new picture at most, in pixels.
	longest = 2000
	// cells is how many patches of one colour a rectangle is reduced to along its
	// longer side: a face keeps nothing that tells it from another.
	cells = 6
	// least is the least side of a patch, and step what its colour is rounded to,
	// so that little is left of the picture even in one patch.
	least = 8
	step  = 16
	// margin is by how much more than the rectangle is covered: making a picture
	// smaller carries colours over its edge.
	margin = 2
	// quality is that of the JPEG.
	quality = 88
)

// Picture makes a new picture of a JPEG that was checked when it came in:
// cut to the crop, every rectangle unrecognisable for good, written anew.
func Picture(b []byte, in alerts.CoverPhoto) (alerts.Picture, error) {
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return alerts.Picture{}, fmt.Errorf("decode a photo: %w", err)
	}
	of := img.Bounds()
	cut := of
	if in.Crop != nil {
		cut = pixels(*in.Crop, of)
	}
	to := fitted(img, cut, longest)
	for _, box := range in.Covered {
		cover(to, carried(pixels(box, of), cut, to.Bounds()).Inset(-margin))
	}
	return writeJPEG(to, quality)
}

func writeJPEG(img *image.RGBA, quality int) (alerts.Picture, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return alerts.Picture{}, fmt.Errorf("write a photo: %w", err)
	}
	return alerts.Picture{JPEG: out.Bytes(), Width: img.Rect.Dx(), Height: img.Rect.Dy()}, nil
}

// pixels is a rectangle in percent as one in pixels, never smaller and never
// empty.
func pixels(b alerts.Box, of image.Rectangle) image.Rectangle {
	w, h := float64(of.Dx())/100, float64(of.Dy())/100
	r := image.Rect(int(math.Floor(b.X*w)), int(math.Floor(b.Y*h)), int(math.Ceil((b.X+b.Width)*w)), int(math.Ceil((b.Y+b.Height)*h)))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	return r.Add(of.Min).Intersect(of)
}

// carried is where a rectangle of a picture lies once cut has become to.
func carried(r, cut, to image.Rectangle) image.Rectangle {
	x, y := float64(to.Dx())/float64(cut.Dx()), float64(to.Dy())/float64(cut.Dy())
	r = r.Intersect(cut).Sub(cut.Min)
	if r.Empty() {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(float64(r.Min.X)*x)), int(math.Floor(float64(r.Min.Y)*y)), int(math.Ceil(float64(r.Max.X)*x)), int(math.Ceil(float64(r.Max.Y)*y)))
}

// fitted is a part of a picture, no larger than side on its longer side.
func fitted(img image.Image, cut image.Rectangle, side int) *image.RGBA {
	w, h := cut.Dx(), cut.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == cut.Dx() && h == cut.Dy() {
		draw.Draw(to, to.Bounds(), img, cut.Min, draw.Src)
		return to
	}
	draw.ApproxBiLinear.Scale(to, to.Bounds(), img, cut, draw.Src, nil)
	return to
}

// patch is the mean colour of a part of a picture.
type patch [3]float64

// cover makes a rectangle of a picture unrecognisable. What it becomes depends
// only on the rounded mean colours of a few patches.
func cover(img *image.RGBA, r image.Rectangle) {
	r = r.Intersect(img.Bounds())
	if r.Empty() {
		return
	}
	cell := max(least, (max(r.Dx(), r.Dy())+cells-1)/cells)
	columns, rows := (r.Dx()+cell-1)/cell, (r.Dy()+cell-1)/cell
	patches := make([]patch, columns*rows)
	for row := range rows {
		for column := range columns {
			at := image.Rect(column*cell, row*cell, (column+1)*cell, (row+1)*cell).Add(r.Min).Intersect(r)
			patches[row*columns+column] = mean(img, at)
		}
	}
	at := func(column, row int) patch {
		return patches[min(max(row, 0), rows-1)*columns+min(max(column, 0), columns-1)]
	}
	for y := range r.Dy() {
		for x := range r.Dx() {
			img.SetRGBA(r.Min.X+x, r.Min.Y+y, blend(at, (float64(x)+0.5)/float64(cell)-0.5, (float64(y)+0.5)/float64(cell)-0.5))
		}
	}
}

// mean is the mean colour of a part of a picture, rounded.
func mean(img *image.RGBA, r image.Rectangle) (p patch) {
	var sum [3]uint64
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := img.RGBAAt(x, y)
			sum[0], sum[1], sum[2] = sum[0]+uint64(c.R), sum[1]+uint64(c.G), sum[2]+uint64(c.B)
		}
	}
	n := uint64(r.Dx() * r.Dy())
	for i := range sum {
		p[i] = float64(sum[i]/n/step*step + step/2)
	}
	return p
}

// blend is the colour between the middles of four patches.
func blend(at func(column, row int) patch, x, y float64) color.RGBA {
	left, top := int(math.Floor(x)), int(math.Floor(y))
	fx, fy := x-float64(left), y-float64(top)
	var out [3]uint8
	for i := range out {
		upper := at(left, top)[i]*(1-fx) + at(left+1, top)[i]*fx
		lower := at(left, top+1)[i]*(1-fx) + at(left+1, top+1)[i]*fx
		out[i] = uint8(math.Round(upper*(1-fy) + lower*fy))
	}
	return color.RGBA{out[0], out[1], out[2], 255}
}
