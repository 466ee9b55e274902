package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// Security says how the connection to the server is encrypted.
type Security string

// The ways to encrypt. None is only for a server on this machine.
const (
	StartTLS Security = "starttls" // in the clear until the server is asked to encrypt; never sent without
	TLS      Security = "tls"      // encrypted from the first byte
	None     Security = "none"
)

// defaultTimeout is how long one message may take, from dialling to the
// server's yes.
const defaultTimeout = 30 * time.Second

// Options say which server sends and for whom.
type Options struct {
	// Server is HOST:PORT.
	Server string
	// User and Password sign in; both empty for a server that needs neither.
	User, Password string
	// From is the sender, an address with or without a name before it.
	From string
	// Security is StartTLS when empty.
	Security Security
	// Timeout bounds one message; 30 seconds when it is 0.
	Timeout time.Duration
	// Roots are the authorities that may vouch for the server; nil for the
	// machine's own.
	Roots *x509.CertPool
}

// Sender sends messages through one server, each over a connection of its own,
// so that no connection lies idle. It is safe for concurrent use.
type Sender struct {
	o    Options
	host string
	port int
	// hello is what we call ourselves: the sender's domain, because servers
	// refuse names that are none.
	hello string
}

// New checks options and returns a sender. It does not connect.
func New(o Options) (*Sender, error) {
	if o.Security == "" {
		o.Security = StartTLS
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	host, p, err := net.SplitHostPort(o.Server)
	port, portErr := strconv.Atoi(p)
	switch {
	case err != nil || host == "" || portErr != nil || port < 1 || port > 65535:
		return nil, fmt.Errorf("the mail server %q is not HOST:PORT", o.Server)
	case o.Security != StartTLS && o.Security != TLS && o.Security != None:
		return nil, fmt.Errorf("mail encryption %q is not one of starttls, tls, none", o.Security)
	case o.Security == None && !loopback(host):
		return nil, fmt.Errorf("mail without encryption is only for a server on this machine, not for %s", host)
	case (o.User == "") != (o.Password == ""):
		return nil, errors.New("the mail server's user and password go together")
	}
	from, err := address("the sender", o.From)
	if err != nil {
		return nil, err
	}
	return &Sender{o, host, port, from[strings.LastIndexByte(from, '@')+1:]}, nil
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Send returns nil once the server has accepted the message. Any other outcome
// is an *Error, which says whether another try can help; a message whose fate is
// unknown is temporary, and sent again under its own id.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return &Error{Stage: "compose", Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	line := &line{security: s.o.Security, tls: s.tls()}
	// go-mail looks at the context only while it dials; hanging up ends the rest.
	defer context.AfterFunc(ctx, line.close)()
	defer line.close()
	client, err := s.client(line)
	if err != nil {
		return &Error{Stage: "set up", Err: err}
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return dialError(ctx, err)
	}
	err = client.SendWithSMTPClient(conn, msg)
	if msg.IsDelivered() { // what the server says after its yes does not matter
		_ = conn.Quit()
		return nil
	}
	return sendError(ctx, err)
}

// client returns a go-mail client for one message.
func (s *Sender) client(l *line) (*smtp.Client, error) {
	policy := smtp.NoTLS
	if s.o.Security == StartTLS {
		policy = smtp.TLSMandatory
	}
	options := []smtp.Option{
		smtp.WithPort(s.port), smtp.WithTimeout(s.o.Timeout), smtp.WithTLSPolicy(policy), smtp.WithTLSConfig(s.tls()),
		smtp.WithDialContextFunc(l.dial), smtp.WithHELO(s.hello),
	}
	if s.o.User != "" {
		options = append(options, smtp.WithUsername(s.o.User), smtp.WithPassword(s.o.Password),
			smtp.WithOpportunisticSMTPAuth(smtp.SMTPAuthSCRAMSHA256, smtp.SMTPAuthSCRAMSHA1, smtp.SMTPAuthPlain, smtp.SMTPAuthLogin))
	}
	return smtp.NewClient(s.host, options...)
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12, RootCAs: s.o.Roots}
}

// line is the connection of one message, so that it can be hung up.
type line struct {
	security Security
	tls      *tls.Config

	mu   sync.Mutex
	conn net.Conn
}

func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.conn = conn
	l.mu.Unlock()
	if l.security != TLS {
		return conn, nil
	}
	secured := tls.Client(conn, l.tls)
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	return secured, nil
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn != nil {
		_ = l.conn.Close()
	}
}
