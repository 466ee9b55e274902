package alerts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// MirrorOf is a message of another system that an alert repeats: all three of
// the first are its identity.
type MirrorOf struct {
	Sender     string    `bson:"sender" json:"sender"`
	Identifier string    `bson:"identifier" json:"identifier"`
	Sent       time.Time `bson:"sent" json:"sent"`
	// Kind is Alert, Update or Cancel.
	Kind string `bson:"kind" json:"kind"`
	// LeftOut names what could not be taken over, such as photos.
	LeftOut []string `bson:"left_out,omitempty" json:"left_out,omitempty"`
}

func (m *MirrorOf) is(sender, identifier string) bool {
	return m.Sender == sender && m.Identifier == identifier
}

// NewMirror is a message of another system as it was read.
type NewMirror struct {
	MirrorOf
	// Earlier are the messages of the same sender that this one replaces or
	// takes back.
	Earlier []string
	// CaseNumbers may name the case here.
	CaseNumbers []string
	// Restricted says that the message is for partners only: what repeats it is
	// for partners too.
	Restricted bool
	Severity   string
	ExpiresAt  time.Time
	Area       geo.Area
	Texts      map[string]DraftText
}

// Mirrored is what became of a message: a draft, which a person completes and
// two people release, or an end.
type Mirrored struct {
	ID         string     `json:"id"`
	CaseID     string     `json:"case_id"`
	CaseNumber string     `json:"case_number"`
	Revision   int        `json:"revision"`
	State      AlertState `json:"state"`
	LeftOut    []string   `json:"left_out"`
	Version    int        `json:"version"`
}

// Mirror takes a message of a national system. A new one becomes the draft of an
// alert, in the case that it names or in a new one; an update becomes the next
// draft revision; neither goes out by itself. A cancel takes the alert back at
// once, as nothing delays a recall. The same message again changes nothing.
func (d *Desk) Mirror(ctx context.Context, a Actor, in NewMirror, r Request) (Mirrored, error) {
	if err := d.may(a, "alert.mirror"); err != nil {
		return Mirrored{}, err
	}
	known := d.mirrorFor(a, &in)
	if known != nil && slices.ContainsFunc(known.Mirrors, func(m MirrorOf) bool { return m.is(in.Sender, in.Identifier) }) {
		return mirrored(known), nil
	}
	if in.Kind == "Cancel" {
		return d.mirrorEnd(ctx, a, known, in, r)
	}
	alertID, caseID := NewID(d.Random), NewID(d.Random)
	caseOf := d.mirroredCase(a, in.CaseNumbers)
	done, err := d.Do(ctx, a, "alert.mirror", r, func(v *journal.View) (journal.Outcome, error) {
		var out journal.Outcome
		c, al, err := d.mirrorInto(v, known, caseOf)
		if err != nil {
			return out, err
		}
		if c == nil {
			c = openRule(newMirrorCase(&in), a, caseID, d.freeNumber(v), v.Now, d.Random)
			out.Documents = append(out.Documents, c)
		}
		if al == nil {
			al = &Alert{Head: journal.Head{ID: alertID}, CaseID: c.ID, CaseNumber: c.CaseNumber, State: AlertDraft, Sender: d.Sender}
		}
		if al, err = mirrorRule(c, al, &in, a, d.Regions, v.Now); err != nil {
			return out, err
		}
		out.Documents = slices.Insert(out.Documents, 0, journal.Document(al))
		return out, nil
	})
	if err != nil {
		return Mirrored{}, err
	}
	doc, err := d.Journal.Document(ctx, done.Keys[0])
	if err != nil {
		return Mirrored{}, coded(err)
	}
	return mirrored(doc.(*Alert)), nil
}

// mirrorFor finds the alert that repeats this message or one that it replaces.
func (d *Desk) mirrorFor(a Actor, in *NewMirror) *Alert {
	var found *Alert
	d.Board.EachAlert(func(al *Alert) bool {
		for i := range al.Mirrors {
			m := &al.Mirrors[i]
			if m.is(in.Sender, in.Identifier) || m.Sender == in.Sender && slices.Contains(in.Earlier, m.Identifier) {
				found = al
				return false
			}
		}
		return true
	})
	if found == nil {
		return nil
	}
	if _, err := d.VisibleAlert(a, found.ID); err != nil {
		return nil
	}
	return found
}

// mirroredCase finds the case that a message names, "" for none.
func (d *Desk) mirroredCase(a Actor, numbers []string) string {
	for _, n := range numbers {
		if normal, ok := NormalCaseNumber(n); ok {
			if c, ok := d.Board.CaseByNumber(normal); ok && d.sees(a, c) && !c.State.Ended() {
				return c.ID
			}
		}
	}
	return ""
}

func (d *Desk) mirrorInto(v *journal.View, known *Alert, caseID string) (*Case, *Alert, error) {
	if known != nil {
		c, al, err := LoadAlert(v, known.ID)
		if err == nil && al.State.Ended() {
			err = Errorf(Conflict, "The alert that repeats this message has ended. Make a new one.")
		}
		return c, al, err
	}
	if caseID == "" {
		return nil, nil, nil
	}
	c, err := journal.Load[*Case](v, "cases", caseID)
	return c, nil, err
}

// newMirrorCase is the case of a child that is known only from a message.
func newMirrorCase(in *NewMirror) *NewCase {
	var texts []string
	for _, t := range draftTexts(in.Texts) {
		texts = append(texts, t.Headline, t.Description)
	}
	said := []rune(strings.Join(texts, "\n\n"))
	return &NewCase{
		Category: CategoryUnknown, Children: []NewChild{{}},
		Circumstances: fmt.Sprintf("%s %s\n\n%s", in.Sender, in.Identifier, string(said[:min(len(said), maxNote-500)])),
	}
}

// mirrorRule makes a message the draft of an alert. The authority's decision is
// asked for at release, when somebody has recorded it.
func mirrorRule(c *Case, al *Alert, in *NewMirror, a Actor, regions *geo.Regions, now time.Time) (*Alert, error) {
	if c.State.Ended() {
		return nil, Errorf(Conflict, "The search is over: this case takes no more alerts.")
	}
	limits, err := draftHours()
	if err != nil {
		return nil, err
	}
	level := LevelNationalMirror
	if in.Restricted {
		level = LevelPartner
	}
	r := Revision{Level: level, Severity: in.Severity, ExpiresAt: in.ExpiresAt, Area: in.Area, Texts: draftTexts(in.Texts)}
	if base := newest(al); base != nil {
		r.DecisionID, r.PhotoID, r.HoldBack, r.Criteria = base.DecisionID, base.PhotoID, base.HoldBack, base.Criteria
	}
	if r.ExpiresAt.IsZero() {
		r.ExpiresAt = now.Add(limits["mirror_life"])
	}
	if most := now.Add(limits["expiry_"+string(r.Level)]); r.ExpiresAt.After(most) {
		r.ExpiresAt = most
	}
	tidy(&r)
	f := slices.DeleteFunc(revisionFields(&r, c, regions, now, limits), func(e FieldError) bool { return e.Field == "decision_id" && e.Code == "required" })
	if err := f.Err(); err != nil {
		return nil, err
	}
	next := al.drafted(a, r, now)
	next.Mirrors = append(slices.Clip(al.Mirrors), in.MirrorOf)
	return next, nil
}

// newest is the draft that there is, or else what is out.
func newest(al *Alert) *Revision {
	if al.Draft != nil {
		return al.Draft
	}
	return al.Current()
}

// mirrorEnd takes an alert back because its original was.
func (d *Desk) mirrorEnd(ctx context.Context, a Actor, known *Alert, in NewMirror, r Request) (Mirrored, error) {
	if known == nil {
		return Mirrored{}, Errorf(NotFound, "No alert here repeats what this message takes back.")
	}
	_, err := d.Do(ctx, a, "alert.cancel", r, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", known.ID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if al = CancelRule(al, in.Sender+" "+in.Identifier, a.ID, v.Now); al != nil {
			al.Mirrors = append(slices.Clip(al.Mirrors), in.MirrorOf)
		}
		return outcomeOf(al), nil
	})
	if err != nil {
		return Mirrored{}, err
	}
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "alerts", ID: known.ID})
	if err != nil {
		return Mirrored{}, coded(err)
	}
	return mirrored(doc.(*Alert)), nil
}

func mirrored(al *Alert) Mirrored {
	v := Mirrored{ID: al.ID, CaseID: al.CaseID, CaseNumber: al.CaseNumber, State: al.State, LeftOut: []string{}, Version: al.Version}
	if r := newest(al); r != nil {
		v.Revision = r.Number
	}
	if n := len(al.Mirrors); n > 0 && al.Mirrors[n-1].LeftOut != nil {
		v.LeftOut = al.Mirrors[n-1].LeftOut
	}
	return v
}
