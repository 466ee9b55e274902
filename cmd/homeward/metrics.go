package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// meters are what /metrics shows, in the text format of Prometheus, version
// 0.0.4. Labels are route patterns and statuses, never ids.
type meters struct {
	world   *world
	buckets []float64 // upper edges, in seconds

	mu       sync.Mutex
	requests map[answered]*spread
}

// answered is what requests are told apart by.
type answered struct {
	route  string
	status int
}

// spread is how long requests took: counts holds those of each bucket alone,
// those beyond the last edge at its end.
type spread struct {
	counts []uint64
	sum    float64
}

func newMeters(w *world) *meters {
	return &meters{world: w, buckets: []float64{.001, .005, .02, .1, .5, 2, 10}, requests: map[answered]*spread{}}
}

func (m *meters) observe(route string, status int, took time.Duration) {
	s := took.Seconds()
	at, _ := slices.BinarySearch(m.buckets, s)
	m.mu.Lock()
	defer m.mu.Unlock()
	of := m.requests[answered{route, status}]
	if of == nil {
		of = &spread{counts: make([]uint64, len(m.buckets)+1)}
		// The route may lie in a buffer that is used again.
		m.requests[answered{strings.Clone(route), status}] = of
	}
	of.counts[at]++
	of.sum += s
}

func (m *meters) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var p exposition
		p.runtime()
		m.write(&p)
		p.process()
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = p.WriteTo(w) // a reader who left wants nothing more
	})
}

func (m *meters) write(p *exposition) {
	partners, consoles := m.world.hub.Counts()
	p.value("homeward_console_connections", "gauge", "Open console connections.", float64(consoles))
	p.value("homeward_journal_number", "gauge", "Number of the last change installed here.", float64(m.world.journal.Tip().Number))
	p.value("homeward_partner_connections", "gauge", "Open partner connections.", float64(partners))
	p.value("homeward_own_places", "gauge", "Streets and other places of imported lists that the search by name finds.", float64(m.world.places.own.Len()))
	m.selfTest(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.requests) == 0 {
		return
	}
	p.head("homeward_request_seconds", "histogram", "Time to answer requests by route and status.")
	for _, a := range slices.SortedFunc(maps.Keys(m.requests), func(a, b answered) int {
		return cmp.Or(strings.Compare(a.route, b.route), cmp.Compare(a.status, b.status))
	}) {
		p.histogram("homeward_request_seconds", fmt.Sprintf(`route="%s",status="%d"`, labelValue(a.route), a.status), m.buckets, m.requests[a])
	}
}

// selfTest tells whether an alert would get out. The age is counted from the
// last test that came out, and left out before the first.
func (m *meters) selfTest(p *exposition) {
	s, stuck := m.world.selfTest.State(), 0.0
	if s.Stuck != "" {
		stuck = 1
	}
	p.value("homeward_self_test_stuck", "gauge", "1 while the self-test of the alert path fails or is late.", stuck)
	if !s.LastGood.IsZero() {
		p.value("homeward_self_test_age_seconds", "gauge", "Time since a self-test last came out of the feed.", m.world.now().Sub(s.LastGood).Seconds())
		p.value("homeward_self_test_seconds", "gauge", "How long the last self-test that came out was on its way.", s.Took.Seconds())
	}
}

// exposition is a page of metrics being written.
type exposition struct{ bytes.Buffer }

func (p *exposition) head(name, kind, help string) {
	fmt.Fprintf(p, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (p *exposition) value(name, kind, help string, v float64) {
	p.head(name, kind, help)
	fmt.Fprintf(p, "%s %s\n", name, number(v))
}

// histogram writes each bucket with those below it, as the format has it.
func (p *exposition) histogram(name, labels string, edges []float64, s *spread) {
	total := uint64(0)
	for i, n := range s.counts {
		total += n
		edge := "+Inf"
		if i < len(edges) {
			edge = number(edges[i])
		}
		fmt.Fprintf(p, "%s_bucket{%s,le=\"%s\"} %d\n", name, labels, edge, total)
	}
	fmt.Fprintf(p, "%s_sum{%s} %s\n%s_count{%s} %d\n", name, labels, number(s.sum), name, labels, total)
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func labelValue(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
}
