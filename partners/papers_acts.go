package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/pack"
)

// The most of each that a folder holds.
const (
	maxOwnPapers  = 100
	maxPaperSteps = 200
	maxPaperFiles = 40
	maxAnswers    = 2000
	maxBundles    = 200
)

// NewPaper adds a paper that the checklist does not ask for.
type NewPaper struct {
	Title string `json:"title"`
}

// PaperChange records something about a paper: a step, or what is known of it.
// What was not sent stays as it is.
type PaperChange struct {
	// State is one of PaperStates; Done says that it reached it, or no longer
	// is in it. On is the day, YYYY-MM-DD, today when it is empty.
	State    string                    `json:"state,omitempty"`
	Done     *bool                     `json:"done,omitempty"`
	On       string                    `json:"on,omitempty"`
	Language alerts.Optional[string]   `json:"language,omitzero"`
	Note     alerts.Optional[string]   `json:"note,omitzero"`
	KeepFrom alerts.Optional[[]string] `json:"keep_from,omitzero"`
}

// NewFile is a scan of a paper: a PDF, or a clean JPEG with its size.
type NewFile struct {
	Kind          string // pdf, jpeg
	Name          string
	Content       []byte
	Width, Height int
}

// changingPapers is what a rule about a folder works on.
type changingPapers struct {
	*checker
	now    time.Time
	matter *Matter
	of     *alerts.Case
	papers Papers
	data   *pack.Data
}

// changePapers carries out a command on the folder of a matter.
func (d *Desk) changePapers(ctx context.Context, a alerts.Actor, act, matterID string, r alerts.Request, rule func(*changingPapers) error) error {
	w, err := d.paperwork(a, matterID, "", pack.English)
	if err != nil {
		return err
	}
	_, err = d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		c, err := d.folder(a, v, matterID)
		if err != nil {
			return journal.Outcome{}, err
		}
		c.data, c.checker = w.data, newChecker(v.Now, w.zone)
		if err := rule(c); err != nil {
			return journal.Outcome{}, err
		}
		if err := c.Err(); err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{&c.papers}}, nil
	})
	return err
}

// folder loads what a rule about a folder works on: a copy of it whose lists
// may be appended to.
func (d *Desk) folder(a alerts.Actor, v *journal.View, matterID string) (*changingPapers, error) {
	m, err := journal.Load[*Matter](v, "matters", matterID)
	if err == nil {
		err = d.workable(a, v, m.CaseID, m)
	}
	if err != nil {
		return nil, err
	}
	of, err := journal.Load[*alerts.Case](v, "cases", m.CaseID)
	if err != nil {
		return nil, err
	}
	old, err := optional[*Papers](v, "papers", matterID)
	if err != nil {
		return nil, err
	}
	c := &changingPapers{now: v.Now, matter: m, of: of, papers: Papers{Head: journal.Head{ID: matterID}, CaseID: m.CaseID}}
	if old != nil {
		c.papers = *old
		c.papers.Items, c.papers.Answers, c.papers.Bundles = slices.Clone(old.Items), slices.Clip(old.Answers), slices.Clip(old.Bundles)
	}
	return c, nil
}

// item returns a paper to change: one of the folder, or one of the checklist
// about which nothing was recorded yet.
func (c *changingPapers) item(id string) (*PaperItem, error) {
	for i := range c.papers.Items {
		if p := &c.papers.Items[i]; p.ID == id {
			p.Steps, p.Files = slices.Clip(p.Steps), slices.Clone(p.Files)
			return p, nil
		}
	}
	for _, row := range c.data.Checklist(c.matter.LegalRoute, c.matter.FromState, c.matter.ToState) {
		known := row.Each == "" && row.ID == id
		for i := range c.of.Children {
			known = known || row.Each != "" && row.ID+"."+c.of.Children[i].ID == id
		}
		if known {
			c.papers.Items = append(c.papers.Items, PaperItem{ID: id, Steps: []PaperStep{}, Files: []PaperFile{}})
			return &c.papers.Items[len(c.papers.Items)-1], nil
		}
	}
	return nil, missing("paper " + id)
}

// AddPaper adds a paper of one's own to a matter and answers with it.
func (d *Desk) AddPaper(ctx context.Context, a alerts.Actor, matterID string, in NewPaper, r alerts.Request) (PaperView, error) {
	id := entryID(r, d)
	err := d.changePapers(ctx, a, "matter.paper", matterID, r, func(c *changingPapers) error {
		c.line("title", in.Title, true)
		if len(c.papers.Items) >= maxOwnPapers+len(c.data.Rows)*(len(c.of.Children)+1) {
			c.Add("title", "too_many", "These are too many.")
		}
		c.papers.Items = append(c.papers.Items, PaperItem{ID: id, Title: in.Title, Steps: []PaperStep{}, Files: []PaperFile{}})
		return nil
	})
	if err != nil {
		return PaperView{}, err
	}
	return d.paper(ctx, a, matterID, id)
}

// ChangePaper records a step of a paper, or what is known of it.
func (d *Desk) ChangePaper(ctx context.Context, a alerts.Actor, matterID, paperID string, in PaperChange, r alerts.Request) (PaperView, error) {
	err := d.changePapers(ctx, a, "matter.paper", matterID, r, func(c *changingPapers) error {
		p, err := c.item(paperID)
		if err != nil {
			return err
		}
		in.record(c, p, a)
		take(&p.Language, in.Language)
		take(&p.Note, in.Note)
		if in.KeepFrom.Set {
			p.KeepFrom = slices.Clone(in.KeepFrom.Value)
		}
		if p.Language != "" {
			c.language("language", p.Language)
		}
		c.text("note", p.Note, textLength, false)
		c.few("keep_from", len(p.KeepFrom))
		for _, party := range p.KeepFrom {
			if !c.of.HasParty(party) {
				c.Add("keep_from", "unknown_party", "This case has no such party.")
			}
		}
		return nil
	})
	if err != nil {
		return PaperView{}, err
	}
	return d.paper(ctx, a, matterID, paperID)
}

// record adds the step of a change, if it has one.
func (in *PaperChange) record(c *changingPapers, p *PaperItem, a alerts.Actor) {
	if in.State == "" && in.Done == nil && in.On == "" {
		return
	}
	c.oneOf("state", in.State, PaperStates())
	step := PaperStep{State: in.State, Done: in.Done == nil || *in.Done, On: c.past("on", in.On).String(), By: a.ID, At: c.now}
	if in.On == "" {
		step.On = c.today.String()
	}
	if len(p.Steps) >= maxPaperSteps {
		c.Add("state", "too_many", "These are too many.")
	}
	p.Steps = append(p.Steps, step)
}

// AddFile adds a scan to a paper. It is on disk before the change that names
// it. A paper that has a file was received.
func (d *Desk) AddFile(ctx context.Context, a alerts.Actor, matterID, paperID string, in NewFile, r alerts.Request) (PaperView, error) {
	w, err := d.paperwork(a, matterID, "", pack.English)
	if err != nil {
		return PaperView{}, err
	}
	if !d.Matrix.Can(a.Role, "matter.paper") {
		return PaperView{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	f := PaperFile{
		ID: entryID(r, d), Kind: in.Kind, Name: in.Name, Size: len(in.Content), SHA256: pack.Sum(in.Content), Width: in.Width, Height: in.Height, AddedBy: a.ID,
	}
	if len(in.Content) > 0 {
		if err := d.KeepFile(ctx, "cases/"+w.of.ID, matterID, f.ID, in.Content); err != nil {
			return PaperView{}, err
		}
	}
	err = d.changePapers(ctx, a, "matter.paper", matterID, r, func(c *changingPapers) error {
		p, err := c.item(paperID)
		if err != nil {
			return err
		}
		if f.Size == 0 {
			c.Add("file", "required", "Send a PDF, or a picture in JPEG or PNG.")
		}
		c.oneOf("file", f.Kind, []string{"pdf", "jpeg"})
		c.line("name", f.Name, false)
		if len(p.Files) >= maxPaperFiles {
			c.Add("file", "too_many", "These are too many.")
		}
		f := f
		f.AddedAt = c.now
		p.Files = append(p.Files, f)
		if _, there := p.in("received"); !there {
			p.Steps = append(p.Steps, PaperStep{State: "received", Done: true, On: c.today.String(), By: a.ID, At: c.now})
		}
		return nil
	})
	if err != nil {
		return PaperView{}, err
	}
	return d.paper(ctx, a, matterID, paperID)
}

// RemoveFile destroys a scan that should not be there. That there was one stays
// on record.
func (d *Desk) RemoveFile(ctx context.Context, a alerts.Actor, matterID, paperID, fileID string, r alerts.Request) (PaperView, error) {
	err := d.changePapers(ctx, a, "matter.paper", matterID, r, func(c *changingPapers) error {
		p, err := c.item(paperID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(p.Files, func(f PaperFile) bool { return f.ID == fileID && f.RemovedAt.IsZero() })
		if i < 0 {
			return missing("file " + fileID)
		}
		p.Files[i].RemovedBy, p.Files[i].RemovedAt = a.ID, c.now
		return nil
	})
	if err != nil {
		return PaperView{}, err
	}
	if err := d.DropFile(ctx, matterID, fileID); err != nil {
		return PaperView{}, err
	}
	return d.paper(ctx, a, matterID, paperID)
}

// paper returns one paper of a matter.
func (d *Desk) paper(ctx context.Context, a alerts.Actor, matterID, id string) (PaperView, error) {
	v, err := d.PapersOf(ctx, a, matterID)
	if err != nil {
		return PaperView{}, err
	}
	for i := range v.Items {
		if v.Items[i].ID == id {
			return v.Items[i], nil
		}
	}
	return PaperView{}, missing("paper " + id)
}

// PaperFile returns a scan with what is known of it. Its reading is recorded.
func (d *Desk) PaperFile(ctx context.Context, a alerts.Actor, matterID, paperID, fileID string) (PaperFileView, []byte, error) {
	w, err := d.paperwork(a, matterID, "", pack.English)
	if err != nil {
		return PaperFileView{}, nil, err
	}
	for _, p := range w.papers() {
		for _, f := range p.files {
			if p.id != paperID || f.ID != fileID || len(w.seen(slices.Clone(p.classes())...)) < len(p.classes()) {
				continue
			}
			if err := d.Reads.Record(ctx, a, fmt.Sprintf("matters/%s/papers/%s/files/%s", matterID, paperID, fileID), p.classes()...); err != nil {
				return PaperFileView{}, nil, err
			}
			content, err := d.File(ctx, "cases/"+w.of.ID, matterID, f.ID)
			return fileView(&f, w.gate.Sees(alerts.P10)), content, err
		}
	}
	return PaperFileView{}, nil, missing("file " + fileID)
}
