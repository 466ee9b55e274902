package web

import (
	"bytes"
	"image"
	"image/color"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"homeward/geo"
)

// turned is a picture seen upright and on white. It copies nothing: a second
// copy of forty megapixels is what two decodes at once cannot afford.
type turned struct {
	image.Image
	orientation int
}

// turn returns img as its EXIF orientation (1 to 8) means it to be seen.
func turn(img image.Image, orientation int) image.Image {
	opaque, ok := img.(interface{ Opaque() bool })
	if orientation <= 1 && ok && opaque.Opaque() {
		return img
	}
	return turned{img, orientation}
}

func (t turned) ColorModel() color.Model { return color.RGBAModel }

func (t turned) Bounds() image.Rectangle {
	size := t.Image.Bounds().Size()
	if t.orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	return image.Rectangle{Max: size}
}

// At returns the colour of a place in the upright picture.
func (t turned) At(x, y int) color.Color {
	b := t.Image.Bounds()
	w, h := b.Dx()-1, b.Dy()-1
	switch t.orientation {
	case 2:
		x = w - x
	case 3:
		x, y = w-x, h-y
	case 4:
		y = h - y
	case 5:
		x, y = y, x
	case 6:
		x, y = y, h-x
	case 7:
		x, y = w-y, h-x
	case 8:
		x, y = w-y, x
	}
	r, g, bl, a := t.Image.At(b.Min.X+x, b.Min.Y+y).RGBA()
	white := 0xffff - a
	return color.RGBA{uint8((r + white) >> 8), uint8((g + white) >> 8), uint8((bl + white) >> 8), 0xff}
}

// metadata reads EXIF within narrow limits. What cannot be read is not there.
func metadata(b []byte) imagemeta.Tags {
	format := imagemeta.JPEG
	if isPNG(b) {
		format = imagemeta.PNG
	}
	var tags imagemeta.Tags
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(b), ImageFormat: format, Sources: imagemeta.EXIF, Timeout: time.Second, LimitNumTags: 500, LimitTagSize: 256,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return strings.HasPrefix(t.Namespace, "IFD0") && (t.Tag == "Orientation" || strings.HasPrefix(t.Tag, "GPS"))
		},
		HandleTag: func(t imagemeta.TagInfo) error { tags.Add(t); return nil },
	})
	if err != nil {
		return imagemeta.Tags{}
	}
	return tags
}

// orientationOf returns how a picture is to be turned, 1 for as it is.
func orientationOf(b []byte) int {
	tags := metadata(b)
	switch v := tags.EXIF()["Orientation"].Value.(type) {
	case uint16:
		if v >= 1 && v <= 8 {
			return int(v)
		}
	case int:
		if v >= 1 && v <= 8 {
			return v
		}
	}
	return 1
}

// placeIn returns where a picture says that it was taken, nil when it does not.
// It is told to whoever sent the picture and asked for it, and kept nowhere.
func placeIn(b []byte) *geo.Point {
	tags := metadata(b)
	if len(tags.EXIF()) == 0 {
		return nil
	}
	lat, lon, err := tags.GetLatLong()
	p := geo.At(lon, lat)
	if err != nil || p.Validate() != nil || lat == 0 && lon == 0 {
		return nil
	}
	return &p
}
