package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// practise starts an exercise a little before the story ends and leaves it
// running: most organisations have answered, some only have it, and the one
// whose key and person one may try has not looked yet.
func (t *teller) practise(ctx context.Context) error {
	begin := t.now.Add(-25 * time.Minute)
	if last := t.Clock.Now(); last.After(begin) {
		begin = last
	}
	t.Clock.stop(begin)
	v, err := t.Desk.StartDrill(ctx, t.staff.jelena, partners.NewDrill{
		All: true, Level: alerts.LevelPartner, Severity: "severe",
		Note: map[string]string{"sr-Latn": "Vežba pred školski raspust.", "en": "Exercise before the school holidays."},
	}, alerts.Request{})
	if err != nil {
		return fmt.Errorf("drill: %w", err)
	}
	for i, body := range t.bodies {
		d := newDice("drill" + body.name)
		if i == 0 || body.state == "suspended" || d.chance(0.2) {
			continue
		}
		// Somebody looks, and answers some time later.
		gap := t.now.Sub(begin)
		t.Clock.stop(begin.Add(gap * time.Duration(i+1) / time.Duration(len(t.bodies)+2)))
		act := partners.Act{Channel: "console"}
		if _, err := t.Desk.Opened(ctx, body.actor(), v.ID, act, alerts.Request{}); err != nil {
			return fmt.Errorf("drill of %s: %w", body.name, err)
		}
		if d.chance(0.3) {
			continue
		}
		act.Answer = pick(d, []partners.DeliveryState{partners.DeliveryAccepted, partners.DeliveryAccepted, partners.DeliveryDeclined})
		if _, err := t.Desk.Answer(ctx, body.actor(), v.ID, act, alerts.Request{}); err != nil {
			return fmt.Errorf("drill of %s: %w", body.name, err)
		}
	}
	return nil
}
