package alerts

import (
	"slices"
	"time"
)

// FollowFacts is what the view by code needs beside the contact and its case.
type FollowFacts struct {
	Told   []FollowTold
	Alerts []*Alert
}

// FollowTold is how many organisations of one country were told, and what they
// do; Country is empty for those of several.
type FollowTold struct {
	Country       string   `json:"country,omitempty"`
	Services      []string `json:"services,omitempty"`
	Organisations int      `json:"organisations"`
}

// FollowConsent is a consent that the holder of the code gave.
type FollowConsent struct {
	ID          string    `json:"id"`
	Class       Class     `json:"class"`
	Audience    string    `json:"audience"`
	Purpose     string    `json:"purpose"`
	GivenAt     time.Time `json:"given_at"`
	ExpiresAt   time.Time `json:"expires_at,omitzero"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
}

// FollowObjection is what the holder of the code said against publication.
type FollowObjection struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Froze    bool      `json:"froze"`
	Decision string    `json:"decision,omitempty"`
}

// open adds what somebody learns who was checked: what was done, who was told,
// what was promised, and their consents. What is hidden from their party stays
// out, and nothing says that it did: that alone would tell them.
func (v *FollowView) open(ct *Contact, c *Case, k *ParentCheck, known FollowFacts) {
	v.Checked, v.Stopped = true, c.PublicationFrozen()
	v.Withheld = slices.DeleteFunc(v.Withheld, func(w FollowWithheld) bool { return w.Why == "not_checked" })
	hidden := func(field string) bool { return c.HiddenFrom(ct.Party, field) }
	v.step(k.At, "identity_checked")
	if !hidden(HideInstitution) {
		v.step(c.Police.ReportedAt, "police_told")
	}
	if !hidden(HideInstitution) && !hidden(HideProceedings) {
		for i := range c.Decisions {
			if c.Decisions[i].Level.IsPublic() {
				v.step(c.Decisions[i].DecidedAt, "publication_approved")
			}
		}
	}
	if !hidden(HideTold) {
		v.Told = known.Told
		for _, t := range known.Told {
			v.PartnersTold += t.Organisations
		}
		v.published(known.Alerts)
	}
	for i := range c.Frozen {
		if f := &c.Frozen[i]; f.ContactID == ct.ID {
			v.step(f.At, "publication_stopped")
			v.step(f.LiftedAt, "stop_lifted")
		}
	}
	if !hidden(HidePlan) {
		v.NextCallAt = nextCall(ct, c)
	}
	for i := range c.Consents {
		if s := &c.Consents[i]; s.Party == ct.Party {
			v.Consents = append(v.Consents, FollowConsent{s.ID, s.Class, s.Audience, s.Purpose, s.RecordedAt, s.ExpiresAt, s.WithdrawnAt})
		}
	}
	slices.SortStableFunc(v.Steps, func(a, b FollowStep) int { return a.At.Compare(b.At) })
}

// published adds when alerts went out and ended, without where they went.
func (v *FollowView) published(all []*Alert) {
	for _, al := range all {
		var told, out bool
		for i := range al.Revisions {
			r := &al.Revisions[i]
			switch {
			case r.Level.IsPublic() && !out:
				out = true
				v.step(r.Sent, "appeal_published")
			case r.Level == LevelPartner && !told:
				told = true
				v.step(r.Sent, "partners_told")
			}
		}
		if out && al.Ending != nil {
			v.step(al.Ending.At, "appeal_ended")
		}
	}
}

// step adds a step that was taken; the zero time is none.
func (v *FollowView) step(at time.Time, what string) {
	if !at.IsZero() {
		v.Steps = append(v.Steps, FollowStep{at, what})
	}
}

func followObjections(ct *Contact) []FollowObjection {
	var out []FollowObjection
	for i := range ct.Objections {
		o := &ct.Objections[i]
		out = append(out, FollowObjection{o.At, o.Kind, o.Froze, o.Decision})
	}
	return out
}
