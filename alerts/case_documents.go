package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// The most papers of a case, and the most versions of one.
const (
	maxDocuments        = 200
	maxDocumentVersions = 30
)

// DocumentFile is a copy that was looked at and, when it is a picture, written
// anew without metadata.
type DocumentFile struct {
	Kind    string // pdf or jpeg
	Name    string // as whoever sent it called it
	Content []byte
}

// NewDocument adds a copy of a paper to a case, or a newer version of one.
type NewDocument struct {
	DocumentFile `json:"-"`
	Slot         string `json:"slot,omitempty"`
	Child        string `json:"child,omitempty"`
	Note         string `json:"note,omitempty"`
	// Replaces is the paper that this is a newer version of; empty for none.
	Replaces string `json:"replaces,omitempty"`
}

func (in *NewDocument) validate(slots []DocumentSlot) Fields {
	i := &inspection{}
	if in.Replaces == "" {
		keys := make([]string, len(slots))
		for k, s := range slots {
			keys[k] = s.Key
		}
		oneOf(i, "slot", in.Slot, keys)
	}
	i.text("note", &in.Note, maxLine)
	if len(in.Content) == 0 || in.Kind == "" {
		i.Add("file", "required", "Send one PDF, or one picture in JPEG or PNG.")
	}
	if in.Slot == "other" && in.Note == "" && in.Replaces == "" {
		i.Add("note", "required", "Say what this paper is.")
	}
	return i.Fields
}

// DocumentSlots are the kinds of papers that a case may need.
func (d *Desk) DocumentSlots() []DocumentSlot { return d.slots }

func (d *Desk) slot(key string) *DocumentSlot {
	if i := slices.IndexFunc(d.slots, func(s DocumentSlot) bool { return s.Key == key }); i >= 0 {
		return &d.slots[i]
	}
	return nil
}

// AddDocument adds a copy of a paper. Only who may open it can add it. The copy
// is on disk before the change that names it.
func (d *Desk) AddDocument(ctx context.Context, a Actor, caseID string, in NewDocument, r Request) (DocumentView, error) {
	if err := d.caseCommand(a, "case.document", caseID, func(time.Time) Fields { return in.validate(d.slots) }); err != nil {
		return DocumentView{}, err
	}
	c, err := d.VisibleCase(a, caseID)
	if err != nil {
		return DocumentView{}, err
	}
	class, err := d.documentClass(a, c, &in)
	if err != nil {
		return DocumentView{}, err
	}
	version := DocumentVersion{ID: d.idFor("document_version", r), Kind: in.Kind, Name: in.Name, Note: in.Note, Size: len(in.Content), By: a.ID}
	if err := d.KeepFile(ctx, "cases/"+caseID, caseID, version.ID, in.Content); err != nil {
		return DocumentView{}, err
	}
	id := in.Replaces
	if id == "" {
		id = d.idFor("document", r)
	}
	v, err := d.changeCase(ctx, a, "case.document", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		version := version
		version.At = v.Now
		return documentRule(c, class, id, in, version, a, v.Now)
	})
	if err != nil {
		return DocumentView{}, err
	}
	return byID(v.Documents, func(o DocumentView) bool { return o.ID == id })
}

// documentClass returns the class of what is being added, once it is the actor's
// to see and about a child of the case.
func (d *Desk) documentClass(a Actor, c *Case, in *NewDocument) (Class, error) {
	var class Class
	if in.Replaces != "" {
		doc, of := c.Documents.find(in.Replaces)
		if doc == nil || !d.seesClass(a, of)(c) {
			return "", coded(fmt.Errorf("document %s: %w", in.Replaces, journal.ErrNotFound))
		}
		class = of
	} else if in.Child != "" && !slices.ContainsFunc(c.Children, func(o Child) bool { return o.ID == in.Child }) {
		var f Fields
		f.Add("child", "unknown_child", "This case has no child with this id.")
		return "", f.Err()
	} else if class = d.slot(in.Slot).Class; !d.seesClass(a, class)(c) {
		return "", Errorf(Forbidden, "Papers of this kind are not for this account.")
	}
	return class, nil
}

func documentRule(c *Case, class Class, id string, in NewDocument, version DocumentVersion, a Actor, now time.Time) ([]journal.Document, error) {
	if err := workable(c); err != nil {
		return nil, err
	}
	next := *c
	list := next.Documents.of(class)
	*list = slices.Clone(*list)
	n := slices.IndexFunc(*list, func(o CaseDocument) bool { return o.ID == id })
	switch {
	case n >= 0 && (*list)[n].Removed != nil:
		return nil, Errorf(Conflict, "This paper was taken off the case. Add it anew.")
	case n >= 0 && len((*list)[n].Versions) >= maxDocumentVersions:
		return nil, Errorf(TooMany, "This paper takes no more versions.")
	case n >= 0:
		(*list)[n].Versions = append(slices.Clone((*list)[n].Versions), version)
	case c.Documents.count() >= maxDocuments:
		return nil, Errorf(TooMany, "This case takes no more papers.")
	default:
		*list = append(*list, CaseDocument{ID: id, Slot: in.Slot, Child: in.Child, Versions: []DocumentVersion{version}})
	}
	next.edited(a, now, "documents")
	return []journal.Document{&next}, nil
}

// RemoveDocument takes a paper off a case. Its copies are destroyed a month
// later; that it was there stays.
func (d *Desk) RemoveDocument(ctx context.Context, a Actor, caseID, id string, in RemovePhoto, r Request) (DocumentView, error) {
	err := d.caseCommand(a, "case.document", caseID, func(time.Time) Fields {
		i := &inspection{}
		i.required("why", &in.Why, maxLine, "Say why it is taken off.")
		return i.Fields
	})
	if err != nil {
		return DocumentView{}, err
	}
	v, err := d.changeCase(ctx, a, "case.document", caseID, r, func(v *journal.View, c *Case) ([]journal.Document, error) {
		next := *c
		doc, class := c.Documents.find(id)
		if doc == nil || !d.seesClass(a, class)(c) {
			return nil, coded(fmt.Errorf("document %s: %w", id, journal.ErrNotFound))
		}
		if err := workable(c); err != nil || doc.Removed != nil {
			return nil, err
		}
		list := next.Documents.of(class)
		*list = slices.Clone(*list)
		mine, _ := next.Documents.find(id)
		mine.Removed = &PhotoRemoval{At: v.Now, By: a.ID, Why: in.Why}
		next.edited(a, v.Now, "documents")
		return []journal.Document{&next}, nil
	})
	if err != nil {
		return DocumentView{}, err
	}
	return byID(v.Documents, func(o DocumentView) bool { return o.ID == id })
}

// OpenDocument returns one version of a paper. The reading is recorded under the
// class of the paper before it leaves.
func (d *Desk) OpenDocument(ctx context.Context, a Actor, caseID, id, version string) (DocumentFile, error) {
	c, err := d.VisibleCase(a, caseID)
	if err != nil {
		return DocumentFile{}, err
	}
	doc, class := c.Documents.find(id)
	if doc == nil || doc.Removed != nil || !d.seesClass(a, class)(c) {
		return DocumentFile{}, coded(fmt.Errorf("document %s: %w", id, journal.ErrNotFound))
	}
	n := slices.IndexFunc(doc.Versions, func(v DocumentVersion) bool { return v.ID == version })
	if n < 0 {
		return DocumentFile{}, coded(fmt.Errorf("version %s: %w", version, journal.ErrNotFound))
	}
	if err := d.Reads.Record(ctx, a, "cases/"+caseID+"/documents/"+id, class); err != nil {
		return DocumentFile{}, err
	}
	content, err := d.File(ctx, "cases/"+caseID, caseID, version)
	if err != nil {
		return DocumentFile{}, err
	}
	return DocumentFile{Kind: doc.Versions[n].Kind, Name: doc.Versions[n].Name, Content: content}, nil
}

// AlsoWrong adds to what is wrong with a file what else is wrong with the paper
// that it was sent as, so that all of it is told at once.
func (d *Desk) AlsoWrong(err error, in NewDocument) error {
	var e *Error
	if !errors.As(err, &e) || e.Code != Invalid {
		return err
	}
	f := slices.Clone(Fields(e.Fields))
	for _, more := range in.validate(d.slots) {
		if more.Field != "file" {
			f = append(f, more)
		}
	}
	return f.Err()
}
