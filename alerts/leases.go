package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"homeward/journal"
)

// LeaseLasts is how long a report stays with somebody who does nothing with it.
const LeaseLasts = 10 * time.Minute

// leaseSide is the kind of side records that leases are. The store decides who
// gets one, so that two nodes never give a report to two people.
const leaseSide = "lease"

// leaseTries bounds how often somebody tries again who was overtaken by another
// node while asking.
const leaseTries = 8

// LeaseView says who has a report open and until when. It goes free by itself.
// Since is another time whenever it is taken, and names that taking.
type LeaseView struct {
	By    string    `json:"by"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Mine  bool      `json:"mine"`
}

func (l lease) view(a Actor) *LeaseView { return &LeaseView{l.By, l.Since, l.Until, l.By == a.ID} }

// TakeSighting asks for a report.
type TakeSighting struct {
	// TakeOver takes it from somebody who has it open.
	TakeOver bool `json:"take_over,omitempty"`
}

// lease is who works on a report, since when and until when.
type lease struct {
	By    string    `json:"by"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// kept is a lease as the store has it. Raw is nil for none.
type kept struct {
	lease
	raw []byte
	// runs tells that the report is with somebody now.
	runs bool
}

func readLease(id string, raw []byte) (l lease, err error) {
	if err = json.Unmarshal(raw, &l); err != nil {
		err = fmt.Errorf("read the lease %s: %w", id, err)
	}
	return l, err
}

// runs tells whether a lease holds now: it has not run out, and who took it may
// still work here and has not been signed out everywhere since.
func (d *Desk) runs(l lease) bool {
	if !l.Until.After(d.Now()) {
		return false
	}
	acc, ok := d.Board.Account(l.By)
	return ok && acc.DisabledAt.IsZero() && !l.Since.Before(acc.SessionsSince) && d.Matrix.Can(acc.Role, "sighting.screen")
}

// keptLease reads the lease on a report.
func (d *Desk) keptLease(ctx context.Context, id string) (k kept, err error) {
	k.raw, _, err = d.Side.Side(ctx, leaseSide, id)
	if errors.Is(err, journal.ErrNotFound) {
		return kept{}, nil
	}
	if err != nil {
		return kept{}, coded(fmt.Errorf("read a lease: %w", err))
	}
	if k.lease, err = readLease(id, k.raw); err != nil {
		return kept{}, err
	}
	k.runs = d.runs(k.lease)
	return k, nil
}

// Take gives a report to the actor for LeaseLasts, or longer when it is theirs
// already; what they had open before goes free. One that somebody else has open
// is a Conflict that names them, unless it is taken over knowingly.
func (d *Desk) Take(ctx context.Context, a Actor, id string, in TakeSighting, _ Request) (LeaseView, error) {
	if err := d.may(a, "sighting.screen"); err != nil {
		return LeaseView{}, err
	}
	if _, _, err := d.visibleSighting(ctx, a, id); err != nil {
		return LeaseView{}, err
	}
	l, err := d.lend(ctx, a, id, in.TakeOver)
	if err != nil {
		return LeaseView{}, err
	}
	return *l.view(a), d.putDown(ctx, a, id)
}

// lend writes a lease where the store has what was read before. Whoever was
// overtaken looks again: the report is somebody else's then, most likely.
func (d *Desk) lend(ctx context.Context, a Actor, id string, takeOver bool) (lease, error) {
	for range leaseTries {
		was, err := d.keptLease(ctx, id)
		if err != nil {
			return lease{}, err
		}
		if was.runs && was.By != a.ID && !takeOver {
			return lease{}, d.taken(was.lease)
		}
		now := d.Now().UTC()
		l := lease{a.ID, now, now.Add(LeaseLasts).Truncate(time.Second)}
		raw, err := json.Marshal(l)
		if err != nil {
			return lease{}, fmt.Errorf("write a lease: %w", err)
		}
		err = d.Side.SwapSide(ctx, leaseSide, id, was.raw, l.Until, raw)
		if err == nil {
			return l, nil
		}
		if !errors.Is(err, journal.ErrTaken) {
			return lease{}, coded(fmt.Errorf("keep a lease: %w", err))
		}
	}
	return lease{}, Errorf(Unavailable, "Several people ask for this report at this moment. Try again.")
}

// drop removes a lease unless it has changed since it was read.
func (d *Desk) drop(ctx context.Context, id string, raw []byte) error {
	err := d.Side.SwapSide(ctx, leaseSide, id, raw, time.Time{}, nil)
	if err == nil || errors.Is(err, journal.ErrTaken) {
		return nil
	}
	return coded(fmt.Errorf("drop a lease: %w", err))
}

// putDown frees what the actor has open beside one report.
func (d *Desk) putDown(ctx context.Context, a Actor, but string) error {
	open, err := d.leasesOf(ctx, a.ID)
	if err != nil {
		return err
	}
	for id, raw := range open {
		if id == but {
			continue
		}
		if err := d.drop(ctx, id, raw); err != nil {
			return err
		}
	}
	return nil
}

// leasesOf are the leases of one account as the store has them, by report.
func (d *Desk) leasesOf(ctx context.Context, account string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := d.Side.EachSide(ctx, leaseSide, func(id string, raw []byte) error {
		l, err := readLease(id, raw)
		if err == nil && l.By == account {
			out[id] = raw
		}
		return err
	})
	if err != nil {
		return nil, coded(fmt.Errorf("read leases: %w", err))
	}
	return out, nil
}

// GiveBack frees a report that the actor has open. One that they have not is no
// error: it is free, or somebody else's. With a time it frees only what was taken
// then: a page that is left says so late, and may have been opened again.
func (d *Desk) GiveBack(ctx context.Context, a Actor, id string, since time.Time) error {
	if err := d.may(a, "sighting.screen"); err != nil {
		return err
	}
	was, err := d.keptLease(ctx, id)
	if err != nil || was.raw == nil || was.By != a.ID || !since.IsZero() && !since.Equal(was.Since) {
		return err
	}
	return d.drop(ctx, id, was.raw)
}

// leasesSeen are who has which reports open, as the actor sees it: none for
// those who work on no reports. It is for lists, which ask once.
func (d *Desk) leasesSeen(ctx context.Context, a Actor) (map[string]*LeaseView, error) {
	out := map[string]*LeaseView{}
	if !d.Matrix.Can(a.Role, "sighting.screen") {
		return out, nil
	}
	err := d.Side.EachSide(ctx, leaseSide, func(id string, raw []byte) error {
		l, err := readLease(id, raw)
		if err == nil && d.runs(l) {
			out[id] = l.view(a)
		}
		return err
	})
	if err != nil {
		return nil, coded(fmt.Errorf("read leases: %w", err))
	}
	return out, nil
}

// leaseOf is leasesSeen for one report: nil for nobody.
func (d *Desk) leaseOf(ctx context.Context, a Actor, id string) (*LeaseView, error) {
	if !d.Matrix.Can(a.Role, "sighting.screen") {
		return nil, nil
	}
	k, err := d.keptLease(ctx, id)
	if err != nil || !k.runs {
		return nil, err
	}
	return k.view(a), nil
}

// free refuses work on a report that somebody else has open. Whoever has it open
// and works on it keeps it: it is prolonged before it has half run out.
func (d *Desk) free(ctx context.Context, a Actor, id string) error {
	k, err := d.keptLease(ctx, id)
	if err != nil || !k.runs {
		return err
	}
	if k.By != a.ID {
		return d.taken(k.lease)
	}
	if k.Until.Sub(d.Now()) > LeaseLasts/2 {
		return nil
	}
	_, err = d.lend(ctx, a, id, false)
	return err
}

// taken says who has a report open. Those who ask work on reports themselves.
func (d *Desk) taken(l lease) error {
	by := "Somebody else"
	if acc, ok := d.Board.Account(l.By); ok && acc.Name != "" {
		by = acc.Name
	}
	return Errorf(Conflict, "%s has this report open until %s UTC. Take it over first, or wait until it is free.", by, l.Until.UTC().Format("15:04"))
}
