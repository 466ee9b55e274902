package partners_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// TestFilesAreListedByTheirDay goes from a closed case whose day is far to one
// that is held, with a matter that stands in the way until it ends.
func TestFilesAreListedByTheirDay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	privacy := person("po", alerts.RolePrivacyOfficer)
	o.newCase("case1", "2014-05-02")
	o.newCase("case2", "2014-05-02")
	m := o.matter("case1")
	c, _ := o.Board.Case("case1")
	closed := *c
	closed.State, closed.Closing = alerts.StateClosed, &alerts.Closing{Outcome: "false_report", ClosedAt: o.clock(), ConfirmedAt: o.clock()}
	o.put(&closed)
	list := func() partners.RetentionList {
		t.Helper()
		v, err := o.Retention(t.Context(), privacy)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if v := list(); len(v.Soon) != 1 || len(v.Due)+len(v.Held)+v.Running != 0 {
		t.Fatalf("%+v", v)
	}
	o.to("2027-02-19 10:00")
	v := list()
	if len(v.Due) != 1 || !slices.Equal(v.Due[0].InTheWay, []string{"matter"}) {
		t.Fatalf("%+v", v)
	}
	if !slices.Contains(v.Due[0].Goes, alerts.RetentionCount{Kind: "matters", Count: 1}) {
		t.Errorf("%+v", v.Due[0].Goes)
	}
	doc, _ := o.PartnerBoard().Matter(m.ID)
	ended := *doc
	ended.State, ended.EndedAt = "closed", o.clock()
	o.put(&ended)
	if v := list(); len(v.Due[0].InTheWay) != 0 {
		t.Errorf("an ended matter is in the way: %v", v.Due[0].InTheWay)
	}
	if _, err := o.ActOnRetention(t.Context(), privacy, "case1", "propose", alerts.HoldAct{Ground: "proceedings", Reason: "x"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if v := list(); len(v.Held) != 1 || len(v.Due) != 0 {
		t.Errorf("%+v", v)
	}
	_, err := o.Retention(t.Context(), operator())
	wantCode(t, err, alerts.Forbidden)
	_, err = o.CaseRetention(t.Context(), lawyer(), "case1")
	wantCode(t, err, alerts.NotFound)
	if kept, err := o.CaseRetention(t.Context(), privacy, "case2"); err != nil || kept.Standing != "open" || kept.DueAt != (time.Time{}) {
		t.Errorf("%v %+v", err, kept)
	}
}
