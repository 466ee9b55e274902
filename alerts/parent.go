package alerts

import (
	"slices"
	"time"
)

// ParentCheck is the desk's word that whoever holds a contact's code is who
// they say they are, has a say over the child, and that no order protects
// anybody from them. It counts for one case and one party only, and until it is
// withdrawn.
type ParentCheck struct {
	ID     string `bson:"id" class:"P6"`
	CaseID string `bson:"case_id" class:"P6"`
	Party  string `bson:"party" class:"P6,sealed"`
	// Identity, Custody and Orders say how each was checked.
	Identity     string    `bson:"identity" class:"P6,sealed"`
	Custody      string    `bson:"custody" class:"P6,sealed"`
	Orders       string    `bson:"orders" class:"P6,sealed"`
	Note         string    `bson:"note,omitempty" class:"P6,sealed"`
	By           string    `bson:"by" class:"P10"`
	At           time.Time `bson:"at" class:"P6"`
	WithdrawnBy  string    `bson:"withdrawn_by,omitempty" class:"P10"`
	WithdrawnAt  time.Time `bson:"withdrawn_at,omitempty" class:"P6"`
	WithdrawnFor string    `bson:"withdrawn_for,omitempty" class:"P6,sealed"`
}

// Objection is what the holder of a code says against publication. One by
// somebody who was checked freezes it at once; a second person decides.
type Objection struct {
	ID string `bson:"id" class:"P6"`
	// CaseID is the case that it was about; empty when there was none.
	CaseID string    `bson:"case_id,omitempty" class:"P6"`
	Kind   string    `bson:"kind" class:"P6,sealed"`
	Text   string    `bson:"text,omitempty" class:"P6,sealed"`
	At     time.Time `bson:"at" class:"P6"`
	// Froze says that publication was frozen with it.
	Froze bool `bson:"froze" class:"P6"`
	// Decision is upheld or lifted; empty while nobody has decided.
	Decision  string    `bson:"decision,omitempty" class:"P6"`
	Reason    string    `bson:"reason,omitempty" class:"P6,sealed"`
	DecidedBy string    `bson:"decided_by,omitempty" class:"P10"`
	DecidedAt time.Time `bson:"decided_at,omitempty" class:"P6"`
}

// Freeze keeps a case from being published. ID is that of the objection that
// made it, on the contact.
type Freeze struct {
	ID        string    `bson:"id" class:"ref"`
	ContactID string    `bson:"contact_id" class:"ref"`
	At        time.Time `bson:"at" class:"ref"`
	LiftedBy  string    `bson:"lifted_by,omitempty" class:"P10"`
	LiftedAt  time.Time `bson:"lifted_at,omitempty" class:"ref"`
}

// The kinds of objection. ObjectionWithdrawn takes back the consent to publish.
const (
	ObjectionWithdrawn  = "withdrawn"
	ObjectionNotMyChild = "not_my_child"
	ObjectionMistake    = "mistake"
	ObjectionDanger     = "danger"
)

// ObjectionKinds returns what somebody may say against publication.
func ObjectionKinds() []string {
	return []string{ObjectionDanger, ObjectionNotMyChild, ObjectionMistake, ObjectionWithdrawn}
}

// What is decided about an objection: publication stays frozen, or may be
// prepared again.
const (
	DecisionUpheld = "upheld"
	DecisionLifted = "lifted"
)

// IdentityWays, CustodyWays and OrderWays return how each part of a check may
// have been done.
func IdentityWays() []string {
	return []string{"document_in_person", "document_on_video", "police", "known_before"}
}

// CustodyWays returns how the say over a child may have been checked.
func CustodyWays() []string {
	return []string{"court_decision", "register", "guardianship_authority", "police"}
}

// OrderWays returns whom staff may have asked whether an order protects anybody
// from somebody.
func OrderWays() []string { return []string{"court", "police", "guardianship_authority"} }

// Checked returns the check that lets the holder of the code see more of this
// case, nil for none. It ends by itself when the contact moves to another case
// or another party.
func (c *Contact) Checked(of *Case) *ParentCheck {
	if of == nil || c.CaseID != of.ID || !mayBeChecked(of, c.Party) {
		return nil
	}
	i := slices.IndexFunc(c.Checks, func(k ParentCheck) bool {
		return k.WithdrawnAt.IsZero() && k.CaseID == c.CaseID && k.Party == c.Party
	})
	if i < 0 {
		return nil
	}
	return &c.Checks[i]
}

// mayBeChecked tells whether a party may be shown more by a code. Whoever may
// have taken the child never is.
func mayBeChecked(c *Case, party string) bool {
	return party != "" && party != PartyTaking && c.HasParty(party)
}

// PublicationFrozen tells whether somebody's objection keeps the case from
// being published.
func (c *Case) PublicationFrozen() bool {
	return slices.ContainsFunc(c.Frozen, func(f Freeze) bool { return f.LiftedAt.IsZero() })
}
