package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	smtp "github.com/wneessen/go-mail"
)

// Message is one e-mail to one recipient, so that no recipient learns of another.
type Message struct {
	// ID is the message id without angle brackets, such as
	// digest.2026-11-22.k3v9@example.org. A message that is sent again keeps it.
	ID string
	// To and ReplyTo are addresses; ReplyTo may be empty.
	To, ReplyTo string
	Subject     string
	// Text is the message; HTML, when there is one, says the same for programs
	// that prefer it.
	Text, HTML  string
	Attachments []Attachment
	// References are the ids of earlier messages that this one continues,
	// oldest first.
	References []string
	// Language is a BCP 47 tag, or empty.
	Language string
}

// Attachment is a file of a message.
type Attachment struct {
	Name, ContentType string
	Data              []byte
}

// compose makes the message as it travels. Everything that becomes a header is
// checked first: a line break in one would start another.
func (s *Sender) compose(m Message) (*smtp.Msg, error) {
	out := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := out.From(s.o.From); err != nil {
		return nil, errors.New("the sender is not an address")
	}
	if err := out.To(m.To); err != nil {
		return nil, errors.New("the recipient is not an address")
	}
	if m.ReplyTo != "" {
		if err := out.ReplyTo(m.ReplyTo); err != nil {
			return nil, errors.New("the address for replies is not an address")
		}
	}
	out.SetMessageIDWithValue(m.ID)
	out.Subject(m.Subject)
	// Programs that answer by themselves leave such messages alone (RFC 3834).
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	if n := len(m.References); n > 0 {
		out.SetGenHeaderPreformatted(smtp.HeaderReferences, "<"+strings.Join(m.References, ">\r\n <")+">")
		out.SetGenHeaderPreformatted(smtp.HeaderInReplyTo, "<"+m.References[n-1]+">")
	}
	if m.Language != "" {
		out.SetGenHeader(smtp.HeaderContentLang, m.Language)
	}
	out.SetBodyString(smtp.TypeTextPlain, m.Text)
	if m.HTML != "" {
		out.AddAlternativeString(smtp.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		if err := out.AttachReader(a.Name, strings.NewReader(string(a.Data)), smtp.WithFileContentType(smtp.ContentType(a.ContentType))); err != nil {
			return nil, fmt.Errorf("attach a file: %w", err)
		}
	}
	return out, nil
}

func (m *Message) check() error {
	if !messageID(m.ID) {
		return errors.New("a message needs an id of the form word@domain")
	}
	for _, id := range m.References {
		if !messageID(id) {
			return errors.New("a reference is not a message id")
		}
	}
	if _, err := address("the recipient", m.To); err != nil {
		return err
	}
	if m.ReplyTo != "" {
		if _, err := address("the address for replies", m.ReplyTo); err != nil {
			return err
		}
	}
	if m.Subject == "" || m.Text == "" {
		return errors.New("a message needs a subject and a text")
	}
	headers := []string{m.Subject, m.Language}
	for _, a := range m.Attachments {
		if a.Name == "" || a.ContentType == "" {
			return errors.New("a file needs a name and a type")
		}
		headers = append(headers, a.Name, a.ContentType)
	}
	for _, h := range headers {
		if strings.ContainsFunc(h, unicode.IsControl) {
			return errors.New("a header holds a line break or another control character")
		}
	}
	return nil
}

// address returns an address without the name before it. The error does not
// show it.
func address(what, s string) (string, error) {
	a, err := mail.ParseAddress(s)
	if err != nil || strings.ContainsFunc(s, unicode.IsControl) {
		return "", fmt.Errorf("%s is not an e-mail address", what)
	}
	return a.Address, nil
}

// messageID tells whether s can stand between the angle brackets of a message id.
func messageID(s string) bool {
	left, right, ok := strings.Cut(s, "@")
	if !ok || left == "" || right == "" || len(s) > 240 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`<>()[]\,;:"`, r)
	}) && !strings.Contains(right, "@")
}
