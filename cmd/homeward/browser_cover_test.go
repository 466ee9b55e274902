package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"homeward/alerts"
)

// pull presses the mouse at one place, moves it to another and lets go.
func (v *visitor) pull(x, y, toX, toY float64) {
	v.t.Helper()
	for _, e := range []struct {
		kind input.DispatchMouseEventType
		x, y float64
	}{{input.DispatchMouseEventTypeMousePressed, x, y}, {input.DispatchMouseEventTypeMouseMoved, (x + toX) / 2, (y + toY) / 2}, {input.DispatchMouseEventTypeMouseMoved, toX, toY}, {input.DispatchMouseEventTypeMouseReleased, toX, toY}} {
		err := chromedp.Do(v.ctx, chromedp.MouseEvent(e.kind, e.x, e.y, chromedp.ButtonLeft))
		if err != nil {
			v.t.Fatal(err)
		}
	}
}

// TestCoverWithPointerAndKeys draws a rectangle over a face, moves and resizes
// it, takes a step back, and keeps the new picture.
func TestCoverWithPointerAndKeys(t *testing.T) {
	t.Parallel()
	browser := startBrowser(t)
	if browser == nil {
		return
	}
	dir := t.TempDir()
	n := startNode(t, dir+"/data", dir)
	c, _ := n.openCase()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 200)), nil); err != nil {
		t.Fatal(err)
	}
	by := alerts.Actor{ID: "helper", Kind: alerts.KindPerson, Role: alerts.RoleDutyOfficer}
	if _, err := n.w.desk.AddPhoto(t.Context(), by, c, alerts.NewPhoto{
		Picture: alerts.Picture{JPEG: b.Bytes(), Width: 400, Height: 200}, Others: alerts.OthersSeen,
	}, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	v := visit(t, browser, "cover", n, 1280, 900)
	arrive(v, n, alerts.RoleCoordinator, "")
	v.open("/desk/cases/" + c + "/cover?lang=en")
	v.see(`document.querySelector("[data-stage] img").naturalWidth > 0`)
	place, err := look[[]float64](v, `(() => { const r = document.querySelector("[data-stage] img").getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()`)
	if err != nil {
		t.Fatal(err)
	}
	at := func(x, y float64) (float64, float64) { return place[0] + place[2]*x/100, place[1] + place[3]*y/100 }
	x, y := at(20, 20)
	toX, toY := at(40, 60)
	v.pull(x, y, toX, toY)
	numbers := func(want string) {
		t.Helper()
		v.see(fmt.Sprintf(`[...document.querySelectorAll("[data-rows] [data-side]")].map((e) => Math.round(Number(e.value))).join() === %q`, want))
	}
	numbers("20,20,20,40")
	v.see(`document.activeElement.matches(".stage .box") && document.activeElement.getAttribute("aria-label").startsWith("Rectangle 1:")`)
	for _, k := range []string{kb.ArrowRight, kb.ArrowDown, kb.ArrowDown} {
		if err := chromedp.Do(v.ctx, chromedp.KeyEvent(k)); err != nil {
			t.Fatal(err)
		}
	}
	numbers("21,22,20,40")
	x, y = at(30, 40)
	toX, toY = at(50, 40)
	v.pull(x, y, toX, toY)
	numbers("41,22,20,40")
	v.click("[data-undo]")
	numbers("21,22,20,40")
	v.click("[data-add]")
	numbers("21,22,20,40,40,40,20,20")
	if err := chromedp.Do(v.ctx, chromedp.KeyEvent(kb.Delete)); err != nil {
		t.Fatal(err)
	}
	numbers("21,22,20,40")
	v.see(`(() => { const r = document.querySelector("img.result"); return !r.hidden && r.naturalWidth > 0; })()`)
	v.click(`[name="nobody_else"]`)
	v.click(`form.cover button.main`)
	v.see(`location.pathname.endsWith("/photos") && document.readyState === "complete"`)
	v.quiet()
	cs, _ := n.w.desk.Board.Case(c)
	if !slices.ContainsFunc(cs.Photos, func(p alerts.Photo) bool {
		return p.Others == alerts.OthersCovered && len(p.Covered) == 1 && p.Covered[0].Width > 19 && p.Covered[0].Width < 21
	}) {
		t.Errorf("%+v", cs.Photos)
	}
}
