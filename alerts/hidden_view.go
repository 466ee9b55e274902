package alerts

import "time"

// PartyView is a named party of a case.
type PartyView struct {
	ID      string    `json:"id"`
	Kind    string    `json:"kind"`
	Name    string    `json:"name"`
	AddedBy string    `json:"added_by,omitempty"`
	AddedAt time.Time `json:"added_at"`
}

// HidingView is a fact that a party must not learn, without the fact.
type HidingView struct {
	ID    string    `json:"id"`
	Party string    `json:"party"`
	Field string    `json:"field"`
	Why   string    `json:"why,omitempty"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at"`
	// Searched says that texts are searched for the fact's words.
	Searched  bool      `json:"searched"`
	LiftedBy  string    `json:"lifted_by,omitempty"`
	LiftedAt  time.Time `json:"lifted_at,omitzero"`
	LiftedFor string    `json:"lifted_for,omitempty"`
}

func partyViews(l lens, parties []Party) []PartyView {
	if !l.sees(P3) {
		return nil
	}
	var out []PartyView
	for _, p := range parties {
		out = append(out, PartyView{p.ID, p.Kind, p.Name, only(l, p.AddedBy, P10), p.AddedAt})
	}
	return out
}

func hidingViews(l lens, hidden Hidden) []HidingView {
	if !l.sees(P3) {
		return nil
	}
	var out []HidingView
	for i := range hidden {
		x := &hidden[i]
		out = append(out, HidingView{
			ID: x.ID, Party: x.Party, Field: x.Field, Why: only(l, x.Why, P5), By: only(l, x.By, P10), At: x.At, Searched: len(x.Words) > 0,
			LiftedBy: only(l, x.LiftedBy, P10), LiftedAt: x.LiftedAt, LiftedFor: only(l, x.LiftedFor, P5),
		})
	}
	return out
}
