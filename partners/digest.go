package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// Digest says how one person's daily e-mail stands; its id is the account's. It
// holds the last day only.
type Digest struct {
	journal.Head `bson:",inline"`
	Day          string      `bson:"day" class:"P10"` // YYYY-MM-DD
	State        DigestState `bson:"state" class:"P10"`
	Tries        int         `bson:"tries" class:"P10"`
	// ClaimedUntil is how long the node that claimed it has for sending it;
	// NextTry when a failure may be tried again, zero for not any more.
	ClaimedUntil time.Time `bson:"claimed_until,omitempty" class:"P10"`
	NextTry      time.Time `bson:"next_try,omitempty" class:"P10"`
	SentAt       time.Time `bson:"sent_at,omitempty" class:"P10"`
	// Failure is what the sender said, without addresses.
	Failure string `bson:"failure,omitempty" class:"P10"`
}

// DigestState is how far a daily e-mail has come.
type DigestState string

// The states of a daily e-mail.
const (
	DigestClaimed DigestState = "claimed"
	DigestSent    DigestState = "sent"
	DigestNothing DigestState = "nothing" // nothing was due, so nothing was sent
	DigestFailed  DigestState = "failed"
)

// Collection is "digests".
func (*Digest) Collection() string { return "digests" }

// Unit is empty: nothing in it is sealed.
func (*Digest) Unit(string) string { return "" }

// digestLease is how long a node has for one message before another may try.
const digestLease = 5 * time.Minute

// digestWaits are the pauses between tries.
func digestWaits() []time.Duration {
	return []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
}

// digestRule returns the claim of a person's e-mail of today, or nil when it is
// not its time, or somebody has it, or it is done.
func digestRule(acc *alerts.Account, was *Digest, now time.Time, zone *time.Location) *Digest {
	local := now.In(zone)
	at, err := time.ParseInLocation("2006-01-02 15:04", local.Format("2006-01-02 ")+acc.Digest, zone)
	if err != nil || acc.Digest == "" || local.Before(at) {
		return nil
	}
	next := Digest{Head: journal.Head{ID: acc.ID}}
	if was != nil {
		next.Head = was.Head
	}
	next.Day, next.State, next.Tries, next.ClaimedUntil = local.Format("2006-01-02"), DigestClaimed, 1, now.Add(digestLease)
	if was == nil || was.Day < next.Day {
		return &next
	}
	next.Tries = was.Tries + 1
	switch {
	case was.Day > next.Day: // the clock was set back
		return nil
	case was.State == DigestClaimed && !now.Before(was.ClaimedUntil):
		return &next
	case was.State == DigestFailed && !was.NextTry.IsZero() && !now.Before(was.NextTry):
		return &next
	}
	return nil
}

// DigestsDue returns the accounts whose daily e-mail is to be sent now.
func (d *Desk) DigestsDue(now time.Time) []*alerts.Account {
	_, zone, err := d.board.rules()
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(d.DigestReaders(), func(acc *alerts.Account) bool {
		was, _ := d.board.Digest(acc.ID)
		return digestRule(acc, was, now, zone) == nil
	})
}

// ClaimDigest claims the e-mail of today of one person for this node. It is
// false when another node has it, or it is done.
func (d *Desk) ClaimDigest(ctx context.Context, account string) (*Digest, bool, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return nil, false, err
	}
	var claimed *Digest
	_, err = d.Do(ctx, alerts.System(), "digest.claim", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		claimed = nil
		acc, err := journal.Load[*alerts.Account](v, "accounts", account)
		if err != nil || !acc.DisabledAt.IsZero() {
			return journal.Outcome{}, err
		}
		was, err := optional[*Digest](v, "digests", account)
		if err != nil {
			return journal.Outcome{}, err
		}
		next := digestRule(acc, was, v.Now, zone)
		if next == nil {
			return journal.Outcome{}, nil
		}
		claimed = next
		return journal.Outcome{Documents: []journal.Document{next}}, nil
	})
	return claimed, err == nil && claimed != nil, err
}

// RecordDigest notes how a claimed e-mail ended: sent, nothing to send, or
// failed, with whether another try can help.
func (d *Desk) RecordDigest(ctx context.Context, claim *Digest, state DigestState, failure string, again bool) error {
	_, err := d.Do(ctx, alerts.System(), "digest.record", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		was, err := journal.Load[*Digest](v, "digests", claim.ID)
		if err != nil || was.Day != claim.Day || was.State == DigestSent {
			return journal.Outcome{}, err
		}
		next := *was
		next.State, next.Failure, next.ClaimedUntil, next.NextTry = state, failure, time.Time{}, time.Time{}
		waits := digestWaits()
		switch {
		case state == DigestSent:
			next.SentAt = v.Now
		case state == DigestFailed && again && claim.Tries <= len(waits):
			next.NextTry = v.Now.Add(waits[claim.Tries-1])
		}
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return err
}

// MessageID is the id of a daily e-mail, the same for every try; domain is the
// installation's.
func (d *Digest) MessageID(domain string) string {
	return fmt.Sprintf("digest.%s.%s@%s", d.Day, d.ID, domain)
}

// Agenda is what one person looks after that is overdue, due today, or due in
// the next seven days, soonest first.
type Agenda struct {
	Overdue, Today, Soon []DeadlineItem
}

// Empty tells whether nothing is due.
func (a *Agenda) Empty() bool { return len(a.Overdue)+len(a.Today)+len(a.Soon) == 0 }

// Agenda returns what the actor looks after; of a lawyer everything on the
// matters that they are named on.
func (d *Desk) Agenda(ctx context.Context, a alerts.Actor) (Agenda, error) {
	items, err := d.OwnDeadlines(ctx, a, "agenda")
	if err != nil {
		return Agenda{}, err
	}
	var out Agenda
	for _, it := range items {
		switch {
		case it.State == string(abduction.Overdue):
			out.Overdue = append(out.Overdue, it)
		case it.DaysLeft == nil || *it.DaysLeft > 7:
		case *it.DaysLeft <= 0:
			out.Today = append(out.Today, it)
		default:
			out.Soon = append(out.Soon, it)
		}
	}
	return out, nil
}

// OwnDeadlines returns the deadlines that the actor looks after, soonest first,
// for a use that read records name.
func (d *Desk) OwnDeadlines(ctx context.Context, a alerts.Actor, use string) ([]DeadlineItem, error) {
	g, err := d.gather(a, "")
	if err != nil {
		return nil, err
	}
	own := slices.DeleteFunc(g.items, func(it DeadlineItem) bool {
		return it.Person != a.ID && a.Role != alerts.RoleLegal
	})
	if len(own) == 0 {
		return nil, nil
	}
	if len(g.classes) > 0 {
		if err := d.Reads.Record(ctx, a, "deadlines/"+use, g.classes...); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(own, func(x, y DeadlineItem) int { return slices.Compare(x.place(), y.place()) })
	return own, nil
}

// DigestView is how one person's daily e-mail stands, for administrators.
type DigestView struct {
	AccountID string      `json:"account_id"`
	Name      string      `json:"name"`
	At        string      `json:"at"`
	Day       string      `json:"day,omitempty"`
	State     DigestState `json:"state,omitempty"`
	Tries     int         `json:"tries,omitempty"`
	NextTry   time.Time   `json:"next_try,omitzero"`
	SentAt    time.Time   `json:"sent_at,omitzero"`
	Failure   string      `json:"failure,omitempty"`
}

// Digests returns how everybody's daily e-mail stands, for who may see accounts:
// those that failed first.
func (d *Desk) Digests(a alerts.Actor) ([]DigestView, error) {
	if _, err := d.Accounts(a); err != nil {
		return nil, err
	}
	out := []DigestView{}
	for _, acc := range d.DigestReaders() {
		v := DigestView{AccountID: acc.ID, Name: acc.Name, At: acc.Digest}
		if g, ok := d.board.Digest(acc.ID); ok {
			v.Day, v.State, v.Tries, v.NextTry, v.SentAt, v.Failure = g.Day, g.State, g.Tries, g.NextTry, g.SentAt, g.Failure
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(x, y DigestView) int {
		return boolOrder(x.State == DigestFailed) - boolOrder(y.State == DigestFailed)
	})
	return out, nil
}

// boolOrder puts what is true first.
func boolOrder(first bool) int {
	if first {
		return 0
	}
	return 1
}
