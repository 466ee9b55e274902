package partners

import (
	"time"

	"homeward/journal"
	"homeward/partners/pack"
)

// Papers is the folder of one abduction matter, under the matter's id: which
// papers are there and how far each is, what was written into the application
// form, and which bundles were made for whom. It belongs to the case's erasure
// unit.
type Papers struct {
	journal.Head `bson:",inline"`
	CaseID       string      `bson:"case_id" class:"ref"`
	Items        []PaperItem `bson:"items"`
	// Answers are what was written into the form.
	Answers []FormAnswer `bson:"answers"`
	Bundles []Bundle     `bson:"bundles"`
}

// PaperItem is one paper of the checklist.
type PaperItem struct {
	// ID is that of the checklist's row, with "." and the child's id for a
	// paper that every child needs; random for one that the staff added.
	ID string `bson:"id" class:"ref"`
	// Title is set for a paper that the staff added.
	Title    string `bson:"title,omitempty" class:"P3,sealed"`
	Language string `bson:"language,omitempty" class:"P3"` // BCP 47
	Note     string `bson:"note,omitempty" class:"P3,sealed"`
	// KeepFrom are parties of the case who must not get this paper.
	KeepFrom []string `bson:"keep_from,omitempty" class:"P3"`
	// Steps is what was recorded about it, oldest first. The last of each state
	// counts.
	Steps []PaperStep `bson:"steps"`
	Files []PaperFile `bson:"files"`
}

// PaperStep says that a paper reached a state, or no longer is in it.
type PaperStep struct {
	State string    `bson:"state" class:"P3"` // one of PaperStates
	Done  bool      `bson:"done" class:"P3"`
	On    string    `bson:"on,omitempty" class:"P3"` // YYYY-MM-DD
	By    string    `bson:"by" class:"P10"`
	At    time.Time `bson:"at" class:"ref"`
}

// PaperFile is a scan of a paper: a PDF or a clean JPEG, sealed.
type PaperFile struct {
	ID   string `bson:"id" class:"ref"`
	Kind string `bson:"kind" class:"P3"` // pdf, jpeg
	// Name is what the file was called by whoever sent it.
	Name   string `bson:"name,omitempty" class:"P3,sealed"`
	Size   int    `bson:"size" class:"P3"`
	SHA256 string `bson:"sha256" class:"P3,sealed"`
	// Width and Height are those of a picture, in pixels.
	Width   int       `bson:"width,omitempty" class:"P3"`
	Height  int       `bson:"height,omitempty" class:"P3"`
	AddedBy string    `bson:"added_by" class:"P10"`
	AddedAt time.Time `bson:"added_at" class:"ref"`
	// RemovedAt says that the file itself is gone.
	RemovedBy string    `bson:"removed_by,omitempty" class:"P10"`
	RemovedAt time.Time `bson:"removed_at,omitempty" class:"ref"`
}

// FormAnswer is a line of the application form as somebody wrote it; an empty
// value takes back what stood there.
type FormAnswer struct {
	Field string    `bson:"field" class:"P3"`
	Of    string    `bson:"of,omitempty" class:"P3"` // a child's id
	Value string    `bson:"value,omitempty" class:"P3,sealed"`
	By    string    `bson:"by" class:"P10"`
	At    time.Time `bson:"at" class:"ref"`
}

// Bundle is a bundle that was made for somebody. Its PDF is kept for a week,
// what it held for as long as the matter.
type Bundle struct {
	ID string `bson:"id" class:"kept"`
	N  int    `bson:"n" class:"ref"` // from 1
	// Recipient is the kind of reader, InstitutionID the entry of the
	// directory, when there is one.
	Recipient     string `bson:"recipient" class:"P3"`
	InstitutionID string `bson:"institution_id,omitempty" class:"P3"`
	Language      string `bson:"language" class:"ref"`
	// Letter is the number of the cover letter, 0 for none.
	Letter int         `bson:"letter,omitempty" class:"P3"`
	Parts  []pack.Part `bson:"parts" class:"P3,sealed"`
	// Files name the file behind each part, "" for the printed PDF.
	Files []string `bson:"files" class:"ref"`
	// Blob is the printed PDF.
	Blob string `bson:"blob" class:"kept"`
	// Withheld are the lines and papers that had to stay here.
	Withheld []string  `bson:"withheld,omitempty" class:"P3"`
	By       string    `bson:"by" class:"P10"`
	At       time.Time `bson:"at" class:"ref"`
}

// Collection is "papers".
func (*Papers) Collection() string { return "papers" }

// Unit is the case's.
func (p *Papers) Unit(string) string { return "cases/" + p.CaseID }

// Letter is a letter that was made. It is never changed: another version is
// another letter, which names the one before it.
type Letter struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id" class:"ref"`
	MatterID     string `bson:"matter_id" class:"ref"`
	N            int    `bson:"n" class:"ref"` // of the matter, from 1
	// Template is the kind of letter, Recipient the kind of reader.
	Template      string `bson:"template" class:"P3"`
	Recipient     string `bson:"recipient" class:"P3"`
	InstitutionID string `bson:"institution_id,omitempty" class:"P3"`
	Language      string `bson:"language" class:"ref"`
	Addressee     string `bson:"addressee" class:"P3,sealed"`
	Subject       string `bson:"subject" class:"P1,sealed"`
	Body          string `bson:"body" class:"P1,sealed"`
	// Replaces is the number of the version before it, Edition counts them from 1.
	Replaces int `bson:"replaces,omitempty" class:"ref"`
	Edition  int `bson:"edition" class:"ref"`
	// BasisChecked tells whether the legal basis was checked, in the data or by
	// whoever made the letter.
	BasisChecked bool      `bson:"basis_checked" class:"P3"`
	By           string    `bson:"by" class:"P10"`
	At           time.Time `bson:"at" class:"ref"`
}

// Collection is "letters".
func (*Letter) Collection() string { return "letters" }

// Unit is the case's.
func (l *Letter) Unit(string) string { return "cases/" + l.CaseID }

// PaperStates returns how far a paper can be, in the usual order. They do not
// exclude each other.
func PaperStates() []string {
	return []string{"needed", "received", "original_seen", "translated", "certified", "sent", "accepted"}
}

// in tells whether a paper is in a state, and the step that says so. Every
// paper of the checklist is needed until somebody says that it is not.
func (i *PaperItem) in(state string) (PaperStep, bool) {
	for n := len(i.Steps) - 1; n >= 0; n-- {
		if s := i.Steps[n]; s.State == state {
			return s, s.Done
		}
	}
	return PaperStep{}, state == "needed"
}

// live are the files that are still there.
func (i *PaperItem) live() []PaperFile {
	var out []PaperFile
	for _, f := range i.Files {
		if f.RemovedAt.IsZero() {
			out = append(out, f)
		}
	}
	return out
}

// item returns a paper of the folder; a folder that is nil has none.
func (p *Papers) item(id string) (*PaperItem, bool) {
	if p == nil {
		return nil, false
	}
	for n := range p.Items {
		if p.Items[n].ID == id {
			return &p.Items[n], true
		}
	}
	return nil, false
}

// answers are what stands in the form now.
func (p *Papers) answers() []pack.Answer {
	if p == nil {
		return nil
	}
	at := map[[2]string]int{}
	var out []pack.Answer
	for _, a := range p.Answers {
		key := [2]string{a.Field, a.Of}
		if n, ok := at[key]; ok {
			out[n].Value = a.Value
			continue
		}
		at[key] = len(out)
		out = append(out, pack.Answer{Field: a.Field, Of: a.Of, Value: a.Value})
	}
	return out
}
