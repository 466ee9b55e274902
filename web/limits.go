package web

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"homeward/alerts"
)

// uploadPaths end the routes that take a photo or a file.
var uploadPaths = [][]byte{[]byte("/photos"), []byte("/report/sighting"), []byte("/sightings/new"), []byte("/files"), []byte("/team"), []byte("/track"), []byte("/documents"), []byte("/cases/new")}

// limits sets the largest body and the time to send it before the body is
// read.
func limits(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	for _, end := range uploadPaths {
		if h.IsPost() && bytes.HasSuffix(path, end) {
			return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit, ReadTimeout: 120 * time.Second, WriteTimeout: 60 * time.Second}
		}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: bodyLimit, ReadTimeout: 15 * time.Second, WriteTimeout: 60 * time.Second}
}

// plainBody refuses bodies that would have to be unpacked: a few kilobytes can
// hold gigabytes.
func plainBody(c *fiber.Ctx) error {
	if e := c.Get(fiber.HeaderContentEncoding); e != "" && !strings.EqualFold(e, "identity") {
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "Send the body without compression.")
	}
	if c.Get(fiber.HeaderTransferEncoding) != "" && c.Get(fiber.HeaderContentLength) != "" {
		return fiber.NewError(fiber.StatusBadRequest, "The request has two lengths.")
	}
	return c.Next()
}

// limiterKeys bounds how many networks a limiter remembers.
const limiterKeys = 1 << 17

// limiter counts acts per network and hour. Keys are keyed hashes with a key
// that changes daily and is in memory only, so that the table names nobody.
type limiter struct {
	now func() time.Time
	mu  sync.Mutex
	key [32]byte
	day int64
	// hour is the window that counts belongs to.
	hour   int64
	counts map[[16]byte]int
}

func newLimiter(now func() time.Time) *limiter { return &limiter{now: now, day: -1} }

// over notes one act and tells whether the network has had more than most this
// hour. A full table lets everything through: a flood must not shut out the
// one true report.
func (l *limiter) over(a netip.Addr, what string, most int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now().Unix()
	if day := now / 86400; day != l.day {
		l.day = day
		_, _ = rand.Read(l.key[:])
	}
	if hour := now / 3600; hour != l.hour || l.counts == nil {
		l.hour, l.counts = hour, map[[16]byte]int{}
	}
	m := hmac.New(sha256.New, l.key[:])
	m.Write([]byte(what))
	m.Write(network(a))
	k := [16]byte(m.Sum(nil)[:16])
	if _, ok := l.counts[k]; !ok && len(l.counts) >= limiterKeys {
		return false
	}
	l.counts[k]++
	return l.counts[k] > most
}

// network is the address of a home or device: all of IPv4, a /64 of IPv6.
func network(a netip.Addr) []byte {
	a = a.Unmap()
	if a.Is6() {
		b := a.As16()
		return b[:8]
	}
	b := a.As4()
	return b[:]
}

// client returns the address a request comes from: that of the connection, or,
// behind trusted proxies only, the right-most hop that is not one of them.
func (s *Server) client(c *fiber.Ctx) netip.Addr {
	remote, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.IPv6Unspecified()
	}
	remote = remote.Unmap()
	if !s.trusted(remote) {
		return remote
	}
	hops := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return remote
		}
		if hop = hop.Unmap(); !s.trusted(hop) {
			return hop
		}
	}
	return remote
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.Config.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// tooMany is the answer to a network that has had its share.
func tooMany() error {
	return alerts.Errorf(alerts.TooMany, "That was a lot in a short time. Please wait a little. In danger call 112, 192 or 116 000.")
}
