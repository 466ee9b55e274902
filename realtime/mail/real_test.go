package mail

import (
	"crypto/x509"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestARealServerTakesWhatWeSend sends through the server that .ci/smtp starts,
// in the clear and encrypted, and reads back what it kept.
func TestARealServerTakesWhatWeSend(t *testing.T) {
	t.Parallel()
	address := os.Getenv("HOMEWARD_TEST_SMTP")
	if address == "" {
		return // make test says that this was left out
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := os.ReadFile(filepath.Join(u.Path, "cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(cert)
	for _, security := range []Security{None, StartTLS} {
		s, err := New(Options{Server: u.Host, From: "Homeward <desk@homeward.example.org>", Security: security, Roots: roots, Timeout: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		m := letter()
		m.ID = "real." + string(security) + "." + time.Now().Format("150405.000000") + "@homeward.example.org"
		m.Text = strings.Repeat("Рок истиче. ", 40) + "\n.\n..две тачке\n"
		m.Attachments = []Attachment{{Name: "узбуна.xml", ContentType: "application/cap+xml", Data: []byte("<alert/>")}}
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got := kept(t, filepath.Join(u.Path, "mail"), m.ID)
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if err != nil || subject != m.Subject || got.Header.Get("To") != `"Ana Primer" <ana@example.org>` {
			t.Errorf("%v %q %q", err, subject, got.Header.Get("To"))
		}
		if text := textOf(t, got); text != m.Text {
			t.Errorf("the text came as %q", text)
		}
	}
}

// kept finds a message by its id among those that the server has kept.
func kept(t *testing.T, dir, id string) *mail.Message {
	t.Helper()
	var found *mail.Message
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(b), "<"+id+">") {
			return err
		}
		found, err = mail.ReadMessage(strings.NewReader(string(b)))
		return err
	})
	if err != nil || found == nil {
		t.Fatalf("the server has no message %s: %v", id, err)
	}
	return found
}

// textOf digs the plain text out of a message with an alternative and a file.
func textOf(t *testing.T, m *mail.Message) string {
	t.Helper()
	body, kind := m.Body, m.Header.Get("Content-Type")
	for {
		media, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(media, "multipart/") {
			break
		}
		part, err := multipart.NewReader(body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, kind = part, part.Header.Get("Content-Type")
	}
	text, err := io.ReadAll(quotedprintable.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}
