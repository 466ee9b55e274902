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

// table is a house with a conference on its case.
type table struct {
	*house
	id string
}

func newTable(t *testing.T) *table {
	t.Helper()
	h := newHouse(t)
	h.put(&alerts.Account{Head: journal.Head{ID: "ana"}, Kind: alerts.KindPerson, Role: alerts.RoleOperator, Name: "Ana"},
		&alerts.Account{Head: journal.Head{ID: "co"}, Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Name: "Chair"},
		&partners.Institution{Head: journal.Head{ID: "csw"}, Name: "Centre", Country: "RS"})
	v, err := h.CallConference(t.Context(), coordinator(), "case1", partners.NewConference{
		At: h.clock().Add(48 * time.Hour), Mode: "in_person", Place: "Room 2", Agenda: []string{"Safety", "Who visits ZqP1firsta"},
	}, alerts.Request{})
	h.must(err)
	return &table{h, v.ID}
}

func (b *table) do(a alerts.Actor, act string, in partners.ConferenceAct) error {
	b.t.Helper()
	if a.Partner != "" {
		_, err := b.ActOnOwnConference(b.t.Context(), a, b.id, act, in, alerts.Request{})
		return err
	}
	_, err := b.ActOnConference(b.t.Context(), a, b.id, act, in, alerts.Request{})
	return err
}

// invite invites the shelter and returns the invitation's id.
func (b *table) invite(share ...partners.NewShare) string {
	b.t.Helper()
	b.must(b.do(coordinator(), "invite", partners.ConferenceAct{PartnerID: "shelter", Until: b.clock().Add(10 * 24 * time.Hour), Voice: true, Share: share}))
	v := b.view(coordinator())
	return v.Invited[len(v.Invited)-1].ID
}

func (b *table) view(a alerts.Actor) partners.ConferenceView {
	b.t.Helper()
	v, err := b.Conference(b.t.Context(), a, b.id)
	b.must(err)
	return v
}

func (b *table) own() (partners.OwnConference, error) {
	return b.OwnConference(b.t.Context(), b.shelter, b.id)
}

func (b *table) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *table) hold() {
	b.t.Helper()
	b.later(49 * time.Hour)
	b.must(b.do(coordinator(), "hold", partners.ConferenceAct{}))
}

func said(words string, agrees bool) partners.ConferenceAct {
	return partners.ConferenceAct{Child: "child1", Asked: true, AskedOn: "2026-05-01", AskedBy: "Social worker", Form: "spoken", Said: words, Agrees: agrees}
}

func TestAnOrganisationSeesOfAConferenceExactlyWhatIsSharedWithIt(t *testing.T) {
	t.Parallel()
	words := map[alerts.Class][]string{
		alerts.P0: {"ZqP0hair"}, alerts.P1: {"ZqP1first", "ZqP1second"}, alerts.P2: {"ZqP2home", "ZqP2park"},
		alerts.P3: {"ZqP3story", "ZqP3unit", "ZqP3ref", "ZqP3aunt"}, alerts.P4: {"ZqP4needs"}, alerts.P6: {"ZqP6caller"},
	}
	for n := range 1 << len(partners.ShareableClasses()) {
		b := newTable(t)
		var share []partners.NewShare
		for i, class := range partners.ShareableClasses() {
			if n&(1<<i) != 0 {
				share = append(share, partners.NewShare{Class: class, Reason: "needed at the table"})
			}
		}
		b.invite(share...)
		for _, m := range []partners.ConferenceAct{
			{Text: "ZqForAll, said ZqP3aunt about ZqP1seconda", ForAll: true}, {Text: "ZqOnlyDesk"},
		} {
			b.must(b.do(operator(), "minute", m))
		}
		v, err := b.own()
		b.must(err)
		out := toJSON(t, v)
		for class, list := range words {
			open := slices.ContainsFunc(share, func(s partners.NewShare) bool { return s.Class == class })
			for _, w := range list {
				if w == "ZqP3aunt" && open {
					continue // in the note, which needs nothing then
				}
				if strings.Contains(out, w) != open {
					t.Errorf("opened %v: %s is there: %t\n%s", share, w, !open, out)
				}
			}
		}
		for _, w := range []string{"ZqP5", "ZqOnlyDesk", "needed at the table", "Chair"} {
			if strings.Contains(out, w) {
				t.Errorf("opened %v: %s\n%s", share, w, out)
			}
		}
		if !strings.Contains(out, "ZqForAll") || !strings.Contains(out, "Safety") || !strings.Contains(out, "Room 2") {
			t.Errorf("what is for all is missing: %s", out)
		}
		printed, err := b.ConferenceFor(t.Context(), coordinator(), b.id, b.view(coordinator()).Invited[0].ID)
		b.must(err)
		printed.Acts = v.Acts
		if toJSON(t, printed) != out {
			t.Errorf("printed %s\nnot %s", toJSON(t, printed), out)
		}
	}
}

func TestOnlyTheInvitedKnowOfAConference(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	_, err := b.own()
	wantCode(t, err, alerts.NotFound)
	id := b.invite()
	_, err = b.own()
	b.must(err)
	for _, a := range append(everyone(), b.other) {
		_, err := b.OwnConference(t.Context(), a, b.id)
		wantCode(t, err, alerts.NotFound)
		if len(b.OwnConferences(a)) != 0 || len(b.WaitingInvitations(a)) != 0 {
			t.Errorf("%s hears of it", a.Role)
		}
		if a.Partner != "" {
			wantCode(t, b.do(a, "answer", partners.ConferenceAct{Answer: "coming"}), alerts.NotFound)
		}
		_, err = b.Conference(t.Context(), a, b.id)
		if sees := b.Matrix.May(a, alerts.P3, alerts.StateActive, true) && a.Role != alerts.RoleParent && a.Role != alerts.RoleLegal; sees != (err == nil) {
			t.Errorf("%s: %v", a.Role, err)
		}
	}
	if _, err := b.ConferenceFor(t.Context(), person("vo", alerts.RoleVolunteer), b.id, id); alerts.CodeOf(err) != alerts.NotFound {
		t.Error(err)
	}
	for _, a := range everyone() {
		err := b.do(a, "uninvite", partners.ConferenceAct{Invitation: "none", Text: "x"})
		if a.Partner == "" && (a.Role == alerts.RoleCoordinator || a.Role == alerts.RoleDutyOfficer) {
			wantCode(t, err, alerts.NotFound) // the invitation
		} else if err == nil {
			t.Errorf("%s takes an invitation back", a.Role)
		}
	}
}

// TestEveryEndOfSharingIsTrueAtTheNextLook ends it in every way that there is;
// the control shows that it was open.
func TestEveryEndOfSharingIsTrueAtTheNextLook(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*table, string){
		"control": func(*table, string) {},
		"taken back": func(b *table, id string) {
			b.must(b.do(coordinator(), "uninvite", partners.ConferenceAct{Invitation: id, Text: "No."}))
		},
		"time over":   func(b *table, _ string) { b.later(11 * 24 * time.Hour) },
		"case closed": func(b *table, _ string) { b.change(func(c *alerts.Case) { c.State = alerts.StateClosed }) },
		"found":       func(b *table, _ string) { b.change(func(c *alerts.Case) { c.State = alerts.StateFound }) },
		"frozen": func(b *table, _ string) {
			b.change(func(c *alerts.Case) { c.Frozen = []alerts.Freeze{{At: b.clock()}} })
		},
		"consent": func(b *table, _ string) {
			b.change(func(c *alerts.Case) {
				c.Consents = slices.Clone(c.Consents)
				c.Consents[1].WithdrawnAt = b.clock()
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newTable(t)
			id := b.invite(partners.NewShare{Class: alerts.P1, ConsentID: "c1"})
			_, err := b.own()
			b.must(err)
			end(b, id)
			want := alerts.Gone
			if name == "control" {
				want = ""
			}
			_, err = b.own()
			wantCode(t, err, want)
			err = b.do(b.shelter, "answer", partners.ConferenceAct{Answer: "coming"})
			wantCode(t, err, want)
			_, err = b.ConferenceFor(t.Context(), coordinator(), b.id, id)
			if name != "case closed" { // then staff see nothing of it either
				wantCode(t, err, want)
			}
			if want != "" && (len(b.WaitingInvitations(b.shelter)) != 0 || strings.Contains(toJSON(t, b.OwnConferences(b.shelter)), `"at"`)) {
				t.Errorf("it is still told: %s", toJSON(t, b.OwnConferences(b.shelter)))
			}
		})
	}
}

func TestAClosedCaseEndsItsConferencesForGood(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	b.invite()
	b.change(func(c *alerts.Case) { c.State = alerts.StateFound })
	b.must(b.TakeConferenceSteps(t.Context()))
	b.change(func(c *alerts.Case) { c.State = alerts.StateVerifying })
	_, err := b.own()
	wantCode(t, err, alerts.Gone)
	v := b.view(coordinator())
	if !v.Ended || v.State != partners.ConferenceCancelled || len(v.Acts) != 0 {
		t.Errorf("%s", toJSON(t, v))
	}
	wantCode(t, b.do(coordinator(), "minute", partners.ConferenceAct{Text: "x"}), alerts.Conflict)
}

func TestWhatAChildSaidIsForThoseWhoMayReadItAndFirst(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	id := b.invite(partners.NewShare{Class: alerts.P1, ConsentID: "c1"})
	if v := b.view(coordinator()); !slices.Equal(v.Unheard, []string{"child1", "child2"}) {
		t.Errorf("unheard %v", v.Unheard)
	}
	b.must(b.do(operator(), "voice", said("ZqP5iwant", false)))
	own, err := b.own()
	if b.must(err); strings.Contains(toJSON(t, own), "ZqP5") {
		t.Error("the child has not agreed")
	}
	b.must(b.do(operator(), "voice", said("ZqP5second", true)))
	if own, _ = b.own(); !strings.Contains(toJSON(t, own), "ZqP5second") || strings.Contains(toJSON(t, own), "ZqP5iwant") {
		t.Errorf("the child agrees to the second only: %s", toJSON(t, own))
	}
	for _, a := range []alerts.Actor{operator(), coordinator(), duty(), person("li", alerts.RolePoliceLiaison)} {
		v := b.view(a)
		may := b.Matrix.May(a, alerts.P5, alerts.StateActive, true)
		if out := toJSON(t, v); strings.Contains(out, "ZqP5iwant") != may || strings.Contains(out, "ZqP5second") != may || v.Voices[0].Withheld == may {
			t.Errorf("%s: %s", a.Role, out)
		}
		if !v.Voices[1].Earlier || v.Voices[0].Earlier {
			t.Errorf("the order is wrong: %s", toJSON(t, v.Voices))
		}
	}
	b.must(b.do(coordinator(), "share", partners.ConferenceAct{Invitation: id, Until: b.clock().Add(time.Hour), Share: nil}))
	if own, _ = b.own(); strings.Contains(toJSON(t, own), "ZqP5") {
		t.Error("the organisation may no longer read what the child said")
	}
	b.hold()
	wantCode(t, b.do(coordinator(), "close", partners.ConferenceAct{}), alerts.Invalid) // child2 is missing
	b.must(b.do(coordinator(), "voice", partners.ConferenceAct{Child: "child2", Reason: "Nobody knows where she is."}))
	b.must(b.do(coordinator(), "close", partners.ConferenceAct{}))
	for want, in := range map[string]partners.ConferenceAct{
		"child unknown_child": {Child: "x", Reason: "r"}, "reason required": {Child: "child2"},
		"asked_on required; asked_by required; form required; said required": {Child: "child2", Asked: true},
	} {
		if got := wrong(b.do(coordinator(), "voice", in)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheTimeIsToldToEveryoneWhoIsInvited(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	staffed(b.house)
	b.invite()
	mails := func() (kinds []string) {
		for _, id := range b.ConferenceMailsDue(b.clock()) {
			job, ok, err := b.ClaimConferenceMail(t.Context(), id)
			b.must(err)
			if ok {
				if job.ConferenceID != b.id || job.To == "" || len(job.Countries) == 0 || job.Urgency != "" {
					t.Errorf("%+v", job)
				}
				kinds = append(kinds, job.Kind)
				b.must(b.ReportConferenceMail(t.Context(), job, partners.Result{OK: true}, 0))
			}
		}
		return kinds
	}
	step := func(kind string, turn uint64) {
		t.Helper()
		if got := mails(); !slices.Equal(got, []string{kind}) {
			t.Errorf("e-mails %v, want %s", got, kind)
		}
		if got := mails(); len(got) != 0 {
			t.Errorf("sent again: %v", got)
		}
		if w := b.WaitingInvitations(b.shelter); len(w) != 1 || w[0].Change != turn {
			t.Errorf("on the feed: %+v", w)
		}
	}
	step(partners.KindConference, 1)
	b.must(b.do(b.shelter, "answer", partners.ConferenceAct{Answer: "coming"}))
	if len(b.WaitingInvitations(b.shelter)) != 0 {
		t.Error("an answer ends the wait")
	}
	b.must(b.do(coordinator(), "move", partners.ConferenceAct{At: b.clock().Add(72 * time.Hour), Mode: "video", Text: "The judge cannot come."}))
	step(partners.KindConferenceChanged, 2)
	if v, err := b.own(); err != nil || v.Answer != "" || v.Why != "The judge cannot come." || !v.Waits {
		t.Errorf("%v %s", err, toJSON(t, v))
	}
	b.must(b.do(coordinator(), "cancel", partners.ConferenceAct{Text: "The child is home."}))
	step(partners.KindConferenceOff, 3)
	wantCode(t, b.do(b.shelter, "answer", partners.ConferenceAct{Answer: "coming"}), alerts.Invalid)
	b.must(b.do(b.shelter, "answer", partners.ConferenceAct{Answer: "seen"}))
}

func TestActionsReachWhoseTheyAre(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	id := b.invite()
	due := b.clock().Add(96 * time.Hour)
	wantCode(t, b.do(coordinator(), "action", partners.ConferenceAct{Text: "x", Owner: "ana", DueAt: due}), alerts.Conflict)
	b.hold()
	b.must(b.do(coordinator(), "action", partners.ConferenceAct{Text: "Call the school", Owner: "ana", DueAt: due}))
	b.must(b.do(coordinator(), "action", partners.ConferenceAct{Text: "A bed for ZqP1firstom", Invitation: id, DueAt: due}))
	c, _ := b.Board.Case("case1")
	if len(c.Tasks) != 1 || c.Tasks[0].Owner != "ana" || c.Tasks[0].Title != "Call the school" {
		t.Fatalf("%+v", c.Tasks)
	}
	own, err := b.own()
	if b.must(err); len(own.Actions) != 1 || own.Actions[0].Title != "A bed for …" || own.Open != 1 {
		t.Errorf("%s", toJSON(t, own))
	}
	b.later(72 * time.Hour)
	list, err := b.Deadlines(t.Context(), coordinator(), partners.DeadlineFilter{Kind: partners.DeadlineAction})
	b.must(err)
	if len(list.Items) != 1 || list.Items[0].State != "overdue" || list.Items[0].Receiver != "Shelter" || list.Items[0].ConferenceID != b.id {
		t.Errorf("%s", toJSON(t, list))
	}
	now, err := b.HandoverNow(t.Context(), coordinator())
	b.must(err)
	if out := toJSON(t, now); !strings.Contains(out, `"kind":"conference_action","count":1,"overdue":1`) || !strings.Contains(out, `"kind":"task","count":1,"overdue":1`) {
		t.Errorf("the handover says %s", out)
	}
	at := own.Actions[0].ID
	wantCode(t, b.do(coordinator(), "report", partners.ConferenceAct{Action: at, State: "done"}), alerts.Conflict)
	wantCode(t, b.do(b.shelter, "report", partners.ConferenceAct{Action: c.Tasks[0].ID, State: "done"}), alerts.NotFound)
	b.must(b.do(b.shelter, "report", partners.ConferenceAct{Action: at, State: "done", Text: "From Monday."}))
	if v := b.view(coordinator()); v.Actions[1].State != "done" || !v.Actions[1].Notes[0].Theirs {
		t.Errorf("%s", toJSON(t, v.Actions))
	}
	_, err = b.ActOnTask(t.Context(), coordinator(), "case1", c.Tasks[0].ID, alerts.TaskAct{State: "done"}, alerts.Request{})
	b.must(err)
	if v := b.view(coordinator()); v.Actions[0].State != "done" {
		t.Errorf("the action does not stand as the task does: %s", toJSON(t, v.Actions))
	}
}

func TestWhatWasWrittenDownStays(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	id := b.invite()
	b.must(b.do(operator(), "minute", partners.ConferenceAct{Text: "first"}))
	b.hold()
	b.must(b.do(coordinator(), "decide", partners.ConferenceAct{Text: "d", Reason: "r", Deciders: []string{id, "chair"}, Dissent: "The school", ForAll: true}))
	for want, in := range map[string]partners.ConferenceAct{
		"text required; reason required; deciders required": {}, "deciders unknown_invitation": {Text: "d", Reason: "r", Deciders: []string{"x"}},
	} {
		if got := wrong(b.do(coordinator(), "decide", in)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, child := range []string{"child1", "child2"} {
		b.must(b.do(coordinator(), "voice", partners.ConferenceAct{Child: child, Reason: "Not found yet."}))
	}
	b.must(b.do(coordinator(), "close", partners.ConferenceAct{}))
	before := b.view(coordinator())
	for _, act := range []string{"move", "agenda", "hold", "decide", "action", "close", "cancel", "invite"} {
		wantCode(t, b.do(coordinator(), act, partners.ConferenceAct{Text: "x", Reason: "r"}), alerts.Conflict)
	}
	b.must(b.do(operator(), "minute", partners.ConferenceAct{Text: "The school was there too.", ForAll: true}))
	after := b.view(coordinator())
	if len(after.Minutes) != 2 || !after.Minutes[1].After || after.Minutes[0] != before.Minutes[0] || !reflect.DeepEqual(after.Decisions, before.Decisions) {
		t.Errorf("before %s\nafter %s", toJSON(t, before), toJSON(t, after))
	}
	own, err := b.own()
	b.must(err)
	if k := own.Decisions[0]; !slices.Equal(k.Deciders, []string{"us", "line"}) || k.Dissent != "The school" {
		t.Errorf("%s", toJSON(t, own.Decisions))
	}
}

func TestAConferenceThatCannotBeCalled(t *testing.T) {
	t.Parallel()
	b := newTable(t)
	ok := partners.NewConference{At: b.clock().Add(time.Hour), Mode: "video", Agenda: []string{"One"}}
	for want, alter := range map[string]func(*partners.NewConference){
		"":                         func(*partners.NewConference) {},
		"at required":              func(in *partners.NewConference) { in.At = time.Time{} },
		"at past":                  func(in *partners.NewConference) { in.At = b.clock().Add(-time.Hour) },
		"mode unknown_value":       func(in *partners.NewConference) { in.Mode = "letter" },
		"place required":           func(in *partners.NewConference) { in.Mode = "in_person" },
		"agenda required":          func(in *partners.NewConference) { in.Agenda = nil },
		"chair unknown_account":    func(in *partners.NewConference) { in.Chair = "iva" },
		"agenda hidden_fact":       func(in *partners.NewConference) { in.Agenda = []string{"Visit to Secret Street"} },
		"place hidden_fact":        func(in *partners.NewConference) { in.Place = "Secret Street 5" },
		"agenda too_long":          func(in *partners.NewConference) { in.Agenda = []string{strings.Repeat("a", 201)} },
		"at past; agenda required": func(in *partners.NewConference) { in.At, in.Agenda = b.clock().Add(-time.Hour), nil },
	} {
		b.change(func(c *alerts.Case) {
			c.Hidden = alerts.Hidden{{ID: "h", Party: alerts.PartyTaking, Field: alerts.HideAddress, Words: []string{"Secret Street"}}}
		})
		in := ok
		alter(&in)
		if _, err := b.CallConference(t.Context(), coordinator(), "case1", in, alerts.Request{}); wrong(err) != want {
			t.Errorf("got %q, want %q (%v)", wrong(err), want, err)
		}
	}
	until := b.clock().Add(time.Hour)
	for want, in := range map[string]partners.ConferenceAct{
		"partner_id one_invited":             {},
		"until required":                     {PartnerID: "shelter"},
		"until past":                         {PartnerID: "shelter", Until: b.clock().Add(-time.Hour)},
		"until too_long_shared":              {PartnerID: "shelter", Until: b.clock().AddDate(2, 0, 0)},
		"partner_id receiver_barred":         {PartnerID: "lapsed", Until: until},
		"partner_id unknown_partner":         {PartnerID: "none", Until: until},
		"institution_id unknown_institution": {InstitutionID: "none", Until: until},
		"account unknown_account":            {Account: "iva"},
		"share[0].class never_shared":        {InstitutionID: "csw", Until: until, Share: []partners.NewShare{{Class: alerts.P5, Reason: "r"}}},
		"share[0].reason required":           {PartnerID: "shelter", Until: until, Share: []partners.NewShare{{Class: alerts.P1}}},
		"share[0].consent_id other_consent":  {PartnerID: "shelter", Until: until, Share: []partners.NewShare{{Class: alerts.P1, ConsentID: "ci"}}},
	} {
		if got := wrong(b.do(coordinator(), "invite", in)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	b.invite()
	if got := wrong(b.do(coordinator(), "invite", partners.ConferenceAct{PartnerID: "shelter", Until: until})); got != "partner_id invited_already" {
		t.Error(got)
	}
	b.must(b.do(coordinator(), "invite", partners.ConferenceAct{Account: "ana"}))
	b.change(func(c *alerts.Case) { c.Frozen = []alerts.Freeze{{At: b.clock()}} })
	_, err := b.CallConference(t.Context(), coordinator(), "case1", ok, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	wantCode(t, b.do(coordinator(), "invite", partners.ConferenceAct{InstitutionID: "csw", Until: until}), alerts.Conflict)
	for _, a := range everyone() {
		_, err := b.CallConference(t.Context(), a, "case1", ok, alerts.Request{})
		if may := a.Role == alerts.RoleCoordinator || a.Role == alerts.RoleDutyOfficer; may != (alerts.CodeOf(err) == alerts.Conflict) {
			t.Errorf("%s: %v", a.Role, err)
		}
	}
}

// TestConferencesInEachStore holds a conference, starts again, and erases the
// case.
func TestConferencesInEachStore(t *testing.T) {
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
			do(journal.Outcome{Documents: append(houseDocuments(time.Now()),
				&alerts.Account{Head: journal.Head{ID: "co"}, Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Name: "Chair"})})
			v, err := d.CallConference(ctx, coordinator(), "case1", partners.NewConference{At: time.Now(), Mode: "video", Agenda: []string{"One"}}, alerts.Request{})
			must(err)
			act := func(act string, in partners.ConferenceAct) {
				t.Helper()
				_, err := d.ActOnConference(ctx, coordinator(), v.ID, act, in, alerts.Request{})
				must(err)
			}
			act("invite", partners.ConferenceAct{PartnerID: "shelter", Voice: true, Until: time.Now().Add(time.Hour), Share: []partners.NewShare{{Class: alerts.P1, ConsentID: "c1"}}})
			act("voice", said("I want to stay.", true))
			act("hold", partners.ConferenceAct{})
			act("minute", partners.ConferenceAct{Text: "Said.", ForAll: true})
			act("decide", partners.ConferenceAct{Text: "d", Reason: "r", Deciders: []string{"chair"}, ForAll: true})
			act("action", partners.ConferenceAct{Text: "Ours", Owner: "co", DueAt: time.Now().Add(time.Hour)})
			iva := shelterPerson("iva", "shelter")
			before, err := d.OwnConference(ctx, iva, v.ID)
			must(err)
			stop()
			d, stop = startOn(t, open)
			defer stop()
			after, err := d.OwnConference(ctx, iva, v.ID)
			must(err)
			if toJSON(t, before) != toJSON(t, after) || len(after.Voices) != 1 || after.Voices[0].Said != "I want to stay." {
				t.Errorf("before %s\nafter %s", toJSON(t, before), toJSON(t, after))
			}
			do(journal.Outcome{Forget: append(d.PartnerBoard().ErasureKeys("case1"), journal.Key{Collection: "cases", ID: "case1"})})
			_, err = d.Conference(ctx, coordinator(), v.ID)
			wantCode(t, err, alerts.NotFound)
			_, err = d.OwnConference(ctx, iva, v.ID)
			wantCode(t, err, alerts.NotFound)
		})
	}
}
