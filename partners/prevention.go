package partners

import (
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Prevention is what is done so that a child is not taken abroad. It belongs to
// a case, or stands alone when somebody has only asked the hotline for advice.
// It has an erasure unit of its own, because it may get its case later.
type Prevention struct {
	journal.Head `bson:",inline"`
	// PublicNumber names it where nothing else may: eight random characters, like a
	// case number.
	PublicNumber string `bson:"public_number" class:"ref"`
	CaseID       string `bson:"case_id,omitempty" class:"ref"`
	// ContactID is the hotline contact that it began with.
	ContactID string `bson:"contact_id,omitempty" class:"ref"`
	State     string `bson:"state" class:"ref"` // one of PreventionStates
	// Children are for a record without a case.
	Children []PreventedChild `bson:"children" class:"P1"`
	Worried  string           `bson:"worried,omitempty" class:"P3,sealed"` // who asked for help
	Feared   string           `bson:"feared,omitempty" class:"P3,sealed"`  // who may take the child
	// ToStates are where the child may be taken.
	ToStates []string     `bson:"to_states" class:"P3"`
	Factors  []FactorMark `bson:"factors" class:"P3"`
	Measures []Measure    `bson:"measures" class:"P3"`
	Consents []Permission `bson:"consents" class:"P3"`
	Journeys []Journey    `bson:"journeys" class:"P3"`
	Told     []Telling    `bson:"told" class:"P3"`
	Owner    string       `bson:"owner" class:"P10"`
}

// PreventedChild is a child of a record that has no case.
type PreventedChild struct {
	Name string `bson:"name" class:"P1,sealed" json:"name"`
	// BirthDate is YYYY-MM-DD or a part of it.
	BirthDate string `bson:"birth_date,omitempty" class:"P1,sealed" json:"birth_date,omitempty"`
	// Nationalities are country codes.
	Nationalities []string `bson:"nationalities,omitempty" class:"P1,sealed" json:"nationalities,omitempty"`
}

// FactorMark says whether one sign of a risk is there. A later one takes the
// place of an earlier one, which stays.
type FactorMark struct {
	Factor  string    `bson:"factor" class:"P3"`
	Present string    `bson:"present" class:"P3"` // yes, no, unknown
	Note    string    `bson:"note,omitempty" class:"P5,sealed"`
	By      string    `bson:"by" class:"P10"`
	At      time.Time `bson:"at" class:"P3"`
}

// Measure is one request that a child be kept in the country or looked for.
// Dates are YYYY-MM-DD.
type Measure struct {
	ID   string `bson:"id" class:"P3"`
	Kind string `bson:"kind" class:"P3"`
	// Country is where it holds; InstitutionID who was asked, when it is in the
	// directory.
	Country       string    `bson:"country" class:"P3"`
	InstitutionID string    `bson:"institution_id,omitempty" class:"P3"`
	RequestedOn   string    `bson:"requested_on,omitempty" class:"P3"`
	RequestedBy   string    `bson:"requested_by,omitempty" class:"P3,sealed"`
	ConfirmedOn   string    `bson:"confirmed_on,omitempty" class:"P3"`
	RefusedOn     string    `bson:"refused_on,omitempty" class:"P3"`
	ExpiresOn     string    `bson:"expires_on,omitempty" class:"P3"`
	Reference     string    `bson:"reference,omitempty" class:"P3,sealed"`
	Note          string    `bson:"note,omitempty" class:"P3,sealed"`
	By            string    `bson:"by" class:"P10"`
	At            time.Time `bson:"at" class:"P3"`
}

// Permission is a parent's consent to a journey or a stay abroad.
type Permission struct {
	ID      string `bson:"id" class:"P3"`
	GivenBy string `bson:"given_by" class:"P3,sealed"`
	ToState string `bson:"to_state" class:"P3"`
	// From and Until bound the agreed stay: whoever is not back the day after
	// Until is retained.
	From      string    `bson:"from" class:"P3"`
	Until     string    `bson:"until" class:"P3"`
	Certified bool      `bson:"certified,omitempty" class:"P3"`
	RevokedOn string    `bson:"revoked_on,omitempty" class:"P3"`
	BackOn    string    `bson:"back_on,omitempty" class:"P3"`
	By        string    `bson:"by" class:"P10"`
	At        time.Time `bson:"at" class:"P3"`
}

// Journey is a known date on which the child may leave.
type Journey struct {
	ID      string `bson:"id" class:"P3"`
	On      string `bson:"on" class:"P3"`
	ToState string `bson:"to_state,omitempty" class:"P3"`
	Note    string `bson:"note,omitempty" class:"P3,sealed"`
	// AlarmAt is when somebody is alarmed; FiredAt when that was done, once.
	AlarmAt time.Time `bson:"alarm_at" class:"P3"`
	FiredAt time.Time `bson:"fired_at,omitempty" class:"P3"`
	SeenBy  string    `bson:"seen_by,omitempty" class:"P10"`
	SeenAt  time.Time `bson:"seen_at,omitempty" class:"P3"`
	// Outcome is stayed, left or cancelled; empty until it is known.
	Outcome string    `bson:"outcome,omitempty" class:"P3"`
	By      string    `bson:"by" class:"P10"`
	At      time.Time `bson:"at" class:"P3"`
}

// Telling says who was told what of the risk.
type Telling struct {
	At   time.Time `bson:"at" class:"P3"`
	Who  string    `bson:"who" class:"P3,sealed"`
	What string    `bson:"what" class:"P3,sealed"`
	By   string    `bson:"by" class:"P10"`
}

// Collection is "preventions".
func (*Prevention) Collection() string { return "preventions" }

// Unit is the record's own.
func (p *Prevention) Unit(string) string { return "preventions/" + p.ID }

// PreventionStates returns the states of a record; all but the first are ends.
func PreventionStates() []string { return []string{preventionOpen, "happened", "over"} }

const preventionOpen = "open"

// JourneyOutcomes are the ways in which a feared journey ends.
func JourneyOutcomes() []string { return []string{"stayed", "left", "cancelled"} }

// FactorAnswers are what can be said of a sign of risk.
func FactorAnswers() []string { return []string{"yes", "no", "unknown"} }

// NewPrevention is what a record is opened with.
type NewPrevention struct {
	CaseID    string           `json:"case_id,omitempty"`
	ContactID string           `json:"contact_id,omitempty"`
	Children  []PreventedChild `json:"children,omitempty"`
	Worried   string           `json:"worried,omitempty"`
	Feared    string           `json:"feared,omitempty"`
	ToStates  []string         `json:"to_states,omitempty"`
	// Owner is the account that looks after it, by default the one that opens it.
	Owner string `json:"owner,omitempty"`
}

// PreventionPatch changes a record: fields that were not sent stay as they are.
type PreventionPatch struct {
	CaseID   alerts.Optional[string]           `json:"case_id,omitzero"`
	State    alerts.Optional[string]           `json:"state,omitzero"`
	Children alerts.Optional[[]PreventedChild] `json:"children,omitzero"`
	Worried  alerts.Optional[string]           `json:"worried,omitzero"`
	Feared   alerts.Optional[string]           `json:"feared,omitzero"`
	ToStates alerts.Optional[[]string]         `json:"to_states,omitzero"`
	Owner    alerts.Optional[string]           `json:"owner,omitzero"`
}

// NewFactor answers for one sign of risk.
type NewFactor struct {
	Factor  string `json:"factor"`
	Present string `json:"present"`
	Note    string `json:"note,omitempty"`
}

// NewFactors answers for several signs of risk at once.
type NewFactors struct {
	Factors []NewFactor `json:"factors"`
}

// NewMeasure is a measure as it is sent, to be added or put in place of one.
type NewMeasure struct {
	Kind          string `json:"kind"`
	Country       string `json:"country"`
	InstitutionID string `json:"institution_id,omitempty"`
	RequestedOn   string `json:"requested_on,omitempty"`
	RequestedBy   string `json:"requested_by,omitempty"`
	ConfirmedOn   string `json:"confirmed_on,omitempty"`
	RefusedOn     string `json:"refused_on,omitempty"`
	ExpiresOn     string `json:"expires_on,omitempty"`
	Reference     string `json:"reference,omitempty"`
	Note          string `json:"note,omitempty"`
}

// NewPermission is a parent's consent to a journey.
type NewPermission struct {
	GivenBy   string `json:"given_by"`
	ToState   string `json:"to_state"`
	From      string `json:"from"`
	Until     string `json:"until"`
	Certified bool   `json:"certified,omitempty"`
}

// PermissionEnd says that a consent was taken back or that the child is back.
type PermissionEnd struct {
	RevokedOn string `json:"revoked_on,omitempty"`
	BackOn    string `json:"back_on,omitempty"`
}

// NewJourney is a known date of travel. AlarmDays is how many days before it the
// alarm is; 0 for the usual.
type NewJourney struct {
	On        string `json:"on"`
	ToState   string `json:"to_state,omitempty"`
	Note      string `json:"note,omitempty"`
	AlarmDays int    `json:"alarm_days,omitempty"`
}

// JourneyStep says that somebody has seen the alarm, or how the journey ended.
type JourneyStep struct {
	Seen    bool   `json:"seen,omitempty"`
	Outcome string `json:"outcome,omitempty"`
}

// NewTelling says who was told.
type NewTelling struct {
	At   time.Time `json:"at"`
	Who  string    `json:"who"`
	What string    `json:"what"`
}
