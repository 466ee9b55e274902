package partners

import (
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// contactTest is the kind of contact that tries the line; it is never counted.
const contactTest = "test"

// span is a period: from is in it, until is not.
type span struct{ from, until time.Time }

func (s span) has(t time.Time) bool { return !t.Before(s.from) && t.Before(s.until) }

// factTakers take what happened, with when.
type factTakers struct {
	one     func(time.Time, caseFact)
	contact func(time.Time, contactFact)
	alert   func(time.Time, alertFact)
	sighted func(time.Time, sightingFact)
}

// gatherFacts reads from the boards what happened in a period, of the cases that
// are chosen and of what belongs to no case, and what is left of files that were
// erased: of those of restricted cases only where they are asked for.
func (d *Desk) gatherFacts(s span, chosen func(*alerts.Case) bool, restricted bool) happened {
	var f happened
	cases, counted := d.allCases(), map[string]bool{"": true}
	for id, c := range cases {
		counted[id] = chosen(c)
	}
	d.eachFact(s, cases, counted, factTakers{
		one:     func(_ time.Time, one caseFact) { f.cases = append(f.cases, one) },
		contact: func(_ time.Time, one contactFact) { f.contacts = append(f.contacts, one) },
		alert:   func(_ time.Time, one alertFact) { f.alerts = append(f.alerts, one) },
		sighted: func(_ time.Time, one sightingFact) { f.sightings = append(f.sightings, one) },
	})
	for _, e := range d.board.Erasures() {
		if restricted || !e.Restricted {
			e.Figures.into(&f, s)
		}
	}
	return f
}

func (d *Desk) allCases() map[string]*alerts.Case {
	cases := map[string]*alerts.Case{}
	d.Board.EachCase(func(c *alerts.Case) bool {
		cases[c.ID] = c
		return true
	})
	return cases
}

// eachFact gives what happened in a period and belongs to the cases that are
// counted, by their ids; "" stands for what belongs to none.
func (d *Desk) eachFact(s span, cases map[string]*alerts.Case, counted map[string]bool, to factTakers) {
	calls := map[string]time.Time{}
	d.Board.EachContact(func(ct alerts.ContactFigure) {
		if c := cases[ct.CaseID]; c != nil && ct.Kind == alerts.KindNewDisappearance {
			id := ct.CaseID
			if c.Merged != nil {
				id = c.Merged.Into
			}
			if first := calls[id]; first.IsZero() || ct.At.Before(first) {
				calls[id] = ct.At
			}
		}
		if counted[ct.CaseID] && ct.Kind != contactTest && s.has(ct.At) {
			language, _, _ := strings.Cut(ct.Language, "-")
			to.contact(ct.At, contactFact{known(ct.Kind), known(ct.Channel), known(language)})
		}
	})
	d.Board.EachSighting(func(one alerts.SightingFigure) {
		if counted[one.CaseID] && s.has(one.ReportedAt) {
			to.sighted(one.ReportedAt, sightingFact{known(one.Channel), known(one.Source), one.State == alerts.SightingConfirmed})
		}
	})
	released := map[string]time.Time{}
	for _, al := range d.allAlerts() {
		if !counted[al.CaseID] || len(al.Revisions) == 0 {
			continue
		}
		at := al.Revisions[0].Sent
		if was := released[al.CaseID]; was.IsZero() || at.Before(was) {
			released[al.CaseID] = at
		}
		if s.has(at) {
			to.alert(at, d.alertFactOf(al, at))
		}
	}
	for id, c := range cases {
		if counted[id] && c.Merged == nil && s.has(c.CreatedAt) {
			to.one(c.CreatedAt, d.caseFactOf(c, calls[id], released[id]))
		}
	}
}

func (d *Desk) allAlerts() (all []*alerts.Alert) {
	d.Board.EachAlert(func(al *alerts.Alert) bool {
		all = append(all, al)
		return true
	})
	return all
}

// known is the row of a word.
func known(word string) string {
	if word == "" {
		return unknownRow
	}
	return word
}

// until is how long it took from one time to another, nil when one is not known.
func until(from, to time.Time) *time.Duration {
	if from.IsZero() || to.IsZero() {
		return nil
	}
	took := to.Sub(from)
	return &took
}

func (d *Desk) caseFactOf(c *alerts.Case, call, released time.Time) caseFact {
	f := caseFact{
		Void: c.State == alerts.StateVoid, Category: string(c.Category), CrossBorder: "no", Outcome: outcomeRow(c),
		ToCase: until(call, c.CreatedAt), ToPolice: until(c.CreatedAt, c.Police.ReportedAt), ToAlert: until(c.CreatedAt, released),
	}
	if len(d.board.MattersOf(c.ID)) > 0 {
		f.CrossBorder = "yes"
	}
	if f.Outcome == "found_safe" || f.Outcome == "found_harmed" {
		f.ToFound = until(c.LastSeen.At, c.Closing.At)
	}
	at := c.LastSeen.At
	if at.IsZero() {
		at = c.CreatedAt
	}
	for i := range c.Children {
		child := &c.Children[i]
		f.Children = append(f.Children, childFact{ageBand(alerts.AgeBetween(child.BirthDate, at)), known(child.Sex)})
	}
	return f
}

// outcomeRow is how a case ended, as far as it still says so.
func outcomeRow(c *alerts.Case) string {
	switch {
	case !c.State.Ended():
		return "open"
	case c.Closing == nil || !slices.Contains(alerts.Outcomes(), c.Closing.Outcome):
		return "not_kept"
	}
	return c.Closing.Outcome
}

func (d *Desk) alertFactOf(al *alerts.Alert, at time.Time) alertFact {
	f := alertFact{Level: string(al.Current().Level)}
	t, ok := d.board.Told(al.ID)
	if !ok {
		return f
	}
	seen := map[string]bool{}
	var opened, answered time.Time
	for i := range t.Rounds {
		for _, partner := range t.Rounds[i].Partners {
			if seen[partner] {
				continue
			}
			seen[partner] = true
			delivery, ok := d.board.Delivery(al.ID, partner)
			if !ok {
				f.Told = append(f.Told, "silent")
				continue
			}
			f.Told = append(f.Told, responseOf(delivery))
			opened, answered = firstSteps(delivery, opened, answered)
		}
	}
	f.ToOpened, f.ToAnswer = until(at, opened), until(at, answered)
	return f
}

// responseOf is what an organisation answered last, or whether it opened the
// alert at all.
func responseOf(d *Delivery) string {
	response := "silent"
	if !d.OpenedAt.IsZero() {
		response = "opened"
	}
	for _, s := range d.Steps {
		switch {
		case s.State.isAnswer():
			response = string(s.State)
		case s.State == DeliveryDone:
			response = string(DeliveryAccepted)
		}
	}
	return response
}

// firstSteps brings forward when somebody with a name first opened an alert, and
// when there was first an answer.
func firstSteps(d *Delivery, opened, answered time.Time) (time.Time, time.Time) {
	first := func(was, at time.Time) time.Time {
		if was.IsZero() || at.Before(was) {
			return at
		}
		return was
	}
	for _, s := range d.Steps {
		if s.State == DeliveryOpened && s.By != "" {
			opened = first(opened, s.At)
		}
		if s.State.isAnswer() {
			answered = first(answered, s.At)
		}
	}
	return opened, answered
}
