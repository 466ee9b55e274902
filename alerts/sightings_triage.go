package alerts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"homeward/journal"
)

// changeSighting runs a rule over one sighting, and answers with it. Nothing
// that is done to a sighting changes its case.
func (d *Desk) changeSighting(ctx context.Context, a Actor, act, id string, r Request, rule func(*journal.View, Sighting) (*Sighting, error)) (SightingView, error) {
	if err := d.may(a, act); err != nil {
		return SightingView{}, err
	}
	if _, _, err := d.visibleSighting(ctx, a, id); err != nil {
		return SightingView{}, err
	}
	if err := d.free(ctx, a, id); err != nil {
		return SightingView{}, err
	}
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		s, err := journal.Load[*Sighting](v, "sightings", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := rule(v, *s)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		if act == "sighting.undo" {
			next.Before = nil // taking back is no step to be taken back
		} else {
			next.remember(s, a, v.Now)
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return SightingView{}, err
	}
	return d.Sighting(ctx, a, id)
}

// AssessSighting grades a sighting. A grade may be changed; the journal keeps
// who graded when.
func (d *Desk) AssessSighting(ctx context.Context, a Actor, id string, in Assess, r Request) (SightingView, error) {
	if err := d.sightingCommand(ctx, a, "sighting.assess", id, in.validate); err != nil {
		return SightingView{}, err
	}
	return d.changeSighting(ctx, a, "sighting.assess", id, r, func(v *journal.View, s Sighting) (*Sighting, error) {
		return assessRule(s, in, a, v.Now), nil
	})
}

// sightingCommand checks, in this order, that the actor may, that the sighting
// is theirs to see, and what was sent.
func (d *Desk) sightingCommand(ctx context.Context, a Actor, act, id string, validate func() Fields) error {
	if err := d.may(a, act); err != nil {
		return err
	}
	if _, _, err := d.visibleSighting(ctx, a, id); err != nil {
		return err
	}
	return validate().Err()
}

func assessRule(s Sighting, in Assess, a Actor, now time.Time) *Sighting {
	s.Assessment = &Assessment{
		Source: in.Source, Information: in.Information, Handling: in.Handling, Note: in.Note, By: a.ID, At: now,
	}
	if s.State == SightingNew || s.State == SightingScreened {
		s.State = SightingAssessed
	}
	return &s
}

// ScreenSighting notes that somebody has looked at a sighting, or how the police
// found it.
func (d *Desk) ScreenSighting(ctx context.Context, a Actor, id string, in Screen, r Request) (SightingView, error) {
	if err := d.sightingCommand(ctx, a, "sighting.screen", id, in.validate); err != nil {
		return SightingView{}, err
	}
	return d.changeSighting(ctx, a, "sighting.screen", id, r, func(_ *journal.View, s Sighting) (*Sighting, error) {
		return screenRule(s, in)
	})
}

func screenRule(s Sighting, in Screen) (*Sighting, error) {
	if s.State == in.State {
		return nil, nil
	}
	if in.State == SightingScreened && s.State != SightingNew {
		return nil, Errorf(Conflict, "Somebody has gone further with this sighting already.")
	}
	s.State = in.State
	return &s, nil
}

// HandOver notes that a sighting was passed to the police.
func (d *Desk) HandOver(ctx context.Context, a Actor, id string, in Handover, r Request) (SightingView, error) {
	if err := d.sightingCommand(ctx, a, "sighting.handover", id, func() Fields { return in.validate(d.Now()) }); err != nil {
		return SightingView{}, err
	}
	return d.changeSighting(ctx, a, "sighting.handover", id, r, func(v *journal.View, s Sighting) (*Sighting, error) {
		return handoverRule(s, in, a, v.Now), nil
	})
}

func handoverRule(s Sighting, in Handover, a Actor, now time.Time) *Sighting {
	at := in.At
	if at.IsZero() {
		at = now
	}
	s.HandedOver = append(slices.Clone(s.HandedOver), HandedOver{At: at, Unit: in.Unit, Person: in.Person, Reference: in.Reference, By: a.ID})
	switch s.State {
	case SightingNew, SightingScreened, SightingAssessed:
		s.State = SightingHandedOver
	}
	return &s
}

// Link links a sighting to a case, or marks it as the duplicate of another.
func (d *Desk) Link(ctx context.Context, a Actor, id string, in LinkSighting, r Request) (SightingView, error) {
	var caseID string
	err := d.sightingCommand(ctx, a, "sighting.link", id, func() Fields {
		f := in.validate(id)
		caseID = d.staffCase(a, in.CaseID.Value, in.CaseNumber.Value, &f)
		return f
	})
	if err != nil {
		return SightingView{}, err
	}
	if in.DuplicateOf.Value != "" {
		if _, _, err := d.visibleSighting(ctx, a, in.DuplicateOf.Value); err != nil {
			return SightingView{}, unknownSighting()
		}
	}
	return d.changeSighting(ctx, a, "sighting.link", id, r, func(v *journal.View, s Sighting) (*Sighting, error) {
		if in.CaseID.Set || in.CaseNumber.Set {
			s.CaseID = caseID
			s.Signs = d.signsOf(&s)
		}
		if !in.DuplicateOf.Set {
			return &s, nil
		}
		s.DuplicateOf = in.DuplicateOf.Value
		return &s, noCycle(v, &s)
	})
}

func (in *LinkSighting) validate(id string) Fields {
	i := &inspection{}
	if !in.CaseID.Set && !in.CaseNumber.Set && !in.DuplicateOf.Set {
		i.Add("case_id", "required", "Name a case, or the sighting that this one repeats.")
	}
	if in.DuplicateOf.Value == id {
		i.Add("duplicate_of", "itself", "A sighting cannot repeat itself.")
	}
	return i.Fields
}

func unknownSighting() error {
	var f Fields
	f.Add("duplicate_of", "unknown_sighting", "There is no such sighting.")
	return f.Err()
}

// longestChain bounds how far a chain of duplicates is followed.
const longestChain = 100

// noCycle refuses a link that leads back to where it starts.
func noCycle(v *journal.View, s *Sighting) error {
	next := s.DuplicateOf
	for range longestChain {
		if next == "" {
			return nil
		}
		if next == s.ID {
			break
		}
		other, err := journal.Load[*Sighting](v, "sightings", next)
		if errors.Is(err, journal.ErrNotFound) && next != s.DuplicateOf {
			return nil // the rest of the chain has been erased
		}
		if errors.Is(err, journal.ErrNotFound) {
			return unknownSighting()
		}
		if err != nil {
			return fmt.Errorf("follow duplicates: %w", err)
		}
		next = other.DuplicateOf
	}
	var f Fields
	f.Add("duplicate_of", "cycle", "That sighting is itself marked as a duplicate of this one.")
	return f.Err()
}
