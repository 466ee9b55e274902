package cover

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"homeward/alerts"
)

// picture is a grey picture with something in the rectangle that is covered:
// noise, or the plain colour which is the mean of that noise.
func picture(t *testing.T, noise bool) *image.RGBA {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 300))
	random := rand.New(rand.NewPCG(1, 2))
	for y := range 300 {
		for x := range 400 {
			v := uint8(120)
			if noise && x >= 96 && x < 304 && y >= 72 && y < 228 {
				v = 64 + uint8(random.IntN(2))*112 // 64 and 176: 120 on the mean
			}
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return img
}

func encoded(t *testing.T, img image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func opened(t *testing.T, p alerts.Picture) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if img.Bounds().Size() != (image.Point{p.Width, p.Height}) {
		t.Fatalf("%v is said to be %d by %d", img.Bounds(), p.Width, p.Height)
	}
	return img
}

func made(t *testing.T, b []byte, in alerts.CoverPhoto) alerts.Picture {
	t.Helper()
	p, err := Picture(b, in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var whole = alerts.Box{X: 24, Y: 24, Width: 52, Height: 52}

// TestDetailIsGone covers two pictures of which only the means of the patches
// are alike: what comes out is the same to the byte. Without covering it is not.
func TestDetailIsGone(t *testing.T) {
	t.Parallel()
	in := alerts.CoverPhoto{Covered: []alerts.Box{whole}}
	noisy, plain := picture(t, true), picture(t, false)
	cover(noisy, image.Rect(96, 72, 304, 228))
	cover(plain, image.Rect(96, 72, 304, 228))
	if !bytes.Equal(noisy.Pix, plain.Pix) {
		t.Error("the covered place still tells the two pictures apart")
	}
	a, b := made(t, encoded(t, picture(t, true)), in), made(t, encoded(t, picture(t, false)), in)
	if d := difference(opened(t, a), opened(t, b)); d > 24 {
		t.Errorf("the covered place of the new pictures differs by %d", d)
	}
	none := alerts.CoverPhoto{Crop: &alerts.Box{Width: 100, Height: 100}}
	a, b = made(t, encoded(t, picture(t, true)), none), made(t, encoded(t, picture(t, false)), none)
	if d := difference(opened(t, a), opened(t, b)); d < 40 {
		t.Errorf("control: uncovered, the pictures differ by %d only", d)
	}
}

// difference is the largest difference of two pictures in one place.
func difference(a, b image.Image) (most int) {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p, _, _, _ := a.At(x, y).RGBA()
			q, _, _, _ := b.At(x, y).RGBA()
			most = max(most, int(p>>8)-int(q>>8), int(q>>8)-int(p>>8))
		}
	}
	return most
}

func TestOnlyTheRectangleChanges(t *testing.T) {
	t.Parallel()
	img := picture(t, true)
	before := picture(t, true)
	r := image.Rect(96, 72, 200, 150)
	cover(img, r)
	for y := range 300 {
		for x := range 400 {
			if same := img.RGBAAt(x, y) == before.RGBAAt(x, y); !image.Pt(x, y).In(r) && !same {
				t.Fatalf("%d,%d lies outside and changed", x, y)
			}
		}
	}
}

// TestFewPatches counts the colours along a row: there are no more than the
// patches and what lies between them, whatever the size of the rectangle.
func TestFewPatches(t *testing.T) {
	t.Parallel()
	for _, r := range []image.Rectangle{image.Rect(0, 0, 400, 300), image.Rect(10, 10, 30, 14), image.Rect(399, 0, 400, 300), image.Rect(390, 290, 500, 400), {}} {
		img := picture(t, true)
		cover(img, r)
		r = r.Intersect(img.Bounds())
		turns, last := 0, 0
		for x := r.Min.X + 1; x < r.Max.X; x++ {
			step := int(img.RGBAAt(x, r.Min.Y).R) - int(img.RGBAAt(x-1, r.Min.Y).R)
			if step != 0 && step*last < 0 {
				turns++
			}
			if step != 0 {
				last = step
			}
		}
		if turns > cells {
			t.Errorf("%v: the brightness turns %d times in one row", r, turns)
		}
	}
}

func TestCropAndRectanglesTogether(t *testing.T) {
	t.Parallel()
	b := encoded(t, picture(t, true))
	p := made(t, b, alerts.CoverPhoto{Crop: &alerts.Box{X: 50, Y: 50, Width: 50, Height: 50}, Covered: []alerts.Box{whole}})
	if p.Width != 200 || p.Height != 150 {
		t.Fatalf("%d by %d", p.Width, p.Height)
	}
	img := opened(t, p)
	for _, at := range []image.Point{{10, 10}, {90, 60}, {101, 75}} {
		r, _, _, _ := img.At(at.X, at.Y).RGBA()
		n, _, _, _ := img.At(at.X+1, at.Y).RGBA()
		if d := int(r>>8) - int(n>>8); d > 12 || d < -12 {
			t.Errorf("%v is not covered after the crop: %d", at, d)
		}
	}
}

func TestALargePictureBecomesSmaller(t *testing.T) {
	t.Parallel()
	img := image.NewRGBA(image.Rect(0, 0, 4100, 100))
	p := made(t, encoded(t, img), alerts.CoverPhoto{Covered: []alerts.Box{{X: 0, Y: 0, Width: 1, Height: 100}}})
	if p.Width != longest || p.Height != 48 {
		t.Errorf("%d by %d", p.Width, p.Height)
	}
}

func TestMarkedAndBlurred(t *testing.T) {
	t.Parallel()
	b := encoded(t, picture(t, true))
	p, err := Marked(b, alerts.CoverPhoto{Covered: []alerts.Box{whole}, Crop: &whole}, &alerts.Box{X: 99, Y: 99, Width: 1, Height: 1}, 320)
	if err != nil || p.Width != 320 || p.Height != 240 {
		t.Fatalf("%d by %d, %v", p.Width, p.Height, err)
	}
	p, err = Blurred(b)
	if err != nil || p.Width > 160 {
		t.Fatalf("%d by %d, %v", p.Width, p.Height, err)
	}
	for _, bad := range [][]byte{nil, []byte("no picture"), b[:len(b)/2]} {
		if _, err := Picture(bad, alerts.CoverPhoto{}); err == nil {
			t.Error("a broken picture is covered")
		}
		if _, err := Blurred(bad); err == nil {
			t.Error("a broken picture is blurred")
		}
	}
}
