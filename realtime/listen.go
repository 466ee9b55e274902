package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"homeward/realtime/handon"
)

// Why a Listener ends. The command line gives each its own exit code.
var (
	// ErrKeyEnded says that the key is refused or has ended: do not come back.
	ErrKeyEnded = errors.New("the key is refused or has ended")
	// ErrOutput says that a frame could not be handed on.
	ErrOutput = errors.New("the frame could not be written")
	// ErrAddress says that the installation's address cannot be used.
	ErrAddress = errors.New("the address cannot be used")
	// ErrCursorFile says that the cursor could not be kept.
	ErrCursorFile = errors.New("the cursor could not be kept")
)

// Listener is a partner's program: it hands each frame on, prints it as one JSON
// line, keeps its cursor after that, and only then confirms receipt. Killed at
// any moment it repeats a frame at worst and loses none. A frame that cannot be
// handed on comes again: the connection is made anew where the cursor stands.
type Listener struct {
	// URL is the installation's address, http or https.
	URL   string
	Token string
	// CursorFile keeps the cursor; empty means that it is forgotten at the end.
	CursorFile string
	Out        io.Writer
	// Handlers take alerts, withdrawals, resyncs, referrals and conferences further, one after another,
	// before a frame is printed.
	Handlers []handon.Handler
	Log      *slog.Logger
	// Pause returns how long to wait before try n (from 1) to connect again;
	// nil means a growing random pause of at most 30 seconds.
	Pause func(n int) time.Duration
}

// Run listens until ctx ends (nil) or one of the errors above occurs. A lost
// connection is made again.
func (l *Listener) Run(ctx context.Context) error {
	cursor, err := l.stored()
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		got, err := l.session(ctx, &cursor)
		if ctx.Err() != nil {
			return nil
		}
		if handon.Final(err) {
			return err
		}
		for _, final := range []error{ErrKeyEnded, ErrAddress, ErrOutput, ErrCursorFile} {
			if errors.Is(err, final) {
				return err
			}
		}
		if got {
			try = 1
		}
		pause := l.pause(try)
		l.Log.Warn("connection lost, trying again", "pause", pause.Round(time.Millisecond).String(), "error", err)
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return nil
		}
	}
}

func (l *Listener) pause(try int) time.Duration {
	if l.Pause != nil {
		return l.Pause(try)
	}
	most := min(30*time.Second, 250*time.Millisecond<<min(try, 8))
	return most/2 + rand.N(most/2)
}

// session runs one connection; got tells whether any frame was taken that moves
// the cursor.
func (l *Listener) session(ctx context.Context, cursor *string) (got bool, err error) {
	address, err := feedAddress(l.URL, *cursor)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	dialer := websocket.Dialer{HandshakeTimeout: writeWait, Subprotocols: []string{Protocol}, Proxy: http.ProxyFromEnvironment}
	ws, answer, err := dialer.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + l.Token}})
	if err != nil {
		if answer != nil && (answer.StatusCode == http.StatusUnauthorized || answer.StatusCode == http.StatusForbidden) {
			return false, fmt.Errorf("%w: the server answered %d", ErrKeyEnded, answer.StatusCode)
		}
		return false, err
	}
	defer ws.Close()
	stop := context.AfterFunc(ctx, func() {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
		_ = ws.Close()
	})
	defer stop()
	ws.SetReadLimit(8 << 20)
	alive := func() { _ = ws.SetReadDeadline(time.Now().Add(readWait)) }
	ws.SetPingHandler(func(data string) error {
		alive()
		return ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
	})
	var taken passed
	for {
		alive()
		_, frame, err := ws.ReadMessage()
		if err != nil {
			if websocket.IsCloseError(err, CloseKeyEnded) {
				return got, ErrKeyEnded
			}
			return got, err
		}
		if taken.again(frame) {
			l.Log.Warn("a frame came twice on one connection and is left out")
			continue
		}
		before := *cursor
		if err := l.take(ctx, ws, frame, cursor); err != nil {
			return got, err
		}
		got = got || *cursor != before
	}
}

// take hands one frame on, keeps its cursor, and confirms it: in that order.
func (l *Listener) take(ctx context.Context, ws *websocket.Conn, frame []byte, cursor *string) error {
	var head struct{ Type, Cursor string }
	if err := json.Unmarshal(frame, &head); err != nil {
		return fmt.Errorf("read frame: %w", err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, frame); err != nil {
		return fmt.Errorf("read frame: %w", err)
	}
	if err := l.hand(ctx, handon.Frame{Type: head.Type, Line: line.Bytes()}); err != nil {
		return err
	}
	line.WriteByte('\n')
	if _, err := l.Out.Write(line.Bytes()); err != nil {
		return fmt.Errorf("%w: %w", ErrOutput, err)
	}
	carries := head.Type == "alert" || head.Type == "withdrawal" || head.Type == "heartbeat"
	if !carries && !(head.Type == "hello" && *cursor != "") {
		return nil
	}
	if carries && head.Cursor != *cursor {
		if err := l.store(head.Cursor); err != nil {
			return err
		}
		*cursor = head.Cursor
	}
	_ = ws.SetWriteDeadline(time.Now().Add(writeWait))
	if head.Type == "heartbeat" {
		return nil
	}
	return ws.WriteJSON(map[string]string{"type": "received", "cursor": head.Cursor})
}

// hand gives a frame that asks for something to everybody who takes it further.
func (l *Listener) hand(ctx context.Context, f handon.Frame) error {
	if f.Type != "alert" && f.Type != "withdrawal" && f.Type != "resync" && f.Type != "referral" && f.Type != "conference" {
		return nil
	}
	for _, h := range l.Handlers {
		if err := h.Hand(ctx, f); err != nil {
			return fmt.Errorf("hand the frame on: %w", err)
		}
	}
	return nil
}

func (l *Listener) stored() (string, error) {
	if l.CursorFile == "" {
		return "", nil
	}
	b, err := os.ReadFile(l.CursorFile)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrCursorFile, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// store replaces the cursor file as one step, so that a crash leaves the old
// cursor or the new one.
func (l *Listener) store(cursor string) error {
	if l.CursorFile == "" {
		return nil
	}
	dir := filepath.Dir(l.CursorFile)
	f, err := os.CreateTemp(dir, ".cursor-*")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCursorFile, err)
	}
	_, err = f.WriteString(cursor + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), l.CursorFile)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("%w: %w", ErrCursorFile, err)
	}
	return nil
}

// feedAddress turns an installation's address into that of its partner feed.
func feedAddress(base, cursor string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("%q is not an address such as https://homeward.example.org", base)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	default:
		return "", fmt.Errorf("%q is not an http or https address", base)
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/api/v1/ws/partner"
	u.RawQuery = ""
	if cursor != "" {
		u.RawQuery = url.Values{"cursor": {cursor}}.Encode()
	}
	return u.String(), nil
}
