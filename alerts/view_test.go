package alerts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/geo"
)

func matrix(t *testing.T) *Matrix {
	t.Helper()
	m, err := LoadMatrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// everyLens calls f for every role in every stage, assigned and not, with and
// without a fresh proof of who they are, a tipster's leave, and broken glass.
func everyLens(m *Matrix, f func(name string, l lens)) {
	for _, role := range Roles() {
		for _, state := range States() {
			for _, bits := range []int{0, 2, 3, 6, 8, 15} {
				a := Actor{ID: "reader", Kind: KindPerson, Role: role}
				if bits&1 != 0 {
					a.StepUpAt = time.Unix(1, 0)
				}
				g := Grounds{Assigned: bits&2 != 0, Tipster: bits&4 != 0, BreakGlass: bits&8 != 0}
				f(fmt.Sprintf("%s in %s with %04b", role, state, bits), m.lens(a, state, g))
			}
		}
	}
}

func TestViewsShowExactlyWhatTheMatrixSays(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	for _, test := range []struct {
		name string
		make func(*canaries) func(lens) any
	}{
		{"case", func(c *canaries) func(lens) any {
			var d Case
			c.fill(&d)
			return func(l lens) any { return viewCase(l, &d) }
		}},
		{"sighting", func(c *canaries) func(lens) any {
			var d Sighting
			c.fill(&d)
			return func(l lens) any { return viewSighting(l, &d) }
		}},
		{"contact", func(c *canaries) func(lens) any {
			var d Contact
			c.fill(&d)
			return func(l lens) any { return viewContact(l, &d) }
		}},
		{"call", func(c *canaries) func(lens) any {
			var d Call
			c.fill(&d)
			return func(l lens) any { return viewCall(l, &d) }
		}},
		{"block", func(c *canaries) func(lens) any {
			var d Block
			c.fill(&d)
			return func(l lens) any { return viewBlock(l, &d, time.Unix(1, 0)) }
		}},
		{"alert", func(c *canaries) func(lens) any {
			var d Alert
			c.fill(&d)
			return func(l lens) any { return viewAlert(l, &d) }
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCanaries(t)
			view := test.make(c)
			everyLens(m, func(name string, l lens) {
				seen := c.seen(view(l))
				if l.rules.part(l.actor, P1, l.grounds) == "first_name_photo" {
					dropFirstNames(c, seen)
				}
				c.compare(name, seen, func(classes []Class) bool { return l.sees(classes...) })
			})
		})
	}
}

// dropFirstNames takes out the one given name that volunteers get of a child.
func dropFirstNames(c *canaries, seen map[string]bool) {
	for value := range seen {
		if strings.HasSuffix(c.where[value], ".Names[0].Given") {
			delete(seen, value)
		}
	}
}

func TestListItemsShowNoMoreThanTheMatrixSays(t *testing.T) {
	t.Parallel()
	c := newCanaries(t)
	var d Case
	c.fill(&d)
	everyLens(matrix(t), func(name string, l lens) {
		for value := range c.seen(viewCaseItem(l, &d)) {
			if !l.sees(c.of[value]...) {
				t.Errorf("%s: %s (%v)", name, c.where[value], c.of[value])
			}
		}
	})
}

func TestAccountsAreForAdministratorsAndThemselves(t *testing.T) {
	t.Parallel()
	c := newCanaries(t)
	var acc Account
	c.fill(&acc)
	d := NewDesk(Parts{Matrix: matrix(t)})
	for _, role := range Roles() {
		for _, own := range []bool{false, true} {
			a := Actor{ID: "reader", Role: role}
			if own {
				a.ID = acc.ID
			}
			v, ok := d.ViewAccount(a, &acc)
			want := own || role == RoleAdministrator
			if ok != want {
				t.Errorf("%s, own %t: seen %t", role, own, ok)
			}
			c.compare(string(role), c.seen(v), func(classes []Class) bool { return want && !slices.Contains(classes, Kept) })
		}
	}
}

// appeal returns a public case with its live alert, canaries everywhere else.
func appeal(c *canaries, now time.Time) (*Case, *Alert) {
	var cs Case
	var al Alert
	c.fill(&cs)
	c.fill(&al)
	cs.State, al.State, al.CaseID = StatePublic, AlertLive, cs.ID
	cs.Children[0].BirthDate, cs.Children[1].BirthDate = "2014-05-02", "2020"
	place := geo.At(20.457321, 44.817654)
	cs.LastSeen.At, cs.LastSeen.Place = now.Add(-5*time.Hour), &place
	r := al.Current()
	r.Level, r.ExpiresAt, r.PhotoID = LevelPublicAppeal, now.Add(time.Hour), cs.Photos[1].ID
	r.DecisionID, cs.Decisions[0].Level = cs.Decisions[0].ID, LevelPublicAppeal
	cs.Photos[1].Removed = nil
	cs.Consents = []Consent{{Class: P1, Audience: "public", Purpose: "appeal"}}
	return &cs, &al
}

func TestAppealShowsThePublicCardOnly(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 14, 20, 30, 0, 0, time.UTC)
	c := newCanaries(t)
	cs, al := appeal(c, now)
	v, ok := AppealOf(cs, al, now)
	if !ok {
		t.Fatal("no card")
	}
	for value := range c.seen(v) {
		where, classes := c.where[value], c.of[value]
		public := slices.Contains(classes, P0) || strings.HasSuffix(where, "Names[0].Given") || where == "Case.Photos[1].ID" ||
			where == "Alert.Slug" || where == "Alert.CaseNumber" || where == "Alert.Revisions[1].Sent"
		if !public {
			t.Errorf("the card shows %s (%v)", where, classes)
		}
	}
	if v.Children[0].Name != cs.Children[0].Names[0].Given || v.Children[0].AgeBand != "10-13" || v.Children[1].AgeBand != "6-9" {
		t.Errorf("children %+v", v.Children)
	}
	if v.LastSeen.Part != "afternoon" || v.LastSeen.Date != "2026-08-14" {
		t.Errorf("last seen %+v", v.LastSeen)
	}
	if v.PhotoID != cs.Photos[1].ID {
		t.Errorf("photo %q", v.PhotoID)
	}
}

func TestAppealWithoutConsentHasNoNameAndNoPhoto(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 14, 20, 30, 0, 0, time.UTC)
	for _, test := range []struct {
		consent Consent
		name    string
		photo   bool
	}{
		{Consent{Class: P1, Audience: "public"}, "Mila", true},
		{Consent{Class: P0, Audience: "public"}, "Mila", true},
		{Consent{Class: P1, Audience: "public", Purpose: "initials"}, "M.P.", true},
		{Consent{Class: P1, Audience: "partners"}, "", false},
		{Consent{Class: P4, Audience: "public"}, "", false},
		{Consent{Class: P1, Audience: "public", WithdrawnAt: now}, "", false},
		{Consent{Class: P1, Audience: "public", ExpiresAt: now}, "", false},
	} {
		cs, al := appeal(newCanaries(t), now)
		cs.Children[0].Names = []Name{{Given: "Mila", Family: "Primer"}}
		cs.Consents = []Consent{test.consent}
		v, ok := AppealOf(cs, al, now)
		if !ok || v.Children[0].Name != test.name || (v.PhotoID != "") != test.photo {
			t.Errorf("%+v: name %q photo %q", test.consent, v.Children[0].Name, v.PhotoID)
		}
	}
}

func TestAppealIsThereOnlyWhileItIsPublic(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 8, 14, 20, 30, 0, 0, time.UTC)
	for name, spoil := range map[string]func(*Case, *Alert){
		"found":         func(c *Case, _ *Alert) { c.State = StateFound },
		"on hold":       func(c *Case, _ *Alert) { c.State = StateOnHold },
		"cancelled":     func(_ *Case, a *Alert) { a.State = AlertCancelled },
		"partner level": func(_ *Case, a *Alert) { a.Current().Level = LevelPartner },
		"no decision":   func(c *Case, _ *Alert) { c.Decisions = nil },
		"lesser":        func(c *Case, _ *Alert) { c.Decisions[0].Level = LevelPartner },
		"expired":       func(_ *Case, a *Alert) { a.Current().ExpiresAt = now },
		"other case":    func(_ *Case, a *Alert) { a.CaseID = "other" },
		"unreleased":    func(_ *Case, a *Alert) { a.Revisions = nil },
	} {
		cs, al := appeal(newCanaries(t), now)
		spoil(cs, al)
		if v, ok := AppealOf(cs, al, now); ok {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAppealAreaIsNoCloserThanFiveKilometres(t *testing.T) {
	t.Parallel()
	for lat := -84.95; lat < 85; lat += 1.37 {
		for lon := -180.0; lon < 180; lon += 7.77 {
			place := geo.At(lon, lat)
			a := appealArea(&Revision{}, &place)
			if err := a.Place.Validate(); err != nil {
				t.Fatalf("%v: %v", place, err)
			}
			if d := geo.Distance(place, *a.Place); a.RadiusM < 5000 || d > a.RadiusM {
				t.Fatalf("%v is %.0f m from %v, radius %.0f", place, d, a.Place, a.RadiusM)
			}
		}
	}
}

func TestPartnersGetThePackageAndNoMore(t *testing.T) {
	t.Parallel()
	c := newCanaries(t)
	al := &Alert{}
	c.fill(al)
	v := PartnerAlertOf(al, al.Current(), Links{})
	for value := range c.seen(v) {
		if where, classes := c.where[value], c.of[value]; !slices.Equal(classes, []Class{Ref}) && !slices.Equal(classes, []Class{P0}) {
			t.Errorf("a partner gets %s (%v)", where, classes)
		}
	}
	al.Revisions[0].Number, al.Revisions[1].Number = 1, 2
	v = PartnerAlertOf(al, al.Current(), Links{Photo: "https://homeward.example.org/photo"})
	if want := al.Sender + "," + al.Revisions[0].Identifier + "," + CAPTime(al.Revisions[0].Sent); v.Kind != "Update" || v.References != want {
		t.Errorf("kind %s, references %q, want %q", v.Kind, v.References, want)
	}
}

func TestFollowersSeeTheirOwnOnly(t *testing.T) {
	t.Parallel()
	m := matrix(t)
	c := newCanaries(t)
	var s Sighting
	var ct Contact
	var cs Case
	var al Alert
	c.fill(&s)
	c.fill(&ct)
	c.fill(&cs)
	c.fill(&al)
	cs.State = StateFound
	own := map[string]func(where string) bool{
		"tipster": func(w string) bool {
			return w == "Sighting.Text" || strings.HasPrefix(w, "Sighting.Reporter.") || strings.HasPrefix(w, "Sighting.Messages") ||
				w == "Sighting.ReportedAt" || w == "Sighting.Assessment.At" || strings.HasSuffix(w, "].At")
		},
		"parent": func(w string) bool {
			return strings.HasPrefix(w, "Contact.Caller.") || strings.HasPrefix(w, "Contact.Report.") || strings.HasPrefix(w, "Contact.Messages") ||
				w == "Contact.At" || w == "Case.Head.CreatedAt" || w == "Case.Closing.ClosedAt" || w == "Contact.PromisedUntil" || ownObjection(w)
		},
	}
	for who, v := range map[string]FollowView{"tipster": FollowSighting(m, &s, &cs), "parent": FollowReport(m, &ct, &cs, FollowFacts{Told: []FollowTold{{Organisations: 3}}, Alerts: []*Alert{&al}})} {
		seen := c.seen(v)
		for value := range seen {
			if !own[who](c.where[value]) {
				t.Errorf("the %s sees %s", who, c.where[value])
			}
		}
		if len(seen) < 5 {
			t.Errorf("the %s sees hardly anything: %v", who, seen)
		}
	}
	if next := nextCall(&Contact{}, &Case{}); !next.IsZero() {
		t.Errorf("nothing is promised, yet %v", next)
	}
}

// ownObjection tells whether a canary is what the holder of the code said
// against publication, or when.
func ownObjection(where string) bool {
	for _, field := range []string{".At", ".Kind", ".Decision"} {
		if strings.HasPrefix(where, "Contact.Objections[") && strings.HasSuffix(where, field) {
			return true
		}
	}
	return false
}
