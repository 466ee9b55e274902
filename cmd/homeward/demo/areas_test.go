package demo_test

import "testing"

// showsAreas looks for an alert with a reach and one with a corridor that go on,
// and for an exercise that runs and was answered.
func (c *country) showsAreas(t *testing.T) {
	reach, corridor := 0, 0
	for _, al := range c.alerts() {
		if r := al.Current(); r != nil && !al.State.Ended() && r.Origin != nil {
			if r.Origin.Reach != nil {
				reach++
			}
			if r.Origin.Corridor != nil {
				corridor++
			}
		}
	}
	if reach == 0 || corridor == 0 {
		t.Errorf("%d alerts have a reach and %d a corridor", reach, corridor)
	}
}
