package demo_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/partners"
)

// who returns the first actor of a role, as that person's session would.
func (c *country) who(t testing.TB, role alerts.Role) alerts.Actor {
	t.Helper()
	for _, acc := range c.Board.Accounts() {
		if acc.Role == role && acc.Kind == alerts.KindPerson {
			return alerts.Actor{ID: acc.ID, Kind: acc.Kind, Role: acc.Role, Name: acc.Name, Partner: acc.Partner}
		}
	}
	t.Fatalf("nobody is %s", role)
	return alerts.Actor{}
}

func (c *country) cases() []*alerts.Case {
	var out []*alerts.Case
	c.Board.EachCase(func(one *alerts.Case) bool {
		out = append(out, one)
		return true
	})
	slices.SortFunc(out, func(a, b *alerts.Case) int { return a.LastSeen.At.Compare(b.LastSeen.At) })
	return out
}

func (c *country) alerts() []*alerts.Alert {
	var out []*alerts.Alert
	c.Board.EachAlert(func(one *alerts.Alert) bool {
		out = append(out, one)
		return true
	})
	return out
}

// sightings reads all sightings, page by page.
func (c *country) sightings(t testing.TB) []alerts.SightingView {
	t.Helper()
	var out []alerts.SightingView
	for q := (alerts.SightingQuery{Limit: 200}); ; {
		page := must(c.Sightings(t.Context(), c.who(t, alerts.RoleDutyOfficer), q))(t)
		for _, f := range page.Features {
			out = append(out, f.Properties)
		}
		if page.Next == nil {
			return out
		}
		q.Cursor = *page.Next
	}
}

func atLeast[K comparable](t *testing.T, what string, got map[K]int, want map[K]int) {
	t.Helper()
	for k, n := range want {
		if got[k] < n {
			t.Errorf("%s: %d of %v, want %d", what, got[k], k, n)
		}
	}
}

// TestTheStory loads once for all that can be said of one story: a load takes
// seconds.
func TestTheStory(t *testing.T) {
	t.Parallel()
	c := load(t)
	t.Run("has what it promises", c.keepsPromises)
	t.Run("shows every case", c.shows)
	t.Run("has areas that were worked out", c.showsAreas)
	t.Run("is about nobody who exists", c.isInvented)
	t.Run("is told again", func(t *testing.T) { sameTale(t, c, load(t)) })
	t.Run("lets each role in", c.letsIn) // this changes accounts
}

// lastYears is how many cases the last calendar year has left behind; one more
// was erased.
const lastYears = 25

// doubles are the cases that were opened for a child of another one, or of one
// with nearly the same name.
const doubles = 3

func (c *country) keepsPromises(t *testing.T) {
	categories, states := map[alerts.Category]int{}, map[alerts.State]int{}
	for _, one := range c.cases() {
		categories[one.Category]++
		states[one.State]++
	}
	if n := len(c.cases()); n != 40+doubles+lastYears {
		t.Errorf("%d cases", n)
	}
	atLeast(t, "categories", categories, map[alerts.Category]int{"runaway": 10, "parental_abduction": 6, "migration": 4,
		"criminal_abduction": 2, "lost_otherwise": 4, "historical": 3, "unknown": 2})
	atLeast(t, "states", states, map[alerts.State]int{"draft": 1, "verifying": 8, "active": 7, "public": 7, "on_hold": 2, "found": 5, "closed": 5, "void": 1})

	triaged, graded := map[alerts.SightingState]int{}, 0
	all := c.sightings(t)
	for _, s := range all {
		triaged[s.State]++
		if s.Assessment != nil {
			graded++
		}
	}
	// Those of closed cases are there, and nobody at the desk sees them any more.
	if n := c.Board.SightingCount(); n != 2000 || len(all) < 1800 || graded < 800 {
		t.Errorf("%d sightings, %d to be seen, %d of them graded", n, len(all), graded)
	}
	atLeast(t, "sightings", triaged, map[alerts.SightingState]int{"new": 60, "screened": 100, "assessed": 100, "handed_over": 100,
		"confirmed": 30, "excluded": 100, "not_verifiable": 50})

	if n := len(c.Board.PublicAlerts()); n != 7 {
		t.Errorf("%d public appeals", n)
	}
	if n := len(c.Board.LiveAlerts()); n < 13 {
		t.Errorf("%d live alerts", n)
	}
	lives := map[alerts.AlertState]int{}
	for _, al := range c.alerts() {
		lives[al.State]++
	}
	atLeast(t, "alerts", lives, map[alerts.AlertState]int{"draft": 1, "live": 13, "cancelled": 8, "expired": 1})
	c.checkPartners(t)
	c.checkMatters(t)
	c.checkWork(t)
}

func (c *country) checkPartners(t *testing.T) {
	t.Helper()
	all := c.PartnerBoard().Partners()
	states, languages, shapes := map[partners.PartnerState]int{}, map[string]int{}, map[string]int{}
	for _, p := range all {
		states[p.State]++
		for _, l := range p.Languages {
			languages[l]++
		}
		shapes["regions"] += len(p.Coverage.Regions)
		shapes["drawn"] += len(p.Coverage.Areas)
		shapes["circles"] += len(p.Coverage.Circles)
		if !p.Fictional {
			t.Errorf("%s is not marked as invented", p.Name)
		}
	}
	if len(all) != 30 || len(languages) < 8 {
		t.Errorf("%d partners with languages %v", len(all), languages)
	}
	atLeast(t, "partners", states, map[partners.PartnerState]int{"pending": 1, "suspended": 1, "approved": 25})
	atLeast(t, "coverage", shapes, map[string]int{"regions": 10, "drawn": 5, "circles": 8})
	ledger := map[partners.DeliveryState]int{}
	for _, al := range c.alerts() {
		for _, row := range must(c.Deliveries(c.who(t, alerts.RoleDutyOfficer), al.ID))(t) {
			ledger[row.State]++
		}
	}
	atLeast(t, "deliveries", ledger, map[partners.DeliveryState]int{"waiting": 1, "sent": 5, "received": 5, "opened": 5, "accepted": 5,
		"declined": 3, "question": 3, "done": 5, "removed": 10})
}

func (c *country) checkMatters(t *testing.T) {
	t.Helper()
	jelena := c.who(t, alerts.RoleCoordinator)
	n := 0
	for cursor := ""; ; {
		page := must(c.Institutions(t.Context(), jelena, partners.InstitutionFilter{Limit: 50, Cursor: cursor}))(t)
		n += len(page.Items)
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	if n != 60 {
		t.Errorf("%d institutions", n)
	}
	matters, overdue, soon := 0, 0, 0
	tomorrow := evening.AddDate(0, 0, 1).Format(time.DateOnly)
	for _, one := range c.cases() {
		list := must(c.MattersOfCase(t.Context(), jelena, one.ID))(t)
		matters += len(list)
		for _, m := range list {
			for _, e := range m.Contacts {
				if e.Overdue {
					overdue++
				} else if e.Due == tomorrow {
					soon++
				}
			}
		}
	}
	if matters != 6 || overdue < 3 || soon < 1 {
		t.Errorf("%d matters, %d answers overdue, %d due tomorrow", matters, overdue, soon)
	}
}

func (c *country) checkWork(t *testing.T) {
	t.Helper()
	w := must(c.Work(t.Context(), c.who(t, alerts.RoleDutyOfficer)))(t)
	late, unconfirmed := 0, 0
	for _, p := range w.Promises {
		if p.Overdue {
			late++
		}
	}
	for _, one := range w.Closings {
		if one.Overdue {
			unconfirmed++
		}
	}
	if w.NewSightings < 50 || late < 2 || len(w.Promises) <= late || len(w.Reports) != 4 || len(w.Closings) != 2 || unconfirmed != 1 || len(w.Unreported) == 0 {
		t.Errorf("the work list: %d new sightings, %d promises of which %d late, %d reports, %d closings of which %d late, %d not reported",
			w.NewSightings, len(w.Promises), late, len(w.Reports), len(w.Closings), unconfirmed, len(w.Unreported))
	}
	if late > 14 {
		t.Errorf("%d promises are late: nobody would believe this desk", late)
	}
}

func (c *country) shows(t *testing.T) {
	operator := c.who(t, alerts.RoleOperator)
	page := must(c.Cases(t.Context(), operator, alerts.CaseQuery{Limit: 200}))(t)
	if len(page.Items) != 40+doubles+lastYears {
		t.Errorf("the list has %d cases", len(page.Items))
	}
	photos := 0
	for _, item := range page.Items {
		v := must(c.Case(t.Context(), operator, item.ID))(t)
		if len(v.Children) == 0 || len(v.Children[0].Names) == 0 && v.State != alerts.StateVoid && v.State != alerts.StateClosed {
			t.Errorf("case %s in state %s shows no name", v.Number, v.State)
		}
		for _, p := range v.Photos {
			if len(must(c.CasePhoto(t.Context(), operator, v.ID, p.ID))(t)) < 2000 {
				t.Errorf("a photo of case %s is empty", v.Number)
			}
			photos++
		}
	}
	if photos < 25 {
		t.Errorf("%d photos", photos)
	}
	for _, al := range c.Board.PublicAlerts() {
		one, _ := c.Board.Case(al.CaseID)
		if v, ok := alerts.AppealOf(one, al, evening); !ok || len(v.Texts) < 3 {
			t.Errorf("the appeal of case %s does not show: %+v", one.CaseNumber, v)
		}
	}
}

func (c *country) letsIn(t *testing.T) {
	roles := map[alerts.Role]int{}
	for _, l := range c.Links {
		_, a, err := c.door.Accept(t.Context(), alerts.Acceptance{Code: l.Code, Password: alerts.NormalCode(l.Code)})
		if err != nil || a.Role != l.Role || a.Name != l.Name {
			t.Errorf("the link of %s leads to %+v, %v", l.Name, a, err)
		}
		roles[l.Role]++
	}
	want := map[alerts.Role]int{alerts.RoleCoordinator: 2, alerts.RoleDutyOfficer: 1, alerts.RoleOperator: 1, alerts.RoleLegal: 1, alerts.RolePoliceLiaison: 1,
		alerts.RolePrivacyOfficer: 1, alerts.RoleAdministrator: 1, alerts.RolePartner: 1, alerts.RolePartnerSearch: 1}
	if !maps.Equal(roles, want) {
		t.Errorf("links for %v", roles)
	}
	a := must(c.AuthenticateKey(context.Background(), c.Token))(t)
	if len(c.PartnerBoard().Owed(a.Partner, 0)) < 5 {
		t.Error("the token's organisation is owed hardly anything")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
