package partners

import (
	"context"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/pack"
)

// PapersView is the folder of a matter as a reader sees it.
type PapersView struct {
	MatterID string      `json:"matter_id"`
	Items    []PaperView `json:"items"`
	// Needed counts the papers that are needed, There those of them that were
	// received.
	Needed  int          `json:"needed"`
	There   int          `json:"there"`
	Letters []LetterItem `json:"letters"`
	Bundles []BundleView `json:"bundles"`
	// Route is the legal route that the checklist is for, "" while it is not
	// determined.
	Route string `json:"route,omitempty"`
}

// PaperView is one paper.
type PaperView struct {
	ID string `json:"id"`
	// Titles are by language.
	Titles map[string]string `json:"titles"`
	Notes  map[string]string `json:"notes,omitempty"`
	// Need is required or if_any, or own for a paper that the staff added.
	Need      string `json:"need"`
	ChildID   string `json:"child_id,omitempty"`
	ChildName string `json:"child_name,omitempty"`
	Source    string `json:"source,omitempty"`
	Link      string `json:"link,omitempty"`
	Verified  bool   `json:"verified"`
	Translate bool   `json:"translate"`
	Certify   bool   `json:"certify"`
	// Beyond says that the checklist no longer asks for it.
	Beyond   bool            `json:"beyond,omitempty"`
	Language string          `json:"language,omitempty"`
	Note     string          `json:"note,omitempty"`
	KeepFrom []string        `json:"keep_from"`
	States   []PaperState    `json:"states"`
	Steps    []PaperStepView `json:"steps"`
	Files    []PaperFileView `json:"files"`
	// Withheld says that the reader may not see the paper itself.
	Withheld bool `json:"withheld,omitempty"`
}

// PaperState is one state of a paper as it stands.
type PaperState struct {
	State string `json:"state"`
	Done  bool   `json:"done"`
	On    string `json:"on,omitempty"`
	By    string `json:"by,omitempty"`
}

// PaperStepView is one step of a paper's history.
type PaperStepView struct {
	State string    `json:"state"`
	Done  bool      `json:"done"`
	On    string    `json:"on,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
}

// PaperFileView is a scan of a paper.
type PaperFileView struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Name      string    `json:"name,omitempty"`
	Size      int       `json:"size"`
	SHA256    string    `json:"sha256"`
	AddedBy   string    `json:"added_by,omitempty"`
	AddedAt   time.Time `json:"added_at"`
	RemovedBy string    `json:"removed_by,omitempty"`
	RemovedAt time.Time `json:"removed_at,omitzero"`
}

// PapersOf returns the folder of a matter.
func (d *Desk) PapersOf(ctx context.Context, a alerts.Actor, matterID string) (PapersView, error) {
	w, err := d.paperwork(a, matterID, "", pack.English)
	if err != nil {
		return PapersView{}, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+w.matter.ID+"/papers", w.seen(alerts.P1, alerts.P3)...); err != nil {
		return PapersView{}, err
	}
	v := PapersView{MatterID: w.matter.ID, Items: []PaperView{}, Letters: w.letterItems(), Bundles: w.bundleViews(), Route: w.matter.LegalRoute}
	for _, p := range w.papers() {
		item := w.paperView(&p)
		if item.is("needed") && item.Need != "if_any" {
			v.Needed++
			if item.is("received") {
				v.There++
			}
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

// seen are those of the classes that the reader sees.
func (w *paperwork) seen(classes ...alerts.Class) []alerts.Class {
	return slices.DeleteFunc(classes, func(c alerts.Class) bool { return !w.gate.Sees(c) })
}

func (v *PaperView) is(state string) bool {
	return slices.ContainsFunc(v.States, func(s PaperState) bool { return s.State == state && s.Done })
}

func (w *paperwork) paperView(p *onList) PaperView {
	v := PaperView{
		ID: p.id, Titles: map[string]string{}, Need: "own", Beyond: p.beyond, Language: p.item.Language, Note: p.item.Note,
		KeepFrom: list(p.item.KeepFrom), States: []PaperState{}, Steps: []PaperStepView{}, Files: []PaperFileView{},
	}
	who := w.gate.Sees(alerts.P10)
	for _, lang := range pack.Languages() {
		v.Titles[lang] = p.item.Title
		if p.row != nil {
			v.Titles[lang] = p.row.In(lang)
		}
	}
	if r := p.row; r != nil {
		v.Need, v.Source, v.Link, v.Verified, v.Translate, v.Certify = r.Need, r.Source, r.Link, r.Verified, r.Translate, r.Certify
		if r.NoteEN != "" {
			v.Notes = map[string]string{}
			for _, lang := range pack.Languages() {
				v.Notes[lang] = r.Note().In(lang)
			}
		}
	}
	if v.ChildID = p.child.ID; w.gate.Sees(alerts.P1) {
		v.ChildName = p.child.Name
	}
	for _, s := range PaperStates() {
		step, done := p.item.in(s)
		v.States = append(v.States, PaperState{s, done, step.On, shownTo(who, step.By)})
	}
	for _, s := range p.item.Steps {
		v.Steps = append(v.Steps, PaperStepView{s.State, s.Done, s.On, shownTo(who, s.By), s.At})
	}
	if v.Withheld = len(w.seen(slices.Clone(p.classes())...)) < len(p.classes()); v.Withheld {
		return v
	}
	for _, f := range p.item.Files {
		v.Files = append(v.Files, fileView(&f, who))
	}
	return v
}

func fileView(f *PaperFile, who bool) PaperFileView {
	return PaperFileView{f.ID, f.Kind, f.Name, f.Size, f.SHA256, shownTo(who, f.AddedBy), f.AddedAt, shownTo(who, f.RemovedBy), f.RemovedAt}
}

func shownTo(may bool, s string) string {
	if may {
		return s
	}
	return ""
}
