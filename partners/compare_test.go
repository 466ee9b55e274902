package partners_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
)

// hotline is an installation that compares with another one, its neighbour.
type hotline struct {
	*office
	neighbour *hotline
	// heard are the bodies that came in and what was answered.
	heard []string
	// silent makes the way to the neighbour fail.
	silent bool
}

// ask carries what this installation asks to its neighbour, as the web does.
func (h *hotline) ask(ctx context.Context, url, token string, body []byte) (int, []byte, error) {
	if h.silent {
		return 0, nil, errors.New("no connection")
	}
	to := h.neighbour
	var out any
	var err error
	if strings.HasSuffix(url, "/agreed") {
		var in partners.AgreedRequest
		_ = json.Unmarshal(body, &in)
		out, err = to.AnswerAgreed(ctx, token, in)
	} else {
		var in partners.CompareRequest
		_ = json.Unmarshal(body, &in)
		out, err = to.AnswerCompare(ctx, token, in)
	}
	answer, _ := json.Marshal(out)
	to.heard = append(to.heard, string(body), string(answer))
	switch alerts.CodeOf(err) {
	case alerts.NotFound:
		return http.StatusNotFound, nil, nil
	case alerts.TooMany:
		return http.StatusTooManyRequests, nil, nil
	case alerts.Invalid:
		return http.StatusUnprocessableEntity, nil, nil
	}
	return http.StatusOK, answer, err
}

func aChild(id, given, family, born string) alerts.Child {
	return alerts.Child{ID: id, Names: []alerts.Name{{Given: given, Family: family, Kind: "birth"}}, BirthDate: born}
}

func openCaseOf(id string, children ...alerts.Child) *alerts.Case {
	return &alerts.Case{Head: journal.Head{ID: id}, CaseNumber: "NUM" + id, State: alerts.StateActive, Category: alerts.CategoryRunaway, Children: children}
}

func newHotline(t *testing.T, cases ...journal.Document) *hotline {
	h := &hotline{office: newOffice(t)}
	h.put(append(cases, &partners.Partner{
		Head: journal.Head{ID: "them"}, Name: "The other hotline", State: partners.PartnerApproved,
		Agreement: partners.Agreement{Reference: "A-1", ValidUntil: h.clock().AddDate(2, 0, 0)},
	})...)
	h.AskWith(h.ask)
	return h
}

func terms(secret string) partners.NewComparison {
	return partners.NewComparison{URL: "https://them.example.org", Secret: secret, Purpose: "find children whom both hold", Basis: "agreement of the hotlines"}
}

// twoHotlines compare, with one common child in two alphabets and one that is
// not.
func twoHotlines(t *testing.T) (a, b *hotline) {
	a = newHotline(t, openCaseOf("a1", aChild("k1", "Ђорђе", "Шћепановић", "2014-03-02")), openCaseOf("a2", aChild("k2", "Марко", "Петровић", "2012-01-01")))
	b = newHotline(t, openCaseOf("b1", aChild("k1", "Djordje", "Scepanovic", "2014-03-02")), openCaseOf("b2", aChild("k2", "Marko", "Petrović", "2012-01-02")))
	a.neighbour, b.neighbour = b, a
	made, err := a.ProposeComparison(t.Context(), coordinator(), "them", terms(""), alerts.Request{})
	a.must(err)
	_, err = b.ProposeComparison(t.Context(), coordinator(), "them", terms(made.Secret), alerts.Request{})
	b.must(err)
	for _, h := range []*hotline{a, b} {
		if _, err := h.ApproveComparison(t.Context(), coordinator(), "them", alerts.Request{}); alerts.CodeOf(err) != alerts.Forbidden {
			t.Fatalf("who proposed it approves it: %v", err)
		}
		_, err = h.ApproveComparison(t.Context(), duty(), "them", alerts.Request{})
		h.must(err)
	}
	return a, b
}

func (h *hotline) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hotline) compare() partners.ComparisonView {
	h.t.Helper()
	v, err := h.CompareNow(h.t.Context(), coordinator(), "them", alerts.Request{})
	h.must(err)
	return v
}

func (h *hotline) matches() []partners.MatchView {
	h.t.Helper()
	list, err := h.MatchList(h.t.Context(), coordinator())
	h.must(err)
	return list
}

func (h *hotline) one() partners.MatchView {
	h.t.Helper()
	list := h.matches()
	if len(list) != 1 {
		h.t.Fatalf("%d matches, not one: %+v", len(list), list)
	}
	return list[0]
}

func (h *hotline) act(act, who string) {
	h.t.Helper()
	in := partners.MatchAnswer{Contact: who, Reach: "+381 11 000 0001", Why: "another child"}
	_, err := h.ActOnMatch(h.t.Context(), coordinator(), h.one().ID, act, in, alerts.Request{})
	h.must(err)
}

func (h *hotline) exchange() {
	h.t.Helper()
	h.mu.Lock()
	h.now = h.now.Add(time.Hour)
	h.mu.Unlock()
	h.must(h.CompareDue(h.t.Context()))
}

// TestTwoHotlinesFindTheirCommonChild: both learn of it, and nothing else; only
// when both have agreed each sees whom to talk to.
func TestTwoHotlinesFindTheirCommonChild(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	v := a.compare()
	if v.Failure != "" || len(v.Runs) != 1 || v.Runs[0].Met == 0 || v.Children != 2 {
		t.Fatalf("%+v", v)
	}
	if m := a.one(); m.CaseID != "a1" || m.State != partners.MatchWaiting || m.Theirs != nil || m.Child != "Ђорђе Шћепановић" {
		t.Errorf("%+v", m)
	}
	if m := b.one(); m.CaseID != "b1" || m.Child != "Djordje Scepanovic" || m.Partner != "The other hotline" {
		t.Errorf("%+v", m)
	}
	a.act("agree", "Zqana")
	a.exchange()
	b.exchange()
	if m := a.one(); m.State != partners.MatchAgreed || m.Theirs != nil {
		t.Errorf("one has agreed: %+v", m)
	}
	if text := fmt.Sprintf("%+v %+v %v", b.one(), b.logs(), b.heard); strings.Contains(text, "Zqana") || strings.Contains(text, "NUMa1") {
		t.Errorf("before both have agreed the other side has it: %s", text)
	}
	b.act("agree", "Zqbojan")
	if m := b.one(); m.Theirs != nil {
		t.Errorf("%+v", m)
	}
	b.exchange()
	for h, want := range map[*hotline]partners.MatchContact{
		a: {Name: "Zqbojan", Reach: "+381 11 000 0001", Reference: "NUMb1"}, b: {Name: "Zqana", Reach: "+381 11 000 0001", Reference: "NUMa1"},
	} {
		if m := h.one(); m.State != partners.MatchBoth || m.Theirs == nil || *m.Theirs != want || len(m.Acts) != 0 {
			t.Errorf("both have agreed: %+v", m)
		}
	}
	for _, word := range []string{"Ђорђе", "Djordje", "2014", "Марко", "Marko", "a1\"", "b1\""} {
		if all := strings.Join(slices.Concat(a.heard[:2], b.heard[:2]), " "); strings.Contains(all, word) {
			t.Errorf("what was sent holds %q: %s", word, all)
		}
	}
}

// logs is what the runs of this side tell.
func (h *hotline) logs() []partners.CompareRun {
	v, err := h.Comparison(h.t.Context(), coordinator(), "them")
	h.must(err)
	return v.Runs
}

// TestADecliningLooksLikeNoAnswer: what crosses is the same, byte for byte.
func TestADecliningLooksLikeNoAnswer(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	a.compare()
	a.act("agree", "Zqana")
	heard := func() []string {
		before := len(b.heard)
		a.exchange()
		return b.heard[before:]
	}
	waiting := heard()
	b.act("decline", "")
	if declined := heard(); len(waiting) == 0 || !slices.Equal(declined, waiting) {
		t.Errorf("waiting %s, declined %s", waiting, declined)
	}
	if text := fmt.Sprint(a.heard, a.one()); strings.Contains(text, "another child") || a.one().State != partners.MatchAgreed {
		t.Errorf("the reason crossed: %s", text)
	}
	if held := a.compare(); held.Runs[0].Met == 0 {
		t.Error("a declining changes which hashes are held")
	}
	if m := b.one(); m.State != partners.MatchDeclined || m.Why != "another child" {
		t.Errorf("asked again, what was declined came up anew: %+v", m)
	}
}

// TestStrangersCannotConfirmAChild: a wrong secret, no agreement, one that only
// waits or has ended, and one whose organisation is suspended are one answer.
func TestStrangersCannotConfirmAChild(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	secret := a.secret()
	good, _ := partners.CompareToken(secret)
	other, _ := partners.CompareToken("hwcs_" + strings.Repeat("a", 52))
	asks := partners.CompareRequest{Hashes: partners.CompareHashes(secret, aChild("x", "Djordje", "Scepanovic", "2014-03-02"))}
	answer := func(token string) (string, error) {
		got, err := b.AnswerCompare(t.Context(), token, asks)
		return strings.Join(got.Held, " "), err
	}
	if held, err := answer(good); err != nil || held == "" {
		t.Fatalf("the control: %q, %v", held, err)
	}
	want := ""
	refused := func(what, token string) {
		t.Helper()
		held, err := answer(token)
		var e *alerts.Error
		if !errors.As(err, &e) || e.Code != alerts.NotFound || held != "" {
			t.Errorf("%s: %q, %v", what, held, err)
			return
		}
		if want == "" {
			want = e.Message
		}
		if e.Message != want {
			t.Errorf("%s: %q, not %q", what, e.Message, want)
		}
		if _, err := b.AnswerAgreed(t.Context(), token, partners.AgreedRequest{Match: asks.Hashes}); alerts.CodeOf(err) != alerts.NotFound {
			t.Errorf("%s: agreed: %v", what, err)
		}
	}
	refused("no token", "")
	refused("a wrong secret", other)
	_, err := b.SuspendPartner(t.Context(), duty(), "them", alerts.Request{})
	b.must(err)
	refused("the organisation is suspended", good)
	_, err = b.ApprovePartner(t.Context(), duty(), "them", alerts.Request{})
	b.must(err)
	if held, err := answer(good); err != nil || held == "" {
		t.Fatalf("approved again: %q, %v", held, err)
	}
	_, err = b.EndComparison(t.Context(), coordinator(), "them", alerts.Request{})
	b.must(err)
	refused("it has ended", good)
	_, err = b.ProposeComparison(t.Context(), coordinator(), "them", terms(secret), alerts.Request{})
	b.must(err)
	refused("only one person has agreed", good)
	if v := a.compare(); v.Failure != "unknown" || v.Runs[0].Met != 0 {
		t.Errorf("the asker is told %q", v.Failure)
	}
}

// secret is the one that both share.
func (h *hotline) secret() string {
	c, _ := h.PartnerBoard().ComparisonWith("them")
	return c.Secret
}

// TestEndingForgetsHashesAndPendingMatches at once, and by the end of the time.
func TestEndingForgetsHashesAndPendingMatches(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	a.compare()
	a.act("agree", "Zqana")
	b.act("agree", "Zqbojan")
	a.exchange()
	b.put(openCaseOf("b3", aChild("k3", "Ana", "Jović", "2015-05-05")))
	a.put(openCaseOf("a3", aChild("k3", "Ана", "Јовић", "2015-05-05")))
	a.exchange()
	a.compare()
	if n := len(a.matches()); n != 2 {
		t.Fatalf("%d matches", n)
	}
	v, err := a.EndComparison(t.Context(), duty(), "them", alerts.Request{})
	a.must(err)
	if v.State != partners.ComparisonEnded || v.EndedBy == "" {
		t.Errorf("%+v", v)
	}
	if m := a.one(); m.CaseID != "a1" || m.State != partners.MatchBoth || !m.Ended || len(m.Acts) != 0 {
		t.Errorf("%+v", m)
	}
	kept, _ := a.PartnerBoard().Match(a.one().ID)
	c, _ := a.PartnerBoard().ComparisonWith("them")
	if len(kept.Hashes) != 0 || c.Secret != "" || len(c.Token) != 0 {
		t.Errorf("hashes or the secret are kept: %+v %+v", kept, c)
	}
	if n := len(b.matches()); n != 2 {
		t.Errorf("the other side keeps its own until its own end: %d", n)
	}
	b.mu.Lock()
	b.now = b.now.AddDate(1, 0, 1)
	b.mu.Unlock()
	b.must(b.TakeCompareSteps(t.Context()))
	if v, err := b.Comparison(t.Context(), coordinator(), "them"); err != nil || v.EndedFor != "time" || len(b.matches()) != 1 {
		t.Errorf("%+v %v", v, err)
	}
}

// TestCautiousCasesTakePartOnlyWhereTheirTeamAllows.
func TestCautiousCasesTakePartOnlyWhereTheirTeamAllows(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*alerts.Case){
		"restricted": func(c *alerts.Case) { c.Restricted, c.Team = true, []string{coordinator().ID} },
		"hides facts": func(c *alerts.Case) {
			c.Hidden = alerts.Hidden{{ID: "h", Party: alerts.PartyTaking, Field: alerts.HideHome, By: "co", At: time.Now()}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := twoHotlines(t)
			c, _ := b.Board.Case("b1")
			next := *c
			change(&next)
			b.put(&next)
			a.compare()
			if len(a.matches())+len(b.matches()) != 0 {
				t.Fatalf("it took part: %+v %+v", a.matches(), b.matches())
			}
			v, err := b.Choice(t.Context(), coordinator(), "b1")
			if err != nil || !v.Cautious || v.TakesPart {
				t.Errorf("%+v %v", v, err)
			}
			if _, err := b.Choose(t.Context(), coordinator(), "b1", partners.NewChoice{Allowed: true}, alerts.Request{}); alerts.CodeOf(err) != alerts.Invalid {
				t.Errorf("without a reason: %v", err)
			}
			_, err = b.Choose(t.Context(), coordinator(), "b1", partners.NewChoice{Allowed: true, Why: "the police want it"}, alerts.Request{})
			b.must(err)
			a.exchange()
			a.compare()
			if a.one().CaseID != "a1" || b.one().CaseID != "b1" {
				t.Error("allowed, it does not take part")
			}
		})
	}
}

// TestAnOrdinaryCaseCanBeKeptOut, and a match of it then tells nobody anything.
func TestAnOrdinaryCaseCanBeKeptOut(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	a.compare()
	a.act("agree", "Zqana")
	b.act("agree", "Zqbojan")
	_, err := b.Choose(t.Context(), coordinator(), "b1", partners.NewChoice{Why: "the family does not want it"}, alerts.Request{})
	b.must(err)
	a.exchange()
	if a.one().State != partners.MatchAgreed || b.one().State != partners.MatchAgreed {
		t.Errorf("%+v %+v", a.one(), b.one())
	}
}

// TestBirthYearOnlyCounts where no day is known, and a child without any date,
// or with a single name, is not compared.
func TestBirthYearOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		ours, them alerts.Child
		meet, year bool
	}{
		{"we know the year only", aChild("x", "Ana", "Jović", "2015"), aChild("y", "Ана", "Јовић", "2015-05-05"), true, true},
		{"a month is a year", aChild("x", "Ana", "Jović", "2015-05"), aChild("y", "Ana", "Jović", "2015-05-05"), true, true},
		{"both know the year only", aChild("x", "Ana", "Jović", "2015"), aChild("y", "Ana", "Jović", "2015"), true, true},
		{"another year", aChild("x", "Ana", "Jović", "2014"), aChild("y", "Ana", "Jović", "2015-05-05"), false, false},
		{"another day", aChild("x", "Ana", "Jović", "2015-05-06"), aChild("y", "Ana", "Jović", "2015-05-05"), false, false},
		{"no date", aChild("x", "Ana", "Jović", ""), aChild("y", "Ana", "Jović", ""), false, false},
		{"one name", aChild("x", "Ana", "", "2015-05-05"), aChild("y", "Ana", "", "2015-05-05"), false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := twoHotlines(t)
			a.put(openCaseOf("a9", c.ours))
			b.put(openCaseOf("b9", c.them))
			a.compare()
			i := slices.IndexFunc(a.matches(), func(m partners.MatchView) bool { return m.CaseID == "a9" })
			if (i >= 0) != c.meet || c.meet && a.matches()[i].YearOnly != c.year {
				t.Errorf("%+v", a.matches())
			}
		})
	}
}

// TestAskingIsBounded: by hour and by request, the desk is told in red, and what
// was refused is not in the counts.
func TestAskingIsBounded(t *testing.T) {
	t.Parallel()
	_, b := twoHotlines(t)
	token, _ := partners.CompareToken(b.secret())
	hash := partners.CompareHashes(b.secret(), aChild("x", "Ivo", "Ivić", "2013-03-03"))
	many := make([]string, 2000)
	for i := range many {
		many[i] = hash[0]
	}
	ask := func(n int) error {
		_, err := b.AnswerCompare(t.Context(), token, partners.CompareRequest{Hashes: many[:n]})
		return err
	}
	if err := func() error {
		_, err := b.AnswerCompare(t.Context(), token, partners.CompareRequest{Hashes: append(many, "x")})
		return err
	}(); alerts.CodeOf(err) != alerts.Invalid {
		t.Errorf("a request of 2001: %v", err)
	}
	if err := ask(0); alerts.CodeOf(err) != alerts.Invalid {
		t.Errorf("none: %v", err)
	}
	for range 4 {
		b.must(ask(2000))
	}
	if v, _ := b.Comparison(t.Context(), coordinator(), "them"); v.Unusual || len(b.UnusualComparisons(coordinator())) != 0 {
		t.Error("8000 hashes are unusual already")
	}
	b.must(ask(1))
	if v, _ := b.Comparison(t.Context(), coordinator(), "them"); !v.Unusual || len(b.UnusualComparisons(coordinator())) != 1 {
		t.Error("8001 hashes are not unusual")
	}
	for range 25 {
		b.must(ask(1))
	}
	if err := ask(1); alerts.CodeOf(err) != alerts.TooMany {
		t.Errorf("the 31st request in an hour: %v", err)
	}
	if n := len(b.logs()); n != 30 {
		t.Errorf("%d runs in the log", n)
	}
	b.mu.Lock()
	b.now = b.now.Add(61 * time.Minute)
	b.mu.Unlock()
	b.must(ask(2000))
}

// TestAskingByItself runs once a day on one of several nodes, waits after a
// failure, and is quiet where it is not switched on.
func TestAskingByItself(t *testing.T) {
	t.Parallel()
	a, b := twoHotlines(t)
	runs := func() int { return len(a.logs()) }
	a.must(a.CompareDue(t.Context()))
	a.must(a.CompareDue(t.Context()))
	if runs() != 1 || len(b.matches()) != 1 {
		t.Fatalf("%d runs", runs())
	}
	a.exchange()
	if runs() != 1 {
		t.Errorf("asked again after an hour")
	}
	a.silent = true
	a.mu.Lock()
	a.now = a.now.Add(24 * time.Hour)
	a.mu.Unlock()
	a.must(a.CompareDue(t.Context()))
	a.must(a.CompareDue(t.Context()))
	v, _ := a.Comparison(t.Context(), coordinator(), "them")
	if runs() != 2 || v.Failure != "no_answer" || v.NextAt == nil || v.NextAt.Sub(a.clock()) != time.Hour {
		t.Errorf("%+v", v)
	}
	a.silent = false
	a.exchange()
	if v, _ = a.Comparison(t.Context(), coordinator(), "them"); v.Failure != "" || runs() != 3 {
		t.Errorf("%+v", v)
	}
}

// TestComparisonInput refuses what cannot be agreed on.
func TestComparisonInput(t *testing.T) {
	t.Parallel()
	h := newHotline(t)
	for field, change := range map[string]func(*partners.NewComparison){
		"purpose": func(n *partners.NewComparison) { n.Purpose = " " },
		"basis":   func(n *partners.NewComparison) { n.Basis = "" },
		"url":     func(n *partners.NewComparison) { n.URL = "http://them.example.org" },
		"secret":  func(n *partners.NewComparison) { n.Secret = "hwcs_short" },
		"until":   func(n *partners.NewComparison) { n.Until = h.clock().AddDate(2, 0, 0) },
	} {
		in := terms("")
		change(&in)
		_, err := h.ProposeComparison(t.Context(), coordinator(), "them", in, alerts.Request{})
		var e *alerts.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := h.ProposeComparison(t.Context(), operator(), "them", terms(""), alerts.Request{})
	if alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("an operator: %v", err)
	}
	_, err = h.ProposeComparison(t.Context(), coordinator(), "them", terms(""), alerts.Request{})
	h.must(err)
	_, err = h.ProposeComparison(t.Context(), coordinator(), "them", terms(""), alerts.Request{})
	if alerts.CodeOf(err) != alerts.Conflict {
		t.Errorf("a second one: %v", err)
	}
	h.put(&partners.Partner{Head: journal.Head{ID: "third"}, Name: "Third", State: partners.PartnerApproved})
	_, err = h.ProposeComparison(t.Context(), coordinator(), "third", terms(h.secret()), alerts.Request{})
	if alerts.CodeOf(err) != alerts.Invalid {
		t.Errorf("one secret for two organisations: %v", err)
	}
}

// TestComparingInEachStore reads agreement, match and choice after a start anew,
// and erasing the case leaves nothing of them.
func TestComparingInEachStore(t *testing.T) {
	t.Parallel()
	for name, home := range map[string]home{"bolt": boltHome(t), "mongodb": mongoHome(t)} {
		if home == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, none := t.Context(), alerts.Request{}
			d, stop := startOn(t, home)
			k := &keptThings{t: t, d: d}
			k.put(openCaseOf("c1", aChild("k1", "Ана", "Јовић", "2015-05-05")), &partners.Partner{
				Head: journal.Head{ID: "them"}, Name: "Them", State: partners.PartnerApproved, Agreement: partners.Agreement{Reference: "A-1", ValidUntil: time.Now().AddDate(2, 0, 0)},
			})
			made, err := d.ProposeComparison(ctx, coordinator(), "them", terms(""), none)
			k.must(err)
			_, err = d.ApproveComparison(ctx, duty(), "them", none)
			k.must(err)
			token, _ := partners.CompareToken(made.Secret)
			asked := partners.CompareRequest{Hashes: partners.CompareHashes(made.Secret, aChild("x", "Ana", "Jović", "2015-05-05"))}
			_, err = d.AnswerCompare(ctx, token, asked)
			k.must(err)
			_, err = d.Choose(ctx, coordinator(), "c1", partners.NewChoice{Allowed: true, Why: "both want it"}, none)
			k.must(err)
			read := func() []byte {
				m, err := d.MatchList(ctx, coordinator())
				k.must(err)
				c, err := d.Comparison(ctx, coordinator(), "them")
				k.must(err)
				choice, err := d.Choice(ctx, coordinator(), "c1")
				k.must(err)
				out, err := json.Marshal([]any{m, c, choice})
				k.must(err)
				return out
			}
			before := read()
			stop()
			d, stop = startOn(t, home)
			defer stop()
			if after := read(); !bytes.Equal(before, after) || !bytes.Contains(after, []byte(`"both want it"`)) {
				t.Errorf("before %s\nafter %s", before, after)
			}
			if held, err := d.AnswerCompare(ctx, token, asked); err != nil || len(held.Held) != len(asked.Hashes) {
				t.Errorf("after a start anew: %v, %v", held, err)
			}
			if n := len(d.PartnerBoard().ErasureKeys("c1")); n != 2 {
				t.Errorf("%d records end with the case, not match and choice", n)
			}
			_, err = d.Journal.Do(ctx, journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
				return journal.Outcome{Forget: append(d.PartnerBoard().ErasureKeys("c1"), journal.Key{Collection: "cases", ID: "c1"})}, nil
			}})
			k.must(err)
			if m, err := d.MatchList(ctx, coordinator()); err != nil || len(m) != 0 || len(d.PartnerBoard().Matches()) != 0 {
				t.Errorf("the case is erased: %v %v", m, err)
			}
		})
	}
}
