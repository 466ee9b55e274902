package alerts_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

func aSighting(now time.Time, lon, lat float64) alerts.NewSighting {
	p := geo.At(lon, lat)
	return alerts.NewSighting{ObservedAt: now.Add(-10 * time.Minute), Place: &p, AccuracyM: 50, Text: "at the bus station"}
}

func (r *rig) sighted(caseID string, lon, lat float64) alerts.SightingView {
	r.t.Helper()
	in := aSighting(r.now(), lon, lat)
	in.CaseID = caseID
	v, err := r.RecordSighting(r.ctx, r.ana, in, alerts.Request{})
	r.ok(err)
	return v
}

func TestReportSightingNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.ReportSighting(r.ctx, alerts.Public(), alerts.NewSighting{
		CaseID: "x", ObservedAt: r.now().Add(time.Hour), PrecisionMin: -1, AccuracyM: -1, Language: "x!", Sure: "maybe",
		Channel: "phone", Contact: &alerts.Reporter{Email: "nobody"}, Photos: []string{"a", "a"},
	}, alerts.Request{})
	r.wrong(err, "observed_at future", "precision_min out_of_range", "place required", "text required", "accuracy_m out_of_range",
		"language unknown_language", "sure unknown_value", "contact.email bad_email", "photos[1] twice", "case_id unknown_field", "channel unknown_field")
	in := aSighting(r.now(), 20.4, 44.8)
	in.Photos = []string{"nothing"}
	_, err = r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{})
	r.wrong(err, "photos[0] unknown_photo")
}

func TestNumbersTellNobodyWhetherAChildIsKnown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	hidden, public := r.opened(), r.opened()
	r.released(public.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	for number, want := range map[string]string{hidden.Number: "", public.Number: public.ID, "22222222": "", "nonsense": "", "": ""} {
		in := aSighting(r.now(), 20.4, 44.8)
		in.CaseNumber = number
		got := done(r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{}))
		key, ok := r.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(got.Code)))
		if !ok {
			t.Fatalf("%q: the code leads nowhere", number)
		}
		s := done(r.Journal.Document(r.ctx, key)).(*alerts.Sighting)
		if s.CaseID != want {
			t.Errorf("%q is linked to %q, want %q", number, s.CaseID, want)
		}
		if kept := s.GivenNumber != ""; kept != (want == "" && number != "") {
			t.Errorf("%q: the number is kept as %q", number, s.GivenNumber)
		}
	}
	if c, _ := r.Board.Case(public.ID); c.Version != 2 {
		t.Fatalf("sightings raised the case to version %d", c.Version)
	}
}

func TestAnonymousTimesAreCutToTheHour(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	hour := r.now().Truncate(time.Hour)
	code := done(r.ReportSighting(r.ctx, alerts.Public(), aSighting(r.now(), 20.4, 44.8), alerts.Request{})).Code
	key, _ := r.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(code)))
	s := done(r.Journal.Document(r.ctx, key)).(*alerts.Sighting)
	for name, at := range map[string]time.Time{"observed": s.ObservedAt, "reported": s.ReportedAt, "created": s.CreatedAt, "updated": s.UpdatedAt} {
		if !at.Equal(hour) {
			t.Errorf("%s at %s", name, at)
		}
	}
	changes := done(r.store.Changes(r.ctx, s.Number-1, 1))
	if !changes[0].At.Equal(hour) || s.PrecisionMin < 60 {
		t.Errorf("the change is of %s, precise to %d minutes", changes[0].At, s.PrecisionMin)
	}
	in := aSighting(r.now(), 20.4, 44.8)
	in.Contact = &alerts.Reporter{Phone: "+381 11 000 0011"}
	code = done(r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{})).Code
	key, _ = r.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(code)))
	if s = done(r.Journal.Document(r.ctx, key)).(*alerts.Sighting); s.ReportedAt.Equal(hour) {
		t.Error("a report with a contact was cut as well")
	}
}

func TestPublicPhotos(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	up := done(r.Upload(r.ctx, alerts.Public(), alerts.Picture{JPEG: []byte("jpeg"), Width: 4, Height: 3}, alerts.Request{}))
	left := done(r.Upload(r.ctx, alerts.Public(), alerts.Picture{JPEG: []byte("left"), Width: 4, Height: 3}, alerts.Request{}))
	in := aSighting(r.now(), 20.4, 44.8)
	in.Photos = []string{up.ID}
	key := alerts.Request{Key: []byte("k"), Body: []byte("b")}
	code := done(r.ReportSighting(r.ctx, alerts.Public(), in, key)).Code
	if again := done(r.ReportSighting(r.ctx, alerts.Public(), in, key)).Code; again != code {
		t.Fatalf("a repeat gives %q after %q", again, code)
	}
	k, _ := r.Board.ByReceipt(alerts.HashSecret(alerts.NormalCode(code)))
	if got := done(r.SightingPhoto(r.ctx, r.ana, k.ID, up.ID)); string(got) != "jpeg" {
		t.Fatalf("got %q", got)
	}
	_, err := r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{})
	r.wrong(err, "photos[0] unknown_photo") // claimed once
	r.pass(26 * time.Hour)
	if n := done(r.SweepPhotos(r.ctx, r.now())); n != 1 {
		t.Fatalf("%d photos swept", n)
	}
	if _, err := r.store.Blob(r.ctx, "upload."+left.ID); err == nil {
		t.Fatal("an unclaimed upload is still there")
	}
	if got := done(r.SightingPhoto(r.ctx, r.ana, k.ID, up.ID)); string(got) != "jpeg" {
		t.Fatalf("the sweep took %q", got)
	}
}

func TestTriage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	s := r.sighted("", 20.4, 44.8)
	_, err := r.AssessSighting(r.ctx, r.ana, s.ID, alerts.Assess{Source: "G", Information: 7}, alerts.Request{})
	r.wrong(err, "source unknown_value", "information out_of_range")
	s = done(r.ScreenSighting(r.ctx, r.ana, s.ID, alerts.Screen{State: alerts.SightingScreened}, alerts.Request{}))
	s = done(r.AssessSighting(r.ctx, r.ana, s.ID, alerts.Assess{Source: "F", Information: 3, Handling: "desk"}, alerts.Request{}))
	if s.State != alerts.SightingAssessed || s.Assessment.Source != "F" || s.Assessment.Information != 3 {
		t.Fatalf("got %+v", s)
	}
	_, err = r.Link(r.ctx, r.ana, s.ID, alerts.LinkSighting{CaseNumber: alerts.Some("22222222")}, alerts.Request{})
	r.wrong(err, "case_number unknown_case")
	s = done(r.Link(r.ctx, r.ana, s.ID, alerts.LinkSighting{CaseNumber: alerts.Some(c.Number)}, alerts.Request{}))
	if s.CaseID != c.ID {
		t.Fatalf("linked to %q", s.CaseID)
	}
	s = done(r.HandOver(r.ctx, r.ana, s.ID, alerts.Handover{Unit: "PU Beograd", Reference: "7/31"}, alerts.Request{}))
	if s.State != alerts.SightingHandedOver || len(s.HandedOver) != 1 {
		t.Fatalf("got %+v", s)
	}
	s = done(r.ScreenSighting(r.ctx, r.ana, s.ID, alerts.Screen{State: alerts.SightingConfirmed}, alerts.Request{}))
	_, err = r.ScreenSighting(r.ctx, r.ana, s.ID, alerts.Screen{State: alerts.SightingScreened}, alerts.Request{})
	r.refused(err, alerts.Conflict)
	if v := done(r.Case(r.ctx, r.ana, c.ID)); v.Version != 1 || v.State != alerts.StateVerifying {
		t.Fatalf("a confirmed sighting changed the case: %s, version %d", v.State, v.Version)
	}
}

func TestDuplicatesAreLinkedInNoCircle(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b, c := r.sighted("", 20, 44), r.sighted("", 20, 44), r.sighted("", 20, 44)
	link := func(from, to string) error {
		_, err := r.Link(r.ctx, r.ana, from, alerts.LinkSighting{DuplicateOf: alerts.Some(to)}, alerts.Request{})
		return err
	}
	r.wrong(link(a.ID, a.ID), "duplicate_of itself")
	r.wrong(link(a.ID, "nothing"), "duplicate_of unknown_sighting")
	r.ok(link(a.ID, b.ID))
	r.ok(link(b.ID, c.ID))
	r.wrong(link(c.ID, a.ID), "duplicate_of cycle")
	r.ok(link(b.ID, ""))
	r.ok(link(c.ID, a.ID))
}

func TestSightingsByFilter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	beograd := r.sighted(c.ID, 20.45, 44.81)
	r.pass(time.Hour)
	nis := r.sighted("", 21.9, 43.32)
	r.pass(time.Hour)
	in := aSighting(r.now(), 0, 0)
	in.Place = nil
	nowhere := done(r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}))
	done(r.AssessSighting(r.ctx, r.ana, nis.ID, alerts.Assess{Source: "C", Information: 3}, alerts.Request{}))
	done(r.AssessSighting(r.ctx, r.ana, nowhere.ID, alerts.Assess{Source: "F", Information: 2}, alerts.Request{}))
	for name, one := range map[string]struct {
		q    alerts.SightingQuery
		want []string
	}{
		"all":       {alerts.SightingQuery{}, []string{nowhere.ID, nis.ID, beograd.ID}},
		"case":      {alerts.SightingQuery{Case: c.ID}, []string{beograd.ID}},
		"number":    {alerts.SightingQuery{Case: c.Number}, []string{beograd.ID}},
		"box":       {alerts.SightingQuery{Box: &geo.Box{West: 20, South: 43, East: 22, North: 45}}, []string{nis.ID, beograd.ID}},
		"small box": {alerts.SightingQuery{Box: &geo.Box{West: 21, South: 43, East: 22, North: 44}}, []string{nis.ID}},
		"from":      {alerts.SightingQuery{From: nis.ObservedAt}, []string{nowhere.ID, nis.ID}},
		"to":        {alerts.SightingQuery{To: nis.ObservedAt}, []string{nis.ID, beograd.ID}},
		"state":     {alerts.SightingQuery{States: []alerts.SightingState{alerts.SightingNew}}, []string{beograd.ID}},
		"grade":     {alerts.SightingQuery{MinGrade: "C3"}, []string{nis.ID}},
		"better":    {alerts.SightingQuery{MinGrade: "B3"}, nil},
		"worst":     {alerts.SightingQuery{MinGrade: "F6"}, []string{nowhere.ID, nis.ID}},
	} {
		var got []string
		for q := one.q; ; { // page by page
			q.Limit = 1
			list, err := r.Sightings(r.ctx, r.boris, q)
			r.ok(err)
			for _, f := range list.Features {
				got = append(got, f.ID)
			}
			if list.Next == nil {
				break
			}
			q.Cursor = *list.Next
		}
		if len(got) != len(one.want) {
			t.Errorf("%s: got %v, want %v", name, got, one.want)
			continue
		}
		for i := range got {
			if got[i] != one.want[i] {
				t.Errorf("%s: got %v, want %v", name, got, one.want)
			}
		}
	}
	_, err := r.Sightings(r.ctx, r.ana, alerts.SightingQuery{MinGrade: "3C", States: []alerts.SightingState{"seen"}, From: r.now(), To: r.now().Add(-time.Hour)})
	r.wrong(err, "min_grade bad_grade", "state unknown_value", "to before_from")
	_, err = r.Sightings(r.ctx, r.ana, alerts.SightingQuery{Case: "nothing"})
	r.refused(err, alerts.NotFound)
}

func TestTilesShowOnlyWhatTheViewerMaySee(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open := r.opened()
	in := aCase(r.now())
	in.Restricted = true
	closed := done(r.OpenCase(r.ctx, r.ana, in, alerts.Request{}))
	for range 300 {
		r.sighted(open.ID, 20.45, 44.81)
		r.sighted(closed.ID, 20.46, 44.82)
	}
	count := func(a alerts.Actor, q alerts.SightingQuery) int {
		n := 0
		for _, d := range done(r.SightingTile(r.ctx, a, 0, 0, 0, q)) {
			n += d.Count
		}
		return n
	}
	if n := count(r.ana, alerts.SightingQuery{}); n != 600 {
		t.Errorf("the team sees %d", n)
	}
	if n := count(r.boris, alerts.SightingQuery{}); n != 300 {
		t.Errorf("others see %d", n)
	}
	if n := count(r.officer, alerts.SightingQuery{}); n != 0 {
		t.Errorf("the privacy officer sees %d", n)
	}
	if n := count(r.ana, alerts.SightingQuery{Case: open.ID, From: r.now().Add(time.Hour)}); n != 0 {
		t.Errorf("the future holds %d", n)
	}
	one := r.sighted(open.ID, -70, -30)
	near := done(r.NearestSightings(r.ctx, r.boris, geo.At(-70.001, -30), 5, 10_000, alerts.SightingQuery{}))
	if len(near) != 1 || near[0].ID != one.ID || near[0].State != alerts.SightingNew {
		t.Errorf("nearest: %+v", near)
	}
}

func TestFollow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	report := alerts.NewReport{
		PublicReport: alerts.PublicReport{ChildName: "Mila", LastSeenWhere: "school", LastSeenAt: r.now()}, Relation: "aunt",
	}
	code := done(r.ReportChild(r.ctx, alerts.Public(), report, alerts.Request{})).Code
	_, err := r.Follow(r.ctx, "AAAA-BBBB", nil)
	r.refused(err, alerts.NotFound)
	v := done(r.Follow(r.ctx, code, nil))
	if v.State != "received" || v.Own.Report.ChildName != "Mila" || !v.ReceivedAt.Equal(r.now().Truncate(time.Hour)) {
		t.Fatalf("got %+v", v)
	}
	open := r.Board.OpenReports()
	if len(open) != 1 || open[0].Referred {
		t.Fatalf("open reports: %+v", open)
	}
	r.ok(r.FollowMessage(r.ctx, alerts.Public(), code, alerts.NewMessage{Text: "She has a red coat."}, alerts.Request{}))
	done(r.MessageReporter(r.ctx, r.ana, open[0].ContactID, alerts.NewMessage{Text: "Thank you."}, alerts.Request{}))
	c := done(r.CaseFromReport(r.ctx, r.ana, open[0].ContactID, aCase(r.now()), alerts.Request{}))
	_, err = r.CaseFromReport(r.ctx, r.ana, open[0].ContactID, aCase(r.now()), alerts.Request{})
	r.refused(err, alerts.Conflict)
	v = done(r.Follow(r.ctx, code, func(string) []alerts.FollowTold { return []alerts.FollowTold{{Organisations: 3}} }))
	if v.State != "case_open" || len(v.Messages) != 2 || v.Messages[0].FromStaff || !v.Messages[1].FromStaff || v.PartnersTold != 0 || v.Checked {
		t.Fatalf("got %+v", v)
	}
	if len(r.Board.OpenReports()) != 0 || r.Board.ContactsOf(c.ID)[0] != open[0].ContactID {
		t.Fatal("the report does not belong to the case")
	}
	tip := done(r.ReportSighting(r.ctx, alerts.Public(), aSighting(r.now(), 20, 44), alerts.Request{})).Code
	r.ok(r.FollowMessage(r.ctx, alerts.Public(), tip, alerts.NewMessage{Text: "He was with a dog."}, alerts.Request{}))
	if v = done(r.Follow(r.ctx, tip, nil)); v.Kind != "sighting" || len(v.Messages) != 1 {
		t.Fatalf("got %+v", v)
	}
	_, err = r.ReportChild(r.ctx, alerts.Public(), alerts.NewReport{}, alerts.Request{})
	r.wrong(err, "child_name required", "last_seen_where required")
}

func TestContacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	_, err := r.RecordContact(r.ctx, r.ana, alerts.NewContact{Channel: "fax", Kind: "x", At: r.now().Add(time.Hour), Promised: "a call", CaseID: "nothing"}, alerts.Request{})
	r.wrong(err, "channel unknown_value", "kind unknown_value", "at future", "promised_until required", "case_id unknown_case")
	v := done(r.RecordContact(r.ctx, r.ana, alerts.NewContact{
		Channel: "phone", Kind: "support", At: r.now().Add(-48 * time.Hour), Asked: "help", Promised: "a call", PromisedUntil: r.now().Add(-time.Hour),
	}, alerts.Request{}))
	work := done(r.Work(r.ctx, r.ana))
	if len(work.Promises) != 1 || !work.Promises[0].Overdue || !work.Promises[0].Mine || len(work.Unreported) != 1 {
		t.Fatalf("got %+v", work)
	}
	kept := true
	v = done(r.PatchContact(r.ctx, r.ana, v.ID, v.Version, alerts.ContactPatch{Kept: &kept, CaseID: alerts.Some(c.ID)}, alerts.Request{}))
	if v.CaseID != c.ID || v.KeptAt.IsZero() || v.Promised != "a call" {
		t.Fatalf("got %+v", v)
	}
	_, err = r.PatchContact(r.ctx, r.ana, v.ID, 1, alerts.ContactPatch{Kept: &kept}, alerts.Request{})
	r.refused(err, alerts.Stale)
	if work = done(r.Work(r.ctx, r.ana)); len(work.Promises) != 0 {
		t.Fatalf("got %+v", work.Promises)
	}
	if page := done(r.Contacts(r.ctx, r.boris, alerts.ContactQuery{Case: c.ID})); len(page.Items) != 1 {
		t.Fatalf("got %+v", page)
	}
	_, err = r.Contact(r.ctx, r.officer, v.ID)
	r.refused(err, alerts.NotFound)
}

func TestExpiryIsTakenOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	live := r.released(r.opened().ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	r.ok(r.TakeDueSteps(r.ctx, r.now()))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertLive {
		t.Fatal("expired early")
	}
	r.pass(2 * time.Hour)
	r.ok(r.TakeDueSteps(r.ctx, r.now()))
	tip := r.Journal.Tip().Number
	r.ok(r.TakeDueSteps(r.ctx, r.now()))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertExpired || r.Journal.Tip().Number != tip {
		t.Fatalf("state %s, %d steps more", al.State, r.Journal.Tip().Number-tip)
	}
}

func TestNothingIsReadableInTheStore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	in := aSighting(r.now(), 20.4, 44.8)
	in.Text, in.Contact = "canary-text", &alerts.Reporter{Name: "canary-name"}
	done(r.ReportSighting(r.ctx, alerts.Public(), in, alerts.Request{}))
	report := alerts.NewReport{PublicReport: alerts.PublicReport{ChildName: "canary-child", Circumstances: "canary-story"}}
	done(r.ReportChild(r.ctx, alerts.Public(), report, alerts.Request{}))
	for _, c := range done(r.store.Changes(r.ctx, 0, 100)) {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte("canary")) {
				t.Errorf("change %d holds readable text of %s", c.Number, l.Key)
			}
		}
	}
}

func TestEverythingIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	s := r.sighted(c.ID, 20.4, 44.8)
	code := done(r.ReportSighting(r.ctx, alerts.Public(), aSighting(r.now(), 21, 44), alerts.Request{})).Code
	r.released(c.ID, alerts.LevelPartner, alerts.StateActive)
	done(r.store.Settle(r.ctx))
	r.Journal.Close()
	r.open()
	if got := done(r.Case(r.ctx, r.ana, c.ID)); got.Number != c.Number || len(got.Children[0].Names) != 1 {
		t.Fatalf("got %+v", got)
	}
	if ids := r.Board.SightingsOf(c.ID); len(ids) != 1 || ids[0] != s.ID || len(r.Board.LiveAlerts()) != 1 {
		t.Fatalf("sightings %v", ids)
	}
	if v := done(r.Follow(r.ctx, code, nil)); v.Kind != "sighting" {
		t.Fatalf("got %+v", v)
	}
	if list := done(r.Sightings(r.ctx, r.boris, alerts.SightingQuery{})); len(list.Features) != 2 || list.Features[0].Properties.Text == "" {
		t.Fatalf("got %+v", list)
	}
	if _, ok := r.Board.Lookup(journal.Key{Collection: "sightings", ID: s.ID}); ok {
		t.Fatal("the board holds a sighting whole")
	}
}

func TestAlertsEndWithTheirConsent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	done(r.AddConsent(r.ctx, r.ana, c.ID, alerts.NewConsent{
		Class: "P1", Audience: "public", Purpose: "appeal", Basis: "override", ExpiresAt: r.now().Add(30 * time.Minute),
	}, alerts.Request{}))
	live := r.released(c.ID, alerts.LevelPublicAppeal, alerts.StatePublic)
	r.ok(r.TakeDueSteps(r.ctx, r.now()))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertLive {
		t.Fatal("taken back early")
	}
	r.pass(31 * time.Minute)
	r.ok(r.TakeDueSteps(r.ctx, r.now()))
	if al, _ := r.Board.Alert(live.ID); al.State != alerts.AlertCancelled {
		t.Fatalf("state %s after the override has run out", al.State)
	}
}

func TestReadersAndWritersTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.opened()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 25 {
				in := aSighting(r.now(), 20.4, 44.8)
				in.CaseID = c.ID
				if _, err := r.RecordSighting(r.ctx, r.ana, in, alerts.Request{}); err != nil {
					t.Error(err)
				}
				text := "told again"
				_, err := r.PatchCase(r.ctx, r.boris, c.ID, done(r.Case(r.ctx, r.boris, c.ID)).Version, alerts.CasePatch{
					Circumstances: &text, Risk: &alerts.NewRisk{Grade: "low"},
				}, alerts.Request{})
				if err != nil && alerts.CodeOf(err) != alerts.Stale {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range 25 {
				done(r.Sightings(r.ctx, r.boris, alerts.SightingQuery{Box: &geo.Box{West: 20, South: 44, East: 21, North: 45}}))
				done(r.SightingTile(r.ctx, r.boris, 3, 4, 2, alerts.SightingQuery{}))
				done(r.Cases(r.ctx, r.boris, alerts.CaseQuery{Text: "dj"}))
				done(r.Work(r.ctx, r.boris))
			}
		})
	}
	all.Wait()
	if n := len(r.Board.SightingsOf(c.ID)); n != 100 {
		t.Fatalf("%d sightings", n)
	}
}
