package alerts

import (
	"time"

	"homeward/geo"
)

// CaseView is a case as one reader sees it. Groups that the reader may not see
// are absent, and Withheld names their classes.
type CaseView struct {
	ID              string         `json:"id"`
	Number          string         `json:"number"`
	State           State          `json:"state"`
	Category        Category       `json:"category,omitempty"`
	CategoryHistory []CategoryView `json:"category_history,omitempty"`
	Children        []ChildView    `json:"children"`
	LastSeen        *LastSeenView  `json:"last_seen,omitempty"`
	Circumstances   string         `json:"circumstances,omitempty"`
	Family          *FamilyView    `json:"family,omitempty"`
	Police          *PoliceView    `json:"police,omitempty"`
	Risk            *RiskView      `json:"risk,omitempty"`
	RiskHistory     []RiskView     `json:"risk_history,omitempty"`
	Consents        []ConsentView  `json:"consents,omitempty"`
	Decisions       []DecisionView `json:"decisions,omitempty"`
	FollowUp        *FollowUpView  `json:"follow_up,omitempty"`
	Photos          []PhotoView    `json:"photos,omitempty"`
	Team            []string       `json:"team,omitempty"`
	Restricted      bool           `json:"restricted,omitempty"`
	Closing         *ClosingView   `json:"closing,omitempty"`
	Edits           []EditView     `json:"edits,omitempty"`
	// Parties are named people; Hidden is what a party must not learn.
	Parties []PartyView  `json:"parties,omitempty"`
	Hidden  []HidingView `json:"hidden,omitempty"`
	// Steps are the marks on the steps of the clock, Tasks what somebody has to
	// do, ShiftNotes what one shift told the next; all oldest first.
	Steps      []StepMarkView  `json:"steps,omitempty"`
	Tasks      []TaskView      `json:"tasks,omitempty"`
	ShiftNotes []ShiftNoteView `json:"shift_notes,omitempty"`
	// Links lead to other cases; those that were taken back are among them.
	Links []LinkView `json:"links,omitempty"`
	// Changes say what became of which field, oldest first.
	Changes []ChangeView `json:"changes,omitempty"`
	// Frozen are objections that keep the case from being published.
	Frozen []FreezeView `json:"frozen,omitempty"`
	// Documents are copies of papers, those that were taken off among them.
	Documents []DocumentView `json:"documents,omitempty"`
	// Interviews say what became of return interviews, Holds what keeps the file
	// from being forgotten; both oldest first.
	Interviews []InterviewView `json:"interviews,omitempty"`
	Holds      []HoldView      `json:"holds,omitempty"`
	// Erasing is the decision to erase the file; null while there is none.
	Erasing *ErasingView `json:"erasing,omitempty"`
	// Merged says that the case is an alias of another one.
	Merged *MergingView `json:"merged,omitempty"`
	// NotSame are records that were judged to be about another child.
	NotSame []ApartView `json:"not_same,omitempty"`
	// Reopened are the endings that were taken back, oldest first.
	Reopened  []ClosingView   `json:"reopened,omitempty"`
	Version   int             `json:"version"`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	May       map[string]bool `json:"may"`
	Withheld  []Class         `json:"withheld"`
}

// CategoryView is one entry of the category history.
type CategoryView struct {
	Category Category  `json:"category"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Reason   string    `json:"reason,omitempty"`
}

// EditView says who changed which fields in which version.
type EditView struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	Fields  []string  `json:"fields"`
}

// ChildView is one child of a case.
type ChildView struct {
	ID          string       `json:"id"`
	Names       []Name       `json:"names,omitempty"`
	Sex         string       `json:"sex,omitempty"`
	BirthDate   string       `json:"birth_date,omitempty"`
	Description *Description `json:"description,omitempty"`
	Home        string       `json:"home,omitempty"`
	Needs       string       `json:"needs,omitempty"`
	Outcome     string       `json:"outcome,omitempty"`
	// Episodes are earlier disappearances that have no case here.
	Episodes []Episode `json:"episodes,omitempty"`
	// FirstName is there for readers who get it without the other names.
	FirstName string `json:"first_name,omitempty"`
}

// LastSeenView is where and when a child was last seen.
type LastSeenView struct {
	At           time.Time  `json:"at,omitzero"`
	PrecisionMin int        `json:"precision_min"`
	Place        *geo.Point `json:"place,omitempty"`
	AccuracyM    float64    `json:"accuracy_m"`
	Label        string     `json:"label,omitempty"`
}

// PoliceView is the report to the police.
type PoliceView struct {
	ReportedAt time.Time `json:"reported_at,omitzero"`
	Unit       string    `json:"unit,omitempty"`
	Person     string    `json:"person,omitempty"`
	Reference  string    `json:"reference,omitempty"`
	WhyNot     string    `json:"why_not,omitempty"`
	WhyNotAt   time.Time `json:"why_not_at,omitzero"`
}

// Unsettled tells whether the police were not told and nobody wrote down why.
func (v *PoliceView) Unsettled() bool { return v.ReportedAt.IsZero() && v.WhyNot == "" }

func policeView(p *PoliceReport) *PoliceView {
	return &PoliceView{p.ReportedAt, p.Unit, p.Person, p.Reference, p.WhyNot, p.WhyNotAt}
}

// RiskView is one grade of risk.
type RiskView struct {
	Grade   string   `json:"grade"`
	Factors []string `json:"factors,omitempty"`
	// Indicators are the signs of trafficking that were seen; IndicatorsAsked says
	// that the whole list was gone through.
	Indicators      []string  `json:"indicators,omitempty"`
	IndicatorsAsked bool      `json:"indicators_asked,omitempty"`
	Note            string    `json:"note,omitempty"`
	Assessor        string    `json:"assessor,omitempty"`
	At              time.Time `json:"at"`
}

// ConsentView is one consent.
type ConsentView struct {
	ID          string    `json:"id"`
	Class       Class     `json:"class"`
	Audience    string    `json:"audience"`
	Purpose     string    `json:"purpose"`
	Basis       string    `json:"basis"`
	GivenBy     string    `json:"given_by,omitempty"`
	Party       string    `json:"party,omitempty"`
	ExpiresAt   time.Time `json:"expires_at,omitzero"`
	RecordedBy  string    `json:"recorded_by"`
	RecordedAt  time.Time `json:"recorded_at"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
}

// DecisionView is an authority's decision.
type DecisionView struct {
	ID         string    `json:"id"`
	Level      Level     `json:"level"`
	Authority  string    `json:"authority,omitempty"`
	Person     string    `json:"person,omitempty"`
	Basis      string    `json:"basis,omitempty"`
	Reference  string    `json:"reference,omitempty"`
	DecidedAt  time.Time `json:"decided_at"`
	RecordedBy string    `json:"recorded_by,omitempty"`
	RecordedAt time.Time `json:"recorded_at"`
}

// FollowUpView is the next promised contact with the family.
type FollowUpView struct {
	Owner string    `json:"owner,omitempty"`
	DueAt time.Time `json:"due_at,omitzero"`
	Note  string    `json:"note,omitempty"`
}

// PhotoView is a photo by its id; the picture is fetched with it.
type PhotoView struct {
	ID      string    `json:"id"`
	Child   string    `json:"child,omitempty"`
	Main    bool      `json:"main"`
	TakenOn string    `json:"taken_on,omitempty"`
	Width   int       `json:"width"`
	Height  int       `json:"height"`
	AddedBy string    `json:"added_by,omitempty"`
	AddedAt time.Time `json:"added_at"`
	PhotoFacts
}

// ClosingView says how a case ended.
type ClosingView struct {
	Outcome     string    `json:"outcome,omitempty"`
	At          time.Time `json:"at"`
	Note        string    `json:"note,omitempty"`
	By          string    `json:"by,omitempty"`
	ClosedAt    time.Time `json:"closed_at"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	Before      State     `json:"before,omitempty"`
	Whereabouts string    `json:"whereabouts,omitempty"`
	ReopenedBy  string    `json:"reopened_by,omitempty"`
	ReopenedAt  time.Time `json:"reopened_at,omitzero"`
	ReopenedFor string    `json:"reopened_for,omitempty"`
}

// CaseListItem is a case in a list: less than the record.
type CaseListItem struct {
	ID         string    `json:"id"`
	Number     string    `json:"number"`
	State      State     `json:"state"`
	Category   Category  `json:"category,omitempty"`
	Children   int       `json:"children"`
	FirstName  string    `json:"first_name,omitempty"`
	Grade      string    `json:"risk_grade,omitempty"`
	LastSeenAt time.Time `json:"last_seen_at,omitzero"`
	PoliceTold bool      `json:"police_told"`
	FollowUpAt time.Time `json:"follow_up_at,omitzero"`
	Restricted bool      `json:"restricted,omitempty"`
	Version    int       `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}
