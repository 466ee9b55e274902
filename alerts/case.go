package alerts

import (
	"time"

	"homeward/geo"
	"homeward/journal"
)

// State is the stage of a case (security stages D V R P H F C S E X).
type State string

// The states in the order a case usually passes them.
const (
	StateDraft     State = "draft"
	StateVerifying State = "verifying"
	StateActive    State = "active" // partners only
	StatePublic    State = "public"
	StateOnHold    State = "on_hold"
	StateFound     State = "found"
	StateClosed    State = "closed"
	StateSealed    State = "sealed"
	StateErased    State = "erased"
	StateVoid      State = "void"
)

// Category is the kind of disappearance in the terms of Missing Children
// Europe, plus historical and unknown.
type Category string

// The categories.
const (
	CategoryRunaway           Category = "runaway"
	CategoryParentalAbduction Category = "parental_abduction"
	CategoryMigration         Category = "migration"
	CategoryCriminalAbduction Category = "criminal_abduction"
	CategoryLostOtherwise     Category = "lost_otherwise"
	CategoryHistorical        Category = "historical"
	CategoryUnknown           Category = "unknown"
)

// Case is one set of disappearances handled as one file; it may hold several
// children. Its erasure unit covers its children, alerts and abduction matter.
type Case struct {
	journal.Head `bson:",inline"`
	// CaseNumber is eight random check-digited characters, never a counter.
	CaseNumber string   `bson:"case_number" class:"ref"`
	State      State    `bson:"state" class:"ref"`
	Category   Category `bson:"category" class:"P0"`
	// Categories is the history, oldest first; the last is Category.
	Categories    []CategoryChange `bson:"categories" class:"P10"`
	Children      []Child          `bson:"children"`
	LastSeen      LastSeen         `bson:"last_seen"`
	Circumstances string           `bson:"circumstances,omitempty" class:"P3,sealed"`
	// Family is who lives with the child, who may have taken it, and which papers
	// of the child there are.
	Family CaseFamily   `bson:"family,omitempty"`
	Police PoliceReport `bson:"police"`
	// Risks is the history of grades, oldest first.
	Risks     []RiskGrade `bson:"risks" class:"P5"`
	Consents  []Consent   `bson:"consents" class:"P10"`
	Decisions []Decision  `bson:"decisions"`
	FollowUp  FollowUp    `bson:"follow_up"`
	Photos    []Photo     `bson:"photos" class:"P1"`
	// Team are the accounts assigned. Restricted cases are open to their team
	// only; others to the whole desk, which in a small organisation is the team.
	Team       []string `bson:"team" class:"P10"`
	Restricted bool     `bson:"restricted" class:"P10"`
	Closing    *Closing `bson:"closing,omitempty"`
	// Reopened are closings that were undone, oldest first.
	Reopened []Closing `bson:"reopened,omitempty"`
	// Edits says who changed which fields, newest last, so that somebody who
	// holds an older version learns what happened. Old ones fall off the front.
	Edits []Edit `bson:"edits,omitempty"`
	// Parties are people whom the case concerns; Hidden is what one of them must
	// not learn.
	Parties []Party `bson:"parties,omitempty" class:"P3"`
	Hidden  Hidden  `bson:"hidden,omitempty" class:"P3"`
	// Merged says that the case is an alias of another one; nil while it is not.
	Merged *Merging `bson:"merged,omitempty" class:"P10"`
	// NotSame are records that somebody judged to be about another child.
	NotSame []Apart `bson:"not_same,omitempty" class:"P10"`
	// Steps say what was done about the steps of the clock, oldest first; the
	// last of a step counts.
	Steps []StepMark `bson:"steps,omitempty" class:"P10"`
	Tasks []Task     `bson:"tasks,omitempty" class:"P10"`
	// Links lead to other cases that have to do with this one; each of the two
	// cases holds the link.
	Links []CaseLink `bson:"links,omitempty" class:"P3"`
	// ShiftNotes are what one shift tells the next about the case, oldest first.
	ShiftNotes []ShiftNote `bson:"shift_notes,omitempty" class:"P10"`
	// Changes say what somebody changed from what to what, oldest first. Old ones
	// fall off the front.
	Changes []Change `bson:"changes,omitempty" class:"P10"`
	// Frozen are objections that keep the case from being published.
	Frozen []Freeze `bson:"frozen,omitempty"`
	// Documents are copies of papers about the child and the case.
	Documents CaseDocuments `bson:"documents,omitempty"`
	// Interviews say what became of the conversation with a child that came back.
	Interviews []ReturnInterview `bson:"interviews,omitempty" class:"P10"`
	// Holds keep the file from being forgotten.
	Holds []RetentionHold `bson:"holds,omitempty" class:"P10"`
	// Erasing is set once somebody has decided to erase the file.
	Erasing *Erasing `bson:"erasing,omitempty" class:"P10"`
}

// Edit is one change to a case: the version it made and the fields it touched.
type Edit struct {
	Version int       `bson:"version" class:"P10"`
	At      time.Time `bson:"at" class:"P10"`
	By      string    `bson:"by" class:"P10"`
	Fields  []string  `bson:"fields" class:"P10"`
}

// CategoryChange is one entry of a case's category history.
type CategoryChange struct {
	Category Category  `bson:"category"`
	At       time.Time `bson:"at"`
	By       string    `bson:"by"`
	Reason   string    `bson:"reason,omitempty" class:"P5,sealed"`
}

// Child is one missing child of a case.
type Child struct {
	ID    string `bson:"id" class:"ref"`
	Names []Name `bson:"names,omitempty" class:"P1,sealed"`
	Sex   string `bson:"sex,omitempty" class:"P1,sealed"` // female, male, other, unknown
	// BirthDate is YYYY-MM-DD, YYYY-MM or YYYY, as far as it is known.
	BirthDate   string      `bson:"birth_date,omitempty" class:"P1,sealed"`
	Description Description `bson:"description,omitempty" class:"P0,sealed"`
	// Home is where the child lives; sealed and in no index.
	Home  string `bson:"home,omitempty" class:"P2,sealed"`
	Needs string `bson:"needs,omitempty" class:"P4,sealed"`
	// Episodes are earlier disappearances that this installation has no case of.
	Episodes []Episode `bson:"episodes,omitempty" class:"P3"`
	// Outcome of this child's episode once it has ended.
	Outcome string `bson:"outcome,omitempty" class:"P5,sealed"`
}

// Name is one name of a child as the family or a document wrote it; other
// spellings are derived, never written back.
type Name struct {
	Given  string `bson:"given,omitempty" json:"given,omitempty"`
	Family string `bson:"family,omitempty" json:"family,omitempty"`
	// Kind is birth, used, nickname, alias, document or heard.
	Kind string `bson:"kind" json:"kind"`
	// Script is an ISO 15924 code such as Latn or Cyrl.
	Script string `bson:"script,omitempty" json:"script,omitempty"`
}

// Description is what to look for, all in words; none of it is required.
type Description struct {
	HeightCM int    `bson:"height_cm,omitempty" json:"height_cm,omitempty"`
	Build    string `bson:"build,omitempty" json:"build,omitempty"`
	Hair     string `bson:"hair,omitempty" json:"hair,omitempty"`
	Eyes     string `bson:"eyes,omitempty" json:"eyes,omitempty"`
	Marks    string `bson:"marks,omitempty" json:"marks,omitempty"`
	Clothing string `bson:"clothing,omitempty" json:"clothing,omitempty"`
	Other    string `bson:"other,omitempty" json:"other,omitempty"`
}

// LastSeen is where and when the child was last seen. Place carries its
// accuracy in metres and At its precision in minutes, either way.
type LastSeen struct {
	At           time.Time  `bson:"at,omitempty" class:"P2"`
	PrecisionMin int        `bson:"precision_min,omitempty" class:"P2"`
	Place        *geo.Point `bson:"place,omitempty" class:"P2"`
	AccuracyM    float64    `bson:"accuracy_m,omitempty" class:"P2"`
	Label        string     `bson:"label,omitempty" class:"P2,sealed"`
}

// PoliceReport is the report to the police. A new disappearance without one is
// shown as such until it has one.
type PoliceReport struct {
	ReportedAt time.Time `bson:"reported_at,omitempty" class:"P3"`
	Unit       string    `bson:"unit,omitempty" class:"P3,sealed"`
	Person     string    `bson:"person,omitempty" class:"P3,sealed"`
	Reference  string    `bson:"reference,omitempty" class:"P3"`
	// WhyNot is why the police were not told, since WhyNotAt; empty for no reason
	// that anybody gave.
	WhyNot   string    `bson:"why_not,omitempty" class:"P3,sealed"`
	WhyNotAt time.Time `bson:"why_not_at,omitempty" class:"P3"`
}

// Settled tells whether the police were told, or somebody wrote down why not.
func (p *PoliceReport) Settled() bool { return !p.ReportedAt.IsZero() || !p.WhyNotAt.IsZero() }

// RiskGrade is one assessment of a case's risk; it is not the alert level.
type RiskGrade struct {
	Grade   string   `bson:"grade" class:"P5"` // none_apparent, low, medium, high
	Factors []string `bson:"factors,omitempty" class:"P5,sealed"`
	// Indicators are the signs of trafficking and exploitation that somebody saw,
	// by their keys; IndicatorsAsked says that the whole list was gone through.
	Indicators      []string  `bson:"indicators,omitempty" class:"P5,sealed"`
	IndicatorsAsked bool      `bson:"indicators_asked,omitempty" class:"P5"`
	Note            string    `bson:"note,omitempty" class:"P5,sealed"`
	Assessor        string    `bson:"assessor" class:"P10"`
	At              time.Time `bson:"at" class:"ref"`
}

// Consent allows one field class to go to one audience for one purpose.
type Consent struct {
	ID       string `bson:"id" class:"P10"`
	Class    Class  `bson:"class" class:"P10"`
	Audience string `bson:"audience" class:"P10"` // public, partners, institutions
	Purpose  string `bson:"purpose" class:"P10"`
	// Basis is consent, assent, vital_interest, legal_order or override.
	Basis   string `bson:"basis" class:"P10"`
	GivenBy string `bson:"given_by,omitempty" class:"P3,sealed"`
	// Party is which party of the case gave it, so that they can take it back
	// themselves; empty when that was not said.
	Party       string    `bson:"party,omitempty" class:"P3,sealed"`
	ExpiresAt   time.Time `bson:"expires_at,omitempty" class:"P10"`
	RecordedBy  string    `bson:"recorded_by" class:"P10"`
	RecordedAt  time.Time `bson:"recorded_at" class:"P10"`
	WithdrawnAt time.Time `bson:"withdrawn_at,omitempty" class:"P10"`
}

// Decision is an authority's decision on going public. The hotline never makes
// it; it records who did, when, on what basis and under which reference.
type Decision struct {
	ID         string    `bson:"id" class:"ref"`
	Level      Level     `bson:"level" class:"ref"`
	Authority  string    `bson:"authority" class:"P3,sealed"`
	Person     string    `bson:"person,omitempty" class:"P3,sealed"`
	Basis      string    `bson:"basis" class:"P3,sealed"`
	Reference  string    `bson:"reference" class:"P3"`
	DecidedAt  time.Time `bson:"decided_at" class:"ref"`
	RecordedBy string    `bson:"recorded_by" class:"P10"`
	RecordedAt time.Time `bson:"recorded_at" class:"ref"`
}

// FollowUp is the next promised contact with the family.
type FollowUp struct {
	Owner string    `bson:"owner,omitempty" class:"P10"`
	DueAt time.Time `bson:"due_at,omitempty" class:"P10"`
	Note  string    `bson:"note,omitempty" class:"P5,sealed"`
}

// Photo is a picture of a child: its blob, without metadata, under a random id.
type Photo struct {
	ID    string `bson:"id" class:"ref"`
	Child string `bson:"child,omitempty" class:"ref"`
	Main  bool   `bson:"main,omitempty" class:"ref"`
	// TakenOn is YYYY-MM-DD or a part of it; an old photo says how old it is.
	TakenOn string `bson:"taken_on,omitempty" class:"ref,sealed"`
	Width   int    `bson:"width" class:"ref"`
	Height  int    `bson:"height" class:"ref"`
	// Likeness is a keyed hash of the picture, for finding it again.
	Likeness []byte    `bson:"likeness,omitempty" class:"kept"`
	AddedBy  string    `bson:"added_by" class:"P10"`
	AddedAt  time.Time `bson:"added_at" class:"ref"`
	// Source is who gave the picture. Use is how far it may go: team, partners,
	// public, or empty while nobody has said.
	Source string `bson:"source,omitempty" class:"ref,sealed"`
	Use    string `bson:"use,omitempty" class:"ref"`
	// Others says whether somebody else can be seen: see PhotoOthers.
	Others   string    `bson:"others,omitempty" class:"ref"`
	OthersBy string    `bson:"others_by,omitempty" class:"P10"`
	OthersAt time.Time `bson:"others_at,omitempty" class:"ref"`
	// AloneBy is the second person who says that nobody else is on it after all.
	AloneBy string    `bson:"alone_by,omitempty" class:"P10"`
	AloneAt time.Time `bson:"alone_at,omitempty" class:"ref"`
	// From is the photo that this one was made of, Crop what was kept of it and
	// Covered where it was made unrecognisable.
	From    string `bson:"from,omitempty" class:"ref"`
	Crop    *Box   `bson:"crop,omitempty" class:"ref"`
	Covered []Box  `bson:"covered,omitempty" class:"ref"`
	// Mains are the times it became the main photo or ceased to be it.
	Mains   []PhotoMain   `bson:"mains,omitempty" class:"ref"`
	Removed *PhotoRemoval `bson:"removed,omitempty" class:"ref"`
	// Sealed is set on a picture of a sighting that must not be looked at.
	Sealed *PictureSeal `bson:"sealed,omitempty" class:"ref"`
}

// Closing says how the case ended. One person closes; a second confirms within
// 24 hours or it becomes the duty officer's task.
type Closing struct {
	// Outcome is found_safe, found_harmed, deceased, false_report or other.
	Outcome     string    `bson:"outcome" class:"P5,sealed"`
	At          time.Time `bson:"at" class:"ref"`
	Note        string    `bson:"note,omitempty" class:"P5,sealed"`
	By          string    `bson:"by" class:"P10"`
	ClosedAt    time.Time `bson:"closed_at" class:"ref"`
	ConfirmedBy string    `bson:"confirmed_by,omitempty" class:"P10"`
	ConfirmedAt time.Time `bson:"confirmed_at,omitempty" class:"ref"`
	// Before is the state to go back to when the case is reopened.
	Before State `bson:"before" class:"P10"`
	// Whereabouts is where a found child is; in a unit of its own.
	Whereabouts string `bson:"whereabouts,omitempty" class:"P9,sealed,where"`
	// Reopened says who took the closing back, when and why.
	ReopenedBy  string    `bson:"reopened_by,omitempty" class:"P10"`
	ReopenedAt  time.Time `bson:"reopened_at,omitempty" class:"P10"`
	ReopenedFor string    `bson:"reopened_for,omitempty" class:"P5,sealed"`
}

// Collection is "cases".
func (*Case) Collection() string { return "cases" }

// Unit names the erasure unit of a part.
func (c *Case) Unit(part string) string {
	if part == "where" {
		return "where/" + c.ID
	}
	return "cases/" + c.ID
}

// Ended tells whether the search is over: found, closed, sealed, erased or void.
func (s State) Ended() bool {
	switch s {
	case StateFound, StateClosed, StateSealed, StateErased, StateVoid:
		return true
	}
	return false
}
