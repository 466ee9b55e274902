package abduction

import (
	"bytes"
	"strings"
	"testing"
)

func find(t *testing.T, from, to, wrongful, proceedings string, decision bool) RouteFinding {
	t.Helper()
	p := Pair{From: from, To: to, Wrongful: date(t, wrongful), Today: date(t, "2026-11-21"), Decision: decision}
	if proceedings != "" {
		p.Proceedings = date(t, proceedings)
	}
	return law(t).Routes.Find(p)
}

func of(t *testing.T, r RouteFinding, instrument string) Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Instrument == instrument {
			return f
		}
	}
	t.Fatalf("nothing is said about %s", instrument)
	return Finding{}
}

func last(f Finding) string { return f.Reasons[len(f.Reasons)-1].ID }

func TestRoutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to, wrongful, proceedings string
		hague                                 Answer
		reason, route                         string
		options                               bool
	}{
		{"both ratified", "RS", "DE", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"both ratified, the other way", "CH", "RS", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"successors of the state that ratified", "RS", "ME", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"before it was in force", "JP", "DE", "2014-03-31", "", DoesNotApply, "before_it_was_in_force", "non_hague", true},
		{"on the day it came into force", "JP", "DE", "2014-04-01", "", Applies, "in_force_since", "hague1980", false},
		{"an accession whose acceptance is not in the data", "RS", "HU", "2026-03-10", "", Unknown, "acceptance_not_in_data", "", true},
		{"an accession whose acceptance is not in the data, Bulgaria", "RS", "BG", "2026-03-10", "", Unknown, "acceptance_not_in_data", "", true},
		{"an accession that the other has accepted", "IT", "MX", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"before that acceptance had effect", "IT", "MX", "1997-03-31", "", DoesNotApply, "before_it_was_in_force", "non_hague", true},
		{"an accession, seen from the acceding state", "RO", "RS", "2026-03-10", "", Unknown, "acceptance_not_in_data", "", true},
		{"two accessions", "UA", "AL", "2026-03-10", "", Unknown, "acceptance_not_in_data", "", true},
		{"a state that is not in the data", "RS", "TO", "2026-03-10", "", Unknown, "state_not_in_data", "", true},
		{"a state that is no party", "RS", "AE", "2026-03-10", "", DoesNotApply, "not_a_party", "non_hague", true},
		{"between members of the Union", "DE", "AT", "2026-03-10", "", Applies, "in_force_since", "hague1980+brussels2b", false},
		{"between members, one of which acceded", "DE", "HU", "2026-03-10", "", Applies, "within_group", "hague1980+brussels2b", false},
		{"proceedings on the last day of Brussels IIa", "DE", "AT", "2022-03-10", "2022-07-31", Applies, "in_force_since", "hague1980+brussels2a", false},
		{"proceedings on the first day of Brussels IIb", "DE", "AT", "2022-03-10", "2022-08-01", Applies, "in_force_since", "hague1980+brussels2b", false},
		{"before Brussels IIa", "DE", "AT", "2004-03-10", "2005-02-28", Applies, "in_force_since", "hague1980", false},
		{"Denmark stands apart", "DE", "DK", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"Serbia is not bound by the regulation", "RS", "AT", "2026-03-10", "", Applies, "in_force_since", "hague1980", false},
		{"the United Kingdom in time", "GB", "FR", "2020-03-10", "2020-12-31", Applies, "in_force_since", "hague1980+brussels2a", false},
		{"the United Kingdom after it left", "GB", "FR", "2020-03-10", "2021-01-01", Applies, "in_force_since", "hague1980", false},
	} {
		got := find(t, c.from, c.to, c.wrongful, c.proceedings, false)
		f := of(t, got, "hague1980")
		if f.Answer != c.hague || got.Route != c.route || last(f) != c.reason || (len(got.Options) > 0) != c.options {
			t.Errorf("%s: %s because %s, route %q, %d options", c.name, f.Answer, last(f), got.Route, len(got.Options))
		}
	}
}

func TestRoutesOfOtherInstruments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, instrument, from, to string
		decision                   bool
		want                       Answer
		reason                     string
	}{
		{"1996 between parties", "hague1996", "RS", "DE", false, Applies, "no_objection_in_data"},
		{"1996 with a state that is not in the data", "hague1996", "RS", "BA", false, Unknown, "state_not_in_data"},
		{"Luxembourg needs a decision", "luxembourg1980", "RS", "AT", false, Applies, "needs_decision"},
		{"Luxembourg with a decision", "luxembourg1980", "RS", "AT", true, Applies, "in_force_since"},
		{"the regulation and Serbia", "brussels2b", "RS", "AT", false, DoesNotApply, "not_a_member"},
		{"the regulation and Denmark", "brussels2b", "AT", "DK", false, DoesNotApply, "excluded"},
		{"nothing is known of bilateral treaties", "bilateral", "RS", "AE", false, Unknown, "no_treaties_in_data"},
	} {
		f := of(t, find(t, c.from, c.to, "2026-03-10", "", c.decision), c.instrument)
		if f.Answer != c.want || last(f) != c.reason {
			t.Errorf("%s: %s because %s", c.name, f.Answer, last(f))
		}
	}
}

// Whatever the pair, an answer has its source and its reasons, only what rests
// on checked rows alone is verified, a route is proposed only from an
// instrument that applies, and swapping the states changes nothing.
func TestRouteOfEveryPair(t *testing.T) {
	t.Parallel()
	r := law(t).Routes
	states := []string{"XX"}
	for _, p := range r.Parties {
		states = append(states, p.State)
	}
	for _, from := range states {
		for _, to := range states {
			if from == to {
				continue
			}
			p := Pair{From: from, To: to, Wrongful: date(t, "2026-03-10"), Today: date(t, "2026-11-21"), Decision: true}
			got := r.Find(p)
			p.From, p.To = to, from
			if back := r.Find(p); back.Route != got.Route {
				t.Fatalf("%s to %s is %q, back %q", from, to, got.Route, back.Route)
			}
			ok := got.Route == "" || got.Route == "non_hague"
			for _, f := range got.Findings {
				if f.Source == "" || f.Link == "" || f.Check == "" || len(f.Reasons) == 0 || f.AsOf.IsZero() {
					t.Fatalf("%s to %s: %+v", from, to, f)
				}
				for _, s := range f.Sources {
					if f.Verified && !s.Verified {
						t.Fatalf("%s to %s: %s is verified on a row that is not", from, to, f.Instrument)
					}
				}
				ok = ok || f.Route == got.Route && f.Answer == Applies
			}
			if !ok {
				t.Fatalf("%s to %s: %q is proposed although nothing of it applies", from, to, got.Route)
			}
			if of(t, got, "hague1980").Answer == Unknown && got.Route != "" {
				t.Fatalf("%s to %s: %q is a guess", from, to, got.Route)
			}
		}
	}
}

func TestBrokenRoutesAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"an unknown field":              {`"as_of"`, `"as_off"`},
		"a party without a source":      {`"how": "ratified", "from": "1988-10-01", "source": "`, `"how": "ratified", "from": "1988-10-01", "source": "", "note": "`},
		"an unknown way to be a party":  {`"how": "ratified"`, `"how": "rumoured"`},
		"an acceptance of no accession": {`"acceding": "HU"`, `"acceding": "DE"`},
		"an unknown mechanism":          {`"mechanism": "objection"`, `"mechanism": "hope"`},
	} {
		broken := bytes.Replace(routesJSON, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(broken, routesJSON) {
			t.Fatalf("%s: the test changes nothing", name)
		}
		if _, err := readRoutes(broken); err == nil {
			t.Errorf("accepted %s", name)
		}
	}
}

func TestProcedure(t *testing.T) {
	t.Parallel()
	l := law(t)
	for route, want := range map[string]string{
		"":                     "report find_route locating protective_measures voluntary_return mediation aftercare",
		"hague1980":            "report application transmission acknowledgement locating protective_measures voluntary_return mediation court_application hearing decision appeal mirror_orders enforcement hand_over aftercare",
		"hague1980+brussels2b": "report application transmission acknowledgement locating protective_measures voluntary_return mediation court_application hearing decision appeal refusal_to_home_court seise_home_court mirror_orders enforcement hand_over aftercare",
		"non_hague":            "report legal_advice bilateral_request consular_steps locating protective_measures voluntary_return mediation criminal_complaint interpol_notice transit_measures recognition foreign_suit decision appeal mirror_orders enforcement hand_over aftercare",
	} {
		var ids []string
		for _, s := range l.Procedure.On(route) {
			ids = append(ids, s.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%q\n%s\nwant\n%s", route, got, want)
		}
	}
	clocks := map[string]bool{}
	for _, r := range l.ClockRules {
		clocks[r.ID] = true
	}
	for _, s := range l.Procedure.Steps {
		if s.Clock != "" && !clocks[s.Clock] {
			t.Errorf("step %s names the clock %s, which there is not", s.ID, s.Clock)
		}
	}
	due, ok := l.Procedure.Step("hague1980+brussels2b", "refusal_to_home_court")
	if got := l.By(due.Due, date(t, "2026-01-31"), "DE"); !ok || got.String() != "2026-02-28" {
		t.Errorf("one month after the end of January is %s", got)
	}
	if _, err := readProcedure(bytes.Replace(procedureJSON, []byte(`"lane": "main"`), []byte(`"lane": "fast"`), 1)); err == nil {
		t.Error("accepted a lane that there is not")
	}
}
