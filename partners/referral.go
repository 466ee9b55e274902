package partners

import (
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// ReferralState is how far a referral got.
type ReferralState string

// The states of a referral. Review is a refusal that somebody else looks at.
const (
	ReferralAsked     ReferralState = "asked"
	ReferralQuestion  ReferralState = "question"
	ReferralAccepted  ReferralState = "accepted"
	ReferralDeclined  ReferralState = "declined"
	ReferralReview    ReferralState = "review"
	ReferralDone      ReferralState = "done"
	ReferralWithdrawn ReferralState = "withdrawn"
)

// ReferralStates returns the states in their order.
func ReferralStates() []ReferralState {
	return []ReferralState{ReferralAsked, ReferralQuestion, ReferralAccepted, ReferralDeclined, ReferralReview, ReferralDone, ReferralWithdrawn}
}

// Referral asks one partner or one institution for one service, for a case or a
// person in it. It belongs to the case's erasure unit.
type Referral struct {
	journal.Head `bson:",inline"`
	// PublicNumber names it where nothing else may: eight random characters.
	PublicNumber string `bson:"public_number" class:"ref"`
	CaseID       string `bson:"case_id" class:"ref"`
	// About is the id of a child or of a party of the case, empty for the whole
	// case.
	About string `bson:"about,omitempty" class:"P3"`
	// One of PartnerID and InstitutionID says who is asked.
	PartnerID     string        `bson:"partner_id,omitempty" class:"P3"`
	InstitutionID string        `bson:"institution_id,omitempty" class:"P3"`
	Service       string        `bson:"service" class:"P3"`
	Urgency       string        `bson:"urgency" class:"P3"`
	Purpose       string        `bson:"purpose" class:"P3,sealed"`
	State         ReferralState `bson:"state" class:"P3"`
	// DueAt is when an answer is due.
	DueAt time.Time `bson:"due_at" class:"P3"`
	// Stage is the stage of the case when it was asked: what is asked for a child
	// that was found outlives the end of the search.
	Stage   alerts.State    `bson:"stage" class:"P10"`
	Shares  []Share         `bson:"shares,omitempty" class:"P3"`
	Entries []ReferralEntry `bson:"entries" class:"P3"`
	// EndedAt is when the receiver lost sight of it, EndedFor why: one of
	// consent, case, staff.
	EndedAt  time.Time `bson:"ended_at,omitempty" class:"P3"`
	EndedFor string    `bson:"ended_for,omitempty" class:"P3"`
	MadeBy   string    `bson:"made_by" class:"P10"`
	// OpenedAt is when somebody of the organisation first read it; Mails are the
	// e-mails that told of it.
	OpenedAt time.Time      `bson:"opened_at,omitempty" class:"P3"`
	Mails    []ReferralMail `bson:"mails,omitempty" class:"P3"`
}

// Share opens one class of the case to the receiver, under a recorded consent or
// for a recorded reason until a time.
type Share struct {
	Class     alerts.Class `bson:"class" class:"P3"`
	ConsentID string       `bson:"consent_id,omitempty" class:"P3"`
	Reason    string       `bson:"reason,omitempty" class:"P3,sealed"`
	Until     time.Time    `bson:"until,omitempty" class:"P3"`
	By        string       `bson:"by" class:"P10"`
	At        time.Time    `bson:"at" class:"P3"`
}

// ReferralEntry is one step in the history of a referral.
type ReferralEntry struct {
	ID string    `bson:"id" class:"P3"`
	At time.Time `bson:"at" class:"P3"`
	// Kind is asked, share, accepted, declined, question, reply, progress, done,
	// review_asked, stands, told, or ended.
	Kind string `bson:"kind" class:"P3"`
	// Code is the reason of a refusal or the outcome.
	Code string `bson:"code,omitempty" class:"P3"`
	Text string `bson:"text,omitempty" class:"P3,sealed"`
	By   string `bson:"by" class:"P10"`
	// Theirs says that the receiver wrote it itself.
	Theirs bool `bson:"theirs,omitempty" class:"P3"`
}

// Collection is "referrals".
func (*Referral) Collection() string { return "referrals" }

// Unit is the case's.
func (r *Referral) Unit(string) string { return "cases/" + r.CaseID }

// NewReferral asks for a service. One of PartnerID and InstitutionID is needed.
type NewReferral struct {
	About         string `json:"about,omitempty"`
	PartnerID     string `json:"partner_id,omitempty"`
	InstitutionID string `json:"institution_id,omitempty"`
	Service       string `json:"service"`
	Purpose       string `json:"purpose"`
	Urgency       string `json:"urgency"`
	// DueAt may be left out: then it follows from the urgency.
	DueAt time.Time  `json:"due_at,omitzero"`
	Share []NewShare `json:"share,omitempty"`
}

// NewShare opens one class, under a consent of the case or for a reason.
type NewShare struct {
	Class     alerts.Class `json:"class"`
	ConsentID string       `json:"consent_id,omitempty"`
	Reason    string       `json:"reason,omitempty"`
}

// ReferralAct is what somebody does with a referral. Each act takes only some of
// the fields.
type ReferralAct struct {
	// Answer is accepted, declined or question; in a review accepted or stands.
	Answer string `json:"answer,omitempty"`
	// Code is the reason of a refusal or the outcome.
	Code string `json:"code,omitempty"`
	Text string `json:"text,omitempty"`
	// DueAt of a reply is when the answer is due then.
	DueAt time.Time  `json:"due_at,omitzero"`
	Share []NewShare `json:"share,omitempty"`
}

// ShareableClasses are the classes that a referral may open. What is P5, P8 or
// P9 never leaves, P7 is handed over with the sighting, P10 is nobody's.
func ShareableClasses() []alerts.Class {
	return []alerts.Class{alerts.P0, alerts.P1, alerts.P2, alerts.P3, alerts.P4, alerts.P6}
}

// audience is the audience of consents that the referral rests on.
func (r *Referral) audience() string {
	if r.PartnerID != "" {
		return "partners"
	}
	return "institutions"
}

// waits tells whether the receiver owes an answer.
func (r *Referral) waits() bool { return r.State == ReferralAsked && r.EndedAt.IsZero() }

// over says why the receiver may no longer see the referral, "" while it may. c
// is nil once the case has been erased.
func (r *Referral) over(c *alerts.Case) string {
	if !r.EndedAt.IsZero() {
		return r.EndedFor
	}
	return sharingOver(c, r.Stage, r.Shares)
}

// sharingOver says why an organisation may no longer see what was shared with it
// at a stage of the case: case or consent, "" while it may. c is nil once the
// case has been erased.
func sharingOver(c *alerts.Case, stage alerts.State, shares []Share) string {
	if c == nil || c.State.Ended() && (c.State != alerts.StateFound || stage != alerts.StateFound) {
		return "case"
	}
	for i := range shares {
		if s := &shares[i]; s.ConsentID != "" {
			if consent := consentOf(c, s.ConsentID); consent == nil || !consent.WithdrawnAt.IsZero() {
				return "consent"
			}
		}
	}
	return ""
}

func consentOf(c *alerts.Case, id string) *alerts.Consent {
	i := slices.IndexFunc(c.Consents, func(s alerts.Consent) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Consents[i]
}

// inForce tells whether a share opens its class now.
func (s *Share) inForce(c *alerts.Case, now time.Time) bool {
	if s.ConsentID == "" {
		return s.Until.After(now)
	}
	consent := consentOf(c, s.ConsentID)
	return consent != nil && consent.WithdrawnAt.IsZero() && (consent.ExpiresAt.IsZero() || consent.ExpiresAt.After(now))
}

// last returns the newest entry of some kinds, nil for none.
func (r *Referral) last(kinds ...string) *ReferralEntry {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if slices.Contains(kinds, r.Entries[i].Kind) {
			return &r.Entries[i]
		}
	}
	return nil
}

// answered is when the receiver first answered, zero while it has not.
func (r *Referral) answered() time.Time {
	for i := range r.Entries {
		switch r.Entries[i].Kind {
		case "accepted", "declined", "question":
			return r.Entries[i].At
		}
	}
	return time.Time{}
}
