package demo

import (
	"context"
	"fmt"
	"strconv"

	"homeward/alerts"
	"homeward/partners"
)

// planInquiries plans the contact logs of cases: police and centres for social
// work that are pressed, some late, one taken up the ladder.
func (t *teller) planInquiries() error {
	rows, err := read("inquiries.csv")
	if err != nil {
		return err
	}
	numbers := map[string]int{}
	for _, row := range rows {
		numbers[row[0]]++
		if err := t.inquiry(row, numbers[row[0]]); err != nil {
			return fmt.Errorf("inquiry %d of %q: %w", numbers[row[0]], row[0], err)
		}
	}
	return nil
}

// inquiry plans the nth entry of a case's log.
func (t *teller) inquiry(row []string, n int) error {
	var of *searching
	for _, s := range t.cases {
		if s.key == row[0] {
			of = s
		}
	}
	office, known := t.offices[row[1]]
	ago, err := span(row[4])
	if of == nil || !known || err != nil {
		return fmt.Errorf("case or institution %q is not there (%w)", row[1], err)
	}
	in := partners.NewMatterContact{
		InstitutionID: office, Direction: row[2], Channel: row[3], At: t.now.Add(-ago), Matter: row[5], Person: row[6], Request: row[7],
		NoReply: row[10] == "yes", PromisedBy: row[9], NextStep: row[14], OurReference: fmt.Sprintf("DEMO-%s-%d", of.key, n),
	}
	for column, into := range map[int]*string{8: &in.PromisedDate, 15: &in.NextDue} {
		if row[column] == "" {
			continue
		}
		after, err := span(row[column])
		if err != nil {
			return err
		}
		*into = t.day(after)
	}
	t.on(of, latest(in.At, of.opened), func(ctx context.Context) error {
		if row[16] != "" {
			return t.escalate(ctx, of, row, in)
		}
		_, err := t.Desk.RecordEntry(ctx, t.staff.jelena, partners.LogOfCase(of.id), in, alerts.Request{})
		return err
	})
	return t.inquiryAnswered(of, row, n)
}

func (t *teller) inquiryAnswered(of *searching, row []string, n int) error {
	if row[11] == "" {
		return nil
	}
	ago, err := span(row[11])
	if err != nil {
		return err
	}
	answer := partners.NewAnswer{At: t.now.Add(-ago), Text: row[12], Satisfied: row[13]}
	t.on(of, latest(answer.At, of.opened), func(ctx context.Context) error {
		_, err := t.Desk.AnswerEntry(ctx, t.staff.jelena, partners.LogOfCase(of.id), n, answer, alerts.Request{})
		return err
	})
	return nil
}

// escalate takes an entry to a higher rung with the letter that is proposed.
func (t *teller) escalate(ctx context.Context, of *searching, row []string, in partners.NewMatterContact) error {
	n, err := strconv.Atoi(row[17])
	if err != nil {
		return err
	}
	log := partners.LogOfCase(of.id)
	v, err := t.Desk.Escalation(ctx, t.staff.jelena, log, n, partners.RungWish{Rung: row[16], InstitutionID: in.InstitutionID, Language: "sr-Latn", From: "Homeward",
		Channel: func(string, string) string { return "pošta" }})
	if err != nil {
		return err
	}
	_, err = t.Desk.Escalate(ctx, t.staff.jelena, log, n, partners.NewEscalation{
		Rung: row[16], InstitutionID: in.InstitutionID, Channel: in.Channel, At: in.At, Language: v.Letter.Language, Subject: v.Letter.Subject, Text: v.Letter.Text,
	}, alerts.Request{})
	return err
}
