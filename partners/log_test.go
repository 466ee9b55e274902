package partners_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// full is an entry with everything in it.
func full(t *testing.T, institution string) partners.NewMatterContact {
	t.Helper()
	return partners.NewMatterContact{
		InstitutionID: institution, Direction: "out", Channel: "letter", At: at(t, "2026-10-01 09:00"), Matter: "administrative_decision",
		Unit: "Canary unit", Person: "Canary officer", Function: "Canary function", Request: "Canary request", LegalBasis: "Canary basis",
		Reference: "T-1", OurReference: "N-1", Language: "sr-Latn", Interpreter: "Canary interpreter", FamilyNote: "Canary note",
		Documents: []partners.LoggedDocument{{Title: "Canary document", Version: "2", Language: "en", Direction: "sent"}},
		Proof:     &partners.DeliveryProof{Kind: "registered_post", Reference: "Canary proof", On: "2026-10-02"}, PromisedDate: "2026-10-20", PromisedBy: "Canary promiser",
		NextStep: "Canary step", NextDue: "2026-11-20",
	}
}

func TestEntryKeepsEverything(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	for _, of := range []partners.Log{partners.LogOfMatter(o.matter("case1").ID), partners.LogOfCase("case1")} {
		v, err := o.RecordEntry(ctx, coordinator(), of, full(t, o.ministry()), alerts.Request{})
		if err != nil {
			t.Fatal(err)
		}
		want := `{"n":1,"institution_id":"` + v.InstitutionID + `","institution_name":"Example Ministry","direction":"out","channel":"letter","at":"2026-10-01T07:00:00Z","matter":"administrative_decision",` +
			`"unit":"Canary unit","person":"Canary officer","function":"Canary function","request":"Canary request","legal_basis":"Canary basis","reference":"T-1","our_reference":"N-1",` +
			`"documents":[{"title":"Canary document","version":"2","language":"en","direction":"sent"}],"proof":{"kind":"registered_post","reference":"Canary proof","on":"2026-10-02"},` +
			`"language":"sr-Latn","interpreter":"Canary interpreter","family_note":"Canary note","promised_date":"2026-10-20","promised_by":"Canary promiser","statutory_date":"2026-11-02",` +
			`"statutory_rule":"rs.zup145.direct","statutory_source":"Serbia, General Administrative Procedure Act (ZUP), Art. 145","statutory_verified":true,` +
			`"statutory_note":"Decision without a separate examination procedure.","next":{"text":"Canary step","owner":"co","due":"2026-11-20","open":true},"answer":null,"state":"overdue","overdue":true,` +
			`"due":"2026-10-20","days_late":32,"recorded_by":"co","recorded_at":"2026-11-21T09:00:00Z"}`
		if got := toJSON(t, v); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
		if _, err := o.AnswerEntry(ctx, operator(), of, 1, partners.NewAnswer{At: at(t, "2026-11-20 09:00"), Text: "Canary answer", Satisfied: "partly", Person: "Canary answerer",
			Documents: []partners.LoggedDocument{{Title: "Canary reply", Direction: "received"}}}, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
		before, err := o.ContactLog(ctx, duty(), of)
		if err != nil {
			t.Fatal(err)
		}
		o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
		after, err := o.ContactLog(ctx, duty(), of)
		if err != nil || toJSON(t, before) != toJSON(t, after) {
			t.Errorf("%v: a restart makes %s of %s", err, toJSON(t, after), toJSON(t, before))
		}
	}
	changes, err := o.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, l := range c.Lines {
			if bytes.Contains(l.Image, []byte("Canary")) {
				t.Errorf("a name stands readable in %s", l.Key)
			}
		}
	}
}

func TestEntryRefusals(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of := partners.LogOfCase("case1")
	in := full(t, o.ministry())
	in.Direction, in.NoReply, in.Language, in.Confidential, in.NextOwner, in.NextDue = "in", true, "not a language", "everybody", "nobody", ""
	in.Documents, in.Proof = []partners.LoggedDocument{{Direction: "sideways"}}, &partners.DeliveryProof{Kind: "dove", On: "2027-01-01"}
	in.Corrects, in.Follows = 1, -1
	_, err := o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{})
	want := "next_owner unknown_account; documents[0].title required; documents[0].direction unknown_value; proof.kind unknown_value; proof.on future; language language; " +
		"confidential unknown_value; family_note confidential; promised_date no_reply; no_reply direction; next_due required; corrects unknown_contact; follows unknown_contact"
	if got := wrong(err); got != want {
		t.Errorf("wrong fields\n%s\nwant\n%s", got, want)
	}
	in = full(t, o.ministry())
	if _, err := o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	in.Corrects, in.Follows = 1, 1
	_, err = o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{})
	if got := wrong(err); got != "follows one_link" {
		t.Error(got)
	}
	for _, n := range []int{0, -1, 2, 1 << 40} {
		_, err = o.AnswerEntry(ctx, coordinator(), of, n, partners.NewAnswer{At: o.clock(), Text: "x", Satisfied: "yes"}, alerts.Request{})
		wantCode(t, err, alerts.NotFound)
		_, err = o.FinishStep(ctx, coordinator(), of, n, partners.StepDone{}, alerts.Request{})
		wantCode(t, err, alerts.NotFound)
		_, err = o.Escalation(ctx, coordinator(), of, n, partners.RungWish{})
		wantCode(t, err, alerts.NotFound)
	}
	// Those who may not work with the case learn nothing of its log.
	for _, a := range []alerts.Actor{lawyer(), alerts.Public(), person("vo", alerts.RoleVolunteer), person("ad", alerts.RoleAdministrator), {ID: "pa", Kind: alerts.KindPartner, Role: alerts.RolePartner, Partner: "p"}} {
		_, err := o.ContactLog(ctx, a, of)
		wantCode(t, err, alerts.NotFound)
		_, err = o.RecordEntry(ctx, a, of, full(t, o.ministry()), alerts.Request{})
		wantCode(t, err, alerts.NotFound)
		_, err = o.AnswerEntry(ctx, a, of, 1, partners.NewAnswer{}, alerts.Request{})
		wantCode(t, err, alerts.NotFound)
	}
	_, err = o.RecordEntry(ctx, person("po", alerts.RolePoliceLiaison), of, full(t, o.ministry()), alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	_, err = o.ContactLog(ctx, duty(), partners.LogOfCase("none"))
	wantCode(t, err, alerts.NotFound)
}

// An entry is answered once, whoever comes at the same time, and its step is
// done once.
func TestConcurrentAnswers(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of := partners.LogOfCase("case1")
	if _, err := o.RecordEntry(ctx, coordinator(), of, full(t, o.ministry()), alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	answered, done, refused := 0, 0, 0
	for range 16 {
		wg.Go(func() {
			_, err := o.AnswerEntry(ctx, coordinator(), of, 1, partners.NewAnswer{At: o.clock(), Text: "x", Satisfied: "yes"}, alerts.Request{})
			_, errDone := o.FinishStep(ctx, coordinator(), of, 1, partners.StepDone{Note: "done"}, alerts.Request{})
			mu.Lock()
			defer mu.Unlock()
			for n, err := range map[*int]error{&answered: err, &done: errDone} {
				switch alerts.CodeOf(err) {
				case "":
					*n++
				case alerts.Conflict:
					refused++
				}
			}
		})
	}
	wg.Wait()
	if answered != 1 || done != 1 || refused != 30 {
		t.Errorf("%d answers, %d steps done, %d refused", answered, done, refused)
	}
	log, err := o.ContactLog(ctx, duty(), of)
	if err != nil || len(log.Contacts) != 1 || log.Contacts[0].Next.Open || log.Contacts[0].Next.DoneNote != "done" {
		t.Errorf("%v %s", err, toJSON(t, log))
	}
}

// No command, whatever it is about, changes what was logged.
func TestNoCommandChangesALog(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	m := o.matter("case1")
	if _, err := o.RecordContact(ctx, coordinator(), m.ID, full(t, o.ministry()), alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	now, err := o.Matter(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	before := toJSON(t, now.Contacts)
	if _, err := o.PatchMatter(ctx, operator(), m.ID, now.Version, partners.MatterPatch{Whereabouts: alerts.Some("elsewhere"), State: alerts.Some("closed")}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if now, err = o.Matter(ctx, operator(), m.ID); err != nil || !strings.Contains(before, now.Contacts[0].Request) {
		t.Errorf("%v %s", err, toJSON(t, now.Contacts))
	}
}

func TestLinksBetweenEntries(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	of, ministry := partners.LogOfCase("case1"), o.ministry()
	record := func(change func(*partners.NewMatterContact)) {
		t.Helper()
		in := partners.NewMatterContact{InstitutionID: ministry, Direction: "out", Channel: "phone", At: at(t, "2026-11-01 09:00"), Request: "x", PromisedDate: "2026-11-05", NextStep: "look", NextDue: "2026-11-10"}
		change(&in)
		if _, err := o.RecordEntry(ctx, coordinator(), of, in, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
	}
	record(func(*partners.NewMatterContact) {})
	record(func(in *partners.NewMatterContact) { in.Corrects = 1 })
	record(func(in *partners.NewMatterContact) { in.Follows = 2 })
	record(func(in *partners.NewMatterContact) {
		in.Withdraws, in.Request, in.PromisedDate, in.NextStep, in.NextDue = 3, "", "", "", ""
	})
	record(func(in *partners.NewMatterContact) {
		in.NoReply, in.PromisedDate, in.Request, in.NextStep, in.NextDue = true, "", "", "", ""
	})
	record(func(in *partners.NewMatterContact) {
		in.Direction, in.PromisedDate, in.NextStep, in.NextDue = "in", "", "", ""
	})
	log, err := o.ContactLog(ctx, duty(), of)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range log.Contacts {
		open := ""
		if e.Next != nil && e.Next.Open {
			open = "+step"
		}
		got = append(got, string(e.State)+open)
	}
	if s := strings.Join(got, " "); s != "corrected overdue withdrawn noted no_reply noted" {
		t.Error(s)
	}
	if log.Sums != (partners.LogSums{Entries: 6, Waiting: 1, Overdue: 1, NoReply: 1}) {
		t.Errorf("%+v", log.Sums)
	}
}

// What only the desk reads is kept from a lawyer, who still sees that there is an
// entry, and the reads are on record.
func TestConfidentialEntries(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.Legal = []string{"le"}
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	secret := full(t, o.ministry())
	secret.Confidential, secret.FamilyNote = "staff", ""
	if _, err := o.RecordContact(ctx, operator(), m.ID, secret, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	v, err := o.Matter(ctx, lawyer(), m.ID)
	if err != nil || len(v.Contacts) != 1 || !v.Contacts[0].Withheld || strings.Contains(toJSON(t, v), "Canary") {
		t.Errorf("%v %s", err, toJSON(t, v.Contacts))
	}
	list, err := o.Deadlines(ctx, lawyer(), partners.DeadlineFilter{})
	if err != nil || strings.Contains(toJSON(t, list), "Canary") {
		t.Errorf("%v %s", err, toJSON(t, list))
	}
	_, err = o.Escalation(ctx, lawyer(), partners.LogOfMatter(m.ID), 1, partners.RungWish{})
	wantCode(t, err, alerts.NotFound)
	_, err = o.AnswerContact(ctx, lawyer(), m.ID, 1, partners.NewAnswer{At: o.clock(), Text: "x", Satisfied: "yes"}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	records, err := o.store.Reads(ctx, "node", 0, 100)
	if err != nil || !bytes.Contains(bytes.Join(records, nil), []byte(`"actor":"le","role":"legal","subject":"matters/`+m.ID+`","classes":["P3"]`)) {
		t.Errorf("%v %s", err, bytes.Join(records, nil))
	}
}

// Erasing a case takes its log along.
func TestForgottenCaseHasNoLog(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	if _, err := o.RecordEntry(ctx, coordinator(), partners.LogOfCase("case1"), full(t, o.ministry()), alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err := o.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Forget: []journal.Key{{Collection: "cases", ID: "case1"}}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = o.ContactLog(ctx, duty(), partners.LogOfCase("case1"))
		wantCode(t, err, alerts.NotFound)
		list, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{})
		if err != nil || len(list.Items) != 0 {
			t.Errorf("%v %s", err, toJSON(t, list))
		}
		o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	}
}
