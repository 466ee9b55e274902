package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// startBrowser starts a Chromium without a window, or returns nil where none is
// named. Each visitor gets a profile of its own in it.
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path := os.Getenv("CHROMIUM")
	if path == "" {
		t.Log("left out: set CHROMIUM to the path of a Chromium browser")
		return nil
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		// What is used without a signal from its owner, such as a hidden tab, is not slowed down.
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.WSURLReadTimeout(time.Minute))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// visitor is a person at a browser of their own.
type visitor struct {
	t    *testing.T
	name string
	ctx  context.Context
	home string // address of the node that they use
	part string // what of the page fill fills in, for once
	// trouble is what no page may do: errors on the console, refusals by the
	// page's security policy, requests to another host, failures of the server.
	mu      sync.Mutex
	trouble []string
	// status is the answer to the last page by its address.
	status map[string]int64
}

// visit opens a browser for somebody, with a window of this size.
func visit(t *testing.T, browser context.Context, name string, n *node, width, height int64) *visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	v := &visitor{t: t, name: name, ctx: ctx, home: n.address, status: map[string]int64{}}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, v.hear); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *visitor) hear(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	note := func(format string, args ...any) { v.trouble = append(v.trouble, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" {
			said, _ := json.Marshal(e.Args)
			note("console: %s", said)
		}
	case *runtime.EventExceptionThrown:
		note("exception: %s %s", e.ExceptionDetails.Text, describe(e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		// What the network says of an answer is judged by its status.
		if e.Entry.Level == "error" && e.Entry.Source != "network" {
			note("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && strings.HasPrefix(u.Scheme, "http") && "http://"+u.Host != v.home {
			note("request to %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Type == network.ResourceTypeDocument {
			v.status[path(e.Response.URL)] = e.Response.Status
		} else if e.Response.Status >= 400 {
			note("%d for %s", e.Response.Status, path(e.Response.URL))
		}
	}
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

func path(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Path
	}
	return address
}

// troubles returns what went wrong since it was last asked.
func (v *visitor) troubles() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	out := v.trouble
	v.trouble = nil
	return out
}

// answered is the status of the last answer to a page.
func (v *visitor) answered(path string) int64 {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.status[path]
}

// open goes to a page and waits until it is there with all it loads.
func (v *visitor) open(path string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(v.home+path)); err != nil {
		v.t.Fatalf("%s opens %s: %v", v.name, path, err)
	}
	v.see(`document.readyState === "complete"`)
}

// look evaluates an expression on the page, false while a page is changing.
func look[T any](v *visitor, expression string) (out T, err error) {
	ctx, cancel := context.WithTimeout(v.ctx, time.Minute)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// see waits until an expression is true on the page.
func (v *visitor) see(expression string) {
	v.t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := look[bool](v, "Boolean("+expression+")")
		if ok {
			return
		}
		select {
		case <-deadline.C:
			v.shoot()
			where, _ := look[string](v, `location.href + "\n" + document.querySelector("main")?.innerText.slice(0, 1500)`)
			v.t.Fatalf("%s does not see %s (%v) at %s\n%v", v.name, expression, err, where, v.troubles())
		case <-tick.C:
		}
	}
}

// shoot keeps a picture of what was on the screen when something failed.
func (v *visitor) shoot() {
	dir := os.Getenv("HOMEWARD_TEST_PICTURES")
	if dir == "" {
		return
	}
	if picture, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot()); err == nil {
		name := strings.NewReplacer("/", "_", " ", "_").Replace(v.t.Name() + "_" + v.name)
		_ = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
	}
}

// fill fills fields by their names and tells the page; "name$" stands for the
// first field whose name ends so.
func (v *visitor) fill(pairs ...string) {
	v.t.Helper()
	part := cmp.Or(v.part, "main")
	v.part = ""
	for i := 0; i < len(pairs); i += 2 {
		args, _ := json.Marshal([]string{part, pairs[i], pairs[i+1]})
		done, err := look[bool](v, `((part, name, value) => {
			const like = name.endsWith("$") ? "name$=" + JSON.stringify(name.slice(0, -1)) : "name=" + JSON.stringify(name);
			const all = [...document.querySelector(part).querySelectorAll("["+like+"]")].filter((e) => e.type !== "hidden");
			const e = all.find((e) => (e.type !== "radio" && e.type !== "checkbox") || e.value === value);
			if (!e) return false;
			for (let d = e.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
			if (e.type === "radio" || e.type === "checkbox") { if (!e.checked) e.click(); return e.checked; }
			e.focus();
			e.value = value;
			for (const kind of ["input", "change"]) e.dispatchEvent(new Event(kind, { bubbles: true }));
			return e.value === value;
		})(...`+string(args)+`)`)
		if err != nil || !done {
			v.shoot()
			v.t.Fatalf("%s cannot fill %s with %q at %s: %v", v.name, pairs[i], pairs[i+1], v.where(), err)
		}
	}
}

// within lets the next fill look for fields in one part of the page only.
func (v *visitor) within(part string) *visitor {
	v.part = part
	return v
}

func (v *visitor) where() string {
	s, _ := look[string](v, "location.pathname + location.search")
	return s
}

// press clicks with the mouse, and waits for the next page.
func (v *visitor) press(selector string) {
	v.t.Helper()
	if _, err := look[bool](v, "window.left = true"); err != nil {
		v.t.Fatal(err)
	}
	v.click(selector)
	v.see(`!window.left && document.readyState === "complete"`)
}

// click clicks with the mouse on what can be seen, once it stands still: the
// place is worked out before the mouse is there.
func (v *visitor) click(selector string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	quoted, _ := json.Marshal(selector)
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise((done) => { let last = ""; (function look() {
		const r = document.querySelector(`+string(quoted)+`)?.getBoundingClientRect(), now = r ? [r.x, r.y, r.width, r.height].join() : "";
		if (now && now === last) return done(true);
		last = now; setTimeout(look, 30); })(); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s does not find %s at rest at %s: %v", v.name, selector, v.where(), err)
	}
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		v.shoot()
		v.t.Fatalf("%s cannot press %s at %s: %v", v.name, selector, v.where(), err)
	}
}

// stay remembers the page, so that stayed can tell that it was not loaded anew.
func (v *visitor) stay() { _, _ = look[bool](v, "window.stayed = true") }

func (v *visitor) stayed() {
	v.t.Helper()
	if ok, err := look[bool](v, "window.stayed === true"); err != nil || !ok {
		v.t.Fatalf("%s: the page was loaded anew (%v)", v.name, err)
	}
}

// arrived fails unless the page that somebody came to was answered like this.
func (v *visitor) arrived(status int64) {
	v.t.Helper()
	where, err := look[string](v, "location.pathname")
	if err != nil {
		v.t.Fatal(err)
	}
	if got := v.answered(where); got != status {
		v.t.Fatalf("%s: %s was answered %d, want %d", v.name, where, got, status)
	}
}
