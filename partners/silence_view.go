package partners

import (
	"cmp"
	"slices"
	"time"

	"homeward/alerts"
)

// NextTry is what the silence clock does next.
type NextTry struct {
	Channel string    `json:"channel"`
	Person  string    `json:"person,omitempty"`
	At      time.Time `json:"at"`
	// Held says why it is later than the policy says: off_duty.
	Held string `json:"held,omitempty"`
}

// PlaceView is one way by which a version of an alert went to a partner.
type PlaceView struct {
	Channel  string    `json:"channel"`
	Person   string    `json:"person,omitempty"`
	Revision int       `json:"revision"`
	At       time.Time `json:"at"`
	// Withdrawn is when the withdrawal went the same way, null when it has not.
	Withdrawn *time.Time `json:"withdrawn"`
}

// climbed adds to a line what its silence clock did and does next.
func (v *DeliveryView) climbed(l *ladder) {
	if l == nil {
		return
	}
	for i := range l.d.Tries {
		v.Steps = append(v.Steps, l.stepsOf(&l.d.Tries[i])...)
	}
	slices.SortStableFunc(v.Steps, func(x, y StepView) int { return x.At.Compare(y.At) })
	v.Places = l.places()
	if v.Next = l.nextTry(); v.Next != nil && v.Next.Held != "" {
		v.Because, v.Until = v.Next.Held, timeOf(v.Next.At)
	}
}

// stepsOf are the lines that a try makes in the ledger: a task when it was
// given and what came of it, a message when it went.
func (l *ladder) stepsOf(t *Try) []StepView {
	one := StepView{
		At: t.At, Channel: t.Channel, State: DeliveryState(t.State), Revision: t.Revision, By: cmp.Or(t.By, l.nameOf(t.Person)),
		Note: t.Note, Attempts: t.Attempts, Held: t.Held,
	}
	if !t.Ended.IsZero() {
		one.At = t.Ended
	}
	switch {
	case t.Kind == KindWithdrawal, t.Kind == KindHandover, t.Kind == KindDuty:
		one.State = DeliveryState(t.Kind+"_") + one.State
	case t.Channel == ChannelWebhook && t.State == TrySent:
		one.State = DeliveryReceived
	}
	if t.sends() || t.State == TryOpen || t.State == TryDropped {
		return []StepView{one}
	}
	given := StepView{At: t.At, Channel: t.Channel, State: DeliveryState(TryOpen), Revision: t.Revision, By: l.nameOf(t.Person), Held: t.Held}
	return []StepView{given, one}
}

func (l *ladder) nameOf(person string) string {
	if l.who == nil {
		return ""
	}
	q, _ := l.who.person(person)
	return q.Name
}

// places are the ways by which something may have got there: what left, and
// what somebody took.
func (l *ladder) places() []PlaceView {
	out := []PlaceView{}
	add := func(p PlaceView) {
		at := slices.IndexFunc(out, func(o PlaceView) bool { return o.Channel == p.Channel && o.Person == p.Person })
		if at < 0 {
			out = append(out, p)
		} else if p.Revision > out[at].Revision {
			out[at].Revision, out[at].At = p.Revision, p.At
		}
	}
	for _, s := range l.d.Steps {
		if s.State == DeliverySent || s.State == DeliveryReceived || s.State == DeliveryOpened {
			add(PlaceView{Channel: s.Channel, Revision: s.Revision, At: s.At})
		}
	}
	for i := range l.d.Tries {
		if t := &l.d.Tries[i]; t.sends() && t.left() && (t.Kind == KindAlert || t.Kind == KindHandover) {
			add(PlaceView{Channel: t.Channel, Person: l.nameOf(t.Person), Revision: t.Revision, At: cmp.Or(t.Ended, t.At)})
		}
	}
	for _, t := range l.d.of(KindWithdrawal, l.place.times) {
		for i := range out {
			if out[i].Channel == t.Channel && out[i].Person == l.nameOf(t.Person) && t.State == TrySent {
				out[i].Withdrawn = timeOf(t.Ended)
			}
		}
	}
	return out
}

// nextTry is the earliest step that is wanted, nil when the clock has stopped.
func (l *ladder) nextTry() *NextTry {
	if l.withdrawn() {
		return nil
	}
	var next *NextTry
	for _, w := range l.wants() {
		if next == nil || w.due.Before(next.At) {
			next = &NextTry{Channel: w.channel, Person: l.nameOf(w.person), At: w.due, Held: w.held}
		}
	}
	return next
}

// SilentView is one partner that has not answered an alert: a line of the
// coordinator's board.
type SilentView struct {
	AlertID    string       `json:"alert_id"`
	CaseNumber string       `json:"case_number"`
	Level      alerts.Level `json:"level"`
	Severity   string       `json:"severity"`
	Since      time.Time    `json:"since"`
	DeliveryView
	// Tried are the channels of the newest revision's steps so far, in order.
	Tried []StepView `json:"tried"`
	Duty  DutyView   `json:"duty"`
}

// SilenceBoard is who has not answered, and who has not confirmed removal.
type SilenceBoard struct {
	Calls  []CallTask   `json:"calls"`
	Silent []SilentView `json:"silent"`
	// Papers are posters and images of ended alerts that the desk made and nobody
	// has confirmed to be taken down.
	Papers []PaperOwed `json:"papers"`
	// Unconfirmed are ended alerts that a partner has not confirmed to have
	// removed everywhere.
	Unconfirmed []SilentView `json:"unconfirmed"`
}

// longestList bounds each list of the board.
const longestList = 500

// Silence returns the coordinator's board: everything in it is of alerts that
// the actor may see.
func (d *Desk) Silence(a alerts.Actor) (SilenceBoard, error) {
	out := SilenceBoard{Calls: []CallTask{}, Silent: []SilentView{}, Papers: []PaperOwed{}, Unconfirmed: []SilentView{}}
	if !d.Matrix.Route(a.Role, "GET /api/v1/silence") {
		return out, missing("silence board")
	}
	if d.Matrix.Can(a.Role, "delivery.call") {
		calls, err := d.Calls(a)
		if err != nil {
			return out, err
		}
		out.Calls = calls
	}
	for _, l := range d.ladders(a) {
		if !l.withdrawn() && !l.heard() && !l.signedOff() {
			out.Silent = append(out.Silent, d.silent(a, l))
		}
	}
	for _, id := range d.board.unconfirmedAlerts() {
		if _, err := d.VisibleAlert(a, id); err != nil {
			continue
		}
		for _, l := range d.board.laddersOf(id, d.Now()) {
			if l.withdrawn() && d.owes(l) {
				out.Unconfirmed = append(out.Unconfirmed, d.silent(a, l))
			}
		}
	}
	out.Papers = d.papersOwed(a)
	for _, list := range []*[]SilentView{&out.Silent, &out.Unconfirmed} {
		slices.SortStableFunc(*list, func(x, y SilentView) int {
			return cmp.Or(cmp.Compare(slices.Index(severities(), x.Severity), slices.Index(severities(), y.Severity)), x.Since.Compare(y.Since))
		})
		*list = (*list)[:min(len(*list), longestList)]
	}
	return out, nil
}

// owes tells whether a partner still has to confirm a removal.
func (d *Desk) owes(l *ladder) bool {
	it, ok := d.board.Look(l.partner, l.told.ID)
	return ok && it.Kind == KindWithdrawal
}

// signedOff tells whether a coordinator has decided that nothing more is tried.
func (l *ladder) signedOff() bool {
	return slices.ContainsFunc(l.tries(), func(t Try) bool { return t.State == TrySignedOff })
}

func (d *Desk) silent(a alerts.Actor, l *ladder) SilentView {
	v := SilentView{AlertID: l.told.ID, Level: l.level, Since: l.started, Tried: []StepView{}, Duty: l.who.DutyOf(l.now)}
	if !d.Matrix.Can(a.Role, "delivery.call") {
		v.Duty.OnDuty = []string{} // who need not call them need not know them
	}
	if l.alert != nil && l.alert.Current() != nil {
		v.CaseNumber, v.Severity = l.alert.CaseNumber, l.alert.Current().Severity
	}
	v.DeliveryView = viewAnswering(l.answering)
	v.PartnerName, v.Drill = l.who.Name, l.drill
	v.climbed(l)
	if l.withdrawn() {
		v.Since = withdrawnAt(l.told, l.alert, l.place)
	}
	for _, t := range l.tries() {
		steps := l.stepsOf(&t)
		v.Tried = append(v.Tried, steps[len(steps)-1]) // what came of it
	}
	return v
}

// unconfirmedAlerts are those that some partner has not confirmed to have
// removed.
func (b *Board) unconfirmedAlerts() []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []string
	for id, t := range b.told {
		for _, p := range t.places {
			if p.seen.kind == KindWithdrawal {
				out = append(out, id)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}
