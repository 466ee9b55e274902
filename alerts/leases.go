package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// LeaseLasts is how long a report stays with somebody who does nothing with it.
const LeaseLasts = 10 * time.Minute

// leaseSide is the kind of side records that keep leases over a restart.
const leaseSide = "lease"

// LeaseView says who has a report open and until when. It goes free by itself.
type LeaseView struct {
	By    string    `json:"by"`
	Until time.Time `json:"until"`
	Mine  bool      `json:"mine"`
}

// TakeSighting asks for a report.
type TakeSighting struct {
	// TakeOver takes it from somebody who has it open.
	TakeOver bool `json:"take_over,omitempty"`
}

// lease is who works on a report, until when.
type lease struct {
	By    string    `json:"by"`
	Until time.Time `json:"until"`
}

// leases are all that run. The side records are read once, at first use: one
// program at a time writes to a store.
type leases struct {
	mu   sync.Mutex
	read bool
	byID map[string]lease
}

// held returns the lease on a report that somebody holds now.
func (d *Desk) held(ctx context.Context, id string) (lease, bool, error) {
	d.leases.mu.Lock()
	defer d.leases.mu.Unlock()
	return d.heldNow(ctx, id)
}

// heldNow is held with the lock taken.
func (d *Desk) heldNow(ctx context.Context, id string) (lease, bool, error) {
	if err := d.readLeases(ctx); err != nil {
		return lease{}, false, err
	}
	l, ok := d.leases.byID[id]
	if ok && !l.Until.After(d.Now()) {
		delete(d.leases.byID, id)
		ok = false
	}
	return l, ok, nil
}

func (d *Desk) readLeases(ctx context.Context) error {
	if d.leases.read {
		return nil
	}
	byID := map[string]lease{}
	err := d.Side.EachSide(ctx, leaseSide, func(id string, data []byte) error {
		var l lease
		if err := json.Unmarshal(data, &l); err != nil {
			return fmt.Errorf("read the lease %s: %w", id, err)
		}
		byID[id] = l
		return nil
	})
	if err != nil {
		return coded(fmt.Errorf("read leases: %w", err))
	}
	d.leases.byID, d.leases.read = byID, true
	return nil
}

// Take gives a report to the actor for LeaseLasts, or longer when it is theirs
// already; what they had open before goes free. One that somebody else has open
// is a Conflict unless it is taken over knowingly.
func (d *Desk) Take(ctx context.Context, a Actor, id string, in TakeSighting, _ Request) (LeaseView, error) {
	if err := d.may(a, "sighting.screen"); err != nil {
		return LeaseView{}, err
	}
	if _, _, err := d.visibleSighting(ctx, a, id); err != nil {
		return LeaseView{}, err
	}
	d.leases.mu.Lock()
	defer d.leases.mu.Unlock()
	was, ok, err := d.heldNow(ctx, id)
	if err != nil {
		return LeaseView{}, err
	}
	if ok && was.By != a.ID && !in.TakeOver {
		return LeaseView{}, taken()
	}
	l := lease{a.ID, d.Now().Add(LeaseLasts).UTC().Truncate(time.Second)}
	raw, err := json.Marshal(l)
	if err != nil {
		return LeaseView{}, fmt.Errorf("write a lease: %w", err)
	}
	if err := d.Side.PutSide(ctx, leaseSide, id, l.Until, raw); err != nil {
		return LeaseView{}, coded(fmt.Errorf("keep a lease: %w", err))
	}
	d.leases.byID[id] = l
	return LeaseView{l.By, l.Until, true}, d.putDown(ctx, a, id)
}

// putDown frees what the actor has open beside one report; the lock is held.
func (d *Desk) putDown(ctx context.Context, a Actor, but string) error {
	for id, l := range d.leases.byID {
		if l.By != a.ID || id == but {
			continue
		}
		if err := d.Side.DropSide(ctx, leaseSide, id); err != nil {
			return coded(fmt.Errorf("drop a lease: %w", err))
		}
		delete(d.leases.byID, id)
	}
	return nil
}

// GiveBack frees a report that the actor has open. One that they have not is no
// error: it is free, or somebody else's.
func (d *Desk) GiveBack(ctx context.Context, a Actor, id string) error {
	if err := d.may(a, "sighting.screen"); err != nil {
		return err
	}
	d.leases.mu.Lock()
	defer d.leases.mu.Unlock()
	was, ok, err := d.heldNow(ctx, id)
	if err != nil || !ok || was.By != a.ID {
		return err
	}
	if err := d.Side.DropSide(ctx, leaseSide, id); err != nil {
		return coded(fmt.Errorf("drop a lease: %w", err))
	}
	delete(d.leases.byID, id)
	return nil
}

// leaseOf is who has a report open, as the actor sees it: nil for nobody, and
// for those who work on no reports.
func (d *Desk) leaseOf(ctx context.Context, a Actor, id string) (*LeaseView, error) {
	if !d.Matrix.Can(a.Role, "sighting.screen") {
		return nil, nil
	}
	l, ok, err := d.held(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	return &LeaseView{l.By, l.Until, l.By == a.ID}, nil
}

// free refuses work on a report that somebody else has open.
func (d *Desk) free(ctx context.Context, a Actor, id string) error {
	l, ok, err := d.held(ctx, id)
	if err != nil {
		return err
	}
	if ok && l.By != a.ID {
		return taken()
	}
	return nil
}

func taken() error {
	return Errorf(Conflict, "Somebody else has this report open. Take it over first, or wait until it is free.")
}
