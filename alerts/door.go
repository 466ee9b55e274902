package alerts

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"homeward/journal"
)

// Lives of sessions when nothing else is set.
const (
	SessionIdle     = 15 * time.Minute
	SessionAbsolute = 8 * time.Hour
	// StepUpLife is how long a proof of who somebody is counts.
	StepUpLife = 5 * time.Minute
)

const sideSession = "session"

// DoorOptions set how long sessions live; zero means the defaults.
type DoorOptions struct {
	Idle, Absolute time.Duration
}

// Door lets people and programs in: sessions, API tokens, invitations, and the
// first start. It is safe for concurrent use.
type Door struct {
	desk      *Desk
	o         DoorOptions
	passwords *passwords
	// pairs counts attempts of one network at one account, networks those of
	// one network, accounts those at one account from networks that it has not
	// signed in from: nobody is locked out by what others try.
	pairs, networks, accounts *limiter

	mu      sync.Mutex
	revoked []func(session string)
	first   []func()
	// open are the sessions seen by this process, by account, with their end.
	open map[string]map[string]time.Time
	// at are networks from which an account has signed in lately.
	at map[string]bool
}

// NewDoor returns the door of a desk.
func NewDoor(d *Desk, o DoorOptions) (*Door, error) {
	if o.Idle <= 0 {
		o.Idle = SessionIdle
	}
	if o.Absolute <= 0 {
		o.Absolute = SessionAbsolute
	}
	p, err := newPasswords()
	if err != nil {
		return nil, err
	}
	const keys = 1 << 15
	return &Door{
		desk: d, o: o, passwords: p,
		pairs:    newLimiter(5, 30*time.Second, keys),
		networks: newLimiter(30, 5*time.Second, keys),
		accounts: newLimiter(50, 10*time.Second, keys),
		open:     map[string]map[string]time.Time{},
		at:       map[string]bool{},
	}, nil
}

// OnRevoked calls fn with the id of each session and token that ends before its
// time, so that open connections can be closed. fn must not block.
func (d *Door) OnRevoked(fn func(session string)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.revoked = append(d.revoked, fn)
}

// session is what is kept of a session, under the hash of its token.
type session struct {
	Account string    `json:"account"`
	Made    time.Time `json:"made"`
	Seen    time.Time `json:"seen"`
	StepUp  time.Time `json:"step_up"`
	Began   time.Time `json:"began"` // of the first session, before any step-up
}

func (d *Door) ends(s session) time.Time {
	idle, absolute := s.Seen.Add(d.o.Idle), s.Began.Add(d.o.Absolute)
	if idle.Before(absolute) {
		return idle
	}
	return absolute
}

func sessionID(token string) string { return hex.EncodeToString(HashSecret(token)) }

// begin makes a session and returns its token, which is kept nowhere.
func (d *Door) begin(ctx context.Context, acc *Account, began time.Time) (string, Actor, error) {
	var b [32]byte
	readRandom(d.desk.Random, b[:])
	token := base64.RawURLEncoding.EncodeToString(b[:])
	now := d.desk.Now()
	s := session{Account: acc.ID, Made: now, Seen: now, StepUp: now, Began: began}
	if err := d.keep(ctx, sessionID(token), s); err != nil {
		return "", Actor{}, err
	}
	return token, d.actor(acc, sessionID(token), s, now), nil
}

func (d *Door) keep(ctx context.Context, id string, s session) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	if err := d.desk.Side.PutSide(ctx, sideSession, id, d.ends(s), data); err != nil {
		return &Error{Code: Unavailable, Message: "Signing in does not work at this moment. Try again.", Err: err}
	}
	d.note(s.Account, id, d.ends(s))
	return nil
}

func (d *Door) actor(acc *Account, id string, s session, now time.Time) Actor {
	a := acc.actor(id, s.Began.Add(d.o.Absolute))
	// A proof that is too old is none: whoever asks for a fresh one need not
	// know the clock.
	if age := now.Sub(s.StepUp); age >= 0 && age <= StepUpLife {
		a.StepUpAt = s.StepUp
	}
	return a
}

// Session returns who a session's token belongs to, and keeps the session alive.
// Anything wrong with it is Unauthenticated.
func (d *Door) Session(ctx context.Context, token string) (Actor, error) {
	id := sessionID(token)
	s, acc, err := d.find(ctx, id)
	if err != nil {
		return Actor{}, err
	}
	now := d.desk.Now()
	if since := now.Sub(s.Seen); since > d.o.Idle/15 || since < 0 {
		s.Seen = now
		if err := d.keep(ctx, id, s); err != nil {
			return Actor{}, err
		}
	} else {
		d.note(s.Account, id, d.ends(s))
	}
	return d.actor(acc, id, s, now), nil
}

// find reads a session that is still good, with its account.
func (d *Door) find(ctx context.Context, id string) (session, *Account, error) {
	var s session
	data, _, err := d.desk.Side.Side(ctx, sideSession, id)
	if errors.Is(err, journal.ErrNotFound) {
		return s, nil, signedOut()
	}
	if err != nil {
		return s, nil, &Error{Code: Unavailable, Message: "This does not work at this moment. Try again.", Err: err}
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, nil, fmt.Errorf("read a session: %w", err)
	}
	acc, ok := d.desk.Board.Account(s.Account)
	if !ok || !acc.DisabledAt.IsZero() || s.Made.Before(acc.SessionsSince) || !d.ends(s).After(d.desk.Now()) {
		return s, nil, signedOut()
	}
	return s, acc, nil
}

func signedOut() error { return Errorf(Unauthenticated, "Please sign in.") }

// SignOut ends a session; reports that its account has open go free at once. A
// session that has ended already is no error.
func (d *Door) SignOut(ctx context.Context, token string) error {
	s, _, err := d.find(ctx, sessionID(token))
	if err == nil {
		err = d.desk.putDown(ctx, Actor{ID: s.Account}, "")
	}
	if CodeOf(err) == Unauthenticated {
		err = nil
	}
	return errors.Join(d.end(ctx, token), err)
}

// end makes a session's token worth nothing.
func (d *Door) end(ctx context.Context, token string) error {
	id := sessionID(token)
	if err := d.desk.Side.DropSide(ctx, sideSession, id); err != nil {
		return &Error{Code: OutcomeUnknown, Message: "Signing out did not work. Try again, or close the browser.", Err: err}
	}
	d.revoke(id)
	return nil
}

// Authenticate returns who an API token belongs to. Anything wrong with it is
// Unauthenticated; a token that is revoked here or on another node is refused as
// soon as that change has been installed.
func (d *Door) Authenticate(_ context.Context, token string) (Actor, error) {
	hash := HashSecret(token)
	acc, ok := d.desk.Board.AccountByToken(hash)
	if !ok || !acc.DisabledAt.IsZero() {
		return Actor{}, badToken()
	}
	for i := range acc.Tokens {
		if t := &acc.Tokens[i]; string(t.Hash) == string(hash) && t.valid(d.desk.Now()) {
			return acc.actor(t.ID, t.ExpiresAt), nil
		}
	}
	return Actor{}, badToken()
}

func badToken() error {
	return Errorf(Unauthenticated, "This token is not valid. It may have expired or been revoked.")
}
