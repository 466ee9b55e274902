package web

import (
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
)

// walked is one field of every row of a list, read one row at a time.
func (c client) walked(path, field string) []string {
	var out []string
	for at := path + "&limit=1"; ; {
		page := c.get(at).want(200)
		if page.count("items") == 1 {
			out = append(out, page.text("items.0."+field))
		}
		if page.at("next") == nil {
			return out
		}
		at = path + "&limit=1&cursor=" + page.text("next")
	}
}

// filed is the first column of a list as a file.
func (c client) filed(path string) []string {
	var out []string
	for _, row := range must(csv.NewReader(strings.NewReader(strings.TrimPrefix(string(c.get(path).want(200).body), "\ufeff"))).ReadAll())[1:] {
		out = append(out, row[0])
	}
	return out
}

// sorted checks a list, page by page and as a file, for an order.
func (c client) sorted(list, by string, rows ...string) {
	c.tb().Helper()
	field := "id"
	if strings.HasPrefix(list, "referrals") {
		field = "number" // the first column of its table
	}
	path, filters, _ := strings.Cut(list, "?")
	query := "?sort=" + by + "&" + filters
	if got := c.walked("/"+path+query, field); !slices.Equal(got, rows) {
		c.tb().Errorf("%s by %q: %v, want %v", list, by, got, rows)
	}
	if got := c.filed("/" + path + ".csv" + strings.TrimSuffix(query, "&")); !slices.Equal(got, rows) {
		c.tb().Errorf("the file of %s by %q: %v, want %v", list, by, got, rows)
	}
}

// twoCases opens two and returns their ids in the order of their numbers.
func (c client) twoCases(s *testServer) (one, two string) {
	x, y := c.post("/cases", aCase(s)).want(201), c.post("/cases", aCase(s)).want(201)
	if x.text("number") > y.text("number") {
		x, y = y, x
	}
	return x.text("id"), y.text("id")
}

func TestContactsAreSorted(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	cs := ana.post("/cases", aCase(s)).want(201).text("id")
	call := func(ago time.Duration, more ...any) string {
		in := map[string]any{"channel": "phone", "kind": "advice", "at": s.now().Add(-ago)}
		for i := 0; i+1 < len(more); i += 2 {
			in[more[i].(string)] = more[i+1]
		}
		return ana.post("/contacts", in).want(201).text("id")
	}
	late := call(3*time.Hour, "promised", "a call", "promised_until", s.now().Add(9*time.Hour))
	none := call(2*time.Hour, "case_id", cs)
	soon := call(time.Hour, "promised", "a call", "promised_until", s.now().Add(time.Hour))
	ana.sorted("contacts", "", soon, none, late)
	ana.sorted("contacts", "at", soon, none, late)
	ana.sorted("contacts", "promised_until", soon, late, none)
	ana.sorted("contacts", "case_number", none, soon, late)
	ana.sorted("contacts?promised=true", "promised_until", soon, late)
	for range 60 { // more than a page
		call(4 * time.Hour)
	}
	page := ana.send("GET", "/desk/contacts?sort=promised_until&kind=advice", nil).want(200).has(
		`<th scope="col" aria-sort="ascending"><a href="/desk/contacts?kind=advice&amp;sort=promised_until">Promised until</a>`,
		`<th scope="col"><a href="/desk/contacts?kind=advice&amp;sort=at">When</a>`, "/api/v1/contacts.csv?kind=advice&amp;sort=promised_until", `<option value="promised_until" selected`)
	next := between(string(page.body), `rel="next" href="`, `"`)
	if !strings.Contains(next, "sort=promised_until") || !strings.Contains(next, "kind=advice") {
		t.Errorf("the next page is %s", next)
	}
	// The next page leads on in the same order; another order starts at its first.
	ana.send("GET", strings.ReplaceAll(next, "&amp;", "&"), nil).want(200).has(`aria-sort="ascending"`, `href="/desk/contacts?kind=advice&amp;sort=at"`)
	ana.send("GET", "/desk/contacts", nil).want(200).has(`aria-sort="descending"><a href="/desk/contacts?sort=at">`)
	ana.send("GET", "/desk/contacts?sort=caller", nil).want(422)
}

func TestAlertsAndMattersAreSorted(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	one, two := ana.twoCases(s)
	alert := func(of string, runs time.Duration) string {
		s.pass(time.Minute)
		return ana.post("/cases/"+of+"/alerts", edited(anAlert(s, "partner", ""), s.now().Add(runs), "expires_at")).want(201).text("id")
	}
	first, second, third := alert(two, 8*time.Hour), alert(one, 9*time.Hour), alert(two, 2*time.Hour)
	ana.sorted("alerts", "", third, second, first)
	ana.sorted("alerts", "expires_at", third, first, second)
	ana.sorted("alerts", "case_number", second, third, first)
	ana.sorted("alerts?drafts=true", "updated_at", third, second, first)
	over := s.release("partner").alert
	ana.post("/alerts/"+over+"/cancel", map[string]any{"reason": "error"}).want(200)
	ana.sorted("alerts", "expires_at", third, first, second, over)
	ana.sorted("alerts", "state", third, second, first, over)
	ana.send("GET", "/desk/alerts?state=draft&sort=expires_at", nil).want(200).has(`aria-sort="ascending"><a href="/desk/alerts?sort=expires_at&amp;state=draft">`, "/api/v1/alerts.csv?sort=expires_at&amp;state=draft")
	matter := func(of, taken, to string) string {
		s.pass(time.Minute)
		return ana.post("/cases/"+of+"/abduction", map[string]any{"kind": "removal", "wrongful_date": taken, "from_state": "RS", "to_state": to}).want(201).text("id")
	}
	first, second, third = matter(two, "2031-01-03", "DE"), matter(one, "2031-01-04", "DE"), matter(two, "2031-01-02", "AT")
	ana.sorted("abductions", "", third, second, first)
	ana.sorted("abductions", "next_due", third, first, second)
	ana.sorted("abductions", "case_number", second, third, first)
	ana.sorted("abductions?state=open", "state", third, second, first)
	ana.send("GET", "/desk/abductions?sort=next_due", nil).want(200).has(`aria-sort="ascending"><a href="/desk/abductions?sort=next_due">`, "/api/v1/abductions.csv?sort=next_due")
	for _, list := range []string{"contacts", "alerts", "abductions", "referrals"} {
		for _, ending := range []string{"", ".csv", ".json"} {
			ana.get("/"+list+ending+"?sort=name").wrong(422, "sort")
		}
		ana.get("/"+list+"?cursor=abc").wrong(422, "cursor")
		ana.send("GET", "/desk/"+list+"?sort=name", nil).want(422)
	}
}

// Referrals can be cut to a state, also to those that are over, and come in pages.
func TestReferralsAreSortedAndCut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, ours := s.as(alerts.RoleCoordinator).with("Accept-Language", "en"), s.as(alerts.RolePartner)
	one, two := ana.twoCases(s)
	to := s.offering(alerts.RolePartner, "shelter")
	refer := func(of string, due time.Duration) (number, id string) {
		s.pass(time.Minute)
		v := ana.post("/cases/"+of+"/referrals", map[string]any{"partner_id": to, "service": "shelter", "urgency": "today", "purpose": "Two nights", "due_at": s.now().Add(due)}).want(201)
		return v.text("number"), v.text("id")
	}
	first, _ := refer(two, 8*time.Hour)
	second, accepted := refer(one, 9*time.Hour)
	third, declined := refer(two, 2*time.Hour)
	ana.sorted("referrals", "", third, first, second)
	ana.sorted("referrals", "created_at", third, second, first)
	ana.sorted("referrals", "case_number", second, first, third)
	s.pass(time.Minute)
	ours.post("/partner/referrals/"+accepted+"/answer", map[string]any{"answer": "accepted"}).want(200)
	s.pass(time.Minute)
	ours.post("/partner/referrals/"+declined+"/answer", map[string]any{"answer": "declined", "code": "other", "text": "full"}).want(200)
	ana.sorted("referrals", "", first, second)
	ana.sorted("referrals?state=declined", "", third)
	ana.sorted("referrals?state=all", "state", first, second, third)
	ana.sorted("referrals?state=all", "updated_at", third, second, first)
	ana.get("/referrals?state=lost").wrong(422, "state")
	ana.send("GET", "/desk/referrals", nil).want(200).has(first, second, `aria-sort="ascending"><a href="/desk/referrals?sort=due_at">Answer due</a>`).lacks(third)
	ana.send("GET", "/desk/referrals?state=declined&sort=state", nil).want(200).has(third, "/api/v1/referrals.csv?sort=state&amp;state=declined").lacks(first, second)
	ana.send("GET", "/desk/referrals?state=done", nil).want(200).has("No referral fits the filter.")
	for i := range 50 {
		refer(one, time.Duration(i+10)*time.Hour)
	}
	page := ana.send("GET", "/desk/referrals?state=asked", nil).want(200).has(first)
	next := strings.ReplaceAll(between(string(page.body), `rel="next" href="`, `"`), "&amp;", "&")
	if rest := ana.send("GET", next, nil).want(200).lacks(first); strings.Count(string(rest.body), `href="/desk/referrals/`) != 1 {
		t.Errorf("%s holds %s referrals", next, strconv.Itoa(strings.Count(string(rest.body), `href="/desk/referrals/`)))
	}
}
