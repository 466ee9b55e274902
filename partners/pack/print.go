package pack

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"homeward/alerts/paper"
)

// Written is a letter that was made, as it is printed.
type Written struct {
	Place, Addressee, Subject, Body string
	// Unchecked names the legal basis when it was not checked against its
	// source, "" when it was.
	Unchecked string
}

// Listed is a paper in the list of documents.
type Listed struct {
	Title, State, Language string
	// Files are the names of its files in the bundle.
	Files []string
}

// Image is a picture that is printed at the end.
type Image struct {
	Caption string
	JPEG    []byte
}

// Bundle is what one PDF is made of.
type Bundle struct {
	Language string
	At       time.Time
	// Foot stands at the foot of every page.
	Foot string
	// For names the recipient.
	For string
	// Cover is nil when no letter goes along.
	Cover  *Written
	Form   *Filled
	Papers []Listed
	Images []Image
}

// PrintLetter sets one letter. Lost are words with letters that could not be
// printed.
func (d *Data) PrintLetter(lang string, at time.Time, foot string, w Written) (pdf []byte, lost []string, err error) {
	p := d.sheet(lang, w.Subject, at, foot)
	d.letter(p, lang, w)
	pdf, err = p.Bytes()
	return pdf, p.Lost(), err
}

// Print sets a whole bundle: contents, cover letter, application, list of
// documents, pictures.
func (d *Data) Print(b Bundle) (pdf []byte, lost []string, err error) {
	p := d.sheet(b.Language, d.Word("print.pack", b.Language), b.At, b.Foot)
	p.Title(d.Word("print.pack", b.Language))
	p.Fields(paper.Field{Name: d.Word("print.to", b.Language), Value: b.For})
	p.Contents(d.Word("print.contents", b.Language))
	if b.Cover != nil {
		p.Break()
		p.Heading(d.Word("print.letter", b.Language) + ": " + b.Cover.Subject)
		d.letter(p, b.Language, *b.Cover)
	}
	d.application(p, b.Form)
	d.papers(p, &b)
	if len(b.Images) > 0 {
		p.Break()
		p.Heading(d.Word("print.images", b.Language))
		for i, image := range b.Images {
			if i > 0 {
				p.Break()
			}
			p.Picture(image.JPEG, 0, image.Caption)
		}
	}
	pdf, err = p.Bytes()
	return pdf, p.Lost(), err
}

func (d *Data) sheet(lang, title string, at time.Time, foot string) *paper.Paper {
	words := d.Word("print.page", lang)
	return paper.New(paper.Options{Lang: lang, Title: title, At: at, Foot: foot, PageOf: func(page, of int) string {
		return fmt.Sprintf(words, page, of)
	}})
}

func (d *Data) letter(p *paper.Paper, lang string, w Written) {
	p.Text(w.Addressee)
	p.Space(3)
	p.Text(w.Place)
	p.Space(3)
	p.Subheading(w.Subject)
	p.Space(1)
	p.Text(w.Body)
	if w.Unchecked != "" {
		p.Space(4)
		p.Note(fmt.Sprintf(d.Word("print.unverified", lang), w.Unchecked))
	}
}

// application sets the form. A line that must stay here looks like one that is
// not known: whoever reads it does not learn that something is hidden.
func (d *Data) application(p *paper.Paper, f *Filled) {
	lang := f.Language
	p.Break()
	p.Title(d.Word("print.application", lang))
	p.Note(d.Word("print.under", lang))
	if !f.Verified {
		p.Note(d.Word("print.form_unverified", lang))
	}
	for _, s := range f.Sections {
		title := s.Title
		if s.ChildID != "" {
			title += " – " + s.ChildName
		}
		p.Heading(title)
		fields := make([]paper.Field, len(s.Fields))
		for i, line := range s.Fields {
			fields[i] = paper.Field{Name: line.Title, Value: cmp.Or(line.Value, Gap)}
		}
		p.Fields(fields...)
	}
}

func (d *Data) papers(p *paper.Paper, b *Bundle) {
	lang := b.Language
	p.Heading(d.Word("print.documents", lang))
	rows := make([][]string, len(b.Papers))
	for i, l := range b.Papers {
		rows[i] = []string{fmt.Sprint(i + 1), l.Title, l.State, l.Language, strings.Join(l.Files, "\n")}
	}
	if len(rows) == 0 {
		p.Text(d.Word("print.none", lang))
	} else {
		p.Table([]float64{1, 7, 4.5, 2.5, 9}, []string{d.Word("print.no", lang), d.Word("print.document", lang), d.Word("print.state", lang),
			d.Word("print.language", lang), d.Word("print.file", lang)}, rows)
	}
	p.Space(10)
	p.Fields(paper.Field{Name: d.Word("print.date_place", lang), Value: strings.Repeat(Gap, 3)})
	p.Space(8)
	p.Fields(paper.Field{Name: d.Word("print.signature", lang), Value: strings.Repeat(Gap, 3)})
}
