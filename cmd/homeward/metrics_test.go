package main

import (
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMetrics(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	if err := f.settle(); err != nil {
		t.Fatal(err)
	}
	w, err := openWorld(t.Context(), f, worldOptions{}, timeNow, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	m := newMeters(w)
	for _, took := range []time.Duration{500 * time.Microsecond, time.Millisecond, 30 * time.Millisecond, time.Minute} {
		m.observe("GET /appeals/:slug", 200, took)
	}
	m.observe(`GET /"`, 404, time.Second)
	r := httptest.NewRecorder()
	m.handler().ServeHTTP(r, nil)
	page := r.Body.String()
	for _, want := range []string{
		"# TYPE homeward_request_seconds histogram\n",
		"\n" + `homeward_request_seconds_bucket{route="GET /appeals/:slug",status="200",le="0.001"} 2` + "\n",
		"\n" + `homeward_request_seconds_bucket{route="GET /appeals/:slug",status="200",le="0.1"} 3` + "\n",
		"\n" + `homeward_request_seconds_bucket{route="GET /appeals/:slug",status="200",le="10"} 3` + "\n",
		"\n" + `homeward_request_seconds_bucket{route="GET /appeals/:slug",status="200",le="+Inf"} 4` + "\n",
		"\n" + `homeward_request_seconds_sum{route="GET /appeals/:slug",status="200"} 60.0315` + "\n",
		"\n" + `homeward_request_seconds_count{route="GET /\"",status="404"} 1` + "\n",
		"\nhomeward_journal_number 0\n", "\nhomeward_partner_connections 0\n", "\nhomeward_console_connections 0\n",
		"\ngo_goroutines ", "\ngo_memstats_heap_alloc_bytes ", "\ngo_gc_duration_seconds_count ", "\nprocess_cpu_seconds_total ",
		"\nprocess_resident_memory_bytes ", "\nprocess_open_fds ", "\nprocess_start_time_seconds ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="([^"\\]|\\.)*",?)+\})? [-+0-9.eE]+)$`)
	for l := range strings.Lines(page) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("the line %q is not in the format", l)
		}
	}
	for _, g := range runtimeGauges() {
		if strings.Contains(page, "\n"+g.name+" 0\n") && g.name != "go_memstats_buck_hash_sys_bytes" && g.name != "go_memstats_frees_total" {
			t.Errorf("%s is 0: the runtime may know it under another name", g.name)
		}
	}
}
