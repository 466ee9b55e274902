package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// meters are what /metrics shows. Labels are route patterns and statuses, never
// ids.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMeters(w *world) *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "homeward_request_seconds", Help: "Time to answer requests by route and status.",
			Buckets: []float64{.001, .005, .02, .1, .5, 2, 10},
		}, []string{"route", "status"}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(m.requests, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("homeward_journal_number", "Number of the last change installed here.", func() float64 { return float64(w.journal.Tip().Number) }),
		gauge("homeward_partner_connections", "Open partner connections.", func() float64 { n, _ := w.hub.Counts(); return float64(n) }),
		gauge("homeward_console_connections", "Open console connections.", func() float64 { _, n := w.hub.Counts(); return float64(n) }),
	)
	return m
}

func (m *meters) observe(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *meters) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
