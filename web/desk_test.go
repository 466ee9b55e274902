package web

import (
	"crypto/rand"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// openedByForm opens a case through the page and returns its address.
func (c client) openedByForm(pairs ...string) string {
	c.s.t.Helper()
	r := c.form("/desk/cases/new", append([]string{
		"act", "anyway_open", "category", "runaway", "children.count", "1",
		"children[0].names[0].given", "Đorđe", "children[0].names[0].family", "Petrović", "children[0].names[0].kind", "used",
		"children[0].birth_date", "2019-05", "last_seen.place.lat", "44.8178", "last_seen.place.lon", "20.4573", "last_seen.label", "bus stop",
	}, pairs...)...).want(303)
	return r.header.Get("Location")
}

// value is what stands in a field of a page.
func (r reply) value(name string) string {
	r.t.Helper()
	m := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindSubmatch(r.body)
	if m == nil {
		r.t.Fatalf("%s: no field %s in %s", r.what, name, r.body)
	}
	return strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&#43;", "+", "&#39;", "'").Replace(string(m[1]))
}

func TestCaseFormOpensACase(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	ana.send("GET", at, nil).want(200).has("Đorđe Petrović", "Ђорђе Петровић", "The police have not been told.", "bus stop")
	ana.send("GET", "/desk/cases?q=petrovic", nil).want(200).has(strings.TrimPrefix(at, "/desk/cases/"))
	ana.send("GET", "/desk/cases?q=%D0%9F%D0%B5%D1%82%D1%80%D0%BE", nil).want(200).has(at)
	ana.send("GET", "/desk/cases?q=nobody", nil).want(200).lacks(at).has("No case fits")
	for _, tab := range []string{"", "/timeline", "/sightings", "/map", "/alerts", "/matters", "/people", "/photos", "/edit", "/close", "/hold", "/reopen"} {
		ana.send("GET", at+tab, nil).want(200).has("case-head")
	}
}

func TestCaseFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	r := ana.form("/desk/cases/new", "act", "open", "children.count", "3",
		"children[0].names[0].given", "", "children[1].names[0].given", "Мила", "children[1].birth_date", "soon", "children[1].description.height_cm", "tall",
		"circumstances", "left after school", "police.reported_at.time", "10:00").want(422)
	// The empty children went, so the faults stand at the first one.
	r.has(`value="Мила"`, "left after school", `href="#f-children%5b0%5d.description.height_cm"`, "Say which day it was.", `value="soon"`, `href="#f-category"`, "Write the date as YYYY-MM-DD").lacks("children[1].")
	if n := strings.Count(string(r.body), `class="summary"`); n != 1 {
		t.Fatalf("%d summaries", n)
	}
	ana.form("/desk/cases/new", "act", "open", "category", "runaway").want(422).has("Children")
}

func TestCaseFormGrowsWithoutScript(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	r := ana.form("/desk/cases/new", "act", "add_child", "children.count", "1", "children[0].names[0].given", "Ana").want(200)
	r.has("Child 2", `value="Ana"`, "children[0].names[1].given")
	r = ana.form("/desk/cases/new", "act", "find", "children.count", "1", "children[0].names[0].given", "Ana", "last_seen.place.query", "Ниш").want(200)
	r.has(`name="last_seen.place.choice"`, `value="Ana"`)
}

// A second child that was asked for stays until it is filled in, whatever button
// is pressed meanwhile; a case is opened without it.
func TestAnEmptyChildStaysOnTheForm(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	typed := []string{"children.count", "2", "children[0].names[0].given", "Ana", "children[1].sex", "female", "last_seen.place.query", "Ниш"}
	with := func(more ...string) []string { return append(slices.Clone(typed), more...) }
	fresh := ana.send("GET", "/desk/cases/new", nil).want(200)
	for name, r := range map[string]reply{
		"the search for a place": ana.form("/desk/cases/new", with("act", "find")...).want(200),
		"another child":          ana.form("/desk/cases/new", with("act", "add_child")...).want(200).has("Child 3"),
		"what is not the same":   ana.form("/desk/cases/new", with("not_this", "nothing")...).want(200),
		"a form that is kept":    ana.send("GET", locationOf(ana.form("/desk/cases/new", with("act", "keep", "intake", hidden(fresh, "intake"), "intake_version", "0", "intake_tab", hidden(fresh, "intake_tab"))...)), nil).want(200),
	} {
		body := string(r.has("Child 2", `value="Ana"`).body)
		if sex := between(body, `name="children[1].sex"`, "</select>"); !strings.Contains(sex, `value="female" selected`) {
			t.Errorf("%s loses what the second child has: %s", name, sex)
		}
	}
	at := ana.openedByForm("children.count", "2")
	edit := ana.send("GET", at+"/edit", nil).want(200)
	ana.form(at+"/edit", "act", "find", "children.count", "2", "version", edit.value("version"), "was", edit.value("was"), "last_seen.place.query", "Ниш").want(200).has("Child 2")
	if n := ana.send("GET", "/api/v1/cases/"+strings.TrimPrefix(at, "/desk/cases/"), nil).want(200).count("children"); n != 1 {
		t.Errorf("the case was opened with %d children", n)
	}
}

func TestCaseEditSendsOnlyWhatWasTouched(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.person(alerts.RoleCoordinator, "Ana").with("Accept-Language", "en"), s.person(alerts.RoleCoordinator, "Boris").with("Accept-Language", "en")
	at := ana.openedByForm("circumstances", "first words")
	page := ana.send("GET", at+"/edit", nil).want(200)
	was := must(url.ParseQuery(page.value("was")))
	edit := func(c client, version string, base url.Values, pairs ...string) reply {
		f := url.Values{}
		for k, v := range base {
			f[k] = v
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		all := []string{"act", "save", "version", version, "was", base.Encode()}
		for k, v := range f {
			for _, one := range v {
				all = append(all, k, one)
			}
		}
		return c.form(at+"/edit", all...)
	}
	version := page.value("version")
	edit(boris, version, was, "circumstances", "what Boris learned", "police.unit", "PS Savski venac").want(303)
	r := edit(ana, version, was, "circumstances", "what Ana learned", "children[0].home", "Niš", "category", "lost_otherwise", "category_reason", "seen in the woods").want(412)
	r.has("Boris", "what Boris learned", "what Ana learned", "PS Savski venac", `value="Niš"`, "Nothing of yours is lost")
	if r.value("version") == version {
		t.Fatal("the form still holds the old version")
	}
	// Saved again it takes Ana's words and keeps what only Boris touched.
	base := must(url.ParseQuery(r.value("was")))
	edit(ana, r.value("version"), base, "circumstances", "what Ana learned", "children[0].home", "Niš").want(303)
	ana.send("GET", at, nil).want(200).has("what Ana learned", "PS Savski venac", "Niš", "Đorđe Petrović").lacks("what Boris learned")
	edit(ana, "1", base, "children[0].birth_date", "yesterday").want(412)
}

func TestCloseShowsWhatGoesAndASecondPersonConfirms(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana, boris := s.person(alerts.RoleCoordinator, "Ana").with("Accept-Language", "en"), s.person(alerts.RoleCoordinator, "Boris").with("Accept-Language", "en")
	at := ana.openedByForm()
	ana.send("GET", at+"/close", nil).want(200).has("Nothing of this case is outside the desk.")
	ana.form(at+"/close", "note", "with her aunt").want(422).has("with her aunt", "f-outcome")
	ana.form(at+"/close", "outcome", "found_safe", "note", "with her aunt").want(303)
	ana.send("GET", at, nil).want(200).has("Not confirmed yet.").lacks("/confirm\"")
	ana.form(at + "/confirm").want(403)
	boris.send("GET", at, nil).want(200).has("/confirm\"")
	boris.form(at + "/confirm").want(303)
	boris.send("GET", at, nil).want(200).lacks("Not confirmed yet.")
	boris.form(at+"/reopen", "reason", "").want(422)
	boris.form(at+"/reopen", "reason", "it was another child").want(303)
	boris.send("GET", at+"/timeline", nil).want(200).has("it was another child", "Reopened")
}

func TestPeopleFormsKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	at := ana.openedByForm()
	ana.form(at+"/consents", "class", "P1", "purpose", "the appeal").want(422).has("the appeal", "f-audience")
	ana.form(at+"/consents", "class", "P1", "audience", "public", "purpose", "the appeal", "basis", "consent", "given_by", "mother").want(303)
	r := ana.send("GET", at+"/people", nil).want(200).has("mother", "the appeal")
	withdraw := regexp.MustCompile(`action="(/desk/cases/[^"]+/withdraw)"`).FindSubmatch(r.body)
	ana.form(string(withdraw[1])).want(303)
	ana.send("GET", at+"/people", nil).want(200).has("Withdrawn")
	ana.form(at+"/decisions", "authority", "Prosecutor in Niš").want(422).has("Prosecutor in Niš")
	ana.form(at+"/decisions", "authority", "Prosecutor in Niš", "level", "public_appeal", "basis", "life in danger", "reference", "KT 17", "decided_at.date", s.now().Format("2006-01-02"), "decided_at.time", "08:00").want(303)
	ana.send("GET", at+"/people", nil).want(200).has("KT 17")
	me := regexp.MustCompile(`name="team" value="([^"]+)"`).FindSubmatch(ana.send("GET", at+"/people", nil).body)
	ana.form(at+"/team", "version", "1", "restricted", "yes", "team", string(me[1])).want(412).has("Somebody else changed the case")
}

// TestListsHoldTwoThousand goes through a list page by page: every sighting is
// there once.
func TestListsHoldTwoThousand(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	ana := s.as(alerts.RoleCoordinator).with("Accept-Language", "en")
	const n = 2000
	var documents []journal.Document
	for i := range n {
		at := geo.At(19.5+float64(i%50)/20, 43+float64(i/50)/20)
		documents = append(documents, &alerts.Sighting{
			Head: journal.Head{ID: alerts.NewID(rand.Reader)}, State: alerts.SightingScreened, ObservedAt: s.now().Add(-time.Duration(i) * time.Minute),
			ReportedAt: s.now(), Place: &at, Text: "number " + strconv.Itoa(i), Channel: "phone", RecordedBy: "system",
		})
	}
	s.write(documents...)
	seen := map[string]bool{}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`)
	row := regexp.MustCompile(`data-row="([a-z2-7]{26})"`)
	for page := "/desk/sightings?state=screened"; page != ""; {
		r := ana.send("GET", page, nil).want(200)
		for _, m := range row.FindAllSubmatch(r.body, -1) {
			if seen[string(m[1])] {
				t.Fatalf("%s twice", m[1])
			}
			seen[string(m[1])] = true
		}
		page = ""
		if m := next.FindSubmatch(r.body); m != nil {
			page = strings.ReplaceAll(string(m[1]), "&amp;", "&")
		}
	}
	if len(seen) != n {
		t.Fatalf("%d sightings were listed, not %d", len(seen), n)
	}
	ana.send("GET", "/desk/map", nil).want(200).has("<svg", "data-sightings=")
}
