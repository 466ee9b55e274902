package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

const (
	intakeSide = "intake"
	// IntakeKept is how long a form that is being filled in is kept after it was
	// last saved.
	IntakeKept = 7 * 24 * time.Hour
	// intakeOpen is how long after a save somebody else is thought to be at it.
	intakeOpen = 2 * time.Minute
	// The most that one form may hold.
	maxIntakeFields = 3000
	maxIntakeBytes  = 400_000
	maxIntakes      = 500
)

// Intake is the form of a new case while it is being filled in. It is no change:
// it stands beside the journal, sealed, until it is sent, thrown away or
// forgotten.
type Intake struct {
	ID string `json:"id"`
	// Values are the form's fields as they were typed.
	Values map[string][]string `json:"values"`
	// Version counts the saves; Tab names the page that saved last.
	Version int       `json:"version"`
	Tab     string    `json:"tab"`
	MadeBy  string    `json:"made_by"`
	Role    Role      `json:"role"`
	MadeAt  time.Time `json:"made_at"`
	SavedBy string    `json:"saved_by"`
	SavedAt time.Time `json:"saved_at"`
	// CaseID is the case that was opened with it.
	CaseID string `json:"case_id,omitempty"`
	// Own says that nobody else may see it.
	Own bool `json:"own,omitempty"`
}

// OpenBy tells whether somebody, or another page, is at the form now.
func (in *Intake) OpenBy(tab string, now time.Time) bool {
	return in.Tab != tab && in.CaseID == "" && now.Sub(in.SavedAt) < intakeOpen
}

// SaveIntake is what a page sends while somebody types. Version is that of the
// save which the page builds on, 0 for none.
type SaveIntake struct {
	ID      string
	Values  map[string][]string
	Version int
	Tab     string
	// Own keeps the form to whoever fills it in.
	Own bool
}

// KeepIntake saves a form. It is Stale when another page has saved it since,
// here or at another node.
func (d *Desk) KeepIntake(ctx context.Context, a Actor, in SaveIntake) (Intake, error) {
	if err := d.may(a, "case.open"); err != nil {
		return Intake{}, err
	}
	if err := in.check(); err != nil {
		return Intake{}, err
	}
	var out Intake
	err := d.swapIntake(ctx, a, in.ID, func(was *Intake) (next *Intake, err error) {
		next, out, err = in.onto(was, a, d.Now().UTC())
		return next, err
	})
	return out, err
}

// onto is the save of a form on what is kept of it, nil for nothing. Beside what
// is to be kept it tells what whoever saves is told.
func (in *SaveIntake) onto(was *Intake, a Actor, now time.Time) (*Intake, Intake, error) {
	next := Intake{ID: in.ID, MadeBy: a.ID, Role: a.Role, MadeAt: now}
	switch {
	case was != nil && was.CaseID != "":
		return nil, *was, Errorf(Conflict, "A case has been opened with this form.")
	case was != nil && was.Version != in.Version:
		return nil, *was, Errorf(Stale, "Somebody else goes on with this form.")
	case was != nil:
		next = *was
	case in.Version != 0:
		return nil, Intake{}, coded(journal.ErrNotFound) // thrown away meanwhile
	}
	next.Values, next.Tab, next.Own, next.Version = in.Values, in.Tab, in.Own, next.Version+1
	next.SavedBy, next.SavedAt = a.ID, now
	return &next, next, nil
}

func (in *SaveIntake) check() error {
	size, fields := 0, 0
	for name, values := range in.Values {
		for _, v := range values {
			size += len(name) + len(v)
			fields++
		}
	}
	if size > maxIntakeBytes || fields > maxIntakeFields {
		return Errorf(TooMany, "This form is too long to be kept. Open the case.")
	}
	if !validIntakeID(in.ID) {
		return coded(journal.ErrNotFound)
	}
	return nil
}

// validIntakeID tells whether an id has the form of those that NewID makes.
func validIntakeID(s string) bool {
	return len(s) >= 20 && len(s) <= 40 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// intakeTries bounds how often a save looks again that was overtaken.
const intakeTries = 8

// swapIntake replaces a form where the store has what the change was decided by,
// nil for a form that is not kept; a change that leaves nil removes it. Whoever
// was overtaken decides again by what is kept now, so that of two nodes one is
// told.
func (d *Desk) swapIntake(ctx context.Context, a Actor, id string, change func(was *Intake) (*Intake, error)) error {
	for range intakeTries {
		raw, was, err := d.keptIntake(ctx, a, id)
		if err != nil {
			return err
		}
		next, err := change(was)
		if err != nil {
			return err
		}
		var sealed []byte
		if next != nil {
			plain, err := json.Marshal(next)
			if err != nil {
				return fmt.Errorf("write a form: %w", err)
			}
			sealed = d.Ring.SealToken(plain)
		} else if raw == nil {
			return nil
		}
		err = d.Side.SwapSide(ctx, intakeSide, id, raw, d.Now().Add(IntakeKept), sealed)
		if err == nil {
			return nil
		}
		if !errors.Is(err, journal.ErrTaken) {
			return coded(fmt.Errorf("keep a form: %w", err))
		}
	}
	return Errorf(Unavailable, "Several pages save this form at this moment. Try again.")
}

// keptIntake reads a form as the store has it: no raw record for one that is not
// kept, and no form for one whose time is over. One that the actor may not see
// is NotFound.
func (d *Desk) keptIntake(ctx context.Context, a Actor, id string) (raw []byte, in *Intake, err error) {
	if !validIntakeID(id) {
		return nil, nil, coded(journal.ErrNotFound)
	}
	raw, _, err = d.Side.Side(ctx, intakeSide, id)
	if errors.Is(err, journal.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, coded(err)
	}
	kept, err := d.openIntake(id, raw)
	switch {
	case CodeOf(err) == NotFound:
		return raw, nil, nil
	case err != nil:
		return nil, nil, err
	case !d.seesIntake(a, &kept):
		return nil, nil, coded(journal.ErrNotFound)
	}
	return raw, &kept, nil
}

// intake reads a form. One that the actor may not see is NotFound.
func (d *Desk) intake(ctx context.Context, a Actor, id string) (Intake, error) {
	_, in, err := d.keptIntake(ctx, a, id)
	if err == nil && in == nil {
		err = coded(journal.ErrNotFound)
	}
	if err != nil {
		return Intake{}, err
	}
	return *in, nil
}

var errIntake = errors.New("a form that was kept cannot be read")

func (d *Desk) openIntake(id string, data []byte) (Intake, error) {
	plain, err := d.Ring.OpenToken(data)
	if err != nil {
		return Intake{}, fmt.Errorf("%w: %w", errIntake, err)
	}
	var in Intake
	if err := json.Unmarshal(plain, &in); err != nil || in.ID != id {
		return Intake{}, errIntake
	}
	if d.Now().Sub(in.SavedAt) > IntakeKept {
		return Intake{}, coded(journal.ErrNotFound)
	}
	return in, nil
}

// seesIntake lets people go on with forms of colleagues who may see no more than
// they do. An assessment that was typed is as it would be on the case.
func (d *Desk) seesIntake(a Actor, in *Intake) bool {
	switch {
	case in.MadeBy == a.ID:
		return true
	case in.Own || !d.Matrix.Can(a.Role, "case.open"):
		return false
	}
	sees := func(r Role) bool {
		return d.Matrix.May(Actor{ID: a.ID, Kind: KindPerson, Role: r}, P5, StateVerifying, true)
	}
	return sees(a.Role) || !sees(in.Role)
}

// ReadIntake returns a form to go on with. That it was read is recorded first.
func (d *Desk) ReadIntake(ctx context.Context, a Actor, id string) (Intake, error) {
	if err := d.may(a, "case.open"); err != nil {
		return Intake{}, err
	}
	in, err := d.intake(ctx, a, id)
	if err != nil {
		return Intake{}, err
	}
	if err := d.Reads.Record(ctx, a, "intake/"+id, P1, P2, P3, P4); err != nil {
		return Intake{}, err
	}
	return in, nil
}

// Intakes returns the forms that are being filled in and that the actor may go
// on with, the newest save first.
func (d *Desk) Intakes(ctx context.Context, a Actor) ([]Intake, error) {
	if err := d.may(a, "case.open"); err != nil {
		return nil, err
	}
	out := []Intake{}
	err := d.Side.EachSide(ctx, intakeSide, func(id string, data []byte) error {
		in, err := d.openIntake(id, data)
		if err == nil && in.CaseID == "" && d.seesIntake(a, &in) && len(out) < maxIntakes {
			out = append(out, in)
		}
		return nil // one that cannot be read does not hide the others
	})
	if err != nil {
		return nil, coded(fmt.Errorf("read forms: %w", err))
	}
	slices.SortFunc(out, func(a, b Intake) int { return b.SavedAt.Compare(a.SavedAt) })
	if err := d.Reads.Record(ctx, a, "intake", P1); err != nil {
		return nil, err
	}
	return out, nil
}

// DropIntake throws a form away.
func (d *Desk) DropIntake(ctx context.Context, a Actor, id string) error {
	if err := d.may(a, "case.open"); err != nil {
		return err
	}
	return d.swapIntake(ctx, a, id, func(was *Intake) (*Intake, error) {
		if was == nil {
			return nil, coded(journal.ErrNotFound)
		}
		return nil, nil
	})
}

// CloseIntake empties a form of which a case was opened. What stays is the way
// to the case, so that sending the form again leads there.
func (d *Desk) CloseIntake(ctx context.Context, a Actor, id, caseID string) error {
	if !validIntakeID(id) {
		return nil
	}
	return d.swapIntake(ctx, a, id, func(was *Intake) (*Intake, error) {
		now := d.Now().UTC()
		next := Intake{ID: id, MadeBy: a.ID, Role: a.Role, MadeAt: now}
		if was != nil {
			next = *was
		}
		next.Values, next.CaseID, next.SavedAt = nil, caseID, now
		next.Version++
		return &next, nil
	})
}
