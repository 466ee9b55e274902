package web

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeward/alerts"
)

// readers ask for a page at once, as when an appeal has just been on television.
const readers = 64

// BenchmarkAppeal asks for an appeal from 64 readers at once, who speak three
// languages; beside it a bare Fiber handler answers the same bytes in the same
// run. Then they ask once more, and the appeal is taken back in the middle: the
// time from the answer to the recall until the last reader who asked later was
// shown the appeal is reported too.
func BenchmarkAppeal(b *testing.B) {
	s := newTestServer(b)
	r := s.release("public_appeal")
	url := s.url + "/appeals/" + r.slug
	page := s.as(alerts.RolePublic).send("GET", "/appeals/"+r.slug, nil).want(200)
	bare := bareAppeal(b, page)
	b.ResetTimer()
	plain, _ := ask(b, bare, b.N, nil)
	ours, _ := ask(b, url, b.N, nil)
	_, late := ask(b, url, b.N, func() {
		s.as(alerts.RoleCoordinator).post("/alerts/"+r.alert+"/cancel", nil).want(200)
	})
	b.StopTimer()
	b.ReportMetric(ours*60, "pages/min")
	b.ReportMetric(plain*60, "bare/min")
	b.ReportMetric(ours/plain, "ratio")
	b.ReportMetric(late.Seconds()*1000, "recall-ms")
	b.ReportMetric(float64(len(page.body)), "bytes")
	b.ReportMetric(0, "ns/op")
	if late > 2*time.Second {
		b.Errorf("the appeal was still shown %v after its recall", late)
	}
}

// bareAppeal serves the same answer without looking at anything.
func bareAppeal(b *testing.B, page reply) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get("/appeals/:slug", func(c *fiber.Ctx) error {
		for name, values := range page.header {
			if name != "Content-Length" && name != "Date" {
				c.Set(name, values[0])
			}
		}
		return c.Send(page.body)
	})
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = app.Listener(l) }()
	b.Cleanup(func() { _ = app.Shutdown() })
	return "http://" + l.Addr().String() + "/appeals/x"
}

// ask sends n requests from all readers and does something when half of them
// have been answered. It returns how many were answered a second, and how long
// after it was done somebody still got the page.
func ask(b *testing.B, url string, n int, half func()) (float64, time.Duration) {
	b.Helper()
	var sent, wrong, done, last atomic.Int64
	var wg sync.WaitGroup
	languages := []string{"en", "sr-Latn", "sr-Cyrl"}
	middle := make(chan struct{})
	began := time.Now()
	for i := range readers {
		wg.Go(func() {
			c := fasthttp.Client{MaxConnsPerHost: 1}
			q, r := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			q.SetRequestURI(url)
			q.Header.Set("Accept-Language", languages[i%len(languages)])
			for {
				number := sent.Add(1)
				if number > int64(n) {
					return
				}
				if number == int64(n)/2 {
					close(middle)
				}
				asked := time.Now().UnixNano()
				if err := c.Do(q, r); err != nil {
					wrong.Add(1)
					continue
				}
				at := done.Load()
				switch {
				case r.StatusCode() == 200 && at > 0 && asked > at:
					last.Store(max(last.Load(), time.Now().UnixNano()-at))
				case r.StatusCode() == 410 && bytes.Contains(r.Body(), []byte("jacket")), r.StatusCode() != 200 && r.StatusCode() != 410:
					wrong.Add(1)
				}
			}
		})
	}
	if half != nil && n > 1 {
		wg.Go(func() {
			<-middle
			half()
			done.Store(time.Now().UnixNano())
		})
	}
	wg.Wait()
	if wrong.Load() > 0 {
		b.Fatalf("%d of %d were answered wrongly", wrong.Load(), n)
	}
	return float64(n) / time.Since(began).Seconds(), time.Duration(last.Load())
}
