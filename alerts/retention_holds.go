package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// RetentionHold keeps the file of a case from being forgotten. One person
// proposes it and another confirms it, and it ends in the same way. A proposal
// keeps the file too, until somebody has decided.
type RetentionHold struct {
	ID string `bson:"id"`
	// Ground is one of HoldGrounds, Reason why, and Reference what the authority
	// calls it.
	Ground      string    `bson:"ground"`
	Reason      string    `bson:"reason" class:"P10,sealed"`
	Reference   string    `bson:"reference,omitempty" class:"P10,sealed"`
	By          string    `bson:"by"`
	At          time.Time `bson:"at"`
	ConfirmedBy string    `bson:"confirmed_by,omitempty"`
	ConfirmedAt time.Time `bson:"confirmed_at,omitempty"`
	// EndBy proposes the end, EndReason says why; EndedBy confirms it.
	EndBy     string    `bson:"end_by,omitempty"`
	EndAt     time.Time `bson:"end_at,omitempty"`
	EndReason string    `bson:"end_reason,omitempty" class:"P10,sealed"`
	EndedBy   string    `bson:"ended_by,omitempty"`
	EndedAt   time.Time `bson:"ended_at,omitempty"`
}

// HoldView is a hold as a reader sees it. Standing is proposed, held, ending or
// ended.
type HoldView struct {
	ID          string    `json:"id"`
	Standing    string    `json:"standing"`
	Ground      string    `json:"ground"`
	Reason      string    `json:"reason"`
	Reference   string    `json:"reference,omitempty"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
	ConfirmedBy string    `json:"confirmed_by,omitempty"`
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	EndBy       string    `json:"end_by,omitempty"`
	EndAt       time.Time `json:"end_at,omitzero"`
	EndReason   string    `json:"end_reason,omitempty"`
	EndedBy     string    `json:"ended_by,omitempty"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
}

// HoldGrounds are the legal grounds on which a file is kept longer.
func HoldGrounds() []string {
	return []string{"proceedings", "authority_request", "legal_claim", "subject_request", "other_duty"}
}

// HoldActs are what can be done about a hold. A hold that nobody has confirmed
// can be taken back by its author, and the proposal to end one by anybody: that
// keeps the file.
func HoldActs() []string { return []string{"propose", "confirm", "end", "confirm_end", "take_back"} }

// The most holds of a case.
const maxHolds = 50

// HoldAct is what somebody does about a hold, or about erasing the file. Hold or
// Erasing names it, but for a new one.
type HoldAct struct {
	Hold      string `json:"hold,omitempty"`
	Erasing   string `json:"erasing,omitempty"`
	Ground    string `json:"ground,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Reference string `json:"reference,omitempty"`
}

func (in *HoldAct) validate(act string) Fields {
	i := &inspection{}
	if act == "propose" {
		oneOf(i, "ground", in.Ground, HoldGrounds())
		i.text("reference", &in.Reference, maxLine)
	}
	if act == "propose" || act == "end" {
		i.required("reason", &in.Reason, maxNote, "Say why.")
	}
	return i.Fields
}

func (h *RetentionHold) standing() string {
	switch {
	case !h.EndedAt.IsZero():
		return "ended"
	case h.ConfirmedAt.IsZero():
		return "proposed"
	case !h.EndAt.IsZero():
		return "ending"
	}
	return "held"
}

// held tells whether the file is held: "hold", "hold_proposed", or "".
func (c *Case) held() (why string) {
	for i := range c.Holds {
		switch c.Holds[i].standing() {
		case "held", "ending":
			return "hold"
		case "proposed":
			why = "hold_proposed"
		}
	}
	return why
}

func holdViews(l lens, holds []RetentionHold) (out []HoldView) {
	if !l.sees(P10) {
		return nil
	}
	for i := range holds {
		h := &holds[i]
		out = append(out, HoldView{
			ID: h.ID, Standing: h.standing(), Ground: h.Ground, Reason: h.Reason, Reference: h.Reference, By: h.By, At: h.At,
			ConfirmedBy: h.ConfirmedBy, ConfirmedAt: h.ConfirmedAt, EndBy: h.EndBy, EndAt: h.EndAt, EndReason: h.EndReason, EndedBy: h.EndedBy, EndedAt: h.EndedAt,
		})
	}
	return out
}

// ActOnHold proposes, confirms or ends a hold on the file of a case.
func (d *Desk) ActOnHold(ctx context.Context, a Actor, caseID, act string, in HoldAct, r Request) error {
	if err := d.may(a, "retention.hold"); err != nil {
		return err
	}
	if _, err := d.RetentionCase(a, caseID); err != nil {
		return err
	}
	if !slices.Contains(HoldActs(), act) {
		return coded(journal.ErrNotFound)
	}
	if a.Kind != KindPerson {
		return Errorf(Forbidden, "A person who has signed in must do this.")
	}
	if err := in.validate(act).Err(); err != nil {
		return err
	}
	id := d.idFor("retention_hold", r)
	_, err := d.Do(ctx, a, "retention.hold", r, func(v *journal.View) (journal.Outcome, error) {
		c, err := journal.Load[*Case](v, "cases", caseID)
		if err != nil {
			return journal.Outcome{}, err
		}
		if !d.SeesRetention(a, c) {
			return journal.Outcome{}, coded(journal.ErrNotFound)
		}
		next, err := holdRule(c, act, in, id, a, v.Now)
		if err != nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	return err
}

// holdRule returns the case after one act on its holds.
func holdRule(c *Case, act string, in HoldAct, id string, a Actor, now time.Time) (*Case, error) {
	next := *c
	next.Holds = slices.Clone(c.Holds)
	next.edited(a, now, "holds")
	if act == "propose" {
		switch {
		case c.Merged != nil:
			return nil, Errorf(Conflict, "The case is merged into another one. Hold the file of that one.")
		case len(c.Holds) >= maxHolds:
			return nil, Errorf(TooMany, "This case takes no more holds.")
		}
		next.Erasing = nil // whoever holds the file does not want it erased
		next.Holds = append(next.Holds, RetentionHold{ID: id, Ground: in.Ground, Reason: in.Reason, Reference: in.Reference, By: a.ID, At: now})
		return &next, nil
	}
	n := slices.IndexFunc(next.Holds, func(h RetentionHold) bool { return h.ID == in.Hold })
	if n < 0 {
		return nil, coded(journal.ErrNotFound)
	}
	return &next, next.Holds[n].act(act, in, a, now)
}

func (h *RetentionHold) act(act string, in HoldAct, a Actor, now time.Time) error {
	switch stands := h.standing(); {
	case act == "confirm" && stands == "proposed":
		if h.By == a.ID {
			return Errorf(Forbidden, "Another person than the one who proposed the hold must confirm it.")
		}
		h.ConfirmedBy, h.ConfirmedAt = a.ID, now
	case act == "end" && stands == "held":
		h.EndBy, h.EndAt, h.EndReason = a.ID, now, in.Reason
	case act == "confirm_end" && stands == "ending":
		if h.EndBy == a.ID {
			return Errorf(Forbidden, "Another person than the one who proposed the end must confirm it.")
		}
		h.EndedBy, h.EndedAt = a.ID, now
	case act == "take_back" && stands == "proposed":
		if h.By != a.ID {
			return Errorf(Forbidden, "Only the one who proposed the hold can take it back.")
		}
		h.EndedBy, h.EndedAt = a.ID, now
	case act == "take_back" && stands == "ending":
		h.EndBy, h.EndAt, h.EndReason = "", time.Time{}, ""
	default:
		return Errorf(Conflict, "The hold is %s: this step does not follow.", stands)
	}
	return nil
}
