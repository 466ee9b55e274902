package handon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Limits of one request to an installation.
const (
	forwardTime  = 30 * time.Second
	forwardBytes = 8 << 20
	capType      = "application/cap+xml"
)

// Forward hands the alerts of one installation on to another as the CAP messages
// that they are, ends as well, and brings back what the organisations there
// answered. It is safe for concurrent use.
type Forward struct {
	// From and To are the addresses of the installations, with the key of the
	// partner at the first and the token of an account at the second.
	From, FromToken string
	To, ToToken     string
	// Every is how often answers are looked for.
	Every time.Duration
	Log   *slog.Logger

	client http.Client
	// mu keeps one alert's messages in order, whoever hands them on.
	mu    sync.Mutex
	known map[string]*forwarded // by the alert's id at From
}

// forwarded is one alert that has a place at the other installation.
type forwarded struct {
	there    string
	revision int
	ended    bool
	told     string // what From was told last
}

// NewForward returns a handler; Watch brings answers back.
func NewForward(from, fromToken, to, toToken string, every time.Duration, log *slog.Logger) *Forward {
	return &Forward{
		From: strings.TrimSuffix(from, "/"), FromToken: fromToken, To: strings.TrimSuffix(to, "/"), ToToken: toToken, Every: every, Log: log,
		client: http.Client{Timeout: forwardTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		known:  map[string]*forwarded{},
	}
}

// Hand takes an alert or an end to the other installation. What happens there
// twice happens once: each message has its own identity.
func (f *Forward) Hand(ctx context.Context, frame Frame) error {
	var in struct {
		AlertID string `json:"alert_id"`
		Drill   bool   `json:"drill"`
		Alert   struct {
			ID       string `json:"id"`
			Revision int    `json:"revision"`
			Drill    bool   `json:"drill"`
		} `json:"alert"`
	}
	if err := json.Unmarshal(frame.Line, &in); err != nil {
		return fmt.Errorf("read frame: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case in.Drill || in.Alert.Drill: // an exercise is the partner's own
		return nil
	case frame.Type == "alert":
		return f.alert(ctx, in.Alert.ID, in.Alert.Revision)
	case frame.Type == "withdrawal":
		return f.end(ctx, in.AlertID)
	}
	return nil
}

// alert fetches a revision as CAP and posts it. One that has ended meanwhile is
// left to the end that follows.
func (f *Forward) alert(ctx context.Context, id string, revision int) error {
	status, message, err := f.from(ctx, http.MethodGet, fmt.Sprintf("/alerts/%s/cap.xml?revision=%d", id, revision), nil, "")
	if err != nil || status == http.StatusGone || status == http.StatusNotFound {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("fetch alert %s: HTTP %d", id, status)
	}
	there, refused, err := f.post(ctx, message)
	if err != nil {
		return fmt.Errorf("forward alert %s: %w", id, err)
	}
	if refused != 0 {
		f.Log.Error("the other installation does not take an alert", "alert", id, "status", refused)
		return f.answer(ctx, id, revision, "question", fmt.Sprintf("The installation it was forwarded to did not take it (HTTP %d).", refused))
	}
	k := f.known[id]
	if k == nil {
		k = &forwarded{}
		f.known[id] = k
	}
	k.there, k.revision = there, revision
	return nil
}

// end fetches the Cancel and posts it. Where nothing was forwarded there is
// nothing to take back.
func (f *Forward) end(ctx context.Context, id string) error {
	status, message, err := f.from(ctx, http.MethodGet, "/alerts/"+id+"/cancel.xml", nil, "")
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("fetch the end of alert %s: HTTP %d", id, status)
	}
	there, refused, err := f.post(ctx, message)
	switch {
	case err != nil:
		return fmt.Errorf("forward the end of alert %s: %w", id, err)
	case refused == http.StatusNotFound:
		delete(f.known, id)
		return f.removed(ctx, id)
	case refused != 0:
		return fmt.Errorf("forward the end of alert %s: HTTP %d", id, refused)
	}
	f.known[id] = &forwarded{there: there, ended: true}
	return nil
}

// post gives a message to the other installation and returns the alert's id
// there, or the status by which it refuses the message for good.
func (f *Forward) post(ctx context.Context, message []byte) (id string, refused int, err error) {
	status, body, err := f.request(ctx, http.MethodPost, f.To+"/api/v1/cap", f.ToToken, message, capType, "")
	switch {
	case err != nil:
		return "", 0, err
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return "", 0, fmt.Errorf("%w: HTTP %d", ErrForward, status)
	case status == http.StatusTooManyRequests || status >= http.StatusInternalServerError:
		return "", 0, fmt.Errorf("HTTP %d", status)
	case status != http.StatusCreated && status != http.StatusOK:
		return "", status, nil
	}
	var made struct{ ID string }
	if err := json.Unmarshal(body, &made); err != nil || made.ID == "" {
		return "", 0, fmt.Errorf("the answer cannot be read: %w", err)
	}
	return made.ID, 0, nil
}

// answer tells From what is answered elsewhere; the same said again is once.
func (f *Forward) answer(ctx context.Context, id string, revision int, answer, reason string) error {
	body, err := json.Marshal(map[string]any{"answer": answer, "reason": reason, "revision": revision, "by": "forwarded"})
	if err != nil {
		return err
	}
	return f.act(ctx, id, "answer", body)
}

func (f *Forward) removed(ctx context.Context, id string) error {
	return f.act(ctx, id, "removed", []byte(`{"by":"forwarded"}`))
}

// act carries out a partner's act. One that no longer fits is no failure: the
// alert has moved on.
func (f *Forward) act(ctx context.Context, id, act string, body []byte) error {
	sum := sha256.Sum256(append([]byte(id+" "+act+" "), body...))
	status, _, err := f.from(ctx, http.MethodPost, "/partner/alerts/"+id+"/"+act, body, hex.EncodeToString(sum[:16]))
	if err != nil {
		return err
	}
	if status == http.StatusTooManyRequests || status >= http.StatusInternalServerError {
		return fmt.Errorf("%s alert %s: HTTP %d", act, id, status)
	}
	if status >= http.StatusBadRequest {
		f.Log.Warn("an act is not taken", "alert", id, "act", act, "status", status)
	}
	return nil
}

func (f *Forward) from(ctx context.Context, method, path string, body []byte, key string) (int, []byte, error) {
	return f.request(ctx, method, f.From+"/api/v1"+path, f.FromToken, body, "application/json", key)
}

func (f *Forward) request(ctx context.Context, method, address, token string, body []byte, kind, key string) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	answer, err := f.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(io.LimitReader(answer.Body, forwardBytes))
	return answer.StatusCode, b, err
}
