package partners_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// lines shows a list of deadlines one per line.
func lines(l partners.DeadlineList) string {
	var b strings.Builder
	for _, i := range l.Items {
		due := "unknown"
		if i.Due != nil {
			due = *i.Due
		}
		fmt.Fprintf(&b, "%s %s %s %s%s\n", due, i.State, i.Kind, i.Rule, i.ContactID)
	}
	return b.String()
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02", "2011-13")
	o.newCase("case2")
	ministry, m := o.ministry(), o.matter("case1")
	court, err := o.CreateInstitution(ctx, operator(), partners.NewInstitution{Name: "Example Court", Kind: "court", Country: "RS"}, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []partners.NewMatterContact{
		{InstitutionID: ministry, Direction: "out", Channel: "letter", At: at(t, "2026-10-01 09:00"), Matter: "administrative_decision", Request: "One"},
		{InstitutionID: court.ID, Direction: "out", Channel: "phone", At: at(t, "2026-11-20 09:00"), PromisedDate: "2026-11-23", Request: "Two"},
		{InstitutionID: court.ID, Direction: "out", Channel: "phone", At: at(t, "2026-11-20 09:00"), Request: "Without any date"},
	} {
		if _, err := o.RecordContact(ctx, coordinator(), m.ID, c, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	c2, _ := o.Board.Case("case2")
	follow := *c2
	follow.FollowUp = alerts.FollowUp{Owner: "op", DueAt: at(t, "2026-11-21 09:59").UTC()}
	o.put(&follow,
		&alerts.Contact{Head: journal.Head{ID: "call1"}, Channel: "phone", At: at(t, "2026-11-20 09:00").UTC(), Kind: "support", PromisedUntil: at(t, "2026-11-21 10:01").UTC(), RecordedBy: "op"},
		&alerts.Contact{Head: journal.Head{ID: "call2"}, Channel: "phone", At: at(t, "2026-11-20 09:00").UTC(), Kind: "support", PromisedUntil: at(t, "2026-11-20 12:00").UTC(), KeptAt: at(t, "2026-11-20 11:00").UTC(), RecordedBy: "op"})

	list, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{})
	if err != nil {
		t.Fatal(err)
	}
	// 2026-10-31 is a Saturday.
	want := `2026-11-02 overdue contact rs.zup145.direct
2026-11-21 overdue follow_up 
2026-11-21 running promise call1
2026-11-23 running contact 
2027-03-10 running clock one_year
2030-05-02 running clock sixteenth_birthday
unknown running clock sixteenth_birthday
`
	if got := lines(list); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if list.Overdue != 2 || list.Running != 5 || list.Next != nil {
		t.Errorf("%d overdue, %d running, next %v", list.Overdue, list.Running, list.Next)
	}
	if got := toJSON(t, list.Institutions); got != `[{"id":"`+ministry+`","name":"Example Ministry","overdue":1,"running":0},{"id":"`+court.ID+`","name":"Example Court","overdue":0,"running":1}]` {
		t.Error(got)
	}
	if got := toJSON(t, list.Persons); got != `[{"id":"op","name":"Person op","overdue":1,"running":4},{"id":"co","name":"Person co","overdue":1,"running":1}]` {
		t.Error(got)
	}

	for _, c := range []struct {
		f    partners.DeadlineFilter
		want int
	}{
		{partners.DeadlineFilter{State: "overdue"}, 2},
		{partners.DeadlineFilter{Person: "co"}, 2},
		{partners.DeadlineFilter{Institution: court.ID}, 1},
		{partners.DeadlineFilter{Case: "case2"}, 1},
		{partners.DeadlineFilter{Kind: partners.DeadlineClock}, 3},
		{partners.DeadlineFilter{Until: "2026-11-23"}, 4},
		{partners.DeadlineFilter{Until: "2026-11-23", Kind: partners.DeadlineClock}, 0},
	} {
		got, err := o.Deadlines(ctx, duty(), c.f)
		if err != nil || len(got.Items) != c.want {
			t.Errorf("%+v: %v\n%s", c.f, err, lines(got))
		}
	}
	_, err = o.Deadlines(ctx, duty(), partners.DeadlineFilter{Kind: "x", State: "y", Until: "z"})
	if got := wrong(err); got != "kind unknown_value; state unknown_value; until date" {
		t.Error(got)
	}
	_, err = o.Deadlines(ctx, duty(), partners.DeadlineFilter{Cursor: "?"})
	if got := wrong(err); got != "cursor bad_cursor" {
		t.Error(got)
	}

	// Page by page it is the same list.
	var paged strings.Builder
	f := partners.DeadlineFilter{Limit: 2}
	for range 10 {
		page, err := o.Deadlines(ctx, duty(), f)
		if err != nil {
			t.Fatal(err)
		}
		paged.WriteString(lines(page))
		if page.Next == nil {
			break
		}
		f.Cursor = *page.Next
	}
	if paged.String() != want {
		t.Errorf("paged\n%s", paged.String())
	}

	// A matter that has ended waits for nothing.
	now, err := o.Matter(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.PatchMatter(ctx, operator(), m.ID, now.Version, partners.MatterPatch{State: alerts.Some("agreed")}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	list, err = o.Deadlines(ctx, duty(), partners.DeadlineFilter{})
	if err != nil || len(list.Items) != 2 {
		t.Errorf("%v\n%s", err, lines(list))
	}
}

func TestDeadlinesOfRestrictedCase(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	o.matter("case1")
	c, _ := o.Board.Case("case1")
	hidden := *c
	hidden.Restricted, hidden.Team = true, []string{"co"}
	o.put(&hidden)
	for _, a := range []struct {
		actor alerts.Actor
		want  int
	}{{operator(), 0}, {coordinator(), 2}, {duty(), 2}} {
		list, err := o.Deadlines(ctx, a.actor, partners.DeadlineFilter{})
		if err != nil || len(list.Items) != a.want {
			t.Errorf("%s: %v\n%s", a.actor.Role, err, lines(list))
		}
	}
}
