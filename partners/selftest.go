package partners

import (
	"context"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// loopback begins the ids of internal partners: no organisation's id has a dot.
const loopback = "selftest."

// IsLoopback tells whether an id is that of an internal partner, which reads the
// server's tests of itself and is no organisation.
func IsLoopback(partner string) bool { return strings.HasPrefix(partner, loopback) }

// Loopback is the internal partner of a node.
func Loopback(node string) alerts.Actor {
	id := loopback + node
	return alerts.Actor{ID: id, Kind: alerts.KindPartner, Role: alerts.RolePartner, Name: "self-test", Partner: id, Session: id}
}

// WriteSelfTest commits the next run of a node's test of itself and returns its
// number: a drill without words to the node's internal partner, the same each
// time in a new revision. Who is told of it never changes.
func (d *Desk) WriteSelfTest(ctx context.Context, node string) (int, error) {
	run := 0
	_, err := d.Do(ctx, alerts.System(), "drill.self_test", alerts.Request{}, func(v *journal.View) (journal.Outcome, error) {
		id := loopback + node
		old, err := optional[*Drill](v, "drills", id)
		if err != nil {
			return journal.Outcome{}, err
		}
		x := &Drill{
			Head: journal.Head{ID: id}, Kind: DrillSelfTest, State: DrillRunning, Level: alerts.LevelPartner, Severity: severityUnknown,
			Sender: d.Sender, Revision: 1, StartedBy: alerts.System().ID, StartedAt: v.Now.UTC().Truncate(time.Second),
		}
		var out journal.Outcome
		if old != nil {
			next := *old
			next.Revision, next.StartedAt = old.Revision+1, x.StartedAt
			x = &next
		} else {
			out.Documents = append(out.Documents, toldOfDrill(x, Round{Revision: 1, At: v.Now, Partners: []string{id}, Why: []string{""}}))
		}
		run = x.Revision
		out.Documents = append(out.Documents, x)
		return out, nil
	})
	return run, err
}

// SelfTestTimes are how often a node tests itself, how long a run may take, and
// how long ago the last good one may be.
func (d *Desk) SelfTestTimes() (every, within, limit time.Duration) {
	return d.limits.TestEvery, d.limits.TestWithin, d.limits.TestLimit
}
