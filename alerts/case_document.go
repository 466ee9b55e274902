package alerts

import (
	_ "embed" // case_documents.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CaseDocuments are copies of papers, by the class of what they say: who may
// open one follows from where it lies.
type CaseDocuments struct {
	Identity []CaseDocument `bson:"identity,omitempty" class:"P1"`
	Family   []CaseDocument `bson:"family,omitempty" class:"P3"`
	Health   []CaseDocument `bson:"health,omitempty" class:"P4"`
}

// CaseDocument is a copy of one paper. Its versions lie under the key of the
// case and go with it.
type CaseDocument struct {
	ID string `bson:"id" class:"ref"`
	// Slot is what kind of paper it is: a key of DocumentSlots.
	Slot  string `bson:"slot" class:"ref"`
	Child string `bson:"child,omitempty" class:"ref"`
	// Versions are oldest first; the last one counts.
	Versions []DocumentVersion `bson:"versions" class:"ref"`
	Removed  *PhotoRemoval     `bson:"removed,omitempty" class:"ref"`
}

// DocumentVersion is one copy as it was sent.
type DocumentVersion struct {
	ID   string    `bson:"id"`
	Kind string    `bson:"kind"` // pdf, jpeg
	Name string    `bson:"name,omitempty" class:"ref,sealed"`
	Note string    `bson:"note,omitempty" class:"ref,sealed"`
	Size int       `bson:"size"`
	By   string    `bson:"by" class:"P10"`
	At   time.Time `bson:"at"`
}

// DocumentSlot is a kind of paper that a case may need.
type DocumentSlot struct {
	Key string `json:"key"`
	// Class is whose eyes it is for.
	Class Class `json:"class"`
	// Asked are the categories of cases in which it is asked for, and Needed those
	// in which it should not be missing; nil for all of them in Asked.
	Asked     []Category `json:"asked,omitempty"`
	Needed    []Category `json:"needed,omitempty"`
	English   string     `json:"en"`
	Serbian   string     `json:"sr"` // in Cyrillic; Latin is made from it
	WhyEn     string     `json:"why_en"`
	WhySr     string     `json:"why_sr"`
	Source    string     `json:"source"`
	ValidFrom string     `json:"valid_from"`
	Verified  bool       `json:"verified"`
}

//go:embed case_documents.csv
var caseDocumentsCSV string

// LoadDocumentSlots reads and checks the embedded kinds of papers, in their
// order.
func LoadDocumentSlots() ([]DocumentSlot, error) {
	rows, err := csv.NewReader(strings.NewReader(caseDocumentsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read case_documents.csv: %w", err)
	}
	var out []DocumentSlot
	for _, r := range rows[1:] {
		s := DocumentSlot{Key: r[0], Class: Class(r[1]), English: r[4], Serbian: r[5], WhyEn: r[6], WhySr: r[7], Source: r[8], ValidFrom: r[9]}
		if r[2] != "*" {
			s.Asked = categoriesIn(r[2])
		}
		s.Needed = categoriesIn(r[3])
		if s.Verified, err = strconv.ParseBool(r[10]); err == nil {
			err = s.check(out)
		}
		if err != nil {
			return nil, fmt.Errorf("read case_documents.csv: %s: %w", s.Key, err)
		}
		out = append(out, s)
	}
	return out, nil
}

func categoriesIn(s string) (out []Category) {
	for _, c := range strings.Fields(s) {
		out = append(out, Category(c))
	}
	return out
}

func (s *DocumentSlot) check(before []DocumentSlot) error {
	known := func(c Category) bool { return slices.Contains(Categories(), c) }
	_, err := time.Parse(time.DateOnly, s.ValidFrom)
	switch {
	case err != nil:
		return fmt.Errorf("valid from: %w", err)
	case s.Key == "" || slices.ContainsFunc(before, func(o DocumentSlot) bool { return o.Key == s.Key }):
		return fmt.Errorf("its key is empty or there twice")
	case s.list(&CaseDocuments{}) == nil:
		return fmt.Errorf("papers of class %q cannot be kept", s.Class)
	case s.English == "" || s.Serbian == "" || s.WhyEn == "" || s.WhySr == "" || s.Source == "":
		return fmt.Errorf("a text or the source is missing")
	case slices.ContainsFunc(slices.Concat(s.Asked, s.Needed), func(c Category) bool { return !known(c) }):
		return fmt.Errorf("a category is not known")
	}
	return nil
}

// AskedIn tells whether a paper is asked for in a category of cases, NeededIn
// whether it should not be missing.
func (s *DocumentSlot) AskedIn(c Category) bool { return s.Asked == nil || slices.Contains(s.Asked, c) }

// NeededIn tells whether a paper should not be missing in a category of cases.
func (s *DocumentSlot) NeededIn(c Category) bool { return slices.Contains(s.Needed, c) }

// list is where the papers of a slot lie; nil for a class that none has.
func (s *DocumentSlot) list(d *CaseDocuments) *[]CaseDocument { return d.of(s.Class) }

func (d *CaseDocuments) of(class Class) *[]CaseDocument {
	switch class {
	case P1:
		return &d.Identity
	case P3:
		return &d.Family
	case P4:
		return &d.Health
	}
	return nil
}

// documentClasses are the classes in which papers lie.
func documentClasses() []Class { return []Class{P1, P3, P4} }

// find returns a paper with the class that it lies in, nil when there is none.
func (d *CaseDocuments) find(id string) (*CaseDocument, Class) {
	for _, class := range documentClasses() {
		list := *d.of(class)
		for i := range list {
			if list[i].ID == id {
				return &list[i], class
			}
		}
	}
	return nil, ""
}

func (d *CaseDocuments) count() int { return len(d.Identity) + len(d.Family) + len(d.Health) }

// namesBlob tells whether a case names a picture or a copy that may still be wanted.
func (c *Case) namesBlob(blob string, now time.Time) bool {
	kept := func(r *PhotoRemoval) bool { return r == nil || now.Sub(r.At) <= photoKept }
	if p := photoOf(c, blob); p != nil {
		return kept(p.Removed)
	}
	for _, class := range documentClasses() {
		for _, doc := range *c.Documents.of(class) {
			if slices.ContainsFunc(doc.Versions, func(v DocumentVersion) bool { return v.ID == blob }) {
				return kept(doc.Removed)
			}
		}
	}
	return false
}

// DocumentView is a copy of a paper as a reader sees it.
type DocumentView struct {
	ID       string                `json:"id"`
	Slot     string                `json:"slot"`
	Child    string                `json:"child,omitempty"`
	Versions []DocumentVersionView `json:"versions"`
	Removed  *PhotoRemovalView     `json:"removed,omitempty"`
}

// DocumentVersionView is one version; its content is fetched with its id.
type DocumentVersionView struct {
	ID   string    `json:"id"`
	Kind string    `json:"kind"`
	Name string    `json:"name,omitempty"`
	Note string    `json:"note,omitempty"`
	Size int       `json:"size"`
	By   string    `json:"by,omitempty"`
	At   time.Time `json:"at"`
}

func documentViews(l lens, d *CaseDocuments) (out []DocumentView) {
	for _, class := range documentClasses() {
		if !l.sees(class) {
			continue
		}
		for _, doc := range *d.of(class) {
			v := DocumentView{ID: doc.ID, Slot: doc.Slot, Child: doc.Child}
			for _, x := range doc.Versions {
				v.Versions = append(v.Versions, DocumentVersionView{x.ID, x.Kind, x.Name, x.Note, x.Size, only(l, x.By, P10), x.At})
			}
			if r := doc.Removed; r != nil {
				v.Removed = &PhotoRemovalView{r.At, only(l, r.By, P10), only(l, r.Why, P3)}
			}
			out = append(out, v)
		}
	}
	return out
}
