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

// KeepIntake saves a form. It is Stale when another page has saved it since.
func (d *Desk) KeepIntake(ctx context.Context, a Actor, in SaveIntake) (Intake, error) {
	if err := d.may(a, "case.open"); err != nil {
		return Intake{}, err
	}
	if err := in.check(); err != nil {
		return Intake{}, err
	}
	d.intakes.Lock()
	defer d.intakes.Unlock()
	now := d.Now().UTC()
	next := Intake{ID: in.ID, MadeBy: a.ID, Role: a.Role, MadeAt: now}
	was, err := d.intake(ctx, a, in.ID)
	switch {
	case err == nil && was.CaseID != "":
		return was, Errorf(Conflict, "A case has been opened with this form.")
	case err == nil && was.Version != in.Version:
		return was, Errorf(Stale, "Somebody else goes on with this form.")
	case err == nil:
		next = was
	case CodeOf(err) != NotFound:
		return Intake{}, err
	case in.Version != 0:
		return Intake{}, err // thrown away meanwhile
	}
	next.Values, next.Tab, next.Own, next.Version = in.Values, in.Tab, in.Own, next.Version+1
	next.SavedBy, next.SavedAt = a.ID, now
	return next, d.putIntake(ctx, &next)
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

func (d *Desk) putIntake(ctx context.Context, in *Intake) error {
	plain, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("write a form: %w", err)
	}
	if err := d.Side.PutSide(ctx, intakeSide, in.ID, d.Now().Add(IntakeKept), d.Ring.SealToken(plain)); err != nil {
		return coded(fmt.Errorf("keep a form: %w", err))
	}
	return nil
}

// intake reads a form. One that the actor may not see is NotFound.
func (d *Desk) intake(ctx context.Context, a Actor, id string) (Intake, error) {
	if !validIntakeID(id) {
		return Intake{}, coded(journal.ErrNotFound)
	}
	data, _, err := d.Side.Side(ctx, intakeSide, id)
	if err != nil {
		return Intake{}, coded(err)
	}
	in, err := d.openIntake(id, data)
	if err == nil && !d.seesIntake(a, &in) {
		err = coded(journal.ErrNotFound)
	}
	return in, err
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
	d.intakes.Lock()
	defer d.intakes.Unlock()
	if _, err := d.intake(ctx, a, id); err != nil {
		return err
	}
	if err := d.Side.DropSide(ctx, intakeSide, id); err != nil {
		return coded(fmt.Errorf("drop a form: %w", err))
	}
	return nil
}

// CloseIntake empties a form of which a case was opened. What stays is the way
// to the case, so that sending the form again leads there.
func (d *Desk) CloseIntake(ctx context.Context, a Actor, id, caseID string) error {
	if !validIntakeID(id) {
		return nil
	}
	d.intakes.Lock()
	defer d.intakes.Unlock()
	in, err := d.intake(ctx, a, id)
	if CodeOf(err) == NotFound {
		in = Intake{ID: id, MadeBy: a.ID, Role: a.Role, MadeAt: d.Now().UTC()}
	} else if err != nil {
		return err
	}
	in.Values, in.CaseID, in.SavedAt = nil, caseID, d.Now().UTC()
	in.Version++
	return d.putIntake(ctx, &in)
}
