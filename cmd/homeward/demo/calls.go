package demo

import (
	"context"
	"fmt"
	"time"

	"homeward/alerts"
)

// looseCalls is how many calls of the story belong to no case.
const looseCalls = 110

// planCalls plans the calls, chats and letters of the desk: several for each
// case, and many without one, as hotlines have them.
func (t *teller) planCalls() error {
	rows, err := read("calls.csv")
	if err != nil {
		return err
	}
	about, loose := rows[1:5], rows[6:]
	for _, s := range t.cases {
		if s.stage == "draft" {
			continue // the call was cut off before anything could be noted
		}
		d := newDice("calls " + s.key)
		t.call(d, s, s.opened.Add(2*time.Minute), rows[0])
		end := t.now
		if !s.ended.IsZero() {
			end = s.ended
		}
		for range 1 + d.IntN(5) {
			if at := s.opened.Add(d.between(time.Hour, end.Sub(s.opened))); at.Before(end) {
				t.call(d, s, at, pick(d, about))
			}
		}
	}
	d := newDice("calls")
	for range looseCalls {
		t.call(d, nil, t.now.Add(-d.hours(0.1, 40*24)), pick(d, loose))
	}
	return nil
}

// call plans one contact. What was promised in it is kept in time, but for some
// of the newest.
func (t *teller) call(d dice, s *searching, at time.Time, row []string) {
	n := d.IntN(100)
	in := alerts.NewContact{
		Channel: pick(d, []string{"phone", "phone", "phone", "phone", "chat", "email", "letter"}),
		At:      at, Language: pick(d, []string{"sr-Latn", "sr-Latn", "sr-Latn", "en", "hu", "sq"}), Kind: row[0], Relation: row[1], Asked: row[2],
	}
	if row[0] != "silent" && row[0] != "abusive" {
		in.Caller = &alerts.Reporter{Name: fmt.Sprintf("Pozivalac Primer %02d", n), Phone: phone("+381 60", n)}
	}
	if row[3] != "" {
		in.Promised, in.PromisedUntil = row[3], at.Add(d.hours(3, 60)).Truncate(time.Hour)
	}
	actor, lane := pick(d, t.takers()), fmt.Sprint("call ", at)
	if s != nil {
		lane = s.lane()
	}
	var made alerts.ContactView
	t.add(at, lane, func(ctx context.Context) (err error) {
		if s != nil {
			in.CaseID = s.id
		}
		made, err = t.Desk.Desk.RecordContact(ctx, actor, in, alerts.Request{})
		return err
	})
	kept := at.Add(d.between(time.Hour, in.PromisedUntil.Sub(at)))
	if s != nil && s.over(kept) {
		kept = s.ended.Add(-2 * time.Minute)
	}
	if in.Promised == "" || kept.After(t.now) || d.chance(0.04) {
		return
	}
	t.add(kept, lane, func(ctx context.Context) error {
		yes := true
		_, err := t.Desk.PatchContact(ctx, actor, made.ID, made.Version, alerts.ContactPatch{Kept: &yes}, alerts.Request{})
		return err
	})
}

// planReports plans reports of missing children that nobody has made a case of
// yet: the first thing that waits for the desk.
func (t *teller) planReports() error {
	for i, one := range []struct {
		ago                time.Duration
		name, age, where   string
		what, look, police string
		named              bool
	}{
		{18 * time.Minute, "Srna", "11", "Izmišljeni park, Beograd", "She did not come out of the cinema with the others.", "Red hair, blue dress.", "", true},
		{2 * time.Hour, "Kosta", "16", "Ulica Primera, Niš", "He left after an argument and took his bicycle.", "Tall, thin.", "Yes, this morning.", true},
		{9 * time.Hour, "", "about 5", "motorway rest area near Jagodina", "A small boy stood alone between the lorries.", "Yellow boots.", "", false},
		{26 * time.Hour, "Zora", "14", "Novi Sad", "My neighbour's daughter, nobody talks about it.", "Long black hair.", "I do not know.", false},
	} {
		report := alerts.NewReport{
			PublicReport: alerts.PublicReport{
				ChildName: one.name, ChildAge: one.age, LastSeenAt: t.now.Add(-one.ago - 90*time.Minute), LastSeenWhere: one.where,
				Circumstances: one.what, Description: one.look, PoliceTold: one.police,
			},
			Language: "en",
		}
		if one.named {
			report.Relation, report.Contact = "family", &alerts.Reporter{Name: fmt.Sprintf("Prijavitelj Primer %d", i+1), Phone: phone("+381 60", 90+i)}
		}
		t.add(t.now.Add(-one.ago), fmt.Sprint("report ", i), func(ctx context.Context) error {
			_, err := t.Desk.ReportChild(ctx, alerts.Public(), report, alerts.Request{})
			return err
		})
	}
	return nil
}
