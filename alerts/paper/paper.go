package paper

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed fonts/NotoSans-Regular.ttf
var regular []byte

//go:embed fonts/NotoSans-Bold.ttf
var bold []byte

// A4 and its margins, in millimetres.
const (
	PageWidth  = 210.0
	PageHeight = 297.0
	marginSide = 22.0
	marginTop  = 20.0
	marginFoot = 24.0
	// Column is the width of the text.
	Column = PageWidth - 2*marginSide
)

// Options say how a document is set.
type Options struct {
	// Lang is the BCP 47 tag of the document's language.
	Lang  string
	Title string
	// At is the instant that the document is dated with; the zero time is
	// replaced by a fixed one.
	At time.Time
	// Foot stands at the foot of every page, on the left.
	Foot string
	// PageOf words the number of a page, on the right of the foot; nil leaves
	// the foot of the page empty, as on a poster.
	PageOf func(page, of int) string
}

// Paper is a document being put together. What is put on it is set when Bytes
// is called, in the order in which it was put. A Paper is for one goroutine.
type Paper struct {
	options Options
	steps   []func(*sheet)
	listed  []string // headings of the contents page
	lost    []string
}

// New starts an empty document.
func New(o Options) *Paper {
	if o.At.IsZero() {
		o.At = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return &Paper{options: o}
}

// Bytes sets the document and returns it as a PDF. It fails when a picture
// cannot be read.
func (p *Paper) Bytes() ([]byte, error) {
	// The first setting finds out where the headings are and how many pages
	// there are; the second one writes it down.
	first, err := p.set(nil, 0)
	if err != nil {
		return nil, err
	}
	last, err := p.set(first.headings, first.pdf.PageCount())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := last.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write a document: %w", err)
	}
	return out.Bytes(), nil
}

// Lost returns the words, in order and once each, of which letters could not be
// set.
func (p *Paper) Lost() []string { return slices.Clone(p.lost) }

func (p *Paper) add(step func(*sheet)) { p.steps = append(p.steps, step) }

// sheet is one setting of a document. Headings are the pages of those that the
// contents page lists; known is where an earlier setting found them, and of how
// many pages it had.
type sheet struct {
	pdf      *fpdf.Fpdf
	options  *Options
	known    []int
	of       int
	headings []int
	pictures int
}

func (p *Paper) set(known []int, of int) (*sheet, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(p.options.At.UTC())
	pdf.SetModificationDate(p.options.At.UTC())
	pdf.SetProducer("Homeward", true)
	pdf.SetTitle(p.options.Title, true)
	pdf.SetLang(p.options.Lang)
	// The library cuts the embedded bytes into what is used, and is given its
	// own copy so that nothing it does can reach another document.
	pdf.AddUTF8FontFromBytes("text", "", slices.Clone(regular))
	pdf.AddUTF8FontFromBytes("text", "B", slices.Clone(bold))
	pdf.SetMargins(marginSide, marginTop, marginSide)
	pdf.SetCellMargin(0)
	pdf.SetAutoPageBreak(false, 0)
	s := &sheet{pdf: pdf, options: &p.options, known: known, of: of}
	pdf.SetFooterFunc(s.foot)
	pdf.AddPage()
	for _, step := range p.steps {
		step(s)
	}
	pdf.Close()
	if err := pdf.Error(); err != nil {
		return nil, fmt.Errorf("set a document: %w", err)
	}
	return s, nil
}

// foot writes the last line of a page.
func (s *sheet) foot() {
	if s.options.PageOf == nil {
		return
	}
	const y = PageHeight - 14
	s.pdf.SetDrawColor(190, 190, 190)
	s.pdf.SetLineWidth(0.2)
	s.pdf.Line(marginSide, y-1.5, PageWidth-marginSide, y-1.5)
	s.style(style{size: 8, grey: true})
	number := clean(s.options.PageOf(s.pdf.PageNo(), s.of))
	wide := s.pdf.GetStringWidth(number) + 4
	s.pdf.SetXY(marginSide, y)
	s.pdf.CellFormat(Column-wide, 4, s.shorten(clean(s.options.Foot), Column-wide), "", 0, "L", false, 0, "")
	s.pdf.CellFormat(wide, 4, number, "", 0, "R", false, 0, "")
}

// room makes sure that h millimetres are free on this page, or starts another.
func (s *sheet) room(h float64) {
	if s.pdf.GetY()+h > PageHeight-marginFoot && s.pdf.GetY() > marginTop {
		s.pdf.AddPage()
	}
}

// left is how much of the page is free, in millimetres.
func (s *sheet) left() float64 { return PageHeight - marginFoot - s.pdf.GetY() }
