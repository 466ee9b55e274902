package partners

// The facts of a matter beside its first page. All dates are YYYY-MM-DD or
// empty. What has an ID keeps it from the day it was entered, so that a
// document or a note can name it.

// InvolvedState is a state that a matter touches, and why.
type InvolvedState struct {
	State string `bson:"state" json:"state"` // ISO 3166-1 alpha-2, XK for Kosovo
	Role  string `bson:"role" json:"role"`   // one of InvolvedRoles
	From  string `bson:"from,omitempty" json:"from,omitempty"`
	Until string `bson:"until,omitempty" json:"until,omitempty"`
}

// Party is a person of the family, or near it.
type Party struct {
	ID            string   `bson:"id" json:"id,omitempty"`
	Role          string   `bson:"role" json:"role"` // one of PartyRoles
	Name          string   `bson:"name" json:"name"`
	BirthDate     string   `bson:"birth_date,omitempty" json:"birth_date,omitempty"` // or a part of it
	Relation      string   `bson:"relation,omitempty" json:"relation,omitempty"`
	Nationalities []string `bson:"nationalities,omitempty" json:"nationalities,omitempty"`
	Languages     []string `bson:"languages,omitempty" json:"languages,omitempty"`
	Address       string   `bson:"address,omitempty" json:"address,omitempty"`
	Phone         string   `bson:"phone,omitempty" json:"phone,omitempty"`
	Email         string   `bson:"email,omitempty" json:"email,omitempty"`
}

// CustodyDecision is a decision on the child that there is: on custody, on the
// return, on leaving the country.
type CustodyDecision struct {
	ID   string `bson:"id" json:"id,omitempty"`
	Date string `bson:"date" json:"date"`
	// Court is who decided, in words or as an entry of the directory.
	Court         string `bson:"court,omitempty" json:"court,omitempty"`
	InstitutionID string `bson:"institution_id,omitempty" json:"institution_id,omitempty"`
	What          string `bson:"what" json:"what"` // one of DecisionKinds
	Text          string `bson:"text,omitempty" json:"text,omitempty"`
	// Grounds are those of a refusal, as the procedure's data names them.
	Grounds  []string `bson:"grounds,omitempty" json:"grounds,omitempty"`
	ServedOn string   `bson:"served_on,omitempty" json:"served_on,omitempty"`
	// AppealUntil is entered by hand from the decision itself; the clock ends
	// with AppealedOn or FinalOn.
	AppealUntil string `bson:"appeal_until,omitempty" json:"appeal_until,omitempty"`
	AppealedOn  string `bson:"appealed_on,omitempty" json:"appealed_on,omitempty"`
	FinalOn     string `bson:"final_on,omitempty" json:"final_on,omitempty"`
	Enforceable bool   `bson:"enforceable,omitempty" json:"enforceable,omitempty"`
	// EnforcementStartedAt is when enforcement was applied for, EnforcedOn when
	// it was carried out.
	EnforcementStartedAt string `bson:"enforcement_started_at,omitempty" json:"enforcement_started_at,omitempty"`
	EnforcedOn           string `bson:"enforced_on,omitempty" json:"enforced_on,omitempty"`
}

// TravelDocument is a passport, or what serves as one, of a child or a party.
type TravelDocument struct {
	ID      string `bson:"id" json:"id,omitempty"`
	Kind    string `bson:"kind" json:"kind"` // one of DocumentKinds
	ChildID string `bson:"child_id,omitempty" json:"child_id,omitempty"`
	PartyID string `bson:"party_id,omitempty" json:"party_id,omitempty"`
	State   string `bson:"state" json:"state"`
	Number  string `bson:"number,omitempty" json:"number,omitempty"`
	// ValidUntil is the last day on which it is valid.
	ValidUntil  string `bson:"valid_until,omitempty" json:"valid_until,omitempty"`
	Where       string `bson:"where,omitempty" json:"where,omitempty"`
	Surrendered bool   `bson:"surrendered,omitempty" json:"surrendered,omitempty"`
}

// Authorisation is a power of attorney or another paper by which somebody may
// act in the matter.
type Authorisation struct {
	ID      string `bson:"id" json:"id,omitempty"`
	Kind    string `bson:"kind" json:"kind"` // one of AuthorisationKinds
	Given   string `bson:"given,omitempty" json:"given,omitempty"`
	To      string `bson:"to" json:"to"`
	PartyID string `bson:"party_id,omitempty" json:"party_id,omitempty"`
	// ValidUntil is the last day on which it is valid.
	ValidUntil string `bson:"valid_until,omitempty" json:"valid_until,omitempty"`
	Note       string `bson:"note,omitempty" json:"note,omitempty"`
}

// Trace is something that points to the way the child was taken or to where it
// is, with its Admiralty grade.
type Trace struct {
	ID          string `bson:"id" json:"id,omitempty"`
	Kind        string `bson:"kind" json:"kind"` // one of TraceKinds
	Date        string `bson:"date,omitempty" json:"date,omitempty"`
	State       string `bson:"state,omitempty" json:"state,omitempty"`
	Text        string `bson:"text" json:"text"`
	Source      string `bson:"source" json:"source"`           // A to F
	Information int    `bson:"information" json:"information"` // 1 to 6
}

// FamilyContact is a contact with the child or the taking person since the
// wrongful date.
type FamilyContact struct {
	ID      string `bson:"id" json:"id,omitempty"`
	Date    string `bson:"date" json:"date"`
	Channel string `bson:"channel" json:"channel"`
	With    string `bson:"with,omitempty" json:"with,omitempty"`
	Note    string `bson:"note,omitempty" json:"note,omitempty"`
}

// Danger is one reason to be careful, by its code in the data.
type Danger struct {
	Code string `bson:"code" json:"code"`
	Note string `bson:"note,omitempty" json:"note,omitempty"`
}

// ChildOutcome is how the matter ended for one child.
type ChildOutcome struct {
	ChildID string `bson:"child_id" json:"child_id"`
	Outcome string `bson:"outcome" json:"outcome"` // one of ChildOutcomes
	On      string `bson:"on" json:"on"`
}

// InvolvedRoles are what a state may be to a matter.
func InvolvedRoles() []string { return []string{"habitual", "transit", "present", "passport"} }

// PartyRoles are what a person may be to a matter.
func PartyRoles() []string { return []string{"left_behind", "taking", "relative", "other"} }

// DecisionKinds are what a decision may be about.
func DecisionKinds() []string {
	return []string{"custody", "contact", "return_ordered", "return_refused", "travel_ban", "protection", "wrongfulness", "other"}
}

// DocumentKinds are the kinds of travel document.
func DocumentKinds() []string { return []string{"passport", "identity_card", "travel_title", "other"} }

// AuthorisationKinds are the papers by which somebody may act.
func AuthorisationKinds() []string {
	return []string{"power_of_attorney", "central_authority", "travel_consent", "other"}
}

// TraceKinds are what a trace points to.
func TraceKinds() []string { return []string{"route", "whereabouts"} }

// ChildOutcomes are how a matter may end for a child.
func ChildOutcomes() []string {
	return []string{"returned", "stays_by_decision", "turned_sixteen", "agreed", "other"}
}
