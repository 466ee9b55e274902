package partners

import (
	"slices"
	"time"

	"homeward/journal"
)

// MatchState is what this side has made of a match.
type MatchState string

// The states of a match. The other side cannot tell waiting from declined; both
// means that each side's people have agreed and see each other's contact.
const (
	MatchWaiting  MatchState = "waiting"
	MatchAgreed   MatchState = "agreed"
	MatchDeclined MatchState = "declined"
	MatchBoth     MatchState = "both"
)

// Match says that we and another organisation may both hold one child. It
// belongs to the case's erasure unit.
type Match struct {
	journal.Head `bson:",inline"`
	ComparisonID string     `bson:"comparison_id" class:"ref"`
	PartnerID    string     `bson:"partner_id" class:"ref"`
	CaseID       string     `bson:"case_id" class:"ref"`
	ChildID      string     `bson:"child_id" class:"ref"`
	State        MatchState `bson:"state" class:"P1"`
	// YearOnly says that the name and the year of birth agree, and no day.
	YearOnly bool `bson:"year_only,omitempty" class:"P1"`
	// Hashes are those that met, gone once comparing has ended.
	Hashes []string `bson:"hashes,omitempty" class:"kept,sealed"`
	// AnsweredBy is who decided here, Why why it was declined.
	AnsweredBy string    `bson:"answered_by,omitempty" class:"P10"`
	AnsweredAt time.Time `bson:"answered_at,omitempty" class:"P1"`
	Why        string    `bson:"why,omitempty" class:"P3,sealed"`
	// Ours is what the other side gets once it has agreed too, Theirs what it
	// gave.
	Ours   MatchContact `bson:"ours,omitempty"`
	Theirs MatchContact `bson:"theirs,omitempty"`
	BothAt time.Time    `bson:"both_at,omitempty" class:"P1"`
	// NextAt is when the other side is asked whether it has agreed too, and
	// ClaimedUntil how long a node has for asking.
	NextAt       time.Time `bson:"next_at,omitempty" class:"P10"`
	ClaimedUntil time.Time `bson:"claimed_until,omitempty" class:"P10"`
}

// MatchContact is whom to talk to about a match, and by which reference.
type MatchContact struct {
	Name      string `bson:"name,omitempty" class:"P3,sealed" json:"name"`
	Reach     string `bson:"reach,omitempty" class:"P3,sealed" json:"reach"`
	Reference string `bson:"reference,omitempty" class:"P3,sealed" json:"reference"`
}

// Collection is "matches".
func (*Match) Collection() string { return "matches" }

// Unit is the case's.
func (m *Match) Unit(string) string { return "cases/" + m.CaseID }

// met tells whether one of some hashes is among those of the match.
func (m *Match) met(hashes []string) bool {
	return slices.ContainsFunc(hashes, func(h string) bool { return slices.Contains(m.Hashes, h) })
}

// withHashes returns the match with further hashes, or nil when it has them all.
func (m *Match) withHashes(hashes []string) *Match {
	if !slices.ContainsFunc(hashes, func(h string) bool { return !slices.Contains(m.Hashes, h) }) {
		return nil
	}
	next := *m
	next.Hashes = slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.Hashes, hashes))))
	return &next
}
