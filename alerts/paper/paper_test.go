package paper_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts/paper"
)

const (
	serbian  = "Љиљана Ђурђевић, Жикица Џунић, Ниш — Ђорђе, Ћуприја, Њива"
	latin    = "Ljiljana Đurđević, Žikica Džunić, Niš — čćšžđ ČĆŠŽĐ"
	european = "Łódź, Şanlıurfa, Győr, Ħamrun, Αθήνα, România: ș ț, Íslenska þ"
)

func words(page, of int) string { return fmt.Sprintf("Page %d of %d", page, of) }

func sample() *paper.Paper {
	p := paper.New(paper.Options{
		Lang: "sr-Latn", Title: "Application", At: time.Date(2026, 5, 2, 10, 0, 0, 0, time.UTC), Foot: "K7MQ2RTX · " + serbian, PageOf: words,
	})
	p.Title("Request for return " + serbian)
	p.Contents("Contents")
	p.Heading("Letters of Europe")
	p.Text(serbian + "\n" + latin + "\n\n" + european)
	p.Note("A note in small letters.")
	p.Heading("Fields")
	p.Fields(paper.Field{Name: "Name", Value: latin}, paper.Field{Name: "Birth date", Note: "still missing"},
		paper.Field{Name: "Circumstances", Value: strings.Repeat(latin+". ", 90), Note: "as told"})
	p.Break()
	p.Heading("Documents")
	rows := make([][]string, 60)
	for i := range rows {
		rows[i] = []string{fmt.Sprint(i + 1), "Document of kind " + fmt.Sprint(i+1), "received, translated " + serbian}
	}
	p.Table([]float64{1, 4, 5}, []string{"No", "Document", "State"}, rows)
	p.Subheading("A photo")
	p.Picture(picture(true), 60, "A photo of nobody")
	return p
}

func picture(asJPEG bool) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 80, 60))
	for x := range 80 {
		for y := range 60 {
			img.Set(x, y, color.RGBA{uint8(3 * x), uint8(4 * y), 120, 255})
		}
	}
	var b bytes.Buffer
	if asJPEG {
		_ = jpeg.Encode(&b, img, nil)
	} else {
		_ = png.Encode(&b, img)
	}
	return b.Bytes()
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	p := sample()
	first, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	other, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, again) || !bytes.Equal(first, other) {
		t.Error("the same document was set differently")
	}
	if len(first) > 200_000 {
		t.Errorf("a document of a few pages has %d bytes", len(first))
	}
}

func TestLettersThatCannotBeSetAreTold(t *testing.T) {
	t.Parallel()
	p := paper.New(paper.Options{})
	p.Text("Amina أمينة и Ева 👧 ok e\u0301")
	p.TextIn(paper.Box{W: 50, H: 10}, paper.Look{Size: 10}, "أمينة 漢字")
	if _, err := p.Bytes(); err != nil {
		t.Fatal(err)
	}
	if got := p.Lost(); !slices.Equal(got, []string{"أمينة", "👧", "漢字"}) {
		t.Errorf("lost %q", got)
	}
	for _, s := range []string{serbian, latin, european, "a\r\nb\tc", "č", "c\u030c", "№ 5 − 3 „да“ ‘x’"} {
		if !paper.CanSet(s) {
			t.Errorf("%q cannot be set", s)
		}
	}
}

func TestABrokenPictureIsAnError(t *testing.T) {
	t.Parallel()
	for _, data := range [][]byte{nil, []byte("GIF89a"), picture(true)[:40], picture(false)[:40]} {
		p := paper.New(paper.Options{})
		p.Picture(data, 0, "")
		p.PictureIn(paper.Box{W: 10, H: 10}, data)
		p.Text("after it")
		if _, err := p.Bytes(); err == nil {
			t.Errorf("%d bytes were taken for a picture", len(data))
		}
	}
}

func TestPagesAreReadBack(t *testing.T) {
	t.Parallel()
	pages, ok := readBack(t, sample())
	if !ok {
		return
	}
	if len(pages) != 5 {
		t.Fatalf("%d pages", len(pages))
	}
	first := strings.Join(strings.Fields(pages[0]), " ")
	for _, want := range []string{serbian, latin, european, "Letters of Europe 1", "Fields 1", "Documents 3", "Page 1 of 5", "still missing"} {
		if !strings.Contains(first, want) {
			t.Errorf("page 1 is without %q:\n%s", want, pages[0])
		}
	}
	for n, text := range pages {
		if want := fmt.Sprintf("Page %d of 5", n+1); !strings.Contains(text, want) {
			t.Errorf("page %d is without %q", n+1, want)
		}
	}
	for _, page := range pages[2:4] {
		if !strings.Contains(page, "Document ") || !strings.Contains(page, "State") {
			t.Errorf("a page of the table is without its head:\n%s", page)
		}
	}
	if strings.Count(strings.Join(pages, " "), "Document of kind ") != 60 {
		t.Error("a row of the table is missing")
	}
}

func TestTextStaysInItsBox(t *testing.T) {
	t.Parallel()
	p := paper.New(paper.Options{Title: "Poster"})
	p.Fill(paper.Box{W: paper.PageWidth, H: 40}, paper.Colour{R: 180})
	p.TextIn(paper.Box{X: 10, Y: 5, W: 190, H: 30}, paper.Look{Size: 48, Bold: true, Centre: true, Colour: paper.Colour{R: 255, G: 255, B: 255}}, "НЕСТАЛО ДЕТЕ · MISSING CHILD")
	p.TextIn(paper.Box{X: 10, Y: 200, W: 100, H: 20}, paper.Look{Size: 12}, strings.Repeat("many words and ", 300)+"the end")
	p.PictureIn(paper.Box{X: 10, Y: 50, W: 100, H: 100}, picture(false))
	pages, ok := readBack(t, p)
	if !ok {
		return
	}
	if len(pages) != 1 || !strings.Contains(pages[0], "НЕСТАЛО ДЕТЕ") || !strings.Contains(pages[0], "…") || strings.Contains(pages[0], "the end") {
		t.Errorf("%q", pages)
	}
}

// readBack sets a document and reads its text with pdftotext, page by page.
func readBack(t *testing.T, p *paper.Paper) ([]string, bool) {
	t.Helper()
	raw, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	program := os.Getenv("PDFTOTEXT")
	if program == "" {
		t.Log("left out: set PDFTOTEXT to the path of pdftotext")
		return nil, false
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f"), true
}
