package alerts

import "time"

// ParentCheckView is a check of the holder of a code.
type ParentCheckView struct {
	ID           string    `json:"id"`
	CaseID       string    `json:"case_id"`
	Party        string    `json:"party"`
	Identity     string    `json:"identity"`
	Custody      string    `json:"custody"`
	Orders       string    `json:"orders"`
	Note         string    `json:"note,omitempty"`
	By           string    `json:"by,omitempty"`
	At           time.Time `json:"at"`
	WithdrawnBy  string    `json:"withdrawn_by,omitempty"`
	WithdrawnAt  time.Time `json:"withdrawn_at,omitzero"`
	WithdrawnFor string    `json:"withdrawn_for,omitempty"`
}

// ObjectionView is an objection and what was decided about it.
type ObjectionView struct {
	ID        string    `json:"id"`
	CaseID    string    `json:"case_id,omitempty"`
	Kind      string    `json:"kind"`
	Text      string    `json:"text,omitempty"`
	At        time.Time `json:"at"`
	Froze     bool      `json:"froze"`
	Decision  string    `json:"decision,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	DecidedBy string    `json:"decided_by,omitempty"`
	DecidedAt time.Time `json:"decided_at,omitzero"`
}

// FreezeView is an objection that keeps a case from being published.
type FreezeView struct {
	ID        string    `json:"id"`
	ContactID string    `json:"contact_id,omitempty"`
	At        time.Time `json:"at"`
	LiftedBy  string    `json:"lifted_by,omitempty"`
	LiftedAt  time.Time `json:"lifted_at,omitzero"`
}

func checkViews(l lens, checks []ParentCheck) []ParentCheckView {
	var out []ParentCheckView
	for i := range checks {
		k := &checks[i]
		out = append(out, ParentCheckView{
			ID: k.ID, CaseID: k.CaseID, Party: k.Party, Identity: k.Identity, Custody: k.Custody, Orders: k.Orders, Note: k.Note, At: k.At,
			By: only(l, k.By, P10), WithdrawnBy: only(l, k.WithdrawnBy, P10), WithdrawnAt: k.WithdrawnAt, WithdrawnFor: k.WithdrawnFor,
		})
	}
	return out
}

func objectionViews(l lens, objections []Objection) []ObjectionView {
	var out []ObjectionView
	for i := range objections {
		o := &objections[i]
		out = append(out, ObjectionView{
			ID: o.ID, CaseID: o.CaseID, Kind: o.Kind, Text: o.Text, At: o.At, Froze: o.Froze,
			Decision: o.Decision, Reason: o.Reason, DecidedBy: only(l, o.DecidedBy, P10), DecidedAt: o.DecidedAt,
		})
	}
	return out
}

func freezeViews(l lens, frozen []Freeze) []FreezeView {
	var out []FreezeView
	for _, f := range frozen {
		out = append(out, FreezeView{f.ID, f.ContactID, f.At, only(l, f.LiftedBy, P10), f.LiftedAt})
	}
	return out
}
