package alerts

import (
	"time"

	"homeward/geo"
	"homeward/journal"
)

// Level is how far an alert goes.
type Level string

// The levels, widening.
const (
	LevelInternal       Level = "internal"
	LevelPartner        Level = "partner"
	LevelPublicAppeal   Level = "public_appeal"
	LevelNationalMirror Level = "national_mirror"
)

// IsPublic tells whether the level reaches the public, which needs an
// authority's decision, consent, and two signed-in people.
func (l Level) IsPublic() bool { return l == LevelPublicAppeal || l == LevelNationalMirror }

// AlertState is where an alert is in its life.
type AlertState string

// The states of an alert. An alert with a draft revision beside its released
// one is still live.
const (
	AlertDraft     AlertState = "draft"
	AlertLive      AlertState = "live"
	AlertCancelled AlertState = "cancelled"
	AlertExpired   AlertState = "expired"
)

// Ended tells whether the alert has been taken back or has run out.
func (s AlertState) Ended() bool { return s == AlertCancelled || s == AlertExpired }

// Alert is one alert with its revisions. It belongs to the erasure unit of its
// case.
type Alert struct {
	journal.Head `bson:",inline"`
	CaseID       string `bson:"case_id" class:"ref"`
	// CaseNumber is the case's public number, for feeds and CAP's incidents.
	CaseNumber string     `bson:"case_number" class:"ref"`
	State      AlertState `bson:"state" class:"ref"`
	// Slug is the random name of the public page, made at the first public
	// release.
	Slug string `bson:"slug,omitempty" class:"ref"`
	// Sender is the CAP sender of this installation.
	Sender string `bson:"sender" class:"ref"`
	// Revisions are the released ones, oldest first; the last one is current.
	Revisions []Revision `bson:"revisions"`
	// Draft is the revision being prepared, nil without one.
	Draft *Revision `bson:"draft,omitempty"`
	// Mirrors are the messages of another system that this alert repeats, oldest
	// first.
	Mirrors []MirrorOf `bson:"mirrors,omitempty" class:"ref"`
	// Papers are the posters and images that the desk has made; PapersGone says
	// that they are taken down.
	Papers     []PaperMade `bson:"papers,omitempty" class:"ref"`
	PapersGone *PapersGone `bson:"papers_gone,omitempty"`
	// Ending, once the alert has ended.
	Ending *Ending `bson:"ending,omitempty"`
}

// Revision is one version of an alert's content.
type Revision struct {
	Number     int       `bson:"number" class:"ref"`
	Level      Level     `bson:"level" class:"ref"`
	DecisionID string    `bson:"decision_id,omitempty" class:"ref"`
	Severity   string    `bson:"severity" class:"ref"` // CAP: extreme, severe, moderate, minor, unknown
	ExpiresAt  time.Time `bson:"expires_at" class:"ref"`
	PhotoID    string    `bson:"photo_id,omitempty" class:"P1"`
	Area       geo.Area  `bson:"area" class:"P0"`
	// Origin says why the area is what it is, nil where somebody drew it.
	Origin *AreaOrigin `bson:"area_origin,omitempty" class:"P2"`
	Texts  []Text      `bson:"texts,omitempty" class:"P0,sealed"`
	// HoldBack is a true detail that is never published, to test tips.
	HoldBack string `bson:"hold_back,omitempty" class:"P5,sealed"`
	// Criteria is the list of criteria that was gone through, nil for none.
	Criteria *Checklist `bson:"criteria,omitempty" class:"P5,sealed"`
	// ContentHash is what a release binds to: SHA-256 over the content, hex.
	ContentHash string `bson:"content_hash" class:"ref"`
	Author      string `bson:"author" class:"P10"`
	// AuthorKind tells whether a person or a program wrote it.
	AuthorKind Kind      `bson:"author_kind,omitempty" class:"P10"`
	WrittenAt  time.Time `bson:"written_at" class:"ref"`
	// Identifier and Sent are the CAP identity, set at release.
	Identifier string     `bson:"identifier,omitempty" class:"ref"`
	Sent       time.Time  `bson:"sent,omitempty" class:"ref"`
	ReleasedBy string     `bson:"released_by,omitempty" class:"P10"`
	Emergency  *Emergency `bson:"emergency,omitempty"`
}

// Text is an alert's text in one language (BCP 47, such as sr-Latn).
type Text struct {
	Language    string `bson:"language" json:"language"`
	Headline    string `bson:"headline" json:"headline"`
	Description string `bson:"description" json:"description"`
	Instruction string `bson:"instruction,omitempty" json:"instruction,omitempty"`
}

// Emergency is a release by one person; it opens a review.
type Emergency struct {
	Reason     string    `bson:"reason" class:"P5,sealed"`
	ReviewDue  time.Time `bson:"review_due" class:"ref"`
	ReviewedBy string    `bson:"reviewed_by,omitempty" class:"P10"`
	ReviewedAt time.Time `bson:"reviewed_at,omitempty" class:"ref"`
}

// Ending says how an alert ended. The reason is for the desk; what leaves says
// only that the search has ended.
type Ending struct {
	State      AlertState `bson:"state" class:"ref"`
	Reason     string     `bson:"reason,omitempty" class:"P5,sealed"`
	By         string     `bson:"by" class:"P10"`
	At         time.Time  `bson:"at" class:"ref"`
	Identifier string     `bson:"identifier" class:"ref"` // of the CAP Cancel
}

// Collection is "alerts".
func (*Alert) Collection() string { return "alerts" }

// Unit is the case's: erasing the case erases its alerts.
func (a *Alert) Unit(string) string { return "cases/" + a.CaseID }

// Current returns the newest released revision, or nil before the first.
func (a *Alert) Current() *Revision {
	if len(a.Revisions) == 0 {
		return nil
	}
	return &a.Revisions[len(a.Revisions)-1]
}
