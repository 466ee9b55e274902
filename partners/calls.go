package partners

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// CallTask asks somebody of the desk to telephone a partner that keeps silent,
// or to take the matter over. It says nothing of the child.
type CallTask struct {
	AlertID     string       `json:"alert_id"`
	CaseNumber  string       `json:"case_number"`
	Level       alerts.Level `json:"level"`
	Severity    string       `json:"severity"`
	Countries   []string     `json:"countries"`
	PartnerID   string       `json:"partner_id"`
	PartnerName string       `json:"partner_name"`
	// Drill marks a task of an exercise.
	Drill bool `json:"drill,omitempty"`
	// Number is the step's, Channel call or coordinator.
	Number  int    `json:"number"`
	Channel string `json:"channel"`
	// Person, Phone and Languages are of whom to call; for the coordinator,
	// who was tried before stands in the ledger.
	Person    string   `json:"person,omitempty"`
	Phone     string   `json:"phone,omitempty"`
	Languages []string `json:"languages"`
	// Released is since when the partner could know, Due since when to call.
	Released time.Time `json:"released_at"`
	Due      time.Time `json:"due_at"`
}

// CallResult is what came of a call: reached, no_answer or left_message; for the
// coordinator's own tasks reached, or signed_off with a note that says why.
type CallResult struct {
	Result TryState `json:"result"`
	Note   string   `json:"note,omitempty"`
}

// Calls returns the call tasks of all alerts that the actor may see, urgent ones
// first, then by how long they have been due.
func (d *Desk) Calls(a alerts.Actor) ([]CallTask, error) {
	if !d.Matrix.Can(a.Role, "delivery.call") {
		return nil, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	out := []CallTask{}
	for _, l := range d.ladders(a) {
		for i := range l.d.Tries {
			if t := &l.d.Tries[i]; t.State == TryOpen && !t.sends() && l.needed(t) {
				out = append(out, d.callTask(l, t, i+1))
			}
		}
	}
	slices.SortFunc(out, func(x, y CallTask) int {
		return cmp.Or(cmp.Compare(slices.Index(severities(), x.Severity), slices.Index(severities(), y.Severity)), x.Due.Compare(y.Due), strings.Compare(x.PartnerName, y.PartnerName))
	})
	return out, nil
}

func (d *Desk) callTask(l *ladder, t *Try, number int) CallTask {
	c := CallTask{
		AlertID: l.told.ID, CaseNumber: l.alert.CaseNumber, Level: l.level, Severity: l.alert.Current().Severity, Countries: notNil(d.countries(l)),
		PartnerID: l.partner, PartnerName: l.who.Name, Drill: l.drill, Number: number, Channel: t.Channel, Languages: notNil(l.who.Languages),
		Released: l.started, Due: t.Due,
	}
	if q, ok := l.who.person(t.Person); ok {
		c.Person, c.Phone = q.Name, q.Phone
		if len(q.Languages) > 0 {
			c.Languages = slices.Clone(q.Languages)
		}
	}
	return c
}

// visibleLedger refuses who may not see what became of an alert or a drill.
func (d *Desk) visibleLedger(a alerts.Actor, id string) error {
	if d.isExercise(id) && d.readsDrills(a) {
		return nil
	}
	_, err := d.VisibleAlert(a, id)
	return err
}

// ladders are the silence clocks of the live alerts and drills that an actor may
// see, and that have somebody to wait for.
func (d *Desk) ladders(a alerts.Actor) []*ladder {
	var out []*ladder
	now := d.Now()
	for _, al := range d.board.liveAlerts() {
		if _, err := d.VisibleAlert(a, al.ID); err != nil {
			continue
		}
		out = append(out, d.board.laddersOf(al.ID, now)...)
	}
	if d.readsDrills(a) {
		for _, x := range d.board.runningDrills() {
			out = append(out, d.board.laddersOf(x.ID, now)...)
		}
	}
	return out
}

// laddersOf are the clocks of one alert, by partner.
func (b *Board) laddersOf(alertID string, now time.Time) []*ladder {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []*ladder
	if t := b.told[alertID]; t != nil {
		for partner := range t.places {
			if l := b.ladder(alertID, partner, now); l != nil && l.who != nil {
				out = append(out, l)
			}
		}
	}
	slices.SortFunc(out, func(x, y *ladder) int {
		return cmp.Or(strings.Compare(x.who.Name, y.who.Name), strings.Compare(x.partner, y.partner))
	})
	return out
}

// AnswerCall notes what came of a call task: it is a step of the ledger, and the
// clock goes on from there. A repeat is answered like the first time.
func (d *Desk) AnswerCall(ctx context.Context, a alerts.Actor, alertID, partnerID string, number int, in CallResult, r alerts.Request) (DeliveryView, error) {
	if err := d.visibleLedger(a, alertID); err != nil {
		return DeliveryView{}, err
	}
	_, err := d.Do(ctx, a, "delivery.call", r, func(v *journal.View) (journal.Outcome, error) {
		if err := alerts.StandingRule(v, a); err != nil {
			return journal.Outcome{}, err
		}
		old, err := journal.Load[*Delivery](v, "deliveries", deliveryID(alertID, partnerID))
		if err != nil {
			return journal.Outcome{}, err
		}
		next, err := callRule(old, number, in, a.Name, v.Now)
		if err != nil || next == nil {
			return journal.Outcome{}, err
		}
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	if err != nil {
		return DeliveryView{}, err
	}
	return d.delivery(partnerID, alertID)
}

func callRule(old *Delivery, number int, in CallResult, by string, now time.Time) (*Delivery, error) {
	if number < 1 || number > len(old.Tries) || old.Tries[number-1].sends() {
		return nil, missing("call task")
	}
	var f alerts.Fields
	in.Note = line(&f, "note", in.Note)
	results := []TryState{TryReached, TryNoAnswer, TryMessage}
	if old.Tries[number-1].Channel == ChannelCoordinator {
		// It stays on the list until the partner was reached or somebody decides.
		results = []TryState{TryReached, TrySignedOff}
	}
	if !slices.Contains(results, in.Result) {
		f.Add("result", "unknown_value", "Of a call the result is reached, no_answer or left_message; of what is the coordinator's reached or signed_off.")
	}
	if in.Result == TrySignedOff && in.Note == "" {
		f.Add("note", "required", "Say why nothing more is to be tried.")
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	d := *old
	d.Tries = slices.Clone(d.Tries)
	switch t := &d.Tries[number-1]; {
	case t.State == in.Result && t.Note == in.Note:
		return nil, nil
	case t.State != TryOpen:
		return nil, alerts.Errorf(alerts.Conflict, "Somebody else has done this already, or it is not needed any more.")
	default:
		t.State, t.Note, t.By, t.Ended = in.Result, in.Note, by, now
	}
	return &d, nil
}
