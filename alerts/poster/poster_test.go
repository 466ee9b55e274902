package poster

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"homeward/alerts/paper"
)

// somebody is a drawn face: no photo of a real child is needed to see how one
// stands on a poster.
func somebody(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{120, uint8(150 + 60*y/h), 190, 255}
			dx, dy := float64(x-w/2)/float64(w), float64(y-h*2/5)/float64(h)
			if dx*dx*6+dy*dy*9 < 0.5 {
				c = color.RGBA{226, 190, 160, 255}
			}
			if y > h*3/4 && dx*dx*4 < 0.5 {
				c = color.RGBA{40, 60, 140, 255}
			}
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func latin() Content {
	return Content{
		Lang: "sr-Latn", Missing: "NESTALO DETE", Who: []string{"Đorđe, 6–9 godina"}, Photo: somebody(600, 800), PhotoNote: "Fotografija: maj 2030.",
		Seen: "Poslednji put viđen 4. marta 2031. po podne, u okolini mesta Beograd", Headline: "Nestao dečak u Beogradu",
		Description: "Nosi plavu zimsku jaknu sa belim prugama i crveni ranac. Verovatno je sam.",
		Instruction: "Ako ga vidite, ne prilazite. Odmah pozovite.",
		Facts:       []Fact{{"Visina", "128 cm"}, {"Kosa", "smeđa, kratka"}, {"Oči", "plave"}, {"Odeća", "plava jakna, farmerke"}},
		Call:        "Ako vidite ovo dete, odmah pozovite",
		Numbers:     []Number{{"192", "policija"}, {"116 000", "nestala deca"}, {"112", "hitne službe"}},
		Link:        "https://homeward.example.org/appeals/abcdefghijklmnopqrstuvwxyz?s=abcdefghij",
		Scan:        "Da li potraga još traje i šta je novo: skenirajte.", Address: "homeward.example.org/appeals/abcdefghijklmnopqrstuvwxyz",
		Until: "Važi do 18. marta 2031. Kada stranica kaže da je potraga završena, skinite ovaj plakat.",
		From:  "Homeward · slučaj AB23CD45", At: time.Date(2031, 3, 5, 10, 0, 0, 0, time.UTC),
	}
}

// long is a poster with more on it than there is room for: several children
// with long names, in Cyrillic.
func long() Content {
	c := latin()
	c.Lang, c.Missing = "sr-Cyrl", "НЕСТАЛА СУ ДЕЦА"
	c.Who = []string{"Александра-Анастасија Константиновић-Радосављевић, 10–13 година", "Ђурђија Љиљана Његошевић, 6–9 година", "Џ. Ћ., 0–2 године"}
	c.Seen = "Последњи пут виђени 4. марта 2031. по подне, у околини места Сремска Митровица"
	c.Headline = "Три сестре нестале на путу из школе за Сремску Митровицу"
	c.Description = strings.Repeat("Најстарија носи зелену јакну са капуљачом, средња плаву, а најмлађа је у колицима. ", 12)
	c.Instruction = "Не прилазите. Запамтите таблице возила и одмах позовите."
	c.Facts = []Fact{{"Висина", "142 цм"}, {"Коса", "смеђа, дуга, везана у реп"}, {"Очи", "смеђе"}, {"Белези", "младеж изнад леве обрве"}, {"Одећа", "зелена јакна са капуљачом, црне патике са белим пертлама"}}
	c.Call = "Ако видите ову децу, одмах позовите"
	c.Numbers = []Number{{"192", "полиција"}, {"116 000", "број за несталу децу"}, {"112", "хитне службе"}}
	c.Scan = "Да ли потрага још траје и шта је ново: скенирајте."
	c.Until = "Важи до 18. марта 2031. Када страница каже да је потрага завршена, скините овај плакат."
	c.From = "Центар за несталу и злостављану децу · случај AB23CD45"
	c.PhotoNote = "Фотографија: мај 2030."
	return c
}

func bare() Content {
	c := latin()
	c.Photo, c.Facts, c.Headline, c.Instruction, c.PhotoNote, c.Mark = nil, nil, "", "", "", "PROBA: ne sme da se deli"
	return c
}

func every() map[string]Content {
	return map[string]Content{"latin": latin(), "long": long(), "bare": bare()}
}

func TestSharedImages(t *testing.T) {
	t.Parallel()
	for name, c := range every() {
		for shape, f := range map[string]Format{"square": Square(), "portrait": Portrait()} {
			b, err := PNG(c, f)
			if err != nil {
				t.Fatal(err)
			}
			kept(t, name+"-"+shape+".png", b)
			img, err := png.DecodeConfig(bytes.NewReader(b))
			if err != nil || img.Width != f.Width || img.Height != f.Height {
				t.Errorf("%s %s: %v %v", name, shape, img, err)
			}
			again, err := PNG(c, f)
			if err != nil || !bytes.Equal(b, again) {
				t.Errorf("%s %s: drawn twice, it differs", name, shape)
			}
		}
	}
}

// kept writes what was drawn to a folder, to be looked at.
func kept(t *testing.T, name string, b []byte) {
	t.Helper()
	if dir := os.Getenv("HOMEWARD_LOOK"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestPaperPosters(t *testing.T) {
	t.Parallel()
	for name, c := range every() {
		b, err := PDF(c)
		if err != nil {
			t.Fatal(err)
		}
		kept(t, name+".pdf", b)
		again, err := PDF(c)
		if err != nil || !bytes.Equal(b, again) {
			t.Errorf("%s: printed twice, it differs", name)
		}
		for _, bad := range []string{"/JS", "/OpenAction", "/Launch", "/URI", "/Filespec", "/Type /EmbeddedFile"} {
			if bytes.Contains(b, []byte(bad)) {
				t.Errorf("%s holds %s", name, bad)
			}
		}
		said(t, name, b, c)
	}
}

// said reads the text back from the PDF where the machine can.
func said(t *testing.T, name string, pdf []byte, c Content) {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("pdftotext is not here: the text was not read back")
		return
	}
	cmd := exec.Command(tool, "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if pages := bytes.Count(out, []byte("\f")); pages != 1 {
		t.Errorf("%s has %d pages", name, pages)
	}
	// A long name is broken behind its hyphens.
	split := func(text string) []string { return strings.Fields(strings.ReplaceAll(text, "-", "- ")) }
	words := split(string(out))
	has := func(text string) bool {
		for _, w := range split(text) {
			found := false
			for _, o := range words {
				found = found || o == w
			}
			if !found {
				return false
			}
		}
		return true
	}
	for _, want := range append([]string{c.Missing, c.Seen, c.Call, c.Until, c.From, "192", "116", "000", c.Mark, c.Instruction}, c.Who...) {
		if name == "long" && want == c.Instruction {
			continue // cut, and the page has it
		}
		if !has(want) {
			t.Errorf("%s: %q does not stand in it:\n%s", name, want, out)
		}
	}
}

// TestNothingLeavesItsPlace holds every step against the page and every line
// against the parts around it.
func TestNothingLeavesItsPlace(t *testing.T) {
	t.Parallel()
	for name, c := range every() {
		for _, w := range []float64{1080, 210} {
			h := w * 1.25
			u := w / 100
			p := pieces{top: 10 * u, foot: 6.4 * u, call: 20 * u, edge: 3.5 * u, who: 5.4 * u, body: 3 * u, facts: 8,
				photo: box{3.5 * u, 13 * u, 93 * u, 40 * u}, text: box{3.5 * u, 55 * u, 93 * u, h - 83*u}}
			s, err := sheetOf(&c, w, h, p)
			if err != nil {
				t.Fatal(err)
			}
			var lines []box
			for _, st := range s.steps {
				b := st.box
				if b.x < -0.01 || b.y < -0.01 || b.x+b.w > w+0.01 || b.y+b.h > h+0.01 {
					t.Errorf("%s: %q leaves the page: %+v", name, st.text, b)
				}
				if st.kind != line && st.kind != code && st.kind != photo {
					continue
				}
				for _, o := range lines {
					if b.x < o.x+o.w-0.01 && o.x < b.x+b.w-0.01 && b.y < o.y+o.h-0.01 && o.y < b.y+b.h-0.01 {
						t.Errorf("%s: %q stands over another part", name, st.text)
					}
				}
				lines = append(lines, b)
			}
		}
	}
}

func TestCodesAreRead(t *testing.T) {
	t.Parallel()
	img, err := codeOf(latin().Link, 400)
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	if b.Dx() > 400 || b.Dx() < 300 {
		t.Errorf("the code is %d wide", b.Dx())
	}
	module := 0
	for x := range b.Dx() {
		if r, _, _, _ := img.At(x, b.Dx()/2).RGBA(); r != 0 {
			continue
		}
		break
	}
	for module = 0; ; module++ {
		if r, _, _, _ := img.At(module, module).RGBA(); r == 0 {
			break
		}
	}
	if module%quietModules != 0 || module == 0 {
		t.Errorf("the white around the code is %d pixels", module)
	}
	tool, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Log("zbarimg is not here: the code was not read back")
		return
	}
	for name, c := range every() {
		data, err := PNG(c, Square())
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "poster.png")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, "-q", "--raw", path).Output()
		if err != nil || strings.TrimSpace(string(out)) != c.Link {
			t.Errorf("%s: the code says %q: %v", name, out, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Content){
		"no number": func(c *Content) { c.Numbers = nil },
		"no link":   func(c *Content) { c.Link = "" },
		"no word":   func(c *Content) { c.Missing = "" },
		"a photo that is none": func(c *Content) {
			c.Photo = []byte("not a picture")
		},
	} {
		c := latin()
		spoil(&c)
		if _, err := PDF(c); err == nil {
			t.Errorf("%s: printed", name)
		}
		if _, err := PNG(c, Square()); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
	c := latin()
	c.Description = "طفل مفقود"
	if _, err := PDF(c); !errors.Is(err, ErrLetters) {
		t.Errorf("letters that the fonts lack: %v", err)
	}
}

func TestLettersAreThoseOfPaper(t *testing.T) {
	t.Parallel()
	s, err := newSheet(10, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "AaŽžЂђЧчβ·–…" {
		if !paper.CanSet(string(r)) {
			t.Errorf("paper cannot set %c", r)
		}
		if i, err := s.letters.strong.GlyphIndex(&s.letters.buffer, r); err != nil || i == 0 {
			t.Errorf("%c has no shape: %v", r, err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	c := latin()
	for b.Loop() {
		if _, err := PNG(c, Portrait()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPDF(b *testing.B) {
	c := latin()
	for b.Loop() {
		if _, err := PDF(c); err != nil {
			b.Fatal(err)
		}
	}
}
