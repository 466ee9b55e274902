package alerts

import (
	"time"

	"homeward/geo"
)

// AlertView is an alert as staff see it. The fields of the content at the top
// are those of the newest released revision, or of the draft before the first
// release.
type AlertView struct {
	ID         string     `json:"id"`
	CaseID     string     `json:"case_id"`
	CaseNumber string     `json:"case_number"`
	State      AlertState `json:"state"`
	Slug       string     `json:"slug,omitempty"`
	RevisionView
	Draft     *RevisionView  `json:"draft,omitempty"`
	Revisions []RevisionView `json:"revisions"`
	Ending    *EndingView    `json:"ending,omitempty"`
	Mirrors   []MirrorOf     `json:"mirrors,omitempty"`
	// Papers are the posters and images that the desk has made.
	Papers     []PaperMade     `json:"papers,omitempty"`
	PapersGone *PapersGoneView `json:"papers_gone,omitempty"`
	Version    int             `json:"version"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
	May        map[string]bool `json:"may"`
	Withheld   []Class         `json:"withheld"`
}

// RevisionView is the content of one revision of an alert.
type RevisionView struct {
	Revision    int                  `json:"revision"`
	Level       Level                `json:"level"`
	DecisionID  string               `json:"decision_id,omitempty"`
	Severity    string               `json:"severity"`
	ExpiresAt   time.Time            `json:"expires_at"`
	PhotoID     string               `json:"photo_id,omitempty"`
	Area        *geo.Area            `json:"area,omitempty"`
	Origin      *AreaOrigin          `json:"area_origin,omitempty"`
	Texts       map[string]DraftText `json:"texts,omitempty"`
	HoldBack    string               `json:"hold_back,omitempty"`
	Criteria    *Checklist           `json:"criteria,omitempty"`
	Warnings    []FieldError         `json:"warnings,omitempty"`
	ContentHash string               `json:"content_hash"`
	Author      string               `json:"author,omitempty"`
	AuthorKind  Kind                 `json:"author_kind,omitempty"`
	WrittenAt   time.Time            `json:"written_at"`
	Sender      string               `json:"sender,omitempty"`
	Identifier  string               `json:"identifier,omitempty"`
	Sent        time.Time            `json:"sent,omitzero"`
	ReleasedBy  string               `json:"released_by,omitempty"`
	Emergency   *EmergencyView       `json:"emergency,omitempty"`
}

// EmergencyView is a release by one person.
type EmergencyView struct {
	Reason     string    `json:"reason,omitempty"`
	ReviewDue  time.Time `json:"review_due"`
	ReviewedBy string    `json:"reviewed_by,omitempty"`
	ReviewedAt time.Time `json:"reviewed_at,omitzero"`
}

// EndingView says how an alert ended.
type EndingView struct {
	State      AlertState `json:"state"`
	Reason     string     `json:"reason,omitempty"`
	By         string     `json:"by,omitempty"`
	At         time.Time  `json:"at"`
	Identifier string     `json:"identifier"`
}

// PapersGoneView says who has confirmed that the desk's papers are taken down.
type PapersGoneView struct {
	By string    `json:"by,omitempty"`
	At time.Time `json:"at"`
}

func alertClasses() []Class { return []Class{P0, P1, P2, P5, P10} }

// ViewAlert returns what the actor sees of an alert of a case. It records no
// read.
func (d *Desk) ViewAlert(a Actor, al *Alert, c *Case) AlertView { return d.alertView(a, al, c) }

// AlertClasses returns the classes that ViewAlert shows to the actor.
func (d *Desk) AlertClasses(a Actor, c *Case) []Class {
	return d.lensOn(a, c).shown(alertClasses()...)
}

func (d *Desk) alertView(a Actor, al *Alert, c *Case) AlertView {
	l := d.lensOn(a, c)
	v := viewAlert(l, al)
	if !l.sees(Ref) {
		return v
	}
	if v.Draft != nil {
		v.Draft.Warnings = only(l, revisionWarnings(al.Draft, c), P5)
	}
	can := func(act string) bool { return l.matrix.Can(a.Role, act) && !al.State.Ended() }
	v.May["update"] = can("alert.update")
	v.May["cancel"] = can("alert.cancel")
	v.May["release"] = al.Draft != nil && al.Draft.Author != a.ID && can("alert.release") &&
		(!al.Draft.Level.IsPublic() || can("alert.release_public"))
	return v
}

func viewAlert(l lens, al *Alert) AlertView {
	if !l.sees(Ref) {
		return AlertView{Revisions: []RevisionView{}, May: map[string]bool{}, Withheld: alertClasses()}
	}
	v := AlertView{
		ID: al.ID, CaseID: al.CaseID, CaseNumber: al.CaseNumber, State: al.State, Slug: al.Slug, Mirrors: al.Mirrors, Papers: al.Papers,
		Revisions: make([]RevisionView, len(al.Revisions)), Version: al.Version, CreatedAt: al.CreatedAt, UpdatedAt: al.UpdatedAt,
		May: map[string]bool{}, Withheld: l.withheld(alertClasses()...),
	}
	for i := range al.Revisions {
		v.Revisions[i] = revisionView(l, al, &al.Revisions[i])
		v.RevisionView = v.Revisions[i]
	}
	if al.Draft != nil {
		draft := revisionView(l, al, al.Draft)
		v.Draft = &draft
		if len(al.Revisions) == 0 {
			v.RevisionView = draft
		}
	}
	if g := al.PapersGone; g != nil {
		v.PapersGone = &PapersGoneView{only(l, g.By, P10), g.At}
	}
	if e := al.Ending; e != nil {
		v.Ending = &EndingView{e.State, only(l, e.Reason, P5), only(l, e.By, P10), e.At, e.Identifier}
	}
	return v
}

func revisionView(l lens, al *Alert, r *Revision) RevisionView {
	v := RevisionView{
		Revision: r.Number, Level: r.Level, DecisionID: r.DecisionID, Severity: r.Severity, ExpiresAt: r.ExpiresAt,
		ContentHash: r.ContentHash, WrittenAt: r.WrittenAt, Sender: al.Sender, Identifier: r.Identifier, Sent: r.Sent,
		PhotoID:  only(l, r.PhotoID, P1),
		HoldBack: only(l, r.HoldBack, P5),
		Criteria: only(l, r.Criteria, P5),
		Origin:   only(l, r.Origin, P2),
	}
	if l.sees(P0) {
		v.Area, v.Texts = &r.Area, textsView(r.Texts)
	}
	if l.sees(P10) {
		v.Author, v.AuthorKind, v.ReleasedBy = r.Author, r.AuthorKind, r.ReleasedBy
	}
	if e := r.Emergency; e != nil {
		v.Emergency = &EmergencyView{only(l, e.Reason, P5), e.ReviewDue, only(l, e.ReviewedBy, P10), e.ReviewedAt}
	}
	return v
}

// textsView keys texts by their language.
func textsView(texts []Text) map[string]DraftText {
	out := make(map[string]DraftText, len(texts))
	for _, t := range texts {
		out[t.Language] = DraftText{t.Headline, t.Description, t.Instruction}
	}
	return out
}
