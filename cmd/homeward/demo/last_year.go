package demo

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
)

// lastYear hires the people of the desk and tells the cases of the calendar year before, all of them over, so
// that there are figures of a whole year. They have neither alerts nor
// sightings: what is kept of a case that long ago is little. Those of a month
// are opened on one day and closed on another, so that a month costs two
// chapters; when a child was last seen and found is their own.
func (t *teller) lastYear(ctx context.Context) error {
	begun := t.now.Add(-past)
	t.Clock.stop(time.Date(t.now.Year()-1, time.January, 2, 7, 0, 0, 0, time.UTC))
	if err := t.hire(ctx); err != nil {
		return err
	}

	rows, err := read("last_year.csv")
	if err != nil {
		return err
	}
	for i, row := range rows {
		if err := t.lastYears(i, row); err != nil {
			return fmt.Errorf("case %d of the last year: %w", i+1, err)
		}
	}
	if err := t.tell(ctx, t.Clock, begun); err != nil {
		return err
	}
	// In spring the last year reaches into the story.
	t.events = slices.DeleteFunc(t.events, func(e event) bool { return !e.at.After(begun) })
	t.Clock.stop(begun)
	return nil
}

func (t *teller) lastYears(i int, row []string) error {
	month, err := strconv.Atoi(row[0])
	if err != nil {
		return err
	}
	age, err := strconv.Atoi(row[4])
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(row[8])
	if err != nil {
		return err
	}
	place, err := t.towns.find(row[5])
	if err != nil {
		return err
	}
	d := newDice("last year " + row[2])
	given, family, _ := strings.Cut(row[2], " ")
	opened := time.Date(t.now.Year()-1, time.Month(month), 5, 10, 0, 0, 0, time.UTC)
	seen := opened.Add(-d.hours(2, 40)).Truncate(time.Minute)
	at := d.near(place.Point, 0.4)
	c := alerts.NewCase{
		Category: alerts.Category(row[1]), Circumstances: "What was known is in the file of the police.",
		Children: []alerts.NewChild{{
			Names: []alerts.Name{{Given: given, Family: family, Kind: "birth", Script: "Latn"}},
			Sex:   row[3], BirthDate: seen.AddDate(-age, 0, -30-d.IntN(300)).Format(time.DateOnly),
		}},
		LastSeen: alerts.NewLastSeen{At: seen, PrecisionMin: 60, Place: &at, AccuracyM: 400, Label: place.NameLatn},
		Police:   alerts.NewPolice{ReportedAt: seen.Add(time.Hour), Unit: "Policijska uprava Primerovac", Reference: fmt.Sprintf("DEMO-%d-%02d", opened.Year(), i+1)},
	}
	call := alerts.NewContact{Channel: row[7], At: opened.Add(-d.between(4*time.Minute, 50*time.Minute)), Language: "sr-Latn",
		Kind: alerts.KindNewDisappearance, Relation: "family", Asked: "What to do now."}
	end := alerts.CloseCase{Outcome: row[6], At: seen.Add(time.Duration(days) * 24 * time.Hour)}
	t.tellLastYears(i, opened, c, call, end)
	return nil
}

// tellLastYears plans a case from its first call to its end, which a second
// person confirms.
func (t *teller) tellLastYears(i int, opened time.Time, c alerts.NewCase, call alerts.NewContact, end alerts.CloseCase) {
	none, lane := alerts.Request{}, fmt.Sprint("last year ", i)
	var id string
	t.add(opened, lane, func(ctx context.Context) error {
		v, err := t.Desk.OpenCase(ctx, t.staff.jelena, c, none)
		if err != nil {
			return err
		}
		id, call.CaseID = v.ID, v.ID
		_, err = t.Desk.Desk.RecordContact(ctx, t.staff.operator, call, none)
		return err
	})
	t.add(opened.AddDate(0, 0, 16), lane, func(ctx context.Context) error {
		if _, err := t.Desk.CloseCase(ctx, t.staff.marko, id, end, none); err != nil {
			return err
		}
		_, err := t.Desk.ConfirmClosing(ctx, t.staff.duty, id, none)
		if err != nil || end.Outcome == "false_report" {
			return err
		}
		_, err = t.Desk.FinishCase(ctx, t.staff.jelena, id, none)
		return err
	})
	switch decided := opened.AddDate(0, 0, 40); i {
	case heldFile, heldFile + 1:
		t.add(decided, lane, func(ctx context.Context) error { return t.holdFile(ctx, id, i > heldFile) })
	case erasingFile:
		t.add(decided, lane, func(ctx context.Context) error { return t.eraseFile(ctx, id, true) })
	case erasedFile:
		t.add(decided, lane, func(ctx context.Context) error { return t.eraseFile(ctx, id, false) })
		t.add(decided.AddDate(0, 0, 4), lane, func(ctx context.Context) error { return t.Desk.EraseDue(ctx, t.Desk.Now()) })
	}
}
