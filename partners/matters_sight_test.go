package partners_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

func TestWhoSeesAMatter(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.Legal = []string{"le"}
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []alerts.Actor{
		otherLawyer(), alerts.Public(), person("vo", alerts.RoleVolunteer), person("te", alerts.RoleTeamLeader), person("ad", alerts.RoleAdministrator),
		person("pr", alerts.RolePrivacyOfficer), {ID: "pa", Kind: alerts.KindPartner, Role: alerts.RolePartner, Partner: "p"}, person("ps", alerts.RolePartnerSearch),
	} {
		_, err := o.Matter(ctx, a, m.ID)
		wantCode(t, err, alerts.NotFound)
		_, err = o.Clocks(ctx, a, m.ID)
		wantCode(t, err, alerts.NotFound)
		_, err = o.Matter(ctx, a, "none")
		wantCode(t, err, alerts.NotFound)
		list, err := o.Deadlines(ctx, a, partners.DeadlineFilter{})
		if err != nil || len(list.Items) != 0 {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, list))
		}
		page, err := o.Matters(ctx, a, partners.MatterFilter{})
		if err != nil || len(page.Items) != 0 {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, page))
		}
	}
	for _, a := range []alerts.Actor{operator(), coordinator(), duty(), lawyer(), person("po", alerts.RolePoliceLiaison)} {
		v, err := o.Matter(ctx, a, m.ID)
		if err != nil || v.TakingPerson != "Other parent" {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, v))
		}
		clocks, err := o.Clocks(ctx, a, m.ID)
		if err != nil || len(clocks) != 2 {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, clocks))
		}
		// Who of the staff does what is not for guests.
		staff := a.Role == alerts.RoleOperator || a.Role == alerts.RoleCoordinator || a.Role == alerts.RoleDutyOfficer
		if (v.Owner == "op") != staff {
			t.Errorf("%s sees the owner %q", a.Role, v.Owner)
		}
		page, err := o.Matters(ctx, a, partners.MatterFilter{})
		if err != nil || len(page.Items) != 1 || page.Items[0].ToState != "DE" || *page.Items[0].NextDue != "2027-03-10" {
			t.Errorf("%s: %v %s", a.Role, err, toJSON(t, page))
		}
	}
	// A lawyer named on the matter works with its log but changes nothing else.
	if _, err := o.RecordContact(ctx, lawyer(), m.ID, partners.NewMatterContact{InstitutionID: o.ministry(), Direction: "in", Channel: "phone", At: at(t, "2026-11-21 09:00")}, alerts.Request{}); err != nil {
		t.Error(err)
	}
	_, err = o.PatchMatter(ctx, lawyer(), m.ID, 2, partners.MatterPatch{State: alerts.Some("closed")}, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)

	// Once the case is closed only what names the record is left.
	c, _ := o.Board.Case("case1")
	closed := *c
	closed.State = alerts.StateClosed
	o.put(&closed)
	v, err := o.Matter(ctx, operator(), m.ID)
	if err != nil || v.ID != m.ID || v.State != "open" {
		t.Fatalf("%v %+v", err, v)
	}
	for _, word := range []string{"Example", "parent", "2026-03-10", "DE", "removal", "contacts"} {
		if strings.Contains(toJSON(t, v), word) {
			t.Errorf("%q is in %s", word, toJSON(t, v))
		}
	}
	clocks, err := o.Clocks(ctx, operator(), m.ID)
	if err != nil || len(clocks) != 0 {
		t.Errorf("%v %s", err, toJSON(t, clocks))
	}
}

func TestReadsAreRecordedFirst(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	m := o.matter("case1")
	if _, err := o.Clocks(ctx, duty(), m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Matter(ctx, duty(), m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{}); err != nil {
		t.Fatal(err)
	}
	records, err := o.store.Reads(ctx, "node", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	all := string(bytes.Join(records, nil))
	for _, want := range []string{
		`"actor":"du","role":"duty_officer","subject":"matters/` + m.ID + `/clocks","classes":["P1","P3"]`,
		`"actor":"du","role":"duty_officer","subject":"matters/` + m.ID + `","classes":["P3"]`,
		`"subject":"deadlines?person=`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no record of %s in %s", want, all)
		}
	}
}

// What stands in the store tells nothing of a family, and a restart has it all.
func TestMatterIsSealedAndComesBack(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	ministry, m := o.ministry(), o.matter("case1")
	if _, err := o.RecordContact(ctx, operator(), m.ID, partners.NewMatterContact{
		InstitutionID: ministry, Direction: "out", Channel: "phone", At: at(t, "2026-11-21 09:00"), Person: "Canary Official", Request: "Canary request", LegalBasis: "Canary basis",
	}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.AnswerContact(ctx, operator(), m.ID, 1, partners.NewAnswer{At: at(t, "2026-11-21 09:10"), Text: "Canary answer", Satisfied: "no"}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	changes, err := o.store.Changes(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		for _, l := range c.Lines {
			for _, word := range []string{"Canary", "Example parent", "Other parent", "Example town", "2014-05-02"} {
				if bytes.Contains(l.Image, []byte(word)) {
					t.Errorf("%q stands readable in %s", word, l.Key)
				}
			}
		}
	}
	before, err := o.Matter(ctx, operator(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	after, err := o.Matter(ctx, operator(), m.ID)
	if err != nil || toJSON(t, after) != toJSON(t, before) {
		t.Errorf("%v\nbefore %s\nafter  %s", err, toJSON(t, before), toJSON(t, after))
	}
	if len(after.Contacts) != 1 || after.Contacts[0].Answer.Text != "Canary answer" {
		t.Errorf("%s", toJSON(t, after))
	}
}

func TestMattersPageByPage(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1")
	var want []string
	for i, state := range []string{"AT", "DE", "HR", "SI", "HU"} {
		o.to("2026-11-21 10:0" + string(rune('0'+i)))
		in := removal()
		in.ToState = state
		if _, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{}); err != nil {
			t.Fatal(err)
		}
		want = append([]string{state}, want...)
	}
	var got []string
	f := partners.MatterFilter{Limit: 2, State: "open"}
	for range 10 {
		page, err := o.Matters(ctx, operator(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Items {
			got = append(got, i.ToState)
		}
		if page.Next == nil {
			break
		}
		f.Cursor = *page.Next
	}
	if toJSON(t, got) != toJSON(t, want) {
		t.Errorf("%v, want %v", got, want)
	}
	of, err := o.MattersOfCase(ctx, operator(), "case1")
	if err != nil || len(of) != 5 || of[0].ToState != "AT" {
		t.Errorf("%v %s", err, toJSON(t, of))
	}
	_, err = o.MattersOfCase(ctx, operator(), "none")
	wantCode(t, err, alerts.NotFound)
}

// Erasing a case takes its matters along, now and after a restart.
func TestForgottenCaseHasNoMatters(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	m := o.matter("case1")
	_, err := o.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		return journal.Outcome{Forget: []journal.Key{{Collection: "cases", ID: "case1"}}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err = o.Matter(ctx, duty(), m.ID)
		wantCode(t, err, alerts.NotFound)
		list, err := o.Deadlines(ctx, duty(), partners.DeadlineFilter{})
		if err != nil || len(list.Items) != 0 {
			t.Errorf("%v %s", err, toJSON(t, list))
		}
		o.Desk = o.open(bytes.Repeat([]byte{7}, 32))
	}
}

// Who acts for a parent sees the matter as long as nothing is hidden from that
// parent; who acts for the organisation, and the desk, see it all the time.
func TestALawyerOfTheParentIsShutOutWhileSomethingIsHidden(t *testing.T) {
	t.Parallel()
	o, ctx := newOffice(t), context.Background()
	o.newCase("case1", "2014-05-02")
	in := removal()
	in.Legal, in.ParentLegal = []string{"le"}, []string{"lx"}
	_, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if got := wrong(err); got != "parent_legal not_named" {
		t.Errorf("refused for %q", got)
	}
	in.Legal = []string{"le", "lx"}
	m, err := o.OpenMatter(ctx, operator(), "case1", in, alerts.Request{})
	if err != nil {
		t.Fatal(err)
	}
	hide := func(lifted bool) {
		t.Helper()
		c, _ := o.Board.Case("case1")
		next := *c
		next.Hidden = alerts.Hidden{{ID: "h", Party: alerts.PartyLeftBehind, Field: alerts.HideAddress, At: o.Now()}}
		if lifted {
			next.Hidden[0].LiftedAt = o.Now()
		}
		o.put(&next)
	}
	sees := func(a alerts.Actor, want bool) {
		t.Helper()
		_, err := o.Matter(ctx, a, m.ID)
		if code := alerts.CodeOf(err); want && err != nil || !want && code != alerts.NotFound {
			t.Errorf("%s reads the matter: %v, want %t", a.ID, err, want)
		}
		clocks, _ := o.Clocks(ctx, a, m.ID)
		due, err := o.Deadlines(ctx, a, partners.DeadlineFilter{})
		if err != nil || (len(clocks) > 0) != want || (len(due.Items) > 0) != want {
			t.Errorf("%s sees %d clocks and %d deadlines (%v), want %t", a.ID, len(clocks), len(due.Items), err, want)
		}
	}
	sees(otherLawyer(), true)
	hide(false)
	sees(otherLawyer(), false)
	sees(lawyer(), true)
	sees(operator(), true)
	if v, err := o.Matter(ctx, operator(), m.ID); err != nil || !v.ShutOut {
		t.Errorf("the desk is not told: %v", err)
	}
	_, err = o.RecordContact(ctx, otherLawyer(), m.ID, partners.NewMatterContact{InstitutionID: o.ministry(), Direction: "in", Channel: "phone", At: at(t, "2026-11-21 09:00")}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	hide(true)
	sees(otherLawyer(), true)
}
