package partners

import (
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// shiftAhead is how far ahead a handover looks: a shift and a little. firstShift
// is how far back one looks when there is none before it.
const (
	shiftAhead = 12 * time.Hour
	firstShift = 24 * time.Hour
)

// shift collects what needs somebody, by case.
type shift struct {
	desk  *Desk
	actor alerts.Actor
	since time.Time
	now   time.Time
	lines map[string][]HandoverItem
}

// lastHandover is the newest handover, nil when there is none.
func (d *Desk) lastHandover() *Handover {
	all := d.board.Handovers()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// shiftOf gathers what a handover made now would say, with the classes that are
// read by it.
func (d *Desk) shiftOf(a alerts.Actor) (*shift, []alerts.Class, error) {
	g, err := d.gather(a, "")
	if err != nil {
		return nil, nil, err
	}
	s := &shift{desk: d, actor: a, now: g.now, since: g.now.Add(-firstShift), lines: map[string][]HandoverItem{}}
	if last := d.lastHandover(); last != nil {
		s.since = last.CreatedAt
	}
	for i := range g.items {
		s.deadline(&g.items[i])
	}
	for _, c := range d.openedOrEnded(a, s.since) {
		s.moved(c)
	}
	for _, c := range d.Board.Unreported() {
		if d.Sees(a, c) {
			s.add(c.ID, "unreported", time.Time{}, false)
		}
	}
	for caseID, n := range d.Board.UnreadByCase() {
		s.unread(caseID, n)
	}
	for _, al := range d.Board.LiveAlerts() {
		s.alert(al)
	}
	return s, g.classes, nil
}

// add notes one reason; reasons of one kind are counted together, and the
// earliest time stands.
func (s *shift) add(caseID, kind string, due time.Time, overdue bool) *HandoverItem {
	line := s.lines[caseID]
	i := slices.IndexFunc(line, func(h HandoverItem) bool { return h.Kind == kind })
	if i < 0 {
		line, i = append(line, HandoverItem{Kind: kind}), len(line)
	}
	s.lines[caseID] = line
	h := &line[i]
	h.Count++
	if overdue {
		h.Overdue++
	}
	if h.DueAt.IsZero() || !due.IsZero() && due.Before(h.DueAt) {
		h.DueAt = due
	}
	return h
}

// deadline takes what is overdue or comes within the next shift.
func (s *shift) deadline(it *DeadlineItem) {
	overdue := it.State == string(abduction.Overdue)
	var due time.Time
	if it.DueAt != nil {
		due = *it.DueAt
	}
	soon := !due.IsZero() && due.Before(s.now.Add(shiftAhead)) || due.IsZero() && it.DaysLeft != nil && *it.DaysLeft <= 0
	if !overdue && !soon {
		return
	}
	h := s.add(it.CaseID, string(it.Kind), due, overdue)
	if it.Kind == DeadlineCaseStep && it.N > 1 { // the line stands for several steps
		h.Count, h.Overdue = h.Count+it.N-1, h.Overdue+it.N-1
	}
}

// openedOrEnded are the cases that were opened or ended since a time, or that
// wait for a second person to confirm their end.
func (d *Desk) openedOrEnded(a alerts.Actor, since time.Time) []*alerts.Case {
	var out []*alerts.Case
	d.Board.EachCase(func(c *alerts.Case) bool {
		if c.CreatedAt.After(since) || c.Closing != nil && (c.Closing.ClosedAt.After(since) || c.Closing.ConfirmedAt.IsZero()) || c.ShiftNotesWait() {
			if d.Sees(a, c) {
				out = append(out, c)
			}
		}
		return true
	})
	return out
}

func (s *shift) moved(c *alerts.Case) {
	if c.CreatedAt.After(s.since) {
		s.add(c.ID, "opened", c.CreatedAt, false)
	}
	if k := c.Closing; k != nil && k.ClosedAt.After(s.since) {
		s.add(c.ID, "ended", k.ClosedAt, false)
	}
	if k := c.Closing; k != nil && k.ConfirmedAt.IsZero() {
		until := k.ClosedAt.Add(alerts.ConfirmWithin)
		s.add(c.ID, "confirm", until, s.now.After(until))
	}
	if _, ok := s.lines[c.ID]; !ok { // only a note
		s.lines[c.ID] = nil
	}
}

func (s *shift) unread(caseID string, n int) {
	c, ok := s.desk.Board.Case(caseID)
	switch {
	case ok && !s.desk.Sees(s.actor, c), !ok && caseID != "":
		return
	case ok && !s.desk.Matrix.May(s.actor, alerts.P7, c.State, s.desk.Assigned(s.actor, c)):
		return
	}
	s.add(caseID, "unread", time.Time{}, false).Count = n
}

func (s *shift) alert(al *alerts.Alert) {
	c, ok := s.desk.Board.Case(al.CaseID)
	r := al.Current()
	if !ok || r == nil || !s.desk.Sees(s.actor, c) {
		return
	}
	if r.ExpiresAt.Before(s.now.Add(shiftAhead)) {
		s.add(c.ID, "alert_ends", r.ExpiresAt, false)
	}
	waiting := 0
	for _, l := range s.desk.board.ledger(al.ID, s.now) {
		switch l.State {
		case DeliveryWaiting, DeliverySent, DeliveryReceived, DeliveryOpened, DeliveryQuestion:
			waiting++
		}
	}
	if waiting > 0 {
		s.add(c.ID, "alert_unanswered", time.Time{}, false).Count = waiting
	}
}

// document is the handover that the shift becomes, its cases in the order of
// their ids.
func (s *shift) document() []HandoverLine {
	var out []HandoverLine
	for id, items := range s.lines {
		out = append(out, HandoverLine{id, items})
	}
	slices.SortFunc(out, func(a, b HandoverLine) int { return strings.Compare(a.CaseID, b.CaseID) })
	return out
}
