package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
	"homeward/store"
)

const intakeClients = 64

// BenchmarkIntake takes sightings from the public over HTTP, from 64 clients at
// once, each on disk before it is answered. Beside it a bare handler does only
// what cannot be left out: it parses the same body, and the same committer
// seals and appends the same record.
func BenchmarkIntake(b *testing.B) {
	s := startOnDisk(b)
	body := must(json.Marshal(map[string]any{
		"observed_at": s.now().Add(-time.Hour), "precision_min": 15, "place": point(20.46, 44.81), "accuracy_m": 50,
		"text": "A boy in a blue jacket at the station, with an older man; they took the train to Novi Sad.", "language": "en", "sure": "probable",
		"contact": map[string]any{"name": "Mira", "phone": "+381 11 000 0011"},
	}))
	bare := bareIntake(b, s)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // what serve gives a heap of this size, 32 MiB
	b.ResetTimer()
	used := processorTime()
	ours := rate(b, s.url+apiPrefix+"/public/sightings", body)
	used = processorTime() - used
	b.StopTimer()
	plain := rate(b, bare, body)
	b.ReportMetric(ours, "tips/s")
	b.ReportMetric(float64(used.Microseconds())/float64(b.N), "cpu-µs/tip")
	b.ReportMetric(plain, "bare/s")
	b.ReportMetric(ours/plain, "ratio")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used of all processors, which tells
// more than the clock while others use them too.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// startOnDisk is a server over the embedded store.
func startOnDisk(b *testing.B) *testServer {
	b.Helper()
	st := must(store.OpenBolt(b.TempDir(), store.BoltOptions{}))
	keys := must(store.OpenKeys(b.TempDir()))
	b.Cleanup(func() {
		if err := errors.Join(st.Close(), keys.Close()); err != nil {
			b.Error(err)
		}
	})
	return startOn(b, st, keys)
}

// bareIntake serves the bare handler and returns its address.
func bareIntake(b *testing.B, s *testServer) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		var in alerts.NewSighting
		if err := json.Unmarshal(c.Body(), &in); err != nil {
			return err
		}
		_, err := s.Alerts.Journal.Do(context.Background(), journal.Command{Actor: "public", Action: "bare", Decide: func(v *journal.View) (journal.Outcome, error) {
			return journal.Outcome{Documents: []journal.Document{&alerts.Sighting{
				Head: journal.Head{ID: alerts.NewID(s.Alerts.Random)}, State: alerts.SightingNew, ObservedAt: in.ObservedAt, ReportedAt: v.Now,
				Place: in.Place, AccuracyM: in.AccuracyM, Text: in.Text, Language: in.Language, Sure: in.Sure, Channel: "public_form", Reporter: in.Contact,
			}}}, nil
		}})
		if err != nil {
			return err
		}
		return c.Status(fiber.StatusCreated).JSON(fiber.Map{"code": "x"})
	})
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = app.Listener(l) }()
	b.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + l.Addr().String() + "/"
}

// BenchmarkTileHTTP asks for a tile over 100,000 sightings.
func BenchmarkTileHTTP(b *testing.B) {
	s := newTestServer(b)
	ana := s.as(alerts.RoleCoordinator)
	var batch []journal.Document
	for i := range 100_000 {
		p := point(19+float64(i%997)/250, 42+float64(i%991)/250)["coordinates"].([]float64)
		place := geo.At(p[0], p[1])
		batch = append(batch, &alerts.Sighting{
			Head: journal.Head{ID: alerts.NewID(s.Alerts.Random)}, State: alerts.SightingNew, ObservedAt: s.now().Add(-time.Duration(i) * time.Minute),
			ReportedAt: s.now(), Place: &place, Channel: "phone",
		})
		if len(batch) == 50 {
			s.write(batch...)
			batch = nil
		}
	}
	path := apiPrefix + "/tiles/sightings/7/71/46.mvt"
	ana.send("GET", path, nil).want(200)
	b.ResetTimer()
	var c fasthttp.Client
	q, r := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	q.SetRequestURI(s.url + path)
	q.Header.Set("Authorization", "Bearer "+ana.token)
	for b.Loop() {
		if err := c.Do(q, r); err != nil || r.StatusCode() != 200 {
			b.Fatal(err, r.StatusCode())
		}
	}
	b.ReportMetric(float64(len(r.Body())), "bytes")
}
