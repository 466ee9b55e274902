package web

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"homeward/alerts"
)

// sendTooMuch sends a photo of so many bytes to the end before it reads what the
// server says, as browsers do.
func sendTooMuch(conn net.Conn, length int) (*http.Response, error) {
	fmt.Fprintf(conn, "POST /report/sighting HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n", length)
	part := make([]byte, 1<<20)
	for range length / len(part) {
		if _, err := conn.Write(part); err != nil {
			return nil, err
		}
	}
	return http.ReadResponse(bufio.NewReader(conn), nil)
}

// Whoever sends a photo that is far too large sees the page that says so, and no
// broken connection; what is larger than any photo is not read to its end.
func TestWhoSendsTooMuchIsHeardOut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	address := strings.TrimPrefix(s.url, "http://")
	conn := must(net.Dial("tcp", address))
	defer conn.Close()
	res, err := sendTooMuch(conn, 24<<20)
	if err != nil {
		t.Fatalf("a photo of 24 MB: %v", err)
	}
	defer res.Body.Close()
	if page := string(must(io.ReadAll(res.Body))); res.StatusCode != 413 || !strings.Contains(page, "<html") {
		t.Errorf("%d: %s", res.StatusCode, page)
	}
	more := must(net.Dial("tcp", address))
	defer more.Close()
	if _, err := sendTooMuch(more, 96<<20); err == nil {
		t.Error("96 MB were read")
	}
	s.as(alerts.RolePublic).send("GET", "/healthz", nil).want(200)
}

// The same holds where the server ends TLS itself.
func TestWhoSendsTooMuchByTLSIsHeardOut(t *testing.T) {
	t.Parallel()
	s := newTestServer(t)
	lent := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate
	defer lent.Close()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() {
		_ = s.ServeTLS(l, &tls.Config{Certificates: lent.TLS.Certificates, MinVersion: tls.VersionTLS12})
	}() // until the server stops
	pool := x509.NewCertPool()
	pool.AddCert(lent.Certificate())
	conn := must(tls.Dial("tcp", l.Addr().String(), &tls.Config{RootCAs: pool, ServerName: "example.com", MinVersion: tls.VersionTLS12}))
	defer conn.Close()
	res, err := sendTooMuch(conn, 20<<20)
	if err != nil {
		t.Fatalf("a photo of 20 MB: %v", err)
	}
	if _ = res.Body.Close(); res.StatusCode != 413 {
		t.Errorf("got %d", res.StatusCode)
	}
}
