package alerts

import (
	"io"
	"strings"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// Release is what the person sends who lets a draft out.
type Release struct {
	ContentHash string           `json:"content_hash"`
	Emergency   *EmergencyReason `json:"emergency,omitempty"`
}

// EmergencyReason says why one person releases alone.
type EmergencyReason struct {
	Reason string `json:"reason"`
}

// ReleaseRule lets the draft of an alert out: it returns the alert with the
// draft as its newest revision, and the case when its state moves, else nil.
//
// The release binds to the exact content. It is by another account than the
// draft's author; public levels take two people who signed in, and an
// authority's decision and consent that are in force now. In an emergency one
// person may release alone, which opens a review.
func ReleaseRule(c *Case, al *Alert, in Release, a Actor, regions *geo.Regions, now time.Time, random io.Reader) (*Alert, *Case, error) {
	if err := releasable(c, al, in); err != nil {
		return nil, nil, err
	}
	r := *al.Draft
	emergency, err := releasers(&r, in.Emergency, a, now)
	if err != nil {
		return nil, nil, err
	}
	limits, err := draftHours()
	if err != nil {
		return nil, nil, err
	}
	f := revisionFields(&r, c, regions, now, limits)
	if r.Level.IsPublic() && c.PublicationFrozen() {
		return nil, nil, Errorf(Conflict, "Publication is frozen: somebody whom the case concerns has objected. A coordinator must look at that first.")
	}
	if r.Level.IsPublic() && !publicConsent(c, now) {
		f.Add("consents", "required", "Going public needs consent for the public, or a recorded override.")
	}
	if err := f.Err(); err != nil {
		return nil, nil, err
	}
	r.Identifier, r.Sent = CAPIdentifier(al.ID, r.Number), now.UTC().Truncate(time.Second)
	r.ReleasedBy, r.Emergency = a.ID, emergency
	next := *al
	next.State, next.Draft = AlertLive, nil
	next.Revisions = append(append(make([]Revision, 0, len(al.Revisions)+1), al.Revisions...), r)
	if r.Level.IsPublic() && next.Slug == "" {
		next.Slug = NewID(random)
	}
	return &next, raised(c, r.Level), nil
}

// releasable refuses what nobody could release.
func releasable(c *Case, al *Alert, in Release) error {
	switch {
	case in.ContentHash == "":
		var f Fields
		f.Add("content_hash", "required", "Send the content_hash of the draft that you have read.")
		return f.Err()
	case al.State.Ended():
		return Errorf(Conflict, "This alert has ended. Make a new one.")
	case c.State != StateVerifying && c.State != StateActive && c.State != StatePublic:
		return Errorf(Conflict, "The case is not in a state in which alerts go out.")
	case al.Draft == nil:
		return Errorf(Conflict, "There is no draft: it has been released already.")
	case in.ContentHash != al.Draft.ContentHash:
		return Errorf(Conflict, "The draft changed after you read it. Read it again.")
	case contentHash(al, al.Draft) != al.Draft.ContentHash:
		return Errorf(Conflict, "The draft is not what its author wrote. Write it again.")
	}
	return nil
}

// releasers checks who wrote and who releases. It returns the emergency when
// one person acts alone, nil when two do.
func releasers(r *Revision, e *EmergencyReason, a Actor, now time.Time) (*Emergency, error) {
	public := r.Level.IsPublic()
	if a.Kind != KindPerson && (public || a.Kind != KindService) {
		return nil, Errorf(Forbidden, "A person who has signed in must release this.")
	}
	alone := a.ID == r.Author || (public && r.AuthorKind != KindPerson)
	if !alone {
		return nil, nil
	}
	if e == nil {
		return nil, Errorf(Forbidden, "Another person than the one who wrote the draft must release it.")
	}
	if a.Kind != KindPerson {
		return nil, Errorf(Forbidden, "Only a person who has signed in may release in an emergency.")
	}
	reason := strings.TrimSpace(e.Reason)
	var f Fields
	if reason == "" {
		f.Add("emergency.reason", "required", "Say why this cannot wait for a second person.")
	}
	textField(&f, "emergency.reason", reason, maxInstruction)
	limits, err := draftHours()
	if err == nil {
		err = f.Err()
	}
	if err != nil {
		return nil, err
	}
	return &Emergency{Reason: reason, ReviewDue: now.Add(limits["emergency_review"])}, nil
}

// publicConsent tells whether a consent, or a recorded override, lets the
// public have the child's card now.
func publicConsent(c *Case, now time.Time) bool {
	for i := range c.Consents {
		s := &c.Consents[i]
		if s.Audience == "public" && (s.Class == P0 || s.Class == P1) && s.inForce(now) {
			return true
		}
	}
	return false
}

func (s *Consent) inForce(now time.Time) bool {
	return s.WithdrawnAt.IsZero() && (s.ExpiresAt.IsZero() || s.ExpiresAt.After(now))
}

// raised returns the case in the state that a release of this level gives it,
// nil when that is the state it has. A release never lowers it.
func raised(c *Case, l Level) *Case {
	state := c.State
	switch {
	case l.IsPublic():
		state = StatePublic
	case l == LevelPartner && c.State == StateVerifying:
		state = StateActive
	}
	if state == c.State {
		return nil
	}
	next := *c
	next.State = state
	next.Version-- // the journal counts it up again: alerts do not raise a case's version
	return &next
}

// StandingRule refuses an actor whose account has been disabled or has another
// role by now: between signing in and this step somebody may have changed it.
func StandingRule(v *journal.View, a Actor) error {
	if a.Kind != KindPerson && a.Kind != KindService {
		return nil
	}
	account, err := journal.Load[*Account](v, "accounts", a.ID)
	if err != nil {
		return &Error{Code: Forbidden, Message: "This account may not do that.", Err: err}
	}
	if !account.DisabledAt.IsZero() || account.Role != a.Role || account.Kind != a.Kind {
		return Errorf(Forbidden, "This account may not do that any more.")
	}
	return nil
}
