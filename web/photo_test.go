package web

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/textproto"
	"runtime"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

const canary = "KANARINAC"

// corners is a picture whose upper left quarter is red, upper right green,
// lower left blue and lower right white.
func corners(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.RGBA{255, 0, 0, 255}
			case y < h/2:
				c = color.RGBA{0, 255, 0, 255}
			case x < w/2:
				c = color.RGBA{0, 0, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// exif is TIFF data with an orientation, a description and a place.
func exif(orientation uint16) []byte {
	var b bytes.Buffer
	w := func(v any) { _ = binary.Write(&b, binary.BigEndian, v) }
	entry := func(tag, kind uint16, count uint32, value uint32) { w(tag); w(kind); w(count); w(value) }
	b.WriteString("MM\x00*")
	w(uint32(8))
	w(uint16(4))
	const gps = 8 + 2 + 4*12 + 4
	entry(0x010e, 2, uint32(len(canary)+1), gps+2+4*12+4+48)
	entry(0x010f, 2, uint32(len(canary)+1), gps+2+4*12+4+48)
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	entry(0x8825, 4, 1, gps)
	w(uint32(0))
	w(uint16(4))
	entry(1, 2, 2, uint32('N')<<24)
	entry(2, 5, 3, gps+2+4*12+4)
	entry(3, 2, 2, uint32('E')<<24)
	entry(4, 5, 3, gps+2+4*12+4+24)
	w(uint32(0))
	for _, v := range []uint32{44, 1, 49, 1, 0, 1, 20, 1, 27, 1, 30, 1} {
		w(v)
	}
	b.WriteString(canary + "\x00")
	return b.Bytes()
}

func segment(marker byte, content []byte) []byte {
	return append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
}

// marked is a JPEG with something to give away in every place.
func marked(img image.Image, orientation uint16) []byte {
	plain := jpegOf(img)
	out := append([]byte{}, plain[:2]...)
	out = append(out, segment(0xe1, append([]byte("Exif\x00\x00"), exif(orientation)...))...)
	out = append(out, segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x>"+canary+"</x>"))...)
	out = append(out, segment(0xe2, []byte("ICC_PROFILE\x00\x01\x01"+canary))...)
	out = append(out, segment(0xed, []byte("Photoshop 3.0\x00"+canary))...)
	out = append(out, segment(0xfe, []byte(canary))...)
	out = append(out, plain[2:]...)
	return append(out, canary...)
}

// markedPNG is a PNG with something to give away.
func markedPNG(img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	const header = 8 + 25
	out := append([]byte{}, b.Bytes()[:header]...)
	for kind, content := range map[string][]byte{"tEXt": []byte("Comment\x00" + canary), "eXIf": exif(1)} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(content)))
		at := len(out)
		out = append(append(out, kind...), content...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[at:]))
	}
	return append(append(out, b.Bytes()[header:]...), canary...)
}

func TestPhotosAreTurnedUprightAndCarryNothing(t *testing.T) {
	t.Parallel()
	upright := corners(64, 32)
	for orientation := uint16(1); orientation <= 8; orientation++ {
		// The stored picture is the upright one, turned the other way round.
		stored := turn(upright, map[uint16]int{6: 8, 8: 6}[orientation])
		if orientation != 6 && orientation != 8 {
			stored = turn(upright, int(orientation))
		}
		clean, size, err := cleanPhoto(marked(stored, orientation))
		if err != nil || size != image.Pt(64, 32) {
			t.Fatalf("orientation %d: %v %v", orientation, size, err)
		}
		if bytes.Contains(clean, []byte(canary)) || bytes.Contains(clean, []byte("Exif")) {
			t.Errorf("orientation %d: the picture tells more than it shows", orientation)
		}
		got, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []image.Point{{8, 8}, {56, 8}, {8, 24}, {56, 24}} {
			r, g, b, _ := got.At(p.X, p.Y).RGBA()
			x, y, z, _ := upright.At(p.X, p.Y).RGBA()
			if far(r, x) || far(g, y) || far(b, z) {
				t.Errorf("orientation %d: %v is %d %d %d, not %d %d %d", orientation, p, r>>8, g>>8, b>>8, x>>8, y>>8, z>>8)
			}
		}
	}
}

func far(a, b uint32) bool { return max(a, b)-min(a, b) > 60<<8 }

func TestPhotosOverHTTP(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, anybody := s.as(alerts.RoleCoordinator), s.as(alerts.RolePublic)
	id := ana.post("/cases", aCase(s)).want(201).text("id")
	body, kind := formWith("photo", canary+".jpg", marked(corners(64, 32), 6), "main", "true")
	v := ana.with("Content-Type", kind).post("/cases/"+id+"/photos", body).want(201)
	if v.header.Get("Location") != "/api/v1/cases/"+id+"/photos/"+v.text("id") || v.at("width") != 32.0 {
		t.Errorf("%v %s", v.header, v.body)
	}
	got := ana.get("/cases/" + id + "/photos/" + v.text("id")).want(200)
	if bytes.Contains(got.body, []byte(canary)) || got.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%v", got.header)
	}
	raw := anybody.with("Content-Type", "image/png").post("/public/photos", markedPNG(corners(40, 40))).want(201)
	if raw.at("place") != nil {
		t.Error("a place was told that nobody asked for")
	}
	asked := anybody.with("Content-Type", "image/jpeg").post("/public/photos?read_position=true", marked(corners(64, 32), 1)).want(201)
	if at := asked.at("place.coordinates.1"); at != 44.0+49.0/60 {
		t.Errorf("the place is %v", asked.at("place"))
	}
	anybody.post("/public/sightings", edited(aSighting(s), []string{raw.text("id"), asked.text("id")}, "photos")).want(201)
	anybody.post("/public/sightings", edited(aSighting(s), []string{raw.text("id")}, "photos")).wrong(422, "photos[0]")
	seen := ana.get("/sightings").want(200)
	photo := ana.get("/sightings/" + seen.text("features.0.id") + "/photos/" + raw.text("id")).want(200)
	if bytes.Contains(photo.body, []byte(canary)) {
		t.Error("the tip's photo tells more than it shows")
	}
	if strings.Contains(s.logs.String(), canary) {
		t.Error("a file name is in the log")
	}
	// A repeat with other boundaries is the same upload.
	again := anybody.with("Idempotency-Key", "p")
	one, oneKind := formWith("photo", "a.jpg", jpegOf(corners(20, 20)))
	two, twoKind := formWith("photo", "b.jpg", jpegOf(corners(20, 20)))
	if again.with("Content-Type", oneKind).post("/public/photos", one).want(201).text("id") != again.with("Content-Type", twoKind).post("/public/photos", two).want(201).text("id") {
		t.Error("a repeat made another upload")
	}
}

// formWith is a form with one file and fields.
func formWith(field, name string, file []byte, pairs ...string) (body []byte, kind string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := w.WriteField(pairs[i], pairs[i+1]); err != nil {
			panic(err)
		}
	}
	part := must(w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q; filename=%q", field, name)}}))
	_ = must(part.Write(file))
	_ = w.Close()
	return b.Bytes(), w.FormDataContentType()
}

// bombs are pictures that are small to send and large to open, or none at all.
func bombs() map[string][]byte {
	var big, animated bytes.Buffer
	blank := image.NewPaletted(image.Rect(0, 0, 1, 1), color.Palette{color.Black})
	_ = png.Encode(&big, blank)
	huge := append([]byte{}, big.Bytes()...)
	binary.BigEndian.PutUint32(huge[16:], 30000)
	binary.BigEndian.PutUint32(huge[20:], 30000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	wide := append([]byte{}, huge...)
	binary.BigEndian.PutUint32(wide[16:], 1<<31-1)
	binary.BigEndian.PutUint32(wide[20:], 1<<31-1)
	binary.BigEndian.PutUint32(wide[29:], crc32.ChecksumIEEE(wide[12:29]))
	_ = gif.EncodeAll(&animated, &gif.GIF{Image: []*image.Paletted{blank}, Delay: []int{0}})
	small := jpegOf(corners(64, 64))
	lying := append([]byte{}, small...)
	at := bytes.Index(lying, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(lying[at+5:], 65000)
	binary.BigEndian.PutUint16(lying[at+7:], 65000)
	zero := append([]byte{}, small...)
	binary.BigEndian.PutUint16(zero[at+5:], 0)
	scans := append([]byte{}, small[:len(small)-2]...)
	for range 1000 {
		scans = append(scans, segment(0xda, []byte{1, 1, 0, 1, 5, 0x10})...)
	}
	progressive := append([]byte{}, lying...)
	progressive[at+1] = 0xc2
	binary.BigEndian.PutUint16(progressive[at+5:], 6000)
	binary.BigEndian.PutUint16(progressive[at+7:], 6000)
	return map[string][]byte{
		"30000x30000 PNG": huge, "2^31 PNG": wide, "GIF": animated.Bytes(), "65000x65000 JPEG": lying, "no height": zero,
		"cut JPEG": small[:len(small)/2], "cut header": small[:30], "a thousand scans": append(scans, 0xff, 0xd9), "progressive 36 megapixels": progressive,
		"SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), "HTML": []byte("<html>"), "empty": {},
		"TIFF": []byte("II*\x00aaaaaaaaaaaa"), "WebP": []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "only a mark": {0xff, 0xd8, 0xff},
		"HEIC": []byte("\x00\x00\x00\x18ftypheic"), "PDF": []byte("%PDF-1.7"), "PNG mark": []byte("\x89PNG\r\n\x1a\n"),
	}
}

func TestImageBombsDieYoung(t *testing.T) {
	t.Parallel()
	s := &Server{decoding: make(chan struct{}, decodesAtOnce)}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, b := range bombs() {
		_, err := s.picture(context.Background(), "photo", b)
		if alerts.CodeOf(err) != alerts.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 256<<20 {
		t.Errorf("%d bytes were taken for pictures that are refused", grown)
	}
}

func TestBombsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	anybody := s.as(alerts.RolePublic)
	for name, b := range bombs() {
		body, kind := formWith("photo", "x.jpg", b)
		if r := anybody.with("Content-Type", kind).post("/public/photos", body); r.status != 422 {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	anybody.with("Content-Type", "image/webp").post("/public/photos", []byte("RIFF")).wrong(415, "")
	anybody.post("/public/photos", "{}").wrong(415, "")
	two, kind := formWith("photo", "x.jpg", jpegOf(corners(8, 8)), "zzz", "1")
	anybody.with("Content-Type", kind).post("/public/photos", two).wrong(400, "zzz")
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for i := range 10000 {
		_ = w.WriteField(fmt.Sprint(i), "x")
	}
	_ = w.Close()
	if r := anybody.with("Content-Type", w.FormDataContentType()).post("/public/photos", parts.Bytes()); r.status != 400 && r.status != 413 {
		t.Errorf("10,000 parts: %d", r.status)
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add(jpegOf(corners(16, 16)))
	f.Add(marked(corners(16, 16), 6))
	f.Add(markedPNG(corners(16, 16)))
	for _, b := range bombs() {
		if len(b) < 4096 {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if code, _ := photoFault(b); code != "" || len(b) > 64<<10 {
			return
		}
		if n := orientationOf(b); n < 1 || n > 8 {
			t.Fatalf("orientation %d", n)
		}
		if p := placeIn(b); p != nil && p.Validate() != nil {
			t.Fatalf("place %v", p)
		}
		if config, err := jpeg.DecodeConfig(bytes.NewReader(b)); err == nil && config.Width*config.Height > 1<<22 {
			return // slow to fuzz, and bounded elsewhere
		}
		clean, size, err := cleanPhoto(b)
		if err != nil {
			return
		}
		got, err := jpeg.DecodeConfig(bytes.NewReader(clean))
		if err != nil || got.Width != size.X || got.Height != size.Y {
			t.Fatalf("wrote %d x %d as %v: %v", size.X, size.Y, got, err)
		}
	})
}

// TestAPhotoTooLargeKeepsWhatWasTyped is about the two forms that take one.
func TestAPhotoTooLargeKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	photo := append([]byte{0xff, 0xd8, 0xff}, bytes.Repeat([]byte{0}, photoBytes)...)
	typed := []string{"act", "send", "shown", s.shown(), "text", "kept words", "place.lat", "44.81", "place.lon", "20.46",
		"observed_at.date", s.now().Format(time.DateOnly), "observed_at.time", "09:30", "channel", "phone", "contact.name", "Kept Name"}
	for path, by := range map[string]client{"/report/sighting": s.as(alerts.RolePublic), "/desk/sightings/new": s.as(alerts.RoleCoordinator)} {
		body, kind := formWith("photo", "a.jpg", photo, typed...)
		by.with("Accept-Language", "en").with("Content-Type", kind).with("Sec-Fetch-Site", "same-origin").send("POST", path, body).want(422).
			has("A photo may have up to 12 MB.", "kept words", `data-max="12582912"`)
	}
}
