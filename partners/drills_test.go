package partners

import (
	"context"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
)

func (r *rig) drill(in NewDrill) DrillView {
	r.t.Helper()
	if in.Level == "" {
		in.Level, in.Severity = alerts.LevelPartner, "severe"
	}
	v, err := r.desk.StartDrill(context.Background(), r.ana, in, alerts.Request{})
	must(r.t, err)
	return v
}

func TestADrillTakesTheRoadOfAnAlert(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	one, other := r.partner("Radio", region("RS")), r.partner("Taksi", region("RS"))
	from := r.board.Number()
	v := r.drill(NewDrill{Partners: []string{one}, Note: map[string]string{"sr-Latn": "Javite se telefonom."}})
	items := r.board.Owed(one, from)
	if len(items) != 1 || !items[0].Drill || items[0].Kind != KindAlert || items[0].AlertID != v.ID {
		t.Fatalf("the feed owes %+v", items)
	}
	if left := r.board.Owed(other, from); len(left) > 0 {
		t.Fatalf("one who was not chosen is owed %+v", left)
	}
	got, err := r.desk.PartnerAlert(ctx, of(one), v.ID, func(*alerts.Alert) alerts.Links { return alerts.Links{} })
	must(t, err)
	if !got.Drill || got.CaseNumber != "" || got.Texts["sr-Latn"].Headline != "VEŽBA – nije pravo upozorenje" {
		t.Errorf("the partner gets %+v", got)
	}
	if text := got.Texts["sr-Cyrl"].Description; text[len(text)-len("Јавите се телефоном."):] != "Јавите се телефоном." {
		t.Errorf("the note in the other script: %q", text)
	}
	_, err = r.desk.PartnerAlert(ctx, of(other), v.ID, func(*alerts.Alert) alerts.Links { return alerts.Links{} })
	wantCode(t, err, alerts.NotFound)

	r.wait(90 * time.Second)
	_, err = r.desk.Opened(ctx, of(one), v.ID, Act{By: "Iva Ivić"}, alerts.Request{})
	must(t, err)
	r.wait(30 * time.Second)
	line, err := r.desk.Answer(ctx, of(one), v.ID, Act{Answer: DeliveryAccepted, By: "Iva Ivić"}, alerts.Request{})
	must(t, err)
	if !line.Drill {
		t.Error("the line of the ledger does not say that it is a drill")
	}
	v, err = r.desk.Drill(r.ana, v.ID)
	must(t, err)
	if l := v.Lines[0]; *l.OpenedS != 90 || *l.AnsweredS != 120 || l.OpenedBy != "Iva Ivić" || l.Answer != DeliveryAccepted || *v.MedianAnsweredS != 120 {
		t.Errorf("the report says %+v", v)
	}
}

// TestADrillIsNoAlert looks at every place that shows or counts alerts, and, as
// the control, at the same places for an alert.
func TestADrillIsNoAlert(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.partner("Radio", region("RS"))
	r.newCase("one")
	real := r.released("one", r.draft(region("RS")))
	drill := r.drill(NewDrill{All: true, Level: alerts.LevelPublicAppeal, Severity: "extreme"}).ID
	for id, want := range map[string]bool{real: true, drill: false} {
		_, onBoard := r.desk.Board.Alert(id)
		live := slices.ContainsFunc(r.board.liveAlerts(), func(al *alerts.Alert) bool { return al.ID == id })
		_, err := r.desk.VisibleAlert(r.ana, id)
		if onBoard != want || live != want || (err == nil) != want {
			t.Errorf("%s: on the board %v, live %v, visible %v; want %v", id, onBoard, live, err, want)
		}
	}
	if public := r.desk.Board.PublicAlerts(); len(public) != 0 {
		t.Errorf("public: %d", len(public))
	}
	if current := r.board.Current(p); len(current) != 2 {
		t.Errorf("the partner sees %d, want the alert and the drill", len(current))
	}
}

func TestWhoGetsDrills(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	pending, err := r.desk.CreatePartner(ctx, r.admin, NewPartner{Name: "Novi", Coverage: region("RS"), Languages: []string{"en"}}, alerts.Request{})
	must(t, err)
	lapsed, suspended := r.partner("Bez sporazuma", region("RS")), r.partner("Obustavljen", region("RS"))
	none := Agreement{}
	_, err = r.desk.PatchPartner(ctx, r.admin, lapsed, PartnerPatch{Agreement: &none}, 2, alerts.Request{})
	must(t, err)
	_, err = r.desk.SuspendPartner(ctx, r.admin, suspended, alerts.Request{})
	must(t, err)
	r.newCase("one")
	r.released("one", r.draft(region("RS")))
	v := r.drill(NewDrill{All: true})
	for id, want := range map[string]int{pending.ID: 1, lapsed: 1, suspended: 0} {
		if got := r.board.Current(id); len(got) != want || want == 1 && got[0] != v.ID {
			t.Errorf("%s sees %v", id, got)
		}
	}
	if due := r.desk.PartnersDue(r.now()); len(due) > 0 {
		t.Errorf("a drill is taken away again from %v", due)
	}
	// Who is suspended while it runs loses it.
	_, err = r.desk.SuspendPartner(ctx, r.admin, pending.ID, alerts.Request{})
	must(t, err)
	if left := r.board.Unconfirmed(pending.ID); len(left) != 1 || left[0].Reason != ReasonNotAddressed || !left[0].Drill {
		t.Errorf("the suspended one is owed %+v", left)
	}
}

func TestADrillEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("Radio", region("RS"))
	byHand, byItself := r.drill(NewDrill{All: true}), r.drill(NewDrill{All: true, Hours: 2})
	_, err := r.desk.EndDrill(ctx, r.boris, byHand.ID, alerts.Request{})
	must(t, err)
	_, err = r.desk.EndDrill(ctx, r.boris, byHand.ID, alerts.Request{})
	must(t, err)
	must(t, r.desk.EndDueDrills(ctx, r.now()))
	if got := r.board.Current(p); !slices.Equal(got, []string{byItself.ID}) {
		t.Fatalf("running: %v", got)
	}
	r.wait(2 * time.Hour)
	must(t, r.desk.EndDueDrills(ctx, r.now()))
	owed := r.board.Unconfirmed(p)
	if len(owed) != 2 || owed[0].Reason != ReasonCancelled || owed[1].Reason != ReasonExpired {
		t.Fatalf("ends owed: %+v", owed)
	}
	_, err = r.desk.Answer(ctx, of(p), byHand.ID, Act{Answer: DeliveryAccepted}, alerts.Request{})
	wantCode(t, err, alerts.Gone)
	for _, x := range []DrillView{byHand, byItself} {
		_, err = r.desk.Removed(ctx, of(p), x.ID, Act{}, alerts.Request{})
		must(t, err)
	}
	if left := r.board.Unconfirmed(p); len(left) > 0 {
		t.Errorf("still owed: %+v", left)
	}
}

func TestTheSilenceClockOfADrill(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("Radio", region("RS"))
	people := []Person{{Name: "Iva Ivić", Phone: "+381 11 000 00 01"}}
	_, err := r.desk.PatchPartner(ctx, r.admin, p, PartnerPatch{People: &people}, 2, alerts.Request{})
	must(t, err)
	v := r.drill(NewDrill{All: true, Level: alerts.LevelPartner, Severity: "extreme"})
	r.wait(time.Hour)
	for alert, due := range r.desk.StepsDue(r.now()) {
		_, err := r.desk.TakeSteps(ctx, alert, due, 10)
		must(t, err)
	}
	calls, err := r.desk.Calls(r.ana)
	must(t, err)
	if len(calls) == 0 || !calls[0].Drill || calls[0].Countries[0] != "RS" {
		t.Fatalf("calls: %+v", calls)
	}
	board, err := r.desk.Silence(r.ana)
	must(t, err)
	if len(board.Silent) != 1 || !board.Silent[0].Drill {
		t.Errorf("silent: %+v", board.Silent)
	}
	_, err = r.desk.AnswerCall(ctx, r.ana, v.ID, p, calls[0].Number, CallResult{Result: TryReached}, alerts.Request{})
	must(t, err)
}

func TestDrillsAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := context.Background()
	p := r.partner("Radio", geo.Area{Regions: []string{"RS"}})
	good := func() NewDrill {
		return NewDrill{Partners: []string{p}, Level: alerts.LevelPartner, Severity: "minor"}
	}
	for name, c := range map[string]struct {
		as    alerts.Actor
		wrong func(*NewDrill)
		code  alerts.Code
	}{
		"partner":        {of(p), func(*NewDrill) {}, alerts.Forbidden},
		"operator":       {r.account("op", alerts.KindPerson, alerts.RoleOperator), func(*NewDrill) {}, alerts.Forbidden},
		"nobody chosen":  {r.ana, func(in *NewDrill) { in.Partners = nil }, alerts.Invalid},
		"unknown":        {r.ana, func(in *NewDrill) { in.Partners = []string{"none"} }, alerts.Invalid},
		"internal level": {r.ana, func(in *NewDrill) { in.Level = alerts.LevelInternal }, alerts.Invalid},
		"no severity":    {r.ana, func(in *NewDrill) { in.Severity = "" }, alerts.Invalid},
		"language":       {r.ana, func(in *NewDrill) { in.Note = map[string]string{"xx": "?"} }, alerts.Invalid},
		"too long":       {r.ana, func(in *NewDrill) { in.Hours = 200 }, alerts.Invalid},
	} {
		in := good()
		c.wrong(&in)
		if _, err := r.desk.StartDrill(ctx, c.as, in, alerts.Request{}); alerts.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	v, err := r.desk.StartDrill(ctx, r.ana, good(), alerts.Request{})
	must(t, err)
	_, err = r.desk.Drill(of(p), v.ID)
	wantCode(t, err, alerts.NotFound)
	_, err = r.desk.EndDrill(ctx, r.ana, "none", alerts.Request{})
	wantCode(t, err, alerts.NotFound)
}
