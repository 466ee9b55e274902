package partners

import (
	"cmp"
	"maps"
	"slices"

	"homeward/alerts"
)

// putDrill takes a drill and puts it among what partners are told.
func (b *Board) putDrill(x *Drill) {
	b.drills[x.ID] = x
	b.released[x.ID] = x.alert(b.drillTexts)
}

// Drill returns a drill, a self-test too.
func (b *Board) Drill(id string) (*Drill, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	x, ok := b.drills[id]
	return x, ok
}

// Drills returns the exercises, the newest first.
func (b *Board) Drills() []*Drill {
	b.mu.RLock()
	out := slices.Collect(maps.Values(b.drills))
	b.mu.RUnlock()
	out = slices.DeleteFunc(out, func(x *Drill) bool { return x.Kind != DrillExercise })
	slices.SortFunc(out, func(x, y *Drill) int {
		return cmp.Or(y.StartedAt.Compare(x.StartedAt), cmp.Compare(x.ID, y.ID))
	})
	return out
}

// runningDrills are the exercises that go on.
func (b *Board) runningDrills() []*Drill {
	return slices.DeleteFunc(b.Drills(), func(x *Drill) bool { return x.State != DrillRunning })
}

// DrillAlert is a running drill as it goes to partners; false for anything else.
func (b *Board) DrillAlert(id string) (*alerts.Alert, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	x := b.drills[id]
	if x == nil || x.State != DrillRunning {
		return nil, false
	}
	return b.released[id], true
}

// isDrill tells whether what goes by an id is a drill.
func (b *Board) isDrill(id string) bool {
	_, ok := b.Drill(id)
	return ok
}
