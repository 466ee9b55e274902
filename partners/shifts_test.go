package partners_test

import (
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// needs are the kinds of a case's line.
func needs(v partners.HandoverView, caseID string) []string {
	var out []string
	for _, c := range v.Cases {
		if c.ID != caseID {
			continue
		}
		for _, i := range c.Items {
			out = append(out, i.Kind)
		}
	}
	return out
}

func TestAShiftIsHandedOverAndTaken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.AddTask(t.Context(), coordinator(), "case1", alerts.NewTask{Title: "Call the school", DueAt: h.clock().Add(-time.Minute)}, alerts.Request{})
	h.must(err)
	_, err = h.AddShiftNote(t.Context(), coordinator(), "case1", alerts.NewShiftNote{Text: "The mother calls at six."}, alerts.Request{})
	h.must(err)
	now, err := h.HandoverNow(t.Context(), coordinator())
	h.must(err)
	if got := needs(now, "case1"); !slices.Contains(got, "task") || now.ID != "" {
		t.Fatalf("%v", got)
	}
	made, err := h.MakeHandover(t.Context(), coordinator(), partners.NewHandover{Note: "The line to Novi Sad is down."}, alerts.Request{})
	h.must(err)
	if made.Note == "" || made.By != coordinator().ID || len(needs(made, "case1")) == 0 {
		t.Errorf("%+v", made)
	}
	_, err = h.TakeHandover(t.Context(), coordinator(), made.ID, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	taken, err := h.TakeHandover(t.Context(), operator(), made.ID, alerts.Request{})
	h.must(err)
	if taken.TakenBy != operator().ID || taken.Cases[0].Notes[0].Text != "The mother calls at six." {
		t.Errorf("%+v", taken)
	}
	_, err = h.TakeHandover(t.Context(), operator(), made.ID, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	h.to("2026-11-21 23:00")
	next, err := h.HandoverNow(t.Context(), operator())
	h.must(err)
	if !next.Since.Equal(made.At) || slices.Contains(needs(next, "case1"), "opened") {
		t.Errorf("%+v", next)
	}
	if list := h.Handovers(operator(), 10); len(list) != 1 || len(list[0].Cases) != 0 || list[0].Note != "" {
		t.Errorf("%+v", list)
	}
}

func TestAHandoverShowsNobodyACaseThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.change(func(c *alerts.Case) { c.Restricted, c.Team = true, []string{coordinator().ID} })
	made, err := h.MakeHandover(t.Context(), coordinator(), partners.NewHandover{}, alerts.Request{})
	h.must(err)
	if len(needs(made, "case1")) == 0 {
		t.Fatal("the case is not in the handover")
	}
	seen, err := h.Handover(t.Context(), operator(), made.ID)
	h.must(err)
	if len(needs(seen, "case1")) != 0 || seen.Unseen == 0 {
		t.Errorf("%+v", seen)
	}
	for _, a := range everyone() {
		_, err := h.Handover(t.Context(), a, made.ID)
		if may := h.Matrix.Can(a.Role, "handover.take"); may != (err == nil) {
			t.Errorf("%s: %v", a.Role, err)
		}
		_, err = h.MakeHandover(t.Context(), a, partners.NewHandover{}, alerts.Request{})
		if may := h.Matrix.Can(a.Role, "handover.make"); may != (err == nil) {
			t.Errorf("%s: %v", a.Role, err)
		}
	}
}
