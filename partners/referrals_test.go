package partners_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// house is an office with a shelter that offers a service, and a case with a
// word in every class.
type house struct {
	*office
	shelter, other alerts.Actor
}

func shelterPerson(id, partner string) alerts.Actor {
	a := person(id, alerts.RolePartner)
	a.Partner = partner
	return a
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{office: newOffice(t), shelter: shelterPerson("iva", "shelter"), other: shelterPerson("petar", "radio")}
	h.put(houseDocuments(h.clock())...)
	return h
}

// houseDocuments are the case, two organisations and their people.
func houseDocuments(now time.Time) []journal.Document {
	consent := func(id string, class alerts.Class, audience string) alerts.Consent {
		return alerts.Consent{ID: id, Class: class, Audience: audience, Purpose: "help", Basis: "consent", RecordedBy: "co", RecordedAt: now}
	}
	agreement := partners.Agreement{Reference: "A-1", ValidUntil: now.AddDate(0, 1, 0)}
	out := []journal.Document{
		&alerts.Case{
			Head: journal.Head{ID: "case1"}, CaseNumber: "NUMBERcase1", State: alerts.StateActive, Category: alerts.CategoryRunaway, Circumstances: "ZqP3story",
			Children: []alerts.Child{
				{ID: "child1", Names: []alerts.Name{{Given: "ZqP1first", Kind: "birth"}}, BirthDate: "2015", Home: "ZqP2home", Needs: "ZqP4needs", Description: alerts.Description{Hair: "ZqP0hair"}},
				{ID: "child2", Names: []alerts.Name{{Given: "ZqP1second", Kind: "birth"}}},
			},
			LastSeen: alerts.LastSeen{At: now, Label: "ZqP2park"}, Police: alerts.PoliceReport{Unit: "ZqP3unit", Reference: "ZqP3ref"},
			Risks:    []alerts.RiskGrade{{Grade: "high", Note: "ZqP5note"}},
			Consents: []alerts.Consent{consent("c0", alerts.P0, "partners"), consent("c1", alerts.P1, "partners"), consent("c4", alerts.P4, "partners"), consent("ci", alerts.P1, "institutions")},
			Parties:  []alerts.Party{{ID: "aunt", Kind: "person", Name: "ZqP3aunt"}},
		},
		&alerts.Contact{Head: journal.Head{ID: "call"}, CaseID: "case1", Relation: "mother", Caller: &alerts.Reporter{Name: "ZqP6caller", Phone: "+381 11 000 0011"}},
		&partners.Partner{Head: journal.Head{ID: "shelter"}, Name: "Shelter", State: partners.PartnerApproved, Agreement: agreement, Services: []string{"shelter", "psychosocial"}},
		&partners.Partner{Head: journal.Head{ID: "radio"}, Name: "Radio", State: partners.PartnerApproved, Agreement: agreement, Services: []string{"publication"}},
		&partners.Partner{Head: journal.Head{ID: "lapsed"}, Name: "Lapsed", State: partners.PartnerApproved, Services: []string{"shelter"}},
	}
	for id, of := range map[string]string{"iva": "shelter", "mira": "shelter", "petar": "radio"} {
		out = append(out, &alerts.Account{Head: journal.Head{ID: id}, Kind: alerts.KindPerson, Role: alerts.RolePartner, Name: "Person " + id, Partner: of})
	}
	return out
}

func (h *house) refer(in partners.NewReferral) partners.ReferralView {
	h.t.Helper()
	v, err := h.OpenReferral(h.t.Context(), coordinator(), "case1", in, alerts.Request{})
	if err != nil {
		h.t.Fatal(err)
	}
	return v
}

func forShelter(share ...partners.NewShare) partners.NewReferral {
	return partners.NewReferral{PartnerID: "shelter", Service: "shelter", Purpose: "Two nights.", Urgency: "today", Share: share}
}

func (h *house) act(a alerts.Actor, id, act string, in partners.ReferralAct) error {
	if a.Partner != "" {
		_, err := h.ActOnOwnReferral(h.t.Context(), a, id, act, in, alerts.Request{})
		return err
	}
	_, err := h.ActOnReferral(h.t.Context(), a, id, act, in, alerts.Request{})
	return err
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// change alters the case as another command would.
func (h *house) change(alter func(*alerts.Case)) {
	h.t.Helper()
	c, _ := h.Board.Case("case1")
	next := *c
	alter(&next)
	h.put(&next)
}

func TestAReceiverSeesExactlyTheClassesThatWereOpened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	words := map[alerts.Class][]string{
		alerts.P0: {"ZqP0hair"}, alerts.P1: {"ZqP1first", "ZqP1second"}, alerts.P2: {"ZqP2home", "ZqP2park"},
		alerts.P3: {"ZqP3story", "ZqP3unit", "ZqP3ref"}, alerts.P4: {"ZqP4needs"}, alerts.P6: {"ZqP6caller"},
	}
	for n := range 1 << len(partners.ShareableClasses()) {
		var share []partners.NewShare
		for i, class := range partners.ShareableClasses() {
			if n&(1<<i) != 0 {
				share = append(share, partners.NewShare{Class: class, Reason: "needed tonight"})
			}
		}
		r := h.refer(forShelter(share...))
		v, err := h.OwnReferral(t.Context(), h.shelter, r.ID)
		h.must(err)
		out := toJSON(t, v)
		for class, list := range words {
			open := slices.ContainsFunc(share, func(s partners.NewShare) bool { return s.Class == class })
			for _, w := range list {
				if strings.Contains(out, w) != open {
					t.Errorf("opened %v: %s is there: %t\n%s", share, w, !open, out)
				}
			}
		}
		if strings.Contains(out, "ZqP5") || strings.Contains(out, "aunt") || strings.Contains(out, "needed tonight") {
			t.Errorf("more than was opened: %s", out)
		}
		for _, a := range []alerts.Actor{h.other, person("nobody", alerts.RolePartner), coordinator()} {
			_, err := h.OwnReferral(t.Context(), a, r.ID)
			wantCode(t, err, alerts.NotFound)
		}
	}
	one := h.refer(func() partners.NewReferral {
		in := forShelter(partners.NewShare{Class: alerts.P1, ConsentID: "c1"})
		in.About = "child2"
		return in
	}())
	v, err := h.OwnReferral(t.Context(), h.shelter, one.ID)
	h.must(err)
	if out := toJSON(t, v); strings.Contains(out, "ZqP1first") || !strings.Contains(out, "ZqP1second") {
		t.Errorf("of one child: %s", out)
	}
}

func TestWhatIsHiddenNeverReachesAReceiver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	all := []partners.NewShare{{Class: alerts.P2, Reason: "x"}, {Class: alerts.P3, Reason: "x"}}
	r := h.refer(forShelter(all...))
	h.must(h.act(coordinator(), r.ID, "reply", partners.ReferralAct{Text: "They wait in Primerova 5."}))
	_, err := h.HideFacts(t.Context(), coordinator(), "case1", alerts.NewHiding{
		Party: alerts.PartyTaking, Fields: []string{alerts.HideHome, alerts.HideCustody}, Words: []string{"Primerova 5"}, Why: "threats",
	}, alerts.Request{})
	h.must(err)
	v, err := h.OwnReferral(t.Context(), h.shelter, r.ID)
	h.must(err)
	out := toJSON(t, v)
	for _, gone := range []string{"ZqP2home", "ZqP3story", "Primerova"} {
		if strings.Contains(out, gone) {
			t.Errorf("%s is still there: %s", gone, out)
		}
	}
	if !v.Shared.Incomplete || !strings.Contains(out, "ZqP2park") {
		t.Errorf("%s", out)
	}
	in := forShelter()
	in.Purpose = "Bring them from ПРИМЕРОВА 5"
	_, err = h.OpenReferral(t.Context(), coordinator(), "case1", in, alerts.Request{})
	if wrong(err) != "purpose hidden_fact" {
		t.Errorf("%v", err)
	}
	if err := h.act(coordinator(), r.ID, "reply", partners.ReferralAct{Text: "primerova 5"}); wrong(err) != "text hidden_fact" {
		t.Errorf("%v", err)
	}
}

func TestAReferralIsAnsweredAndReportedBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r := h.refer(forShelter(partners.NewShare{Class: alerts.P1, ConsentID: "c1"}))
	if r.State != partners.ReferralAsked || r.Receiver != "Shelter" || !r.DueAt.Equal(h.clock().Add(12*time.Hour)) || !r.Shares[0].InForce {
		t.Fatalf("%+v", r)
	}
	for _, wrongAct := range []struct {
		a   alerts.Actor
		act string
	}{{h.shelter, "progress"}, {h.shelter, "done"}, {h.shelter, "review"}, {coordinator(), "answer"}, {coordinator(), "done"}, {coordinator(), "ask_review"}} {
		wantCode(t, h.act(wrongAct.a, r.ID, wrongAct.act, partners.ReferralAct{Answer: "accepted", Code: "helped", Text: "x"}), alerts.Conflict)
	}
	wantCode(t, h.act(h.shelter, r.ID, "share", partners.ReferralAct{}), alerts.NotFound)
	wantCode(t, h.act(h.other, r.ID, "answer", partners.ReferralAct{Answer: "accepted"}), alerts.NotFound)
	h.must(h.act(h.shelter, r.ID, "answer", partners.ReferralAct{Answer: "question", Text: "How old?"}))
	h.must(h.act(coordinator(), r.ID, "reply", partners.ReferralAct{Text: "Eleven."}))
	h.must(h.act(h.shelter, r.ID, "answer", partners.ReferralAct{Answer: "accepted"}))
	h.must(h.act(h.shelter, r.ID, "progress", partners.ReferralAct{Text: "Arrived."}))
	h.must(h.act(coordinator(), r.ID, "told", partners.ReferralAct{Text: "Zqtold the mother"}))
	if err := h.act(h.shelter, r.ID, "done", partners.ReferralAct{Code: "nonsense"}); wrong(err) != "code unknown_value; text required" {
		t.Errorf("%v", err)
	}
	own, err := h.OwnReferral(t.Context(), h.shelter, r.ID)
	h.must(err)
	if strings.Contains(toJSON(t, own), "Zqtold") || len(own.Entries) != 5 || own.Entries[1].By != "Person iva" || own.Entries[2].By != "" {
		t.Errorf("%s", toJSON(t, own))
	}
	h.must(h.act(h.shelter, r.ID, "done", partners.ReferralAct{Code: "helped", Text: "Two nights."}))
	v, err := h.Referral(t.Context(), operator(), r.ID)
	h.must(err)
	var kinds []string
	for _, e := range v.Entries {
		kinds = append(kinds, e.Kind)
	}
	if want := []string{"asked", "question", "reply", "accepted", "progress", "told", "done"}; !reflect.DeepEqual(kinds, want) || v.State != partners.ReferralDone {
		t.Errorf("%v %s", kinds, v.State)
	}
	if own, err = h.OwnReferral(t.Context(), h.shelter, r.ID); err != nil || strings.Contains(toJSON(t, own), "ZqP1") {
		t.Errorf("once done the receiver needs no names: %v %s", err, toJSON(t, own))
	}
}

func TestARefusalIsReviewedBySomebodyElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mira := shelterPerson("mira", "shelter")
	refuse := partners.ReferralAct{Answer: "declined", Code: "no_capacity", Text: "Full."}
	r := h.refer(forShelter())
	h.must(h.act(h.shelter, r.ID, "answer", refuse))
	h.must(h.act(operator(), r.ID, "ask_review", partners.ReferralAct{Text: "One bed is enough."}))
	accept := partners.ReferralAct{Answer: "accepted", Text: "We have one."}
	wantCode(t, h.act(h.shelter, r.ID, "review", accept), alerts.Forbidden)
	wantCode(t, h.act(operator(), r.ID, "review", accept), alerts.Forbidden)
	if err := h.act(coordinator(), r.ID, "review", accept); wrong(err) != "answer unknown_value" {
		t.Errorf("staff accepted for an organisation: %v", err)
	}
	machine := alerts.Actor{ID: "key", Kind: alerts.KindPartner, Role: alerts.RolePartner, Partner: "shelter"}
	wantCode(t, h.act(machine, r.ID, "review", accept), alerts.Forbidden)
	h.must(h.act(mira, r.ID, "review", accept))
	v, err := h.Referral(t.Context(), coordinator(), r.ID)
	h.must(err)
	if v.State != partners.ReferralAccepted {
		t.Errorf("%s", v.State)
	}
	// An institution's refusal is written down by staff, and reviewed by others.
	i := h.ministry()
	r = h.refer(partners.NewReferral{InstitutionID: i, Service: "legal_aid", Purpose: "A lawyer.", Urgency: "routine"})
	h.must(h.act(coordinator(), r.ID, "answer", refuse))
	h.must(h.act(operator(), r.ID, "ask_review", partners.ReferralAct{Text: "They have to."}))
	wantCode(t, h.act(coordinator(), r.ID, "review", accept), alerts.Forbidden)
	h.must(h.act(duty(), r.ID, "review", partners.ReferralAct{Answer: "stands", Text: "They need not."}))
	wantCode(t, h.act(operator(), r.ID, "ask_review", partners.ReferralAct{Text: "again"}), alerts.Conflict)
}

func TestAReferralEndsWithItsConsentAndItsCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := forShelter(partners.NewShare{Class: alerts.P1, ConsentID: "c1"}, partners.NewShare{Class: alerts.P3, Reason: "tonight"})
	r, control := h.refer(in), h.refer(forShelter(partners.NewShare{Class: alerts.P4, ConsentID: "c4"}))
	// A reason lasts a day; then the class is closed and the referral goes on.
	h.to("2026-11-22 10:01")
	own, err := h.OwnReferral(t.Context(), h.shelter, r.ID)
	h.must(err)
	if out := toJSON(t, own); strings.Contains(out, "ZqP3") || !strings.Contains(out, "ZqP1first") {
		t.Errorf("%s", out)
	}
	_, err = h.WithdrawConsent(t.Context(), coordinator(), "case1", "c1", alerts.Request{})
	h.must(err)
	_, err = h.OwnReferral(t.Context(), h.shelter, r.ID)
	wantCode(t, err, alerts.Gone)
	wantCode(t, h.act(h.shelter, r.ID, "answer", partners.ReferralAct{Answer: "accepted"}), alerts.Gone)
	_, err = h.OwnReferral(t.Context(), h.shelter, control.ID)
	h.must(err)
	h.must(h.TakeReferralSteps(t.Context()))
	h.must(h.TakeReferralSteps(t.Context()))
	v, err := h.Referral(t.Context(), coordinator(), r.ID)
	h.must(err)
	if v.State != partners.ReferralWithdrawn || v.EndedFor != "consent" || len(v.Entries) != 2 {
		t.Errorf("%+v", v)
	}
	for _, item := range h.OwnReferrals(h.shelter) {
		if item.Ended != (item.ID == r.ID) || item.Ended && item.Service != "" {
			t.Errorf("%+v", item)
		}
	}
	h.change(func(c *alerts.Case) { c.State = alerts.StateFound })
	_, err = h.OwnReferral(t.Context(), h.shelter, control.ID)
	wantCode(t, err, alerts.Gone)
	// What is asked for a child that was found goes on until the case is closed.
	after := h.refer(partners.NewReferral{PartnerID: "shelter", Service: "psychosocial", Purpose: "Talks.", Urgency: "this_week"})
	h.must(h.TakeReferralSteps(t.Context()))
	h.change(func(c *alerts.Case) { c.State = alerts.StateActive })
	_, err = h.OwnReferral(t.Context(), h.shelter, control.ID)
	wantCode(t, err, alerts.Gone) // an end is not undone
	_, err = h.OwnReferral(t.Context(), h.shelter, after.ID)
	h.must(err)
	h.change(func(c *alerts.Case) { c.State = alerts.StateClosed })
	_, err = h.OwnReferral(t.Context(), h.shelter, after.ID)
	wantCode(t, err, alerts.Gone)
}

func TestAReferralIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for want, in := range map[string]partners.NewReferral{
		"service required; urgency required; purpose required; partner_id one_receiver": {},
		"partner_id one_receiver":                                        {PartnerID: "shelter", InstitutionID: "x", Service: "shelter", Purpose: "p", Urgency: "today"},
		"partner_id receiver_barred":                                     {PartnerID: "lapsed", Service: "shelter", Purpose: "p", Urgency: "today"},
		"partner_id no_such_service":                                     {PartnerID: "radio", Service: "shelter", Purpose: "p", Urgency: "today"},
		"partner_id unknown_partner":                                     {PartnerID: "none", Service: "shelter", Purpose: "p", Urgency: "today"},
		"institution_id unknown_institution":                             {InstitutionID: "none", Service: "shelter", Purpose: "p", Urgency: "today"},
		"about unknown_party":                                            {About: "nobody", PartnerID: "shelter", Service: "shelter", Purpose: "p", Urgency: "today"},
		"due_at past":                                                    {PartnerID: "shelter", Service: "shelter", Purpose: "p", Urgency: "today", DueAt: h.clock().Add(-time.Hour)},
		"share[0].class never_shared":                                    forShelter(partners.NewShare{Class: alerts.P5, Reason: "r"}),
		"share[0].reason required":                                       forShelter(partners.NewShare{Class: alerts.P1}),
		"share[0].consent_id other_consent":                              forShelter(partners.NewShare{Class: alerts.P1, ConsentID: "ci"}),
		"share[1].class twice":                                           forShelter(partners.NewShare{Class: alerts.P1, ConsentID: "c1"}, partners.NewShare{Class: alerts.P1, ConsentID: "c1"}),
		"share[0].class never_shared; share[0].consent_id other_consent": forShelter(partners.NewShare{Class: alerts.P9, ConsentID: "c1"}),
	} {
		if _, err := h.OpenReferral(t.Context(), coordinator(), "case1", in, alerts.Request{}); wrong(err) != want {
			t.Errorf("%+v: got %q, want %q (%v)", in, wrong(err), want, err)
		}
	}
	for _, a := range everyone() {
		_, err := h.OpenReferral(t.Context(), a, "case1", forShelter(), alerts.Request{})
		if may := a.Role == alerts.RoleOperator || a.Role == alerts.RoleCoordinator || a.Role == alerts.RoleDutyOfficer; may != (err == nil) {
			t.Errorf("%s: %v", a.Role, err)
		}
	}
	r := h.refer(forShelter())
	h.change(func(c *alerts.Case) { c.Restricted = true })
	_, err := h.Referral(t.Context(), operator(), r.ID)
	wantCode(t, err, alerts.NotFound)
	h.change(func(c *alerts.Case) { c.Restricted, c.State = false, alerts.StateClosed })
	_, err = h.OpenReferral(t.Context(), coordinator(), "case1", forShelter(), alerts.Request{})
	wantCode(t, err, alerts.NotFound)
}

func TestReferralsAreDueAndCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	late := h.refer(forShelter())
	h.to("2026-11-21 23:00")
	list, err := h.Deadlines(t.Context(), coordinator(), partners.DeadlineFilter{Kind: partners.DeadlineReferral})
	h.must(err)
	if len(list.Items) != 1 || list.Items[0].ReferralID != late.ID || list.Items[0].State != "overdue" || list.Items[0].Receiver != "Shelter" {
		t.Fatalf("%+v", list.Items)
	}
	h.must(h.act(h.shelter, late.ID, "answer", partners.ReferralAct{Answer: "declined", Code: "no_capacity", Text: "Full."}))
	list, err = h.Deadlines(t.Context(), coordinator(), partners.DeadlineFilter{Kind: partners.DeadlineReferral})
	h.must(err)
	if len(list.Items) != 0 {
		t.Errorf("%+v", list.Items)
	}
	for range 6 {
		r := h.refer(forShelter())
		h.must(h.act(h.shelter, r.ID, "answer", partners.ReferralAct{Answer: "accepted"}))
	}
	whole, err := h.ReferralFigures(t.Context(), coordinator(), true)
	h.must(err)
	if f := whole[1]; f.Name != "Shelter" || *f.Asked != 7 || *f.Accepted != 6 || *f.Declined != 1 || *f.MedianHours != 0 || len(f.Declines) != 1 {
		t.Errorf("%+v", f)
	}
	out, err := h.ReferralFigures(t.Context(), coordinator(), false)
	h.must(err)
	if f := out[1]; f.Declined != nil || len(f.Declines) != 0 || f.Waiting != nil && f.Asked != nil {
		t.Errorf("one refusal can be worked out: %s", toJSON(t, out))
	}
}

// TestReferralsInEachStore answers a referral, starts again, and erases the
// case.
func TestReferralsInEachStore(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if open == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			d, stop := startOn(t, open)
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			do := func(out journal.Outcome) {
				t.Helper()
				_, err := d.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) { return out, nil }})
				must(err)
			}
			do(journal.Outcome{Documents: houseDocuments(time.Now())})
			p, _ := d.PartnerBoard().Partner("shelter")
			staffed := *p
			staffed.People = []partners.Person{{ID: "p1", Name: "Duty", Email: "duty@example.org"}}
			do(journal.Outcome{Documents: []journal.Document{&staffed}})
			r, err := d.OpenReferral(ctx, coordinator(), "case1", forShelter(partners.NewShare{Class: alerts.P1, Reason: "tonight"}, partners.NewShare{Class: alerts.P4, ConsentID: "c4"}), alerts.Request{})
			must(err)
			job, ok, err := d.ClaimReferralMail(ctx, r.ID)
			if must(err); !ok || job.To != "duty@example.org" {
				t.Fatalf("the e-mail is %+v", job)
			}
			must(d.ReportReferralMail(ctx, job, partners.Result{OK: true}, 0))
			iva := shelterPerson("iva", "shelter")
			before, err := d.ActOnOwnReferral(ctx, iva, r.ID, "answer", partners.ReferralAct{Answer: "declined", Code: "other", Text: "No."}, alerts.Request{})
			must(err)
			stop()
			d, stop = startOn(t, open)
			defer stop()
			after, err := d.OwnReferral(ctx, iva, r.ID)
			must(err)
			v, err := d.Referral(ctx, coordinator(), r.ID)
			must(err)
			if len(v.Mails) != 1 || v.Mails[0].State != partners.TrySent || v.Mails[0].At.IsZero() || v.OpenedAt.IsZero() {
				t.Errorf("%s", toJSON(t, v))
			}
			if toJSON(t, before) != toJSON(t, after) || v.Shares[0].Reason != "tonight" || v.Purpose != "Two nights." {
				t.Errorf("before %s\nafter %s\n%s", toJSON(t, before), toJSON(t, after), toJSON(t, v))
			}
			do(journal.Outcome{Forget: append(d.PartnerBoard().ErasureKeys("case1"), journal.Key{Collection: "cases", ID: "case1"})})
			_, err = d.Referral(ctx, coordinator(), r.ID)
			wantCode(t, err, alerts.NotFound)
			_, err = d.OwnReferral(ctx, iva, r.ID)
			wantCode(t, err, alerts.NotFound)
		})
	}
}
