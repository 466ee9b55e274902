package web

import (
	"bytes"
	"net/http"
	"strconv"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/store"
)

// TestBaseFile reads the operator's own map as browsers do: any part of it, byte
// by byte, and never packed.
func TestBaseFile(t *testing.T) {
	t.Parallel()
	without := newTestServer(t).as(alerts.RolePublic)
	without.send("GET", "/map/base.pmtiles", nil).want(404)
	without.send("GET", "/report/sighting", nil).want(200).lacks("base.pmtiles")

	body := make([]byte, 70_000)
	for i := range body {
		body[i] = byte(i * 7)
	}
	m := store.NewMemory()
	s := startOn(t, m, m, func(p *Parts) {
		p.BaseFile = &BaseFile{
			TileFile: geo.TileFile{Box: geo.Box{West: 18, South: 41, East: 23, North: 47}, MaxZoom: 14, Schema: geo.SchemaProtomaps, Credit: "© <b>Somebody</b>"},
			Reader:   bytes.NewReader(body), Size: int64(len(body)), Modified: time.Unix(1_790_000_000, 5),
		}
	})
	nobody := s.as(alerts.RolePublic)
	get := func(headers ...string) reply {
		return nobody.with(append([]string{"Accept-Encoding", "gzip, br"}, headers...)...).send("GET", "/map/base.pmtiles", nil)
	}
	whole := get().want(200)
	tag := whole.header.Get("ETag")
	if !bytes.Equal(whole.body, body) || tag == "" || whole.header.Get("Accept-Ranges") != "bytes" || whole.header.Get("Content-Encoding") != "" {
		t.Fatalf("%d bytes, %v", len(whole.body), whole.header)
	}
	for asked, want := range map[string][2]int{
		"bytes=0-126": {0, 127}, "bytes=127-127": {127, 128}, "bytes=69999-": {69_999, 70_000}, "bytes=-5": {69_995, 70_000},
		"bytes=60000-99999999": {60_000, 70_000}, "bytes=-99999999": {0, 70_000}, "bytes=0-0": {0, 1},
	} {
		r := get("Range", asked).want(206)
		if !bytes.Equal(r.body, body[want[0]:want[1]]) || r.header.Get("Content-Encoding") != "" ||
			r.header.Get("Content-Range") != "bytes "+strconv.Itoa(want[0])+"-"+strconv.Itoa(want[1]-1)+"/70000" {
			t.Errorf("%s: %d bytes, %v", asked, len(r.body), r.header)
		}
	}
	for _, asked := range []string{"bytes=70000-", "bytes=99999999999-99999999999", "bytes=-0"} {
		if r := get("Range", asked).want(416); r.header.Get("Content-Range") != "bytes */70000" {
			t.Errorf("%s: %v", asked, r.header)
		}
	}
	for _, asked := range []string{"bytes=5-4", "bytes=a-b", "bytes=+1-2", "bytes=0-1,5-6", "lines=1-2", "bytes=", "bytes=-", "bytes=99999999999999999999-"} {
		if r := get("Range", asked).want(200); len(r.body) != len(body) {
			t.Errorf("%s: %d bytes", asked, len(r.body))
		}
	}
	get("Range", "bytes=0-9", "If-Range", tag).want(206)
	get("Range", "bytes=0-9", "If-Range", `"another"`).want(200)
	if r := get("If-None-Match", tag).want(http.StatusNotModified); len(r.body) != 0 {
		t.Errorf("%d bytes", len(r.body))
	}
	s.as(alerts.RoleCoordinator).with("Accept-Language", "en").send("GET", "/desk/map", nil).want(200).
		has("/map/base.pmtiles?v=", "vendor/pmtiles/pmtiles.js", `"schema":"protomaps"`, "© &lt;b&gt;Somebody").lacks("<b>Somebody")
}
