package alerts

import (
	"slices"
	"time"
)

// FollowView is what somebody who holds a code sees: what was done with what
// they told, who was told, when the next call is promised, and what is withheld
// and why. It never names the child, the desk's people, or other reports.
type FollowView struct {
	Kind       string        `json:"kind"`  // sighting or report
	State      string        `json:"state"` // received, read, assessed, passed_on, case_open, closed
	ReceivedAt time.Time     `json:"received_at"`
	Own        FollowOwn     `json:"own"`
	Steps      []FollowStep  `json:"steps"`
	Messages   []MessageView `json:"messages"`
	// PartnersTold counts the organisations told about the case, Told says what
	// they are and where.
	PartnersTold int          `json:"partners_told"`
	Told         []FollowTold `json:"told,omitempty"`
	NextCallAt   time.Time    `json:"next_call_at,omitzero"`
	// Checked says that staff know who holds the code. Only then is anything of
	// the case here beside its state.
	Checked  bool            `json:"checked"`
	Consents []FollowConsent `json:"consents,omitempty"`
	// Stopped says that an objection keeps the case from being published.
	Stopped    bool              `json:"publication_stopped"`
	Objections []FollowObjection `json:"objections,omitempty"`
	Withheld   []FollowWithheld  `json:"withheld"`
}

// FollowOwn is what the holder of the code sent.
type FollowOwn struct {
	Text    string        `json:"text,omitempty"`
	Contact *Reporter     `json:"contact,omitempty"`
	Report  *PublicReport `json:"report,omitempty"`
	// Photos is how many were received. The pictures do not go out again: a code
	// may be in other hands than the camera was.
	Photos int `json:"photos,omitempty"`
}

// FollowStep is one thing that was done.
type FollowStep struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // received, case_opened, police_told …: the words of the catalogues
}

// FollowWithheld is one thing that is not told, and why; both are keys of the
// catalogues.
type FollowWithheld struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// FollowSighting returns what a tipster sees of their own report.
func FollowSighting(m *Matrix, s *Sighting, c *Case) FollowView {
	l := m.lens(Actor{ID: "tipster", Kind: KindPublic, Role: RoleTipster}, stageOf(c), Grounds{Assigned: true})
	v := FollowView{
		Kind: "sighting", State: followState(s.State), ReceivedAt: s.ReportedAt,
		Own:      FollowOwn{Text: only(l, s.Text, P7), Contact: only(l, s.Reporter, P8), Photos: only(l, len(s.Photos), P7)},
		Steps:    []FollowStep{{s.ReportedAt, "received"}},
		Messages: append([]MessageView{}, only(l, messageViews(s.Messages), P7)...),
		Withheld: []FollowWithheld{{"outcome", "protects_child"}, {"other_reports", "protects_people"}},
	}
	if s.Assessment != nil {
		v.Steps = append(v.Steps, FollowStep{s.Assessment.At, "assessed"})
	}
	for _, h := range s.HandedOver {
		v.Steps = append(v.Steps, FollowStep{h.At, "passed_to_police"})
	}
	return v
}

// followState says no more than that somebody has looked: the grade of a report
// would tell its author how close the search is.
func followState(s SightingState) string {
	switch s {
	case SightingNew:
		return "received"
	case SightingScreened:
		return "read"
	case SightingHandedOver:
		return "passed_on"
	}
	return "assessed"
}

// FollowReport returns what somebody who reported a missing child sees; c is the
// case that staff made of it, nil for none. Until staff have checked who they
// are, that is what they sent, what was said to them and how it stands.
func FollowReport(m *Matrix, ct *Contact, c *Case, known FollowFacts) FollowView {
	l := m.lens(Actor{ID: "parent", Kind: KindPublic, Role: RoleParent}, stageOf(c), Grounds{Assigned: true})
	v := FollowView{
		Kind: "report", State: "received", ReceivedAt: ct.At,
		Own:        FollowOwn{Contact: only(l, ct.Caller, P6), Report: only(l, ct.Report, P6)},
		Steps:      []FollowStep{{ct.At, "received"}},
		Messages:   append([]MessageView{}, only(l, messageViews(ct.Messages), P6)...),
		NextCallAt: nextCall(ct, nil), // what they were promised themselves
		Objections: followObjections(ct),
		Withheld:   []FollowWithheld{{"search", "not_checked"}, {"sightings", "protects_search"}, {"whereabouts", "protects_child"}, {"other_reports", "protects_people"}},
	}
	if c == nil {
		return v
	}
	v.State = "case_open"
	v.Steps = append(v.Steps, FollowStep{c.CreatedAt, "case_opened"})
	if c.State.Ended() {
		v.State = "closed"
		if c.Closing != nil {
			v.Steps = append(v.Steps, FollowStep{c.Closing.ClosedAt, "search_ended"})
		}
	}
	if k := ct.Checked(c); k != nil {
		v.open(ct, c, k, known)
	}
	v.Messages = slices.DeleteFunc(v.Messages, func(m MessageView) bool {
		return m.FromStaff && len(c.HiddenIn(ct.Party, m.Text)) > 0
	})
	return v
}

// nextCall is the earlier of what was promised on the contact and on the case.
func nextCall(ct *Contact, c *Case) time.Time {
	next := time.Time{}
	if ct.KeptAt.IsZero() {
		next = ct.PromisedUntil
	}
	if c != nil && !c.FollowUp.DueAt.IsZero() && (next.IsZero() || c.FollowUp.DueAt.Before(next)) {
		next = c.FollowUp.DueAt
	}
	return next
}
