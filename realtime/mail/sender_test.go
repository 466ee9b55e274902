package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// post is a mail server that answers as it is told. It notes what it is sent.
type post struct {
	t     *testing.T
	l     net.Listener
	roots *x509.CertPool
	tls   *tls.Config
	// answers take the place of the usual ones, by the command's first word;
	// "." is the end of a message and "220" the greeting. An empty answer hangs
	// up; "silent" says nothing more.
	answers map[string]string
	// onSilence is called when the server has fallen silent.
	onSilence func()
	// encrypt says whether the server encrypts at once, offers to, or neither.
	encrypt Security

	mu       sync.Mutex
	messages []string
	commands []string
	done     sync.WaitGroup
}

func newPost(t *testing.T, encrypt Security, answers map[string]string) *post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{t: t, l: l, answers: answers, encrypt: encrypt}
	p.certify()
	p.done.Go(p.serve)
	t.Cleanup(func() { _ = l.Close(); p.done.Wait() })
	return p
}

// certify gives the server a certificate of its own.
func (p *post) certify() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		p.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		p.t.Fatal(err)
	}
	p.roots = x509.NewCertPool()
	p.roots.AddCert(cert)
	p.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func (p *post) serve() {
	for {
		conn, err := p.l.Accept()
		if err != nil {
			return
		}
		p.done.Go(func() {
			defer conn.Close()
			if p.encrypt == TLS {
				conn = tls.Server(conn, p.tls)
			}
			p.talk(conn, false)
		})
	}
}

// talk is one connection, from its greeting or from where it was encrypted.
func (p *post) talk(conn net.Conn, secured bool) {
	c := textproto.NewConn(conn)
	if !secured && !p.say(c, "220", "220 ready") {
		return
	}
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		word := strings.ToUpper(strings.SplitN(line, " ", 2)[0])
		p.note(line)
		switch word {
		case "EHLO":
			offers := "250-here\r\n250-AUTH PLAIN\r\n"
			if p.encrypt == StartTLS && !secured {
				offers += "250-STARTTLS\r\n"
			}
			if !p.say(c, word, offers+"250 ENHANCEDSTATUSCODES") {
				return
			}
		case "STARTTLS":
			if p.say(c, word, "220 go on") {
				p.talk(tls.Server(conn, p.tls), true)
			}
			return
		case "AUTH":
			if !p.say(c, word, "235 welcome") {
				return
			}
		case "DATA":
			if !p.say(c, word, "354 go on") {
				return
			}
			body, err := c.ReadDotBytes()
			if err != nil {
				return
			}
			p.mu.Lock()
			p.messages = append(p.messages, string(body))
			p.mu.Unlock()
			if !p.say(c, ".", "250 2.0.0 taken") {
				return
			}
		case "QUIT":
			p.say(c, word, "221 bye")
			return
		default:
			if !p.say(c, word, "250 fine") {
				return
			}
		}
	}
}

// say answers a command, and tells whether the talk goes on.
func (p *post) say(c *textproto.Conn, word, usual string) bool {
	answer, told := p.answers[word]
	if !told {
		answer = usual
	}
	switch answer {
	case "":
		return false
	case "silent":
		if p.onSilence != nil {
			p.onSilence()
		}
		_, _ = c.ReadLine() // until the client hangs up
		return false
	}
	return c.PrintfLine("%s", answer) == nil
}

func (p *post) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commands = append(p.commands, line)
}

// taken returns the messages so far.
func (p *post) taken() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.messages...)
}

func (p *post) said(word string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.commands {
		if strings.HasPrefix(line, word) {
			return line
		}
	}
	return ""
}

func (p *post) sender(security Security) *Sender {
	p.t.Helper()
	s, err := New(Options{Server: p.l.Addr().String(), From: "Homeward <desk@homeward.example.org>", Security: security, Roots: p.roots, Timeout: 20 * time.Second})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func letter() Message {
	return Message{
		ID: "digest.2026-11-22.abc@homeward.example.org", To: "Ana Primer <ana@example.org>",
		Subject: "Данас: 2 рока", Text: "Два рока.\nBB23CD45 22. 11. 2026.\n", HTML: "<p>Два рока.</p>", Language: "sr-Cyrl",
	}
}

func TestMessageIsSentUnderItsIDOverEachKindOfLine(t *testing.T) {
	t.Parallel()
	for _, security := range []Security{StartTLS, TLS, None} {
		t.Run(string(security), func(t *testing.T) {
			t.Parallel()
			p := newPost(t, security, nil)
			s := p.sender(security)
			for range 2 { // a repeat is the same message
				if err := s.Send(t.Context(), letter()); err != nil {
					t.Fatal(err)
				}
			}
			got := p.taken()
			if len(got) != 2 {
				t.Fatalf("%d messages", len(got))
			}
			for _, m := range got {
				for _, want := range []string{
					"Message-ID: <digest.2026-11-22.abc@homeward.example.org>\n", "Auto-Submitted: auto-generated\n", "Content-Language: sr-Cyrl\n",
					"multipart/alternative", "BB23CD45",
				} {
					if !strings.Contains(m, want) {
						t.Errorf("no %q in\n%s", want, m)
					}
				}
			}
			if got := p.said("EHLO"); got != "EHLO homeward.example.org" {
				t.Error(got)
			}
			if got := p.said("RCPT"); got != "RCPT TO:<ana@example.org>" {
				t.Error(got)
			}
		})
	}
}

func TestPasswordIsSentOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	p := newPost(t, StartTLS, nil)
	o := p.sender(StartTLS).o
	o.User, o.Password = "desk", "secret"
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if got := p.said("AUTH"); got != "AUTH PLAIN AGRlc2sAc2VjcmV0" {
		t.Error(got)
	}
}

func TestFailuresSayWhetherAnotherTryHelps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers   map[string]string
		temporary bool
		want      string
	}{
		"no such recipient":   {map[string]string{"RCPT": "550 5.1.1 <ana@example.org> is unknown"}, false, "mail: send: the server answered 550 5.1.1"},
		"recipient later":     {map[string]string{"RCPT": "451 4.2.1 ana@example.org greylisted"}, true, "mail: send: the server answered 451 4.2.1"},
		"sender refused":      {map[string]string{"MAIL": "553 5.7.1 not you"}, false, "mail: send: the server answered 553 5.7.1"},
		"message refused":     {map[string]string{".": "554 5.7.0 spam ana@example.org"}, false, "mail: send: the server answered 554 5.7.0"},
		"hung up before yes":  {map[string]string{".": ""}, true, "mail: send: the connection broke before the server answered"},
		"busy":                {map[string]string{"220": "421 4.3.2 busy"}, true, "mail: sign in: the server answered 421"},
		"hung up at once":     {map[string]string{"220": ""}, true, "mail: connect: EOF"},
		"encryption refused":  {map[string]string{"STARTTLS": "454 4.7.0 not now"}, true, "mail: sign in: the server answered 454"},
		"hung up at the rcpt": {map[string]string{"RCPT": ""}, true, "mail: send: the connection broke before the server answered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := newPost(t, StartTLS, test.answers).sender(StartTLS).Send(t.Context(), letter())
			if err == nil || err.Error() != test.want || IsTemporary(err) != test.temporary {
				t.Errorf("%v, temporary %t", err, IsTemporary(err))
			}
			if err != nil && strings.Contains(err.Error(), "ana") {
				t.Errorf("%v names the recipient", err)
			}
		})
	}
}

func TestYesCountsWhateverComesAfterIt(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"", "500 what", "silent"} {
		p := newPost(t, None, map[string]string{"RSET": answer})
		o := p.sender(None).o
		o.Timeout = time.Second
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), letter()); err != nil || len(p.taken()) != 1 {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestSilentServerIsLeftInTime(t *testing.T) {
	t.Parallel()
	p := newPost(t, None, map[string]string{"RCPT": "silent"})
	ctx, cancel := context.WithCancel(t.Context())
	p.onSilence = cancel
	err := p.sender(None).Send(ctx, letter())
	if !errors.Is(err, context.Canceled) || !IsTemporary(err) {
		t.Errorf("%v", err)
	}
}

func TestNothingTravelsInTheClear(t *testing.T) {
	t.Parallel()
	p := newPost(t, None, nil)
	err := p.sender(StartTLS).Send(t.Context(), letter())
	if err == nil || !strings.Contains(err.Error(), "does not support STARTTLS") || len(p.taken()) != 0 || p.said("MAIL") != "" {
		t.Errorf("%v", err)
	}
	// A certificate that nobody vouches for is refused too.
	p = newPost(t, StartTLS, nil)
	s := p.sender(StartTLS)
	s.o.Roots = x509.NewCertPool()
	if err := s.Send(t.Context(), letter()); err == nil || p.said("MAIL") != "" {
		t.Errorf("%v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := Options{Server: "mail.example.org:587", From: "desk@example.org"}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Options){
		"is not HOST:PORT":         func(o *Options) { o.Server = "mail.example.org" },
		"is not one of":            func(o *Options) { o.Security = "ssl" },
		"only for a server on":     func(o *Options) { o.Security = None },
		"go together":              func(o *Options) { o.User = "desk" },
		"sender is not an e-mail ": func(o *Options) { o.From = "desk" },
	} {
		o := good
		spoil(&o)
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestHeadersCannotBeSmuggledIn(t *testing.T) {
	t.Parallel()
	p := newPost(t, None, nil)
	for name, spoil := range map[string]func(*Message){
		"subject":    func(m *Message) { m.Subject = "Hello\r\nBcc: thief@example.org" },
		"recipient":  func(m *Message) { m.To = "ana@example.org\r\nBcc: thief@example.org" },
		"two":        func(m *Message) { m.To = "ana@example.org, thief@example.org" },
		"replies":    func(m *Message) { m.ReplyTo = "thief" },
		"id":         func(m *Message) { m.ID = "a@b>\r\nBcc: thief@example.org" },
		"no id":      func(m *Message) { m.ID = "" },
		"reference":  func(m *Message) { m.References = []string{"no id"} },
		"no subject": func(m *Message) { m.Subject = "" },
		"file":       func(m *Message) { m.Attachments = []Attachment{{Name: "a\r\nb", ContentType: "text/plain"}} },
		"no type":    func(m *Message) { m.Attachments = []Attachment{{Name: "a"}} },
	} {
		m := letter()
		spoil(&m)
		err := p.sender(None).Send(t.Context(), m)
		if err == nil || IsTemporary(err) || strings.Contains(err.Error(), "thief") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if p.said("EHLO") != "" {
		t.Error("a spoiled message was carried to the server")
	}
}

func TestFilesAndReferences(t *testing.T) {
	t.Parallel()
	p := newPost(t, None, nil)
	m := letter()
	m.ReplyTo, m.References = "desk@example.org", []string{"one@example.org", "two@example.org"}
	m.Attachments = []Attachment{{Name: "узбуна.xml", ContentType: "application/cap+xml", Data: []byte("<alert/>")}}
	if err := p.sender(None).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"References: <one@example.org>\n <two@example.org>\n", "In-Reply-To: <two@example.org>\n", "Reply-To: <desk@example.org>\n",
		"application/cap+xml", "PGFsZXJ0Lz4=",
	} {
		if got := p.taken()[0]; !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
