package partners

import (
	"slices"
	"strconv"
	"strings"

	"homeward/alerts"
	"homeward/partners/pack"
)

// onList is a paper of the checklist, or one that the staff added, with what
// was recorded about it and whether it may go to the recipient.
type onList struct {
	id string
	// row is nil for a paper that the staff added; child is set for one that
	// every child needs, with its place from 1.
	row   *pack.Row
	child pack.Child
	place int
	item  PaperItem
	// beyond tells that the checklist no longer asks for it.
	beyond bool
	files  []PaperFile
	// barred is why its files must stay here, "" when they may go.
	barred string
}

// papers are all papers of the matter: those of the checklist in its order,
// then those that only the folder knows.
func (w *paperwork) papers() []onList {
	var out []onList
	for _, row := range w.data.Checklist(w.matter.LegalRoute, w.matter.FromState, w.matter.ToState) {
		if row.Each == "" {
			out = append(out, onList{id: row.ID, row: &row})
			continue
		}
		for i, c := range w.children() {
			out = append(out, onList{id: row.ID + "." + c.ID, row: &row, child: c, place: i + 1})
		}
	}
	if w.folder != nil {
		for i := range w.folder.Items {
			if id := w.folder.Items[i].ID; !slices.ContainsFunc(out, func(p onList) bool { return p.id == id }) {
				out = append(out, w.beyond(id))
			}
		}
	}
	for i := range out {
		p := &out[i]
		p.item.ID = p.id
		if item, ok := w.folder.item(p.id); ok {
			p.item = *item
		}
		p.files = p.item.live()
		p.barred = w.bars(p)
	}
	return out
}

// beyond is a paper that the checklist does not ask for, or no more.
func (w *paperwork) beyond(id string) onList {
	rowID, childID, _ := strings.Cut(id, ".")
	p := onList{id: id}
	if row, ok := w.data.Row(rowID); ok {
		p.row, p.beyond = row, true
		for i, c := range w.children() {
			if c.ID == childID {
				p.child, p.place = c, i+1
			}
		}
	}
	return p
}

// classes are what a paper holds.
func (p *onList) classes() []alerts.Class {
	if p.row != nil {
		return p.row.Classes
	}
	return []alerts.Class{alerts.P3}
}

// bars tells why the files of a paper must stay here.
func (w *paperwork) bars(p *onList) string {
	hide := []string{alerts.HideDocuments}
	if p.row != nil {
		hide = append(hide, p.row.Hide...)
	}
	if why := w.gate.Bars(p.classes(), hide, p.item.Title+" "+p.item.Note); why != "" {
		return why
	}
	for _, party := range p.item.KeepFrom {
		if w.gate.Reaches(party) {
			return pack.KeptFrom
		}
	}
	return ""
}

// title is what a paper is called. It never names a child: lists go where names
// do not.
func (p *onList) title(lang string) string {
	if p.row == nil {
		return p.item.Title
	}
	if p.place > 0 {
		return p.row.In(lang) + " (" + strconv.Itoa(p.place) + ")"
	}
	return p.row.In(lang)
}

// state is how far a paper is, in words.
func (p *onList) state(data *pack.Data, lang string) string {
	var out []string
	for _, s := range PaperStates()[1:] {
		if _, ok := p.item.in(s); ok {
			out = append(out, data.Word(s, lang))
		}
	}
	return strings.Join(out, ", ")
}

// Pack is the data of checklists, forms and letters.
func (d *Desk) Pack() (*pack.Data, error) { return d.board.pack() }
