package webhook

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
)

// answerBytes is the longest answer that is read.
const answerBytes = 512 << 10

// errLongAnswer says that an answer was longer than is read.
var errLongAnswer = errors.New("the answer is too long")

// Ask posts a body with a bearer token and returns the status and the whole
// answer. The address is looked at as for a message, and no redirect is
// followed. An error holds no address and nothing that the other side wrote.
func (s *Sender) Ask(ctx context.Context, address, token string, body []byte) (int, []byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return 0, nil, &Error{Stage: "compose", Final: true, Err: errors.New("the address cannot be used")}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, &Error{Stage: "compose", Final: true, Err: errors.New("the address cannot be used")}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", s.o.Agent)
	r.Header.Set("Authorization", "Bearer "+token)
	c := s.sealed
	if u.Scheme == "http" {
		c = s.plain
	}
	got, err := c.Do(r)
	if err != nil {
		return 0, nil, &Error{Stage: "connect", Err: cause(err)}
	}
	defer got.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(got.Body, answerBytes+1))
	if err == nil && len(answer) > answerBytes {
		err = errLongAnswer
	}
	if err != nil {
		return got.StatusCode, nil, &Error{Stage: "answer", Status: got.StatusCode, Err: err}
	}
	return got.StatusCode, answer, nil
}
