package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Limits of one attempt.
const (
	timeout    = 10 * time.Second
	headBytes  = 16 << 10
	bodyBytes  = 64 << 10
	saidLength = 200
)

// Options say what a sender may reach.
type Options struct {
	// Allow names networks that are private and may be reached all the same,
	// also without encryption.
	Allow []netip.Prefix
	// Roots are the authorities that may vouch for a receiver; nil for the
	// machine's own.
	Roots *x509.CertPool
	// Agent is what the sender calls itself.
	Agent string
}

// Message is one message to one receiver. A message that is sent again keeps
// its ID.
type Message struct {
	ID      string
	URL     string
	Secrets []string
	// At is the moment of this attempt: receivers refuse what is too old.
	At   time.Time
	Body []byte
}

// Answer is what the other side said.
type Answer struct {
	// Status is the HTTP status, 0 when there was none; Said the beginning of
	// the body, made fit to show.
	Status int
	Said   string
	Took   time.Duration
}

// Error says why a message was not taken. It holds no address and nothing that
// the other side wrote.
type Error struct {
	// Stage is compose, connect, send or answer.
	Stage string
	// Status is the HTTP status, 0 when there was none.
	Status int
	// Gone says that the receiver wants no more messages; Final that another
	// try cannot help.
	Gone, Final bool
	Err         error
}

// Error returns stage, status and cause.
func (e *Error) Error() string {
	switch {
	case e.Status != 0:
		return fmt.Sprintf("webhook: %s: HTTP %d", e.Stage, e.Status)
	case e.Err != nil:
		return "webhook: " + e.Stage + ": " + e.Err.Error()
	}
	return "webhook: " + e.Stage
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sender sends messages. It is safe for concurrent use.
type Sender struct {
	o             Options
	sealed, plain *http.Client
}

// New returns a sender. It connects to nothing.
func New(o Options) *Sender {
	if o.Agent == "" {
		o.Agent = "Homeward"
	}
	return &Sender{o, client(o, false), client(o, true)}
}

// client makes a client that looks at every address it connects to. Each message
// has a connection of its own: a kept one would outlive the look at its address.
// A proxy of the environment is not used, as it would resolve names for us.
func client(o Options, plain bool) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, ControlContext: guard{o.Allow, plain}.control}
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, Proxy: nil, DisableKeepAlives: true, DisableCompression: true,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
			TLSHandshakeTimeout:    timeout,
			ResponseHeaderTimeout:  timeout,
			MaxResponseHeaderBytes: headBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Send makes one attempt. It returns nil when the receiver answered with a
// status of 200 to 299; any other outcome is an *Error, beside what the other
// side said.
func (s *Sender) Send(ctx context.Context, m Message) (Answer, error) {
	start := time.Now()
	r, err := s.request(ctx, m)
	if err != nil {
		return Answer{}, &Error{Stage: "compose", Final: true, Err: err}
	}
	c := s.sealed
	if r.URL.Scheme == "http" {
		c = s.plain
	}
	answer, err := c.Do(r)
	if err != nil {
		return Answer{Took: time.Since(start)}, &Error{Stage: "connect", Err: cause(err)}
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, bodyBytes))
	out := Answer{Status: answer.StatusCode, Said: presentable(said), Took: time.Since(start)}
	switch {
	case answer.StatusCode >= 200 && answer.StatusCode <= 299:
		// The yes has been said: what is wrong with the rest does not matter.
		return out, nil
	case err != nil:
		return out, &Error{Stage: "answer", Status: answer.StatusCode}
	}
	return out, &Error{Stage: "answer", Status: answer.StatusCode, Gone: answer.StatusCode == http.StatusGone}
}

func (s *Sender) request(ctx context.Context, m Message) (*http.Request, error) {
	u, err := url.Parse(m.URL)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the receiver's address cannot be used")
	}
	signature, err := Sign(m.Secrets, m.ID, m.At, m.Body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(m.Body))
	if err != nil {
		return nil, errors.New("the receiver's address cannot be used")
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": s.o.Agent, "webhook-id": m.ID,
		"webhook-timestamp": strconv.FormatInt(m.At.Unix(), 10), "webhook-signature": signature,
	} {
		r.Header.Set(name, value)
	}
	return r, nil
}

// cause takes the address out of an error, which net/http and net put into it.
func cause(err error) error {
	var timedOut interface{ Timeout() bool }
	var name *net.DNSError
	var op *net.OpError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, ErrAddress):
		return ErrAddress
	case errors.As(err, &timedOut) && timedOut.Timeout():
		return errors.New("no answer within ten seconds")
	case errors.As(err, &name):
		return errors.New("the name is not known")
	case errors.As(err, &certificate):
		return errors.New("the certificate is not good")
	case errors.As(err, &op):
		return errors.New("no connection: " + op.Err.Error())
	case errors.Is(err, context.Canceled):
		return context.Canceled
	}
	return errors.New("the connection broke")
}

// presentable is the beginning of what the other side wrote, as one line.
func presentable(b []byte) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(string(b), "?"), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	runes := []rune(strings.Join(words, " "))
	return string(runes[:min(len(runes), saidLength)])
}
