package demo

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// matter is one cross-border abduction matter of the story.
type matter struct {
	of      *searching
	in      partners.NewMatter
	id      string
	entries int
	state   string
	opened  time.Time
	ended   time.Time
}

// planMatters plans the matters and their logs. Some answers are overdue, by
// law or by promise, and some fall due tomorrow.
func (t *teller) planMatters() error {
	rows, err := read("matters.csv")
	if err != nil {
		return err
	}
	matters := map[string]*matter{}
	for _, row := range rows {
		m, err := t.matter(row)
		if err != nil {
			return fmt.Errorf("matter %q: %w", row[0], err)
		}
		matters[row[0]] = m
		t.on(m.of, m.opened, func(ctx context.Context) error {
			made, err := t.Desk.OpenMatter(ctx, t.staff.jelena, m.of.id, m.in, alerts.Request{})
			m.id = made.ID
			return err
		})
	}
	if rows, err = read("log.csv"); err != nil {
		return err
	}
	for _, row := range rows {
		if err := t.logged(matters[row[0]], row); err != nil {
			return fmt.Errorf("log of %q: %w", row[0], err)
		}
	}
	t.planFacts(matters)
	t.planProtection(matters)
	if err := t.planSteps(matters); err != nil {
		return err
	}
	if err := t.planPapers(matters); err != nil {
		return err
	}
	for _, row := range rows {
		t.conclude(matters[row[0]])
	}
	return nil
}

func (t *teller) matter(row []string) (*matter, error) {
	m := &matter{state: row[11]}
	for _, s := range t.cases {
		if s.key == row[0] {
			m.of = s
		}
	}
	if m.of == nil {
		return nil, fmt.Errorf("there is no such case")
	}
	wrongful, err := span(row[2])
	if err != nil {
		return nil, err
	}
	m.opened = m.of.opened.Add(70 * time.Minute)
	m.in = partners.NewMatter{
		Kind: row[1], WrongfulDate: t.day(-wrongful), WrongfulDateBasis: "As the parent who was left behind says.",
		FromState: row[3], ToState: row[4], LegalRoute: row[5], TakingPerson: row[6], Whereabouts: row[7], CustodyBasis: row[8],
		HabitualResidence: m.of.place.NameLatn, LeftBehind: "The other parent, who called the line.",
	}
	if row[9] != "" {
		started, err := span(row[9])
		if err != nil {
			return nil, err
		}
		// Nobody knows at the start that there will be proceedings.
		t.patch(m, t.now.Add(-started), func(p *partners.MatterPatch) { p.ProceedingsStartedAt = alerts.Some(t.day(-started)) })
	}
	if row[10] == "yes" {
		m.in.Legal = []string{t.staff.legal.ID}
	}
	return m, nil
}

// day is the date at a distance from the end of the story.
func (t *teller) day(after time.Duration) string { return t.now.Add(after).Format(time.DateOnly) }

func (t *teller) patch(m *matter, at time.Time, change func(*partners.MatterPatch)) {
	t.on(m.of, at, func(ctx context.Context) error {
		now, ok := t.Desk.PartnerBoard().Matter(m.id)
		if !ok {
			return fmt.Errorf("the matter is not there")
		}
		var p partners.MatterPatch
		change(&p)
		_, err := t.Desk.PatchMatter(ctx, t.staff.jelena, m.id, now.Version, p, alerts.Request{})
		return err
	})
}

// logged plans one entry of a log and its answer.
func (t *teller) logged(m *matter, row []string) error {
	if m == nil {
		return fmt.Errorf("there is no such matter")
	}
	office, ok := t.offices[row[1]]
	if !ok {
		return fmt.Errorf("there is no institution %q", row[1])
	}
	ago, err := span(row[4])
	if err != nil {
		return err
	}
	at := t.now.Add(-ago)
	m.entries++
	n := m.entries
	in := partners.NewMatterContact{
		InstitutionID: office, Direction: row[2], Channel: row[3], At: at, Matter: row[5], Person: "službenik Ogledni",
		Request: row[6], Reference: fmt.Sprintf("DEMO-%s/%d", m.of.key, n), NoReply: row[8] == "yes",
	}
	if row[7] != "" {
		promised, err := span(row[7])
		if err != nil {
			return err
		}
		in.PromisedDate = t.day(promised)
	}
	actor := t.staff.jelena
	if len(m.in.Legal) > 0 && n%2 == 0 {
		actor = t.staff.legal
	}
	t.on(m.of, latest(at, m.opened.Add(time.Minute)), func(ctx context.Context) error {
		_, err := t.Desk.RecordContact(ctx, actor, m.id, in, alerts.Request{})
		return err
	})
	if row[9] == "" {
		return nil
	}
	if ago, err = span(row[9]); err != nil {
		return err
	}
	answer := partners.NewAnswer{At: t.now.Add(-ago), Text: row[10], Satisfied: row[11]}
	t.on(m.of, latest(answer.At, m.opened.Add(2*time.Minute)), func(ctx context.Context) error {
		_, err := t.Desk.AnswerContact(ctx, actor, m.id, n, answer, alerts.Request{})
		return err
	})
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// conclude plans the end of a matter that has one, shortly before the case's.
func (t *teller) conclude(m *matter) {
	if m.state == "open" || !m.ended.IsZero() {
		return
	}
	m.ended = cmp.Or(m.of.ended, t.now).Add(-time.Hour)
	t.patch(m, m.ended, func(p *partners.MatterPatch) { p.State = alerts.Some(m.state) })
}
