package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
	"homeward/partners/pack"
)

// bundle puts a bundle together and prints it.
func (w *paperwork) bundle(ctx context.Context, in NewBundle, now time.Time) (Bundle, []byte, error) {
	b := Bundle{Recipient: in.Recipient, InstitutionID: in.InstitutionID, Language: in.Language, Letter: in.Letter, At: now}
	cover, err := w.cover(in.Letter)
	if err != nil {
		return b, nil, err
	}
	chosen, err := w.chosen(in.Papers)
	if err != nil {
		return b, nil, err
	}
	print := pack.Bundle{
		Language: in.Language, At: now, Foot: w.foot(w.dayOf(now)), For: w.forWhom(in.InstitutionID), Cover: cover, Form: w.fill(), Papers: []pack.Listed{},
	}
	var files []part
	for n, p := range chosen {
		listed := pack.Listed{Title: p.title(w.lang), State: p.state(w.data, w.lang), Language: p.item.Language}
		for i, f := range p.files {
			x := part{of: p, file: f, name: fileName(n+1, p, i+1, f.Kind), listed: listed}
			if x.content, err = w.desk.File(ctx, "cases/"+w.of.ID, w.matter.ID, f.ID); err != nil {
				return b, nil, err
			}
			if f.Kind == "jpeg" {
				print.Images = append(print.Images, pack.Image{Caption: listed.Title + " · " + x.name, JPEG: x.content})
			}
			files, listed.Files = append(files, x), append(listed.Files, x.name)
		}
		print.Papers = append(print.Papers, listed)
	}
	pdf, _, err := w.data.Print(print)
	if err != nil {
		return b, nil, err
	}
	b.Withheld = w.withheld(print.Form)
	b.list(pdf, files, w)
	return b, pdf, b.small()
}

// part is a file of a bundle before it is listed.
type part struct {
	of      onList
	file    PaperFile
	name    string
	listed  pack.Listed
	content []byte
}

// list writes the parts of a bundle: the printed PDF first.
func (b *Bundle) list(pdf []byte, files []part, w *paperwork) {
	b.Parts = []pack.Part{{Name: "application.pdf", SHA256: pack.Sum(pdf), Size: len(pdf), Language: b.Language, Title: w.data.Word("print.pack", b.Language)}}
	b.Files = []string{""}
	for _, f := range files {
		b.Parts = append(b.Parts, pack.Part{
			Name: f.name, SHA256: pack.Sum(f.content), Size: len(f.content), Language: f.listed.Language, State: f.listed.State, Title: f.listed.Title,
		})
		b.Files = append(b.Files, f.file.ID)
	}
}

func (b *Bundle) small() error {
	size := 0
	for _, p := range b.Parts {
		size += p.Size
	}
	if size > maxBundleSize {
		var f alerts.Fields
		f.Add("papers", "too_large", "These are too large for one bundle. Choose fewer papers.")
		return f.Err()
	}
	return nil
}

// fileName is what a file is called in a bundle. It never holds what somebody
// called it: names of files name people.
func fileName(n int, p onList, file int, kind string) string {
	what, ext := "paper", kind
	if p.row != nil {
		what = p.row.ID
	}
	if kind == "jpeg" {
		ext = "jpg"
	}
	return fmt.Sprintf("papers/%02d-%s-%d.%s", n, strings.ReplaceAll(what, "_", "-"), file, ext)
}

// cover returns the cover letter, which must have been made for the same kind
// of reader and still be fit for it.
func (w *paperwork) cover(n int) (*pack.Written, error) {
	if n == 0 {
		return nil, nil
	}
	var f alerts.Fields
	for _, l := range w.desk.board.Letters(w.matter.ID) {
		if l.N != n {
			continue
		}
		switch {
		case l.Recipient != w.gate.To.ID:
			f.Add("letter", "wrong_recipient", "This letter was made for another kind of recipient.")
		case !w.gate.Sees(alerts.P1) || len(w.gate.Told(l.Addressee+"\n"+l.Subject+"\n"+l.Body)) > 0 || w.stale(l.At):
			f.Add("letter", "hidden_fact", "This tells something that is hidden from a party who will read it.")
		default:
			out := w.written(l)
			return &out, nil
		}
		return nil, f.Err()
	}
	f.Add("letter", "unknown_letter", "There is no letter with this number.")
	return nil, f.Err()
}

// chosen are the papers that go along. One that was chosen and has to stay here
// is refused rather than left out in silence.
func (w *paperwork) chosen(ids []string) ([]onList, error) {
	var out []onList
	var f alerts.Fields
	all := w.papers()
	for i, id := range ids {
		n := slices.IndexFunc(all, func(p onList) bool { return p.id == id })
		switch {
		case n < 0:
			f.Add(fmt.Sprintf("papers[%d]", i), "unknown_value", "There is no such paper.")
		case all[n].barred != "":
			f.Add(fmt.Sprintf("papers[%d]", i), "hidden_fact", "This paper may not go to this recipient.")
		}
	}
	for _, p := range all {
		if p.barred == "" && len(p.files) > 0 && (ids == nil || slices.Contains(ids, p.id)) {
			out = append(out, p)
		}
	}
	return out, f.Err()
}

// withheld names what has to stay here, for the record: lines of the form and
// papers with files, by id.
func (w *paperwork) withheld(form *pack.Filled) []string {
	var out []string
	for _, s := range form.Sections {
		for _, f := range s.Fields {
			if f.Withheld != "" {
				out = append(out, f.ID)
			}
		}
	}
	for _, p := range w.papers() {
		if p.barred != "" && len(p.files) > 0 {
			out = append(out, p.id)
		}
	}
	return out
}

// dayOf writes the day that an instant falls on.
func (w *paperwork) dayOf(t time.Time) string {
	return w.day(abduction.DateOf(t, w.zone).String())
}
