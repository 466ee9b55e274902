package main

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"homeward/alerts"
	"homeward/cmd/homeward/demo"
	"homeward/journal"
	"homeward/partners"
	"homeward/web"
)

// axe is axe-core, which finds what shuts people out of a page. See its licence
// beside it.
//
//go:embed testdata/axe/axe.min.js
var axe string

// startDemo starts a node full of the demonstration's data and returns the
// sign-in codes by role.
func startDemo(t *testing.T) (*node, map[alerts.Role]string) {
	t.Helper()
	dir := t.TempDir()
	s := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	f := webFlags{Listen: "127.0.0.1:0", Name: "Test", Sender: "test.example.org", Country: []string{"RS"}, Idle: demoIdle}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	clock := demo.NewClock(timeNow)
	w, err := openWorld(ctx, s, f.world(), clock.Now, log)
	if err != nil {
		t.Fatal(err)
	}
	links, _, err := loadDemo(ctx, w, clock)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[alerts.Role]string{}
	for _, l := range links.Links {
		codes[alerts.Role(l.Role)] = cmp.Or(codes[alerts.Role(l.Role)], l.Code)
	}
	return &node{tb: t, w: w, address: serveDemo(ctx, t, w, cancel, f, &links, log)}, codes
}

func serveDemo(ctx context.Context, t *testing.T, w *world, cancel func(), f webFlags, links *web.Demo, log *slog.Logger) string {
	t.Helper()
	l, err := f.bind()
	if err != nil {
		t.Fatal(err)
	}
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- w.serve(ctx, &console{io.Discard, io.Discard, log}, f, l, links, func(a string) { ready <- a })
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("stop: %v", err)
		}
		if err := w.close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case a := <-ready:
		return a
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	return ""
}

// readers are those who look at pages, the one who sees most first. Everything
// that nobody has to sign in for is looked at without.
func readers() []alerts.Role {
	return []alerts.Role{alerts.RolePublic, alerts.RolePartner, alerts.RoleCoordinator, alerts.RoleAdministrator, alerts.RoleDutyOfficer,
		alerts.RoleLegal, alerts.RolePrivacyOfficer, alerts.RoleOperator, alerts.RolePoliceLiaison}
}

// pages returns the pages of the interface by the role that looks at them, as
// the matrix has them: each with the first of the readers that may open it, and
// the first page of everybody.
func pages(t *testing.T, m *alerts.Matrix) map[alerts.Role][]string {
	t.Helper()
	out := map[alerts.Role][]string{}
	for _, name := range m.Routes() {
		pattern, get := strings.CutPrefix(name, "GET ")
		if !get || !isPage(pattern) {
			continue
		}
		i := slices.IndexFunc(readers(), func(r alerts.Role) bool { return m.Route(r, name) })
		if i < 0 {
			t.Errorf("none of the readers may open %s", pattern)
			continue
		}
		out[readers()[i]] = append(out[readers()[i]], pattern)
	}
	for _, r := range readers() {
		if m.Route(r, "GET /desk") && !slices.Contains(out[r], "/desk") {
			out[r] = append(out[r], "/desk")
		}
	}
	return out
}

// isPage tells routes that answer with a page from those that do not.
func isPage(pattern string) bool {
	for _, start := range []string{"/api/", "/static/", "/map/tiles/", "/robots.txt", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(pattern, start) {
			return false
		}
	}
	// What has an ending, such as a PDF, is a file.
	return !strings.HasSuffix(pattern, "/photo") && filepath.Ext(pattern) == ""
}

// records are the ids that may stand for the parameter of a page, those first
// whose pages are fullest.
func (n *node) records(pattern string) [][]string {
	b, p := n.w.desk.Board, n.w.desk.PartnerBoard()
	of := func(keep func(*alerts.Case) bool) (ids []string) {
		b.EachCase(func(c *alerts.Case) bool {
			if keep(c) {
				ids = append(ids, c.ID)
			}
			return true
		})
		slices.SortStableFunc(ids, func(x, y string) int { return len(b.SightingsOf(y)) - len(b.SightingsOf(x)) })
		return ids
	}
	every := of(func(*alerts.Case) bool { return true })
	under := map[string]func() [][]string{
		"/desk/cases/": func() [][]string {
			ended := of(func(c *alerts.Case) bool { return c.State.Ended() })
			if pattern == "/desk/cases/:id/search" {
				return [][]string{searched(p.Searches())}
			}
			if pattern == "/desk/cases/:id/after" {
				return [][]string{of(func(c *alerts.Case) bool { return len(c.Interviews) > 0 })}
			}
			if pattern == "/desk/cases/:id" {
				return [][]string{every, ended}
			}
			return [][]string{slices.Concat(every, ended)}
		},
		"/desk/sightings/": func() [][]string { return [][]string{b.SightingsOf(every[0])} },
		"/desk/contacts/":  func() [][]string { return [][]string{contacts(b, every)} },
		"/desk/alerts/": func() [][]string {
			if pattern == "/desk/alerts/:id" {
				return someAlerts(b)
			}
			return [][]string{slices.Concat(someAlerts(b)...)}
		},
		"/partner/alerts/":      func() [][]string { return someAlerts(b)[:1] },
		"/desk/partners/":       func() [][]string { return [][]string{ids(p.Partners())} },
		"/desk/handovers/":      func() [][]string { return [][]string{ids(p.Handovers())} },
		"/desk/drills/":         func() [][]string { return [][]string{ids(p.Drills())} },
		"/desk/institutions/":   func() [][]string { return [][]string{ids(p.Institutions())} },
		"/desk/abductions/":     func() [][]string { return [][]string{ids(p.Matters())} },
		"/desk/preventions/":    func() [][]string { return [][]string{ids(p.Preventions())} },
		"/desk/referrals/":      func() [][]string { return [][]string{ids(p.Referrals())} },
		"/desk/conferences/":    func() [][]string { return [][]string{ids(p.Conferences())} },
		"/partner/conferences/": func() [][]string { return [][]string{ids(p.Conferences())} },
		"/desk/retention/": func() [][]string {
			return [][]string{of(func(c *alerts.Case) bool { return len(c.Holds) > 0 }), of(func(c *alerts.Case) bool { return c.Erasing != nil }), ids(p.Erasures())}
		},
		"/desk/search-tasks/": func() [][]string { return [][]string{ids(p.SearchTasks())} },
		"/desk/matches/":      func() [][]string { return [][]string{ids(p.Matches())} },
		"/partner/referrals/": func() [][]string { return [][]string{ids(p.Referrals())} },
		"/desk/mediations/":   func() [][]string { return [][]string{ids(p.MediationRows())} },
		"/desk/accounts/":     func() [][]string { return [][]string{ids(b.Accounts())} },
		"/desk/rumours/":      func() [][]string { return [][]string{ids(b.Rumours())} },
		"/appeals/":           func() [][]string { return [][]string{slugs(b)} },
	}
	for start, list := range under {
		if strings.HasPrefix(pattern, start) {
			return list()
		}
	}
	return nil
}

// searched are the cases that have a search on the ground.
func searched(searches []*partners.Search) (out []string) {
	for _, s := range searches {
		out = append(out, s.CaseID)
	}
	return out
}

func ids[D journal.Document](docs []D) (out []string) {
	for _, d := range docs {
		out = append(out, d.DocumentHead().ID)
	}
	return out
}

func contacts(b *alerts.Board, cases []string) (out []string) {
	for _, r := range b.OpenReports() {
		out = append(out, r.ContactID)
	}
	for _, c := range cases {
		out = append(out, b.ContactsOf(c)...)
	}
	return out
}

// someAlerts returns live alerts, drafts and those that have ended.
func someAlerts(b *alerts.Board) [][]string {
	var live, drafts, ended []string
	b.EachAlert(func(a *alerts.Alert) bool {
		switch {
		case a.State.Ended():
			ended = append(ended, a.ID)
		case a.Draft != nil:
			drafts = append(drafts, a.ID)
		default:
			live = append(live, a.ID)
		}
		return true
	})
	return [][]string{live, drafts, ended}
}

func slugs(b *alerts.Board) (out []string) {
	for _, a := range b.PublicAlerts() {
		out = append(out, a.Slug)
	}
	return out
}

// addresses fills in the parameter of a page: the first record of each kind for
// which the page is there for this visitor.
func (v *visitor) addresses(n *node, pattern string) []string {
	v.t.Helper()
	before, after, found := strings.Cut(pattern, ":")
	if !found {
		return []string{pattern}
	}
	_, after, _ = strings.Cut(after, "/")
	// What is numbered within a record is looked at by its first number.
	after = strings.ReplaceAll(after, "/:n", "/1")
	// What is named within a matter is there for every one of them.
	after = strings.NewReplacer("/:section", "/people", "/:step", "/report").Replace("/" + after)[1:]
	var out []string
	for _, kind := range n.records(pattern) {
		var tried []string
		for _, id := range kind {
			tried = append(tried, strings.TrimSuffix(before+id+"/"+after, "/"))
		}
		list, _ := json.Marshal(tried)
		there, err := look[string](v, `(async () => { for (const a of `+string(list)+`) {
			if ((await fetch(a, { redirect: "manual", headers: { Accept: "text/html" } })).status === 200) return a; } return ""; })()`)
		if err != nil || there == "" {
			v.t.Errorf("%s: none of %d records has a page %s (%v)", v.name, len(tried), pattern, err)
			continue
		}
		out = append(out, there)
	}
	if len(out) == 0 {
		v.t.Errorf("no record stands for the parameter of %s", pattern)
	}
	v.troubles() // what was tried and is not there is none
	return out
}

// examine finds what is wrong with the page that is open.
func (v *visitor) examine(lang string) (wrong []string) {
	v.t.Helper()
	want := int64(200)
	if path(v.where()) == "/partner/link/alert" {
		want = 422 // without the link of an e-mail it asks for signing in
	}
	if status := v.answered(path(v.where())); status != want {
		wrong = append(wrong, fmt.Sprint("answered ", status))
	}
	if is, err := look[string](v, "document.documentElement.lang"); is != lang {
		wrong = append(wrong, fmt.Sprintf("in %q, not in %q (%v)", is, lang, err))
	}
	if _, err := look[bool](v, "if (!window.axe) { "+axe+" } true"); err != nil {
		v.t.Fatal(err)
	}
	found, err := look[[]string](v, `(async () => {
		for (const d of document.querySelectorAll("details")) d.open = true;
		for (const a of document.getAnimations()) a.finish();
		const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
		const r = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], selectors: false, preload: false });
		return r.violations.map((v) => v.id + ": " + v.help + v.nodes.slice(0, 4).map((n) => "\n    " + n.html.slice(0, 220) + "\n      " + n.any.concat(n.all, n.none).map((c) => c.message).join("; ")).join(""));
	})()`)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	return slices.Concat(wrong, found, v.troubles())
}

// narrow finds a page that is wider than a phone.
func (v *visitor) narrow() (wrong []string) {
	v.t.Helper()
	wide, err := look[string](v, `(() => { const w = document.scrollingElement.scrollWidth; if (w <= 375) return "";
		const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > 376 && !e.closest(".away, .unseen"));
		return w + ": " + out.slice(0, 5).map((e) => e.tagName + "." + e.className + " " + (e.textContent || "").trim().slice(0, 40)).join(" | "); })()`)
	if err != nil || wide != "" {
		wrong = append(wrong, fmt.Sprintf("wider than 375 pixels: %s (%v)", wide, err))
	}
	return wrong
}

// tongues are the languages of the interface. TestEveryPageInEveryLanguage asks
// for every page in each; a browser opens a page once for each width, so the
// languages take turns from page to page, and another one at the other width.
func tongues() []string { return []string{web.English, web.SerbianCyrillic, web.SerbianLatin} }

// tour looks at pages in one width, in one language after the other.
func (v *visitor) tour(n *node, patterns []string, turn int, width int64) {
	v.t.Helper()
	for _, pattern := range patterns {
		for _, address := range v.addresses(n, pattern) {
			lang := tongues()[turn%len(tongues())]
			turn++
			v.open(address + "?lang=" + lang)
			var wrong []string
			if width == 375 { // as it opens, before everything is unfolded
				wrong = v.narrow()
			}
			for _, w := range append(wrong, v.examine(lang)...) {
				v.t.Errorf("%s: %s", address, w)
			}
		}
	}
}

// withoutWebGL makes this an old phone, which draws no live map: what stands in
// its place is looked at instead.
func (v *visitor) withoutWebGL() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `HTMLCanvasElement.prototype.getContext = () => null`,
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

// enter signs in with a code of the demonstration.
func (v *visitor) enter(code string) {
	v.t.Helper()
	if code == "" {
		v.open("/")
		return
	}
	v.open("/sign-in#" + code)
	v.see(`location.pathname === "/desk" || location.pathname === "/partner"`)
	v.see(`document.readyState === "complete"`)
}

// TestEveryPage opens every page that the routes have, as somebody who may, and
// looks for what shuts people out (WCAG 2.2 AA, by axe-core), for errors and
// refusals in the browser, and for pages too wide for a phone.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	n, codes := startDemo(t)
	all := pages(t, n.w.desk.Matrix)
	for turn, view := range []struct{ width, height int64 }{{1280, 900}, {375, 740}} {
		t.Run(fmt.Sprint(view.width), func(t *testing.T) {
			for _, role := range readers() {
				t.Run(string(role), func(t *testing.T) {
					v := visit(t, browser, string(role), n, view.width, view.height)
					if view.width == 375 {
						v.withoutWebGL()
					}
					v.enter(codes[role])
					v.troubles()
					v.tour(n, all[role], turn, view.width)
				})
			}
		})
	}
	t.Run("still", func(t *testing.T) { standStill(t, browser, n, codes) })
	t.Run("control", func(t *testing.T) { spoil(t, browser, n) })
}

// moved is how much has moved on the page since it came, without anybody having
// done anything: the sum of what a browser calls layout shifts, which is good up
// to 0.1. Something that moves under a finger is not pressed.
func (v *visitor) moved() float64 {
	v.t.Helper()
	sum, err := look[float64](v, `(() => { const o = new PerformanceObserver(() => {}); o.observe({ type: "layout-shift", buffered: true });
		return o.takeRecords().reduce((sum, e) => sum + e.value, 0); })()`)
	if err != nil {
		v.t.Fatal(err)
	}
	return sum
}

// standStill opens the pages that scripts add the most to.
func standStill(t *testing.T, browser context.Context, n *node, codes map[alerts.Role]string) {
	const most = 0.05
	for _, width := range []int64{1280, 375} {
		desk, partner := visit(t, browser, "operator", n, width, 900), visit(t, browser, "partner", n, width, 900)
		desk.enter(codes[alerts.RoleOperator])
		partner.enter(codes[alerts.RolePartner])
		check := func(v *visitor, pattern, ready string) {
			for _, address := range v.addresses(n, pattern)[:1] {
				v.open(address)
				v.see(ready)
				if m := v.moved(); m > most {
					t.Errorf("%s: at a width of %d it moves by %.3f", address, width, m)
				}
			}
		}
		const drawn = `document.querySelector("[data-map]").map?.loaded()`
		check(desk, "/desk/map", drawn)
		check(desk, "/desk/cases/:id/map", drawn)
		check(partner, "/partner/alerts/:id", drawn)
		const connected = `(() => { const b = document.getElementById("partner-live"); return b.querySelector(".state").textContent === b.dataset.connected; })()`
		check(partner, "/partner", connected)
		_, err := look[bool](partner, `new Promise((done) => { const p = document.createElement("p"); p.textContent = "x"; p.style.height = "200px"; document.querySelector("main").prepend(p);
			requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true)))); })`)
		if m := partner.moved(); err != nil || m <= most {
			t.Errorf("the control moves by %.3f (%v)", m, err)
		}
	}
}

// spoil is the control: a page that has everything wrong with it is noticed.
func spoil(t *testing.T, browser context.Context, n *node) {
	v := visit(t, browser, "control", n, 375, 740)
	v.open("/sign-in?lang=en")
	if wrong := append(v.narrow(), v.examine("en")...); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	_, err := look[bool](v, `(async () => {
		document.querySelector("label").remove();
		document.querySelector("main p").style.color = "#ddd";
		const wide = document.createElement("div");
		wide.style.width = "500px"; wide.textContent = "x"; document.body.append(wide);
		const style = document.createElement("style");
		style.textContent = "p { color: red }"; document.head.append(style);
		console.error("said"); setTimeout(() => { throw new Error("thrown"); });
		await fetch("http://127.0.0.2:9/elsewhere").catch(() => {}); await fetch("/nowhere");
		return true; })()`)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(append(v.narrow(), v.examine("sr-Cyrl")...), "\n")
	for _, want := range []string{"label: ", "color-contrast: ", "wider than", "in \"en\"", "Content Security Policy", "said", "thrown", "404 for /nowhere"} {
		if !strings.Contains(text, want) {
			t.Errorf("a spoiled page is not noticed for %s:\n%s", want, text)
		}
	}
	_, _ = look[bool](v, `(location.href = "http://127.0.0.2:9/elsewhere", true)`)
	until(t, "a request to another host is noticed", func() bool {
		return strings.Contains(strings.Join(v.troubles(), ""), "request to http://127.0.0.2:9/elsewhere")
	})
}
