package partners

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// Asker posts a body to another installation and returns what it answered.
type Asker func(ctx context.Context, url, token string, body []byte) (status int, answer []byte, err error)

// AskWith gives the desk what it asks other installations with. It is called
// before the desk is in use; without it nothing is asked.
func (d *Desk) AskWith(ask Asker) { d.ask = ask }

// The reasons for which an asking came to nothing.
const (
	compareUnknown = "unknown"   // the other side answers as to a stranger
	compareTooMany = "too_many"  // more than was agreed on
	compareSilent  = "no_answer" // no connection, or no answer that can be read
)

// askingLease is how long a node has for asking before another may.
const askingLease = 5 * time.Minute

// CompareNow asks the other installation which of our children it holds too.
// What came of it stands in the view, also when it came to nothing.
func (d *Desk) CompareNow(ctx context.Context, a alerts.Actor, partnerID string, r alerts.Request) (ComparisonView, error) {
	c, ok := d.board.ComparisonWith(partnerID)
	if !ok {
		return ComparisonView{}, missing("comparison with " + partnerID)
	}
	claimed, err := d.claimComparison(ctx, a, "compare.run", c.ID, r, true)
	if err != nil {
		return ComparisonView{}, err
	}
	if claimed != nil {
		if err := d.compareWith(ctx, claimed, a.ID); err != nil {
			return ComparisonView{}, err
		}
	}
	return d.Comparison(ctx, a, partnerID)
}

// CompareDue asks every installation that is due, and whether the other sides
// have agreed where we have. Any node may call it again and again: each asking
// is claimed in a change first.
func (d *Desk) CompareDue(ctx context.Context) error {
	if d.ask == nil {
		return nil
	}
	var failures []error
	for _, c := range d.board.Comparisons() {
		if !c.due(d.Now()) {
			continue
		}
		claimed, err := d.claimComparison(ctx, alerts.System(), "compare.claim", c.ID, alerts.Request{}, false)
		if err == nil && claimed != nil {
			err = d.compareWith(ctx, claimed, alerts.System().ID)
		}
		failures = append(failures, err)
	}
	for _, m := range d.board.Matches() {
		if m.due(d.Now()) {
			failures = append(failures, d.askAgreed(ctx, m.ID))
		}
	}
	return errors.Join(failures...)
}

func (c *Comparison) due(now time.Time) bool {
	return c.State == ComparisonOn && c.URL != "" && !now.Before(c.NextAt) && !now.Before(c.ClaimedUntil) && now.Before(c.Until)
}

func (m *Match) due(now time.Time) bool {
	return m.State == MatchAgreed && !now.Before(m.NextAt) && !now.Before(m.ClaimedUntil)
}

// claimComparison claims one asking for this node; nil when it is not its time.
// A person may ask before its time, and is told why not.
func (d *Desk) claimComparison(ctx context.Context, a alerts.Actor, act, id string, r alerts.Request, person bool) (*Comparison, error) {
	var claimed *Comparison
	_, err := d.Do(ctx, a, act, r, func(v *journal.View) (journal.Outcome, error) {
		claimed = nil
		old, err := journal.Load[*Comparison](v, "comparisons", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		p, err := journal.Load[*Partner](v, "partners", old.PartnerID)
		if err != nil {
			return journal.Outcome{}, err
		}
		why := ""
		switch {
		case !old.inForce(p, v.Now):
			why = "Comparing is not switched on now."
		case d.ask == nil:
			why = "This is a demonstration: no other installation is asked."
		case old.URL == "":
			why = "No address of the other installation is known: only it can ask."
		case v.Now.Before(old.ClaimedUntil):
			why = "The other installation is being asked just now."
		case old.tooMuch(false, 1, d.compare, v.Now):
			why = "This is more than was agreed on. Wait for an hour."
		}
		if why != "" && person {
			return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "%s", why)
		}
		if why != "" || !person && !old.due(v.Now) {
			return journal.Outcome{}, nil
		}
		next := *old
		next.ClaimedUntil = v.Now.Add(askingLease)
		claimed = &next
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return claimed, err
}

// compareWith asks in parts and writes down what came of it, also when the
// server is stopping.
func (d *Desk) compareWith(ctx context.Context, c *Comparison, by string) error {
	key, _, ok := compareKeys(c.Secret)
	if !ok {
		return d.recordComparison(ctx, c.ID, CompareRun{By: by}, nil, compareUnknown)
	}
	children := d.askingOf(key)
	run, met, failure := CompareRun{By: by}, map[string]bool{}, ""
	for _, part := range parts(children, d.compare) {
		var answer CompareAnswer
		if failure = d.post(ctx, c, "/compare", CompareRequest{part}, &answer); failure != "" {
			break
		}
		run.Sent += len(part)
		for _, h := range answer.Held {
			met[h] = true
		}
	}
	var found []held
	for _, h := range children {
		one := held{caseID: h.caseID, childID: h.childID, yearOnly: h.yearOnly}
		for _, hash := range h.hashes {
			if met[hash] {
				one.hashes = append(one.hashes, hash)
			}
		}
		if len(one.hashes) > 0 { // what we did not send cannot have met
			run.Met += len(one.hashes)
			found = append(found, one)
		}
	}
	return d.recordComparison(ctx, c.ID, run, found, failure)
}

// parts cuts the hashes of all children into requests, no more than a day's.
func parts(children []held, l CompareLimits) [][]string {
	var all []string
	for _, h := range children {
		all = append(all, h.hashes...)
	}
	all = all[:min(len(all), l.HashesDay/2)]
	var out [][]string
	for len(all) > 0 {
		n := min(len(all), l.HashesRequest)
		out, all = append(out, all[:n]), all[n:]
	}
	return out
}

// post asks the other side and reads its answer; it returns why that came to
// nothing.
func (d *Desk) post(ctx context.Context, c *Comparison, path string, body, into any) string {
	_, token, _ := compareKeys(c.Secret)
	raw, err := json.Marshal(body)
	if err != nil || d.ask == nil {
		return compareSilent
	}
	status, answer, err := d.ask(ctx, strings.TrimRight(c.URL, "/")+"/api/v1"+path, token, raw)
	switch {
	case err != nil:
		return compareSilent
	case status == http.StatusTooManyRequests:
		return compareTooMany
	case status == http.StatusNotFound:
		return compareUnknown
	case status != http.StatusOK || json.Unmarshal(answer, into) != nil:
		return compareSilent
	}
	return ""
}

// recordTime is how long writing an outcome down may take.
const recordTime = 10 * time.Second

func (d *Desk) recordComparison(ctx context.Context, id string, run CompareRun, found []held, failure string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	_, err := d.Do(ctx, alerts.System(), "compare.record", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := journal.Load[*Comparison](v, "comparisons", id)
		if err != nil || old.State != ComparisonOn {
			return journal.Outcome{}, err // ended meanwhile: nothing of it is kept
		}
		run.At = v.Now
		next := old.ran(run, d.compare)
		next.ClaimedUntil, next.NextAt, next.Failure, next.FailedAt = time.Time{}, v.Now.Add(d.compare.Every), failure, time.Time{}
		if failure != "" {
			next.FailedAt, next.NextAt = v.Now, v.Now.Add(d.compare.Retry)
		}
		matches, err := d.matchRule(v, next, found)
		return journal.Outcome{Documents: append(matches, next)}, err
	})
	return err
}

// askAgreed asks the other side whether its people have agreed too, and only
// then sends our contact, which theirs answers.
func (d *Desk) askAgreed(ctx context.Context, id string) error {
	m, c, err := d.claimMatch(ctx, id)
	if err != nil || m == nil {
		return err
	}
	hashes := m.Hashes[:min(len(m.Hashes), mostMatchHashes)]
	var answer AgreedAnswer
	if d.post(ctx, c, "/compare/agreed", AgreedRequest{Match: hashes}, &answer) == "" && answer.Both {
		ours := m.Ours
		answer = AgreedAnswer{}
		d.post(ctx, c, "/compare/agreed", AgreedRequest{Match: hashes, Contact: &ours}, &answer)
	}
	theirs := answer.Contact
	if theirs != nil {
		check := newChecker(d.Now(), time.UTC)
		if theirs.check("", check); check.Err() != nil {
			theirs = nil
		}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	_, err = d.Do(ctx, alerts.System(), "compare.record", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		old, err := optional[*Match](v, "matches", id)
		if err != nil || old == nil || old.State != MatchAgreed {
			return journal.Outcome{}, err
		}
		if theirs != nil {
			return journal.Outcome{Documents: []journal.Document{old.exchanged(*theirs, v.Now)}}, nil
		}
		next := *old
		next.ClaimedUntil, next.NextAt = time.Time{}, v.Now.Add(d.compare.Exchange)
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return err
}

// claimMatch claims one asking about a match; nil when it is not its time, or
// only the other side can ask.
func (d *Desk) claimMatch(ctx context.Context, id string) (*Match, *Comparison, error) {
	m, ok := d.board.Match(id)
	if !ok {
		return nil, nil, nil
	}
	c, _ := d.board.Comparison(m.ComparisonID)
	p, _ := d.board.Partner(m.PartnerID)
	if !c.inForce(p, d.Now()) || c.URL == "" || d.ask == nil || !d.matchStands(m) {
		return nil, nil, nil
	}
	var claimed *Match
	_, err := d.Do(ctx, alerts.System(), "compare.claim", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		claimed = nil
		old, err := optional[*Match](v, "matches", id)
		if err != nil || old == nil || !old.due(v.Now) {
			return journal.Outcome{}, err
		}
		next := *old
		next.ClaimedUntil = v.Now.Add(askingLease)
		claimed = &next
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	return claimed, c, err
}
