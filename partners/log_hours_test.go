package partners_test

import (
	"context"
	"testing"

	"homeward/alerts"
	"homeward/partners"
)

// Where the law counts hours, an answer is late from one minute to the next, on
// a Sunday too, and across the end of summer time.
func TestADeadlineOfHoursRunsFromTheMoment(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.to("2026-10-24 09:30") // the clocks go back in the following night
	o.newCase("case1", "2014-05-02")
	m := o.matter("case1")
	e, err := o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: o.ministry(), Direction: "out", Channel: "email", At: at(t, "2026-10-24 09:30"), Request: "Where is the child?",
		Matter: "public_information_life_or_freedom",
	}, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	if want := at(t, "2026-10-26 08:30"); !e.StatutoryAt.Equal(want) || e.StatutoryDate != "2026-10-26" {
		t.Fatalf("due on %s, at %s, want %s", e.StatutoryDate, e.StatutoryAt, want)
	}
	for _, tt := range []struct {
		now   string
		state partners.ContactState
		late  int
		due   string
	}{
		{"2026-10-26 08:30", partners.ContactOpen, 0, "running"},
		{"2026-10-26 08:31", partners.ContactOverdue, 1, "overdue"},
		{"2026-10-28 07:00", partners.ContactOverdue, 2, "overdue"},
	} {
		o.to(tt.now)
		v, err := o.Matter(ctx, operator(), m.ID)
		if err != nil || v.Contacts[0].State != tt.state || v.Contacts[0].DaysLate != tt.late {
			t.Errorf("%s: %s, %d days late (%v)", tt.now, v.Contacts[0].State, v.Contacts[0].DaysLate, err)
		}
		list, err := o.Deadlines(ctx, operator(), partners.DeadlineFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range list.Items {
			if it.Kind == partners.DeadlineContact && (it.State != tt.due || it.DueAt == nil || !it.DueAt.Equal(e.StatutoryAt)) {
				t.Errorf("%s: the list has %s", tt.now, toJSON(t, it))
			}
		}
	}
}
