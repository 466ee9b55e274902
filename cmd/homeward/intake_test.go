package main

import (
	"crypto/rand"
	"encoding/json"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeward/alerts"
	"homeward/journal"
)

// intakeClients is how many report at once.
const intakeClients = 64

// BenchmarkIntake measures sightings that the public reports over HTTP, each on
// disk before it is answered, against a bare Fiber handler that parses, seals
// and appends the same record through the same committer: ratio is our rate
// over its rate.
func BenchmarkIntake(b *testing.B) {
	dir := b.TempDir()
	home := startNode(b, dir+"/data", dir)
	bare := bareIntake(b, home.w.journal)
	networks := &atomic.Int64{}
	var ours, theirs []float64
	for range 8 { // by turns, so that both meet the same machine
		theirs = append(theirs, intakeRate(b, bare, "/", 2000, networks))
		ours = append(ours, intakeRate(b, strings.TrimPrefix(home.address, "http://"), "/api/v1/public/sightings", 2000, networks))
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	b.ReportMetric(ours[4], "sightings/s")
	b.ReportMetric(theirs[4], "bare/s")
	b.ReportMetric(ours[4]/theirs[4], "ratio")
	b.ReportMetric(0, "ns/op")
}

// bareIntake serves the handler to compare with and returns its address.
func bareIntake(b *testing.B, j *journal.Journal) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		var in alerts.NewSighting
		if err := json.Unmarshal(c.Body(), &in); err != nil {
			return err
		}
		s := &alerts.Sighting{
			Head: journal.Head{ID: alerts.NewID(rand.Reader)}, State: alerts.SightingNew, ObservedAt: in.ObservedAt, ReportedAt: timeNow(),
			Place: in.Place, AccuracyM: in.AccuracyM, Text: in.Text, Sure: in.Sure, Channel: "public_form", Reporter: in.Contact,
		}
		_, err := j.Do(c.Context(), journal.Command{Actor: "bare", Action: "bare", Decide: func(*journal.View) (journal.Outcome, error) {
			return journal.Outcome{Documents: []journal.Document{s}}, nil
		}})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(fiber.Map{"code": s.ID})
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = app.Listener(l) }()
	b.Cleanup(func() { _ = app.Shutdown() })
	return l.Addr().String()
}

// reportsAnAddress is how many reports a client sends from one address: the
// server takes so many an hour from each.
const reportsAnAddress = 1000

// intakeRate has clients send n reports and returns how many a second were
// taken.
func intakeRate(b *testing.B, address, path string, n int, networks *atomic.Int64) float64 {
	b.Helper()
	body, err := json.Marshal(object{
		"observed_at": timeNow().Add(-time.Hour).UTC().Format(time.RFC3339), "precision_min": 10, "accuracy_m": 50,
		"place": object{"type": "Point", "coordinates": []float64{20.4573, 44.8178}}, "sure": "probable",
		"text":    "An invented child in a blue jacket got off the bus and walked towards the market.",
		"contact": object{"name": "Invented Reporter", "phone": "+381 11 000 0001"},
	})
	if err != nil {
		b.Fatal(err)
	}
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	start := time.Now()
	for range intakeClients {
		wg.Go(func() {
			for more := true; more; {
				at := networks.Add(1)
				from := &net.TCPAddr{IP: net.IPv4(127, byte(1+at>>16), byte(at>>8), byte(1+at%250))}
				more = report(b, from, "http://"+address+path, body, &left)
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// report sends reports over one connection and tells whether more are left.
func report(b *testing.B, from *net.TCPAddr, url string, body []byte, left *atomic.Int64) bool {
	dialer := &net.Dialer{LocalAddr: from}
	client := &fasthttp.Client{Dial: func(address string) (net.Conn, error) { return dialer.Dial("tcp", address) }, MaxConnsPerHost: 1}
	defer client.CloseIdleConnections()
	q, a := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(q)
	defer fasthttp.ReleaseResponse(a)
	for range reportsAnAddress {
		if left.Add(-1) < 0 {
			return false
		}
		q.Reset()
		q.SetRequestURI(url)
		q.Header.SetMethod(fasthttp.MethodPost)
		q.Header.SetContentType("application/json")
		q.Header.Set("Idempotency-Key", rand.Text())
		q.SetBodyRaw(body)
		if err := client.Do(q, a); err != nil || a.StatusCode() != fasthttp.StatusCreated {
			b.Errorf("%d %s: %v", a.StatusCode(), a.Body(), err)
			return false
		}
	}
	return true
}
