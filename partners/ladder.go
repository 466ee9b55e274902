package partners

import (
	"slices"
	"time"

	"homeward/alerts"
)

// ladder is the silence clock of one delivery as it stands at an instant: what
// has been tried, what is to be tried next, and when. It is a plain value; the
// same values give the same steps on every node.
type ladder struct {
	*answering
	d       *Delivery
	who     *Partner
	policy  SilencePolicy
	level   alerts.Level
	started time.Time
	now     time.Time
	// drill marks the clock of an exercise.
	drill bool
}

// want is a step that is to be taken: a message or a task.
type want struct {
	kind, channel, person string
	due                   time.Time
	// held says why it is later than the policy says.
	held string
}

// climb puts a delivery on its ladder. The organisation is nil once it has been
// forgotten: then nothing is tried.
func climb(s *answering, p *Partner, defaults []SilencePolicy, now time.Time) *ladder {
	l := &ladder{answering: s, d: s.begin(), who: p, now: now, started: s.place.since}
	severity := ""
	if s.alert != nil && s.alert.Current() != nil {
		r := s.alert.Current()
		severity, l.level = r.Severity, r.Level
		if r.Number > s.place.from && r.Sent.After(l.started) {
			l.started = r.Sent
		}
	}
	l.policy = policyFor(defaults, p, severity)
	return l
}

// heard tells whether somebody of the organisation has opened or answered the
// newest revision. What a machine reports is no sign of a person.
func (l *ladder) heard() bool {
	human := []DeliveryState{DeliveryOpened, DeliveryAccepted, DeliveryDeclined, DeliveryQuestion, DeliveryDone}
	return slices.ContainsFunc(l.d.Steps, func(s Step) bool {
		return s.Revision >= l.newest() && slices.Contains(human, s.State) && !s.At.Before(l.place.since)
	})
}

// wants are the steps that come next, those of the future among them.
func (l *ladder) wants() []want {
	if l.who == nil {
		return nil
	}
	if l.withdrawn() {
		return l.withdrawals()
	}
	var out []want
	if w, ok := l.webhook(); ok {
		out = append(out, w)
	}
	if w, ok := l.rung(); ok {
		out = append(out, w)
	}
	return out
}

// tries are those of the newest revision, since the organisation was addressed
// last.
func (l *ladder) tries() []Try {
	return slices.DeleteFunc(l.d.of(KindAlert, l.place.times), func(t Try) bool { return t.Revision != l.newest() })
}

// webhook is the message to the organisation's program. With no minutes to wait
// it goes with every release, as a feed does.
func (l *ladder) webhook() (want, bool) {
	w := l.who.Webhook
	if !w.works() || !w.takes(l.level) || tried(l.tries(), ChannelWebhook, "") || l.policy.Webhook > 0 && l.heard() {
		return want{}, false
	}
	return want{kind: KindAlert, channel: ChannelWebhook, due: l.started.Add(minutes(l.policy.Webhook))}, true
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// rung is the next step towards a person.
func (l *ladder) rung() (want, bool) {
	if l.heard() {
		return want{}, false
	}
	done := slices.DeleteFunc(l.tries(), func(t Try) bool { return t.Channel == ChannelWebhook })
	if tried(done, ChannelCoordinator, "") {
		return want{}, false
	}
	w, ok := l.person(done, l.now)
	if ok && w.due.After(l.now) {
		w, ok = l.person(done, w.due) // others may be on duty by then
	}
	if !ok {
		w = want{channel: ChannelCoordinator, due: l.after(done, l.policy.Coordinator)}
	}
	w.kind = KindAlert
	return w, true
}

// person is the next step towards somebody who is on duty at an instant; false
// when everybody has been tried.
func (l *ladder) person(done []Try, at time.Time) (want, bool) {
	for _, q := range l.people(at) {
		for _, channel := range q.channels() {
			if tried(done, channel, q.ID) {
				continue
			}
			w := want{channel: channel, person: q.ID, due: l.after(done, l.wait(done, channel, q.ID))}
			if free := l.free(w.due, at); free.After(w.due) {
				w.due, w.held = free, "off_duty"
			}
			return w, true
		}
	}
	return want{}, false
}

// people are those to be tried at an instant: who is on duty, or will be next.
// When nobody ever is, or nobody is and the alert is urgent, everybody is.
func (l *ladder) people(at time.Time) []Person {
	people, _ := l.who.onDuty(at)
	if len(people) > 0 {
		return people
	}
	if next := l.who.nextDuty(at); !l.policy.Urgent && !next.IsZero() {
		people, _ = l.who.onDuty(next)
		return people
	}
	return l.who.named()
}

// free is when a step that is due may be taken: what is not urgent waits until
// somebody is on duty, both when it fell due and when it is taken.
func (l *ladder) free(due, at time.Time) time.Time {
	if l.policy.Urgent {
		return due
	}
	if next := l.who.nextDuty(due); !next.IsZero() {
		due = next
	}
	if next := l.who.nextDuty(at); next.After(at) && !due.After(at) {
		due = next
	}
	return due
}

// wait is how many minutes a step comes after the one before.
func (l *ladder) wait(done []Try, channel, person string) int {
	if len(done) > 0 && done[len(done)-1].Person != person {
		return l.policy.NextPerson
	}
	if channel == ChannelEmail {
		return l.policy.Email
	}
	return l.policy.Call
}

// after is some minutes after the last step, counted from when that was due, so
// that what falls due while no server runs is not put off. Who could not be
// reached is not waited for; who was reached gets time to answer.
func (l *ladder) after(done []Try, wait int) time.Time {
	base := l.started
	if t := l.d.of(KindAlert, l.place.times); l.policy.Webhook > 0 && tried(t, ChannelWebhook, "") {
		base = l.started.Add(minutes(l.policy.Webhook))
	}
	if len(done) == 0 {
		return base.Add(minutes(wait))
	}
	last := done[len(done)-1]
	due := last.Due.Add(minutes(wait))
	switch last.State {
	case TryFailed, TryNoAnswer:
		if last.Ended.Before(due) {
			due = last.Ended
		}
	case TryReached:
		due = last.Ended.Add(minutes(l.policy.Reached))
	}
	return due
}

// withdrawals are owed over every channel by which the alert may have got
// there. One that is being sent at this moment is waited for, so that the
// withdrawal comes after it.
func (l *ladder) withdrawals() []want {
	if l.d.State == DeliveryRemoved {
		return nil
	}
	var out []want
	sent, told := append(l.d.of(KindAlert, l.place.times), l.d.of(KindHandover, l.place.times)...), l.d.of(KindWithdrawal, l.place.times)
	since := withdrawnAt(l.told, l.alert, l.place)
	for _, t := range sent {
		if !t.sends() || !t.left() || tried(told, t.Channel, t.Person) || t.Channel == ChannelWebhook && !l.who.Webhook.works() {
			continue
		}
		w := want{kind: KindWithdrawal, channel: t.Channel, person: t.Person, due: since}
		for _, other := range sent {
			if free := other.freeAt(); other.Channel == t.Channel && other.Person == t.Person && other.inFlight(l.now) && free.After(w.due) {
				w.due = free
			}
		}
		if !slices.ContainsFunc(out, func(o want) bool { return o.channel == w.channel && o.person == w.person }) {
			out = append(out, w)
		}
	}
	return out
}

// needed tells whether an open try is still to be carried out.
func (l *ladder) needed(t *Try) bool {
	switch {
	case l.who == nil || t.Times != l.place.times:
		return false
	case t.Kind == KindDuty:
		return l.dutyWaits(t)
	case t.Channel == ChannelWebhook && !l.who.Webhook.works(), t.Channel == ChannelEmail && !l.reads(t.Person):
		return false
	case t.Kind == KindWithdrawal:
		return l.withdrawn() && l.d.State != DeliveryRemoved
	case t.Kind == KindHandover:
		return l.handedOn(t)
	case l.withdrawn() || t.Revision != l.newest():
		return false
	case t.Channel == ChannelWebhook:
		return l.who.Webhook.takes(l.level)
	}
	return !l.heard()
}

// reads tells whether a person still is one of the organisation's, with an
// address.
func (l *ladder) reads(person string) bool {
	q, ok := l.who.person(person)
	return ok && q.Email != ""
}

// due is when the next step of any sort is to be taken; false when none is. It
// is never later than the true time, and may be too early: then nothing is
// taken.
func (l *ladder) due() (time.Time, bool) {
	var at time.Time
	found := false
	sooner := func(t time.Time) {
		if !found || t.Before(at) {
			at, found = t, true
		}
	}
	for _, w := range l.wants() {
		sooner(w.due)
		if w.person != "" && w.due.After(l.now) {
			// Who is on duty may change before.
			if _, change := l.who.onDuty(l.now); !change.IsZero() {
				sooner(change)
			}
		}
	}
	for i := range l.d.Tries {
		switch t := &l.d.Tries[i]; {
		case t.State != TryOpen:
		case t.inFlight(l.now):
			sooner(t.freeAt())
		case !l.needed(t):
			sooner(l.now)
		case t.sends():
			sooner(t.NextAt)
		}
	}
	return at, found
}
