package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/pack"
)

// maxBundleSize bounds what goes into one bundle, in bytes: it is put together
// in memory.
const maxBundleSize = 64 << 20

// NewBundle says what to put together, and for whom.
type NewBundle struct {
	Recipient     string `json:"recipient"`
	InstitutionID string `json:"institution_id,omitempty"`
	Language      string `json:"language"`
	// Letter is the number of the cover letter, 0 for none.
	Letter int `json:"letter,omitempty"`
	// Papers are the papers that go along; nil for all that have a file and may
	// go.
	Papers []string `json:"papers,omitempty"`
}

// BundleView is a bundle that was made.
type BundleView struct {
	N               int         `json:"n"`
	Recipient       string      `json:"recipient"`
	InstitutionID   string      `json:"institution_id,omitempty"`
	InstitutionName string      `json:"institution_name,omitempty"`
	Language        string      `json:"language"`
	Letter          int         `json:"letter,omitempty"`
	Parts           []pack.Part `json:"parts"`
	Withheld        []string    `json:"withheld"`
	By              string      `json:"by,omitempty"`
	At              time.Time   `json:"at"`
	// Kept says that the reader can still fetch it.
	Kept bool `json:"kept"`
}

// BundlePlan is what a bundle for a recipient would hold now.
type BundlePlan struct {
	Recipient string          `json:"recipient"`
	Language  string          `json:"language"`
	Papers    []PlannedPaper  `json:"papers"`
	Missing   []string        `json:"missing"`
	Withheld  []PlannedAbsent `json:"withheld"`
	// Letters are those that were made for this kind of reader.
	Letters []LetterItem `json:"letters"`
}

// PlannedPaper is a paper that would go along, or why it would not.
type PlannedPaper struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Files int    `json:"files"`
	// Withheld is why it has to stay here, "" when it may go.
	Withheld string `json:"withheld,omitempty"`
}

// PlannedAbsent is a line of the form that has to stay here.
type PlannedAbsent struct {
	Title string `json:"title"`
	Why   string `json:"why"`
}

// PlanBundle tells what a bundle for a recipient would hold now.
func (d *Desk) PlanBundle(ctx context.Context, a alerts.Actor, matterID, recipient, lang string) (BundlePlan, error) {
	w, err := d.paperwork(a, matterID, recipient, lang)
	if err != nil {
		return BundlePlan{}, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+matterID+"/papers", w.seen(alerts.P1, alerts.P3)...); err != nil {
		return BundlePlan{}, err
	}
	v := BundlePlan{Recipient: recipient, Language: lang, Papers: []PlannedPaper{}, Missing: []string{}, Withheld: []PlannedAbsent{}, Letters: []LetterItem{}}
	for _, p := range w.papers() {
		v.Papers = append(v.Papers, PlannedPaper{p.id, p.title(lang), len(p.files), p.barred})
	}
	for _, s := range w.fill().Sections {
		for _, f := range s.Fields {
			title := join(": ", join(" – ", s.Title, s.ChildName), f.Title)
			if f.Missing {
				v.Missing = append(v.Missing, title)
			}
			if f.Withheld != "" {
				v.Withheld = append(v.Withheld, PlannedAbsent{title, f.Withheld})
			}
		}
	}
	for _, l := range d.board.Letters(matterID) {
		if l.Recipient == recipient && l.Language == lang && !w.stale(l.At) {
			v.Letters = append(v.Letters, w.letterItem(l))
		}
	}
	return v, nil
}

// MakeBundle puts a bundle together and records that it was made, by whom, for
// whom and what is in it. The record is committed before anybody can fetch it.
func (d *Desk) MakeBundle(ctx context.Context, a alerts.Actor, matterID string, in NewBundle, r alerts.Request) (BundleView, error) {
	w, err := d.paperwork(a, matterID, in.Recipient, in.Language)
	if err == nil {
		err = w.address(in.InstitutionID)
	}
	if err != nil {
		return BundleView{}, err
	}
	if !d.Matrix.Can(a.Role, "matter.bundle") {
		return BundleView{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	if err := d.Reads.Record(ctx, a, "matters/"+matterID+"/bundles", w.seen(alerts.P0, alerts.P1, alerts.P2, alerts.P3)...); err != nil {
		return BundleView{}, err
	}
	now := d.Now().UTC().Truncate(time.Millisecond)
	b, pdf, err := w.bundle(ctx, in, now)
	if err != nil {
		return BundleView{}, err
	}
	b.ID, b.Blob, b.By = entryID(r, d), alerts.NewID(d.Random), a.ID
	if err := d.KeepFile(ctx, "cases/"+w.of.ID, matterID, b.Blob, pdf); err != nil {
		return BundleView{}, err
	}
	var made *madeBundle
	err = d.changePapers(ctx, a, "matter.bundle", matterID, r, func(c *changingPapers) error { return w.recorded(c, b) })
	if err == nil {
		made, err = d.bundle(a, matterID, func(x *Bundle) bool { return x.ID == b.ID })
	}
	if err != nil {
		return BundleView{}, err // what was stored is swept
	}
	if made.bundle.Blob != b.Blob { // a repeat: it was made the first time
		err = d.DropFile(ctx, matterID, b.Blob)
	}
	return made.view(), err
}

// recorded notes a bundle in the folder, unless what it was made of has changed
// since.
func (w *paperwork) recorded(c *changingPapers, b Bundle) error {
	folder := 0
	if w.folder != nil {
		folder = w.folder.Version
	}
	if c.papers.Version != folder || c.of.Version != w.of.Version || c.matter.Version != w.matter.Version {
		return alerts.Errorf(alerts.Conflict, "The matter has changed meanwhile. Look at it again and make the bundle once more.")
	}
	if len(c.papers.Bundles) >= maxBundles {
		return alerts.Errorf(alerts.Conflict, "So many bundles were made that no more can be recorded.")
	}
	b.N = len(c.papers.Bundles) + 1
	c.papers.Bundles = append(c.papers.Bundles, b)
	return nil
}

// madeBundle is a bundle with what it belongs to.
type madeBundle struct {
	*paperwork
	bundle Bundle
}

// bundle finds a bundle of a matter that the actor may read.
func (d *Desk) bundle(a alerts.Actor, matterID string, is func(*Bundle) bool) (*madeBundle, error) {
	w, err := d.paperwork(a, matterID, "", pack.English)
	if err != nil {
		return nil, err
	}
	if w.folder != nil {
		for i := range w.folder.Bundles {
			if b := &w.folder.Bundles[i]; is(b) {
				w, err := d.paperwork(a, matterID, b.Recipient, b.Language)
				return &madeBundle{w, *b}, err
			}
		}
	}
	return nil, missing("bundle of matter " + matterID)
}

func (m *madeBundle) view() BundleView { return m.bundleView(&m.bundle) }

func (w *paperwork) bundleViews() []BundleView {
	out := []BundleView{}
	if w.folder != nil {
		for i := range w.folder.Bundles {
			out = append(out, w.bundleView(&w.folder.Bundles[i]))
		}
	}
	return out
}

func (w *paperwork) bundleView(b *Bundle) BundleView {
	return BundleView{
		N: b.N, Recipient: b.Recipient, InstitutionID: b.InstitutionID, InstitutionName: w.desk.institutionName(b.InstitutionID),
		Language: b.Language, Letter: b.Letter, Parts: list(b.Parts), Withheld: list(b.Withheld), By: shownTo(w.gate.Sees(alerts.P10), b.By),
		At: b.At, Kept: w.desk.Now().Sub(b.At) <= bundleLasts && w.fetchable(b),
	}
}

// fetchable tells whether the reader may fetch a bundle: it holds whatever its
// recipient may get, so they must be able to see as much, or have made it; and
// nothing was hidden since from a party who would read it.
func (w *paperwork) fetchable(b *Bundle) bool {
	to, ok := w.data.Recipient(b.Recipient)
	if !ok {
		return false
	}
	of := *w
	of.gate.To = to
	return !of.stale(b.At) && (b.By == w.actor.ID || len(of.seen(slices.Clone(to.Classes)...)) == len(to.Classes))
}

// fetch opens the printed PDF of a bundle and records the read.
func (d *Desk) fetch(ctx context.Context, a alerts.Actor, matterID string, n int) (*madeBundle, []byte, error) {
	m, err := d.bundle(a, matterID, func(b *Bundle) bool { return b.N == n })
	if err != nil {
		return nil, nil, err
	}
	switch {
	case m.stale(m.bundle.At):
		return nil, nil, staleError()
	case !m.fetchable(&m.bundle):
		return nil, nil, missing(fmt.Sprintf("bundle %d of matter %s", n, matterID))
	case d.Now().Sub(m.bundle.At) > bundleLasts:
		return nil, nil, alerts.Errorf(alerts.Conflict, "Bundles are kept for a week. Make this one again.")
	}
	if err := d.Reads.Record(ctx, a, fmt.Sprintf("matters/%s/bundles/%d", matterID, n), m.seen(alerts.P0, alerts.P1, alerts.P2, alerts.P3)...); err != nil {
		return nil, nil, err
	}
	pdf, err := d.File(ctx, "cases/"+m.of.ID, matterID, m.bundle.Blob)
	return m, pdf, err
}

// BundlePDF returns the printed PDF of a bundle.
func (d *Desk) BundlePDF(ctx context.Context, a alerts.Actor, matterID string, n int) ([]byte, error) {
	_, pdf, err := d.fetch(ctx, a, matterID, n)
	return pdf, err
}

// BundleZip returns a bundle as an archive: the printed PDF, the papers'
// files, and a manifest with the hash of each.
func (d *Desk) BundleZip(ctx context.Context, a alerts.Actor, matterID string, n int) ([]byte, error) {
	m, pdf, err := d.fetch(ctx, a, matterID, n)
	if err != nil {
		return nil, err
	}
	contents := make([][]byte, len(m.bundle.Parts))
	for i, p := range m.bundle.Parts {
		if contents[i] = pdf; m.bundle.Files[i] != "" {
			contents[i], err = d.File(ctx, "cases/"+m.of.ID, matterID, m.bundle.Files[i])
		}
		if err != nil || pack.Sum(contents[i]) != p.SHA256 {
			return nil, alerts.Errorf(alerts.Conflict, "A paper of this bundle was removed. Make it again.")
		}
	}
	return pack.Zip(pack.Manifest{
		MadeAt: m.bundle.At, Case: m.of.CaseNumber, For: m.forWhom(m.bundle.InstitutionID), Language: m.bundle.Language, Files: m.bundle.Parts,
	}, contents)
}

// forWhom names who a bundle is for.
func (w *paperwork) forWhom(institution string) string {
	return join(" – ", w.gate.To.In(w.lang), w.desk.institutionName(institution))
}
