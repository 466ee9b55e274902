package alerts_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/store"
)

// house is an installation in memory with a clock that tests move.
type house struct {
	*alerts.Desk
	door  *alerts.Door
	store *store.Memory

	mu      sync.Mutex
	at      time.Time
	revoked []string
	first   int
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{store: store.NewMemory(), at: time.Date(2026, 8, 14, 10, 0, 0, 0, time.UTC)}
	matrix := must(alerts.LoadMatrix())(t)
	ring := must(alerts.OpenRing(t.Context(), make([]byte, 32), h.store))(t)
	codec := must(store.NewCodec([]store.Collection{
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
	}, ring))(t)
	board := alerts.NewBoard()
	j := must(journal.Open(t.Context(), journal.Options{Backend: h.store, Codec: codec, Boards: []journal.Board{board}, Now: h.now}))(t)
	t.Cleanup(j.Close)
	h.Desk = alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Matrix: matrix, Side: h.store, Now: h.now, Random: rand.Reader,
	})
	h.door = must(alerts.NewDoor(h.Desk, alerts.DoorOptions{}))(t)
	j.Subscribe(h.door.Watch)
	h.door.OnRevoked(func(id string) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.revoked = append(h.revoked, id)
	})
	h.door.OnFirstAdministrator(func() { h.first++ })
	return h
}

func (h *house) closed(session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Contains(h.revoked, session)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func admin() alerts.Actor {
	return alerts.Actor{ID: "admin", Kind: alerts.KindPerson, Role: alerts.RoleAdministrator}
}

const password = "four words are better"

// person makes an account, accepts its invitation and returns the session.
func (h *house) person(t *testing.T, role alerts.Role, email string) (string, alerts.Actor) {
	t.Helper()
	made := must(h.CreateAccount(t.Context(), admin(), alerts.NewAccount{Kind: alerts.KindPerson, Role: role, Name: "Ana", Email: email}, alerts.Request{}))(t)
	token, a, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: made.Invitation.Code, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return token, a
}

func (h *house) signIn(ctx context.Context, email, password string) (string, alerts.Actor, error) {
	return h.door.SignIn(ctx, alerts.Credentials{Email: email, Password: password, Network: "net"})
}

func wantCode(t *testing.T, err error, code alerts.Code) {
	t.Helper()
	if alerts.CodeOf(err) != code {
		t.Errorf("error %v, want %s", err, code)
	}
}

func TestPeopleAreInvitedAndSignIn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := alerts.NewAccount{Kind: alerts.KindPerson, Role: alerts.RoleOperator, Name: "Ana", Email: "Ana@example.org"}
	made := must(h.CreateAccount(t.Context(), admin(), in, alerts.Request{}))(t)
	accept := func(code, pass string) error {
		_, _, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: code, Password: pass})
		return err
	}
	wantCode(t, accept("2222-2222", password), alerts.Unauthenticated)
	wantCode(t, accept(made.Invitation.Code, "short"), alerts.Invalid)
	if err := accept(strings.ToLower(made.Invitation.Code), password); err != nil {
		t.Fatal(err)
	}
	wantCode(t, accept(made.Invitation.Code, password), alerts.Unauthenticated) // it is used up
	token, a, err := h.signIn(t.Context(), "ana@EXAMPLE.org ", password)
	if err != nil || a.Role != alerts.RoleOperator || a.Kind != alerts.KindPerson || a.ID != made.ID || a.StepUpAt.IsZero() {
		t.Fatalf("%+v, %v", a, err)
	}
	again := must(h.door.Session(t.Context(), token))(t)
	if again.ID != a.ID || again.Session != a.Session || again.Session == token {
		t.Errorf("the session is %+v", again)
	}
	_, _, err = h.signIn(t.Context(), "ana@example.org", password+"!")
	wantCode(t, err, alerts.Unauthenticated)
	_, _, other := h.signIn(t.Context(), "nobody@example.org", password)
	if err.Error() != other.Error() {
		t.Errorf("%q tells that there is an account, %q that there is none", err, other)
	}
}

func TestInvitationsEndAfterThreeDays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	in := alerts.NewAccount{Kind: alerts.KindPerson, Role: alerts.RoleOperator, Name: "Ana", Email: "ana@example.org"}
	made := must(h.CreateAccount(t.Context(), admin(), in, alerts.Request{}))(t)
	h.pass(72 * time.Hour)
	_, _, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: made.Invitation.Code, Password: password})
	wantCode(t, err, alerts.Unauthenticated)
	again := must(h.InviteAccount(t.Context(), admin(), made.ID, alerts.Request{}))(t)
	if _, _, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: again.Invitation.Code, Password: password}); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, alerts.RoleOperator, "ana@example.org")
	token, first, _ := h.signIn(t.Context(), "ana@example.org", password)
	for range 31 { // used every quarter of an hour but one minute
		h.pass(14 * time.Minute)
		if _, err := h.door.Session(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	if a := must(h.door.Session(t.Context(), token))(t); !a.StepUpAt.IsZero() {
		t.Error("an old proof still counts")
	}
	fresh, _, err := h.door.StepUp(t.Context(), token, password, "net")
	if err != nil || fresh == token || !h.closed(first.Session) {
		t.Fatalf("a step-up keeps the token, %v", err)
	}
	_, err = h.door.Session(t.Context(), token)
	wantCode(t, err, alerts.Unauthenticated)
	if a := must(h.door.Session(t.Context(), fresh))(t); a.StepUpAt.IsZero() {
		t.Error("the proof does not count")
	}
	for range 4 { // the eight hours are counted from the sign-in, not the step-up
		h.pass(14 * time.Minute)
		_, err = h.door.Session(t.Context(), fresh)
	}
	wantCode(t, err, alerts.Unauthenticated)

	idle, _, _ := h.signIn(t.Context(), "ana@example.org", password)
	h.pass(15 * time.Minute)
	_, err = h.door.Session(t.Context(), idle)
	wantCode(t, err, alerts.Unauthenticated)

	out, a, _ := h.signIn(t.Context(), "ana@example.org", password)
	if err := h.door.SignOut(t.Context(), out); err != nil || !h.closed(a.Session) {
		t.Fatalf("%v", err)
	}
	_, err = h.door.Session(t.Context(), out)
	wantCode(t, err, alerts.Unauthenticated)
}

func TestDisablingEndsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session, a := h.person(t, alerts.RoleOperator, "ana@example.org")
	token := must(h.CreateToken(t.Context(), a, a.ID, alerts.NewToken{Name: "mine"}, alerts.Request{}))(t)
	_, err := h.DisableAccount(t.Context(), a, a.ID, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
	if _, err := h.DisableAccount(t.Context(), admin(), a.ID, alerts.Request{}); err != nil {
		t.Fatal(err)
	}
	_, err = h.door.Session(t.Context(), session)
	wantCode(t, err, alerts.Unauthenticated)
	_, err = h.door.Authenticate(t.Context(), token.Token)
	wantCode(t, err, alerts.Unauthenticated)
	_, _, err = h.signIn(t.Context(), "ana@example.org", password)
	wantCode(t, err, alerts.Unauthenticated)
	if !h.closed(a.Session) || !h.closed(token.ID) {
		t.Error("open connections are not told")
	}
	_, err = h.InviteAccount(t.Context(), admin(), a.ID, alerts.Request{})
	wantCode(t, err, alerts.Conflict)
}

func TestANewPasswordEndsOldSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session, a := h.person(t, alerts.RoleOperator, "ana@example.org")
	h.pass(time.Minute)
	again := must(h.InviteAccount(t.Context(), admin(), a.ID, alerts.Request{}))(t)
	fresh, _, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: again.Invitation.Code, Password: password + " still"})
	if err != nil || !h.closed(a.Session) {
		t.Fatalf("%v", err)
	}
	_, err = h.door.Session(t.Context(), session)
	wantCode(t, err, alerts.Unauthenticated)
	must(h.door.Session(t.Context(), fresh))(t)
}

func TestServiceTokens(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	made := must(h.CreateAccount(t.Context(), admin(), alerts.NewAccount{Kind: alerts.KindService, Role: alerts.RoleCoordinator, Name: "dispatch"}, alerts.Request{}))(t)
	if made.Invitation != nil {
		t.Error("a program is invited")
	}
	r := alerts.Request{Key: []byte("the caller's key"), Body: []byte("body")}
	first := must(h.CreateToken(t.Context(), admin(), made.ID, alerts.NewToken{Name: "one"}, r))(t)
	repeat := must(h.CreateToken(t.Context(), admin(), made.ID, alerts.NewToken{Name: "one"}, r))(t)
	if first != repeat {
		t.Errorf("a repeat gives %+v after %+v", repeat, first)
	}
	_, err := h.CreateToken(t.Context(), admin(), made.ID, alerts.NewToken{Name: "two"}, alerts.Request{Key: r.Key, Body: []byte("other")})
	wantCode(t, err, alerts.RequestReused)
	a := must(h.door.Authenticate(t.Context(), first.Token))(t)
	if a.ID != made.ID || a.Kind != alerts.KindService || a.Role != alerts.RoleCoordinator || a.Session != first.ID || !a.ExpiresAt.Equal(first.ExpiresAt) {
		t.Errorf("%+v", a)
	}
	for _, wrong := range []string{"", "hw_", first.Token + "a", strings.ToUpper(first.Token)} {
		_, err := h.door.Authenticate(t.Context(), wrong)
		wantCode(t, err, alerts.Unauthenticated)
	}
	// A program may make tokens for itself, nobody else's.
	_, err = h.CreateToken(t.Context(), alerts.Actor{ID: "x", Kind: alerts.KindService, Role: alerts.RoleCoordinator}, made.ID, alerts.NewToken{Name: "x"}, alerts.Request{})
	wantCode(t, err, alerts.NotFound)
	if _, err := h.RevokeToken(t.Context(), admin(), made.ID, first.ID, alerts.Request{}); err != nil || !h.closed(first.ID) {
		t.Fatalf("%v", err)
	}
	_, err = h.door.Authenticate(t.Context(), first.Token)
	wantCode(t, err, alerts.Unauthenticated)

	short := must(h.CreateToken(t.Context(), admin(), made.ID, alerts.NewToken{Name: "short", ExpiresAt: h.now().Add(time.Hour)}, alerts.Request{}))(t)
	h.pass(time.Hour)
	_, err = h.door.Authenticate(t.Context(), short.Token)
	wantCode(t, err, alerts.Unauthenticated)
	_, err = h.CreateToken(t.Context(), admin(), made.ID, alerts.NewToken{ExpiresAt: h.now().Add(500 * 24 * time.Hour)}, alerts.Request{})
	var e *alerts.Error
	if !errors.As(err, &e) || len(e.Fields) != 2 {
		t.Errorf("%v", err)
	}
}

func TestAccountsTellEveryFault(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.CreateAccount(t.Context(), admin(), alerts.NewAccount{Kind: "robot", Role: alerts.RolePublic, Email: "x", Language: "??", Partner: "p"}, alerts.Request{})
	var e *alerts.Error
	if !errors.As(err, &e) || len(e.Fields) != 6 {
		t.Errorf("%v", err)
	}
	h.person(t, alerts.RoleOperator, "ana@example.org")
	_, err = h.CreateAccount(t.Context(), admin(), alerts.NewAccount{Kind: alerts.KindPerson, Role: alerts.RoleOperator, Name: "B", Email: "ANA@example.org"}, alerts.Request{})
	wantCode(t, err, alerts.Invalid)
	_, err = h.CreateAccount(t.Context(), alerts.Actor{ID: "x", Role: alerts.RoleCoordinator}, alerts.NewAccount{}, alerts.Request{})
	wantCode(t, err, alerts.Forbidden)
	if _, err := h.Accounts(alerts.Actor{ID: "x", Role: alerts.RoleCoordinator}); alerts.CodeOf(err) != alerts.Forbidden {
		t.Errorf("%v", err)
	}
	if all := must(h.Accounts(admin()))(t); len(all) != 1 {
		t.Errorf("%+v", all)
	}
}

func TestFirstStartEndsWithTheFirstAdministrator(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	code, token, err := h.door.BootstrapAdmin(t.Context())
	if err != nil || code == "" || token == "" {
		t.Fatalf("%q %q %v", code, token, err)
	}
	// A second start before anybody has signed in: both tokens and both links
	// hold, until one of the links is used.
	newer, second, err := h.door.BootstrapAdmin(t.Context())
	if err != nil || newer == code || second == token {
		t.Fatal(err)
	}
	a := must(h.door.Authenticate(t.Context(), token))(t)
	if a.Role != alerts.RoleAdministrator || a.Kind != alerts.KindService {
		t.Errorf("%+v", a)
	}
	must(h.CreateAccount(t.Context(), a, alerts.NewAccount{Kind: alerts.KindService, Role: alerts.RoleCoordinator, Name: "s"}, alerts.Request{}))(t)
	for _, link := range []string{code, newer} {
		_, _, err = h.door.Accept(t.Context(), alerts.Acceptance{Code: link, Password: password})
		wantCode(t, err, alerts.Invalid) // it has neither name nor address yet
	}
	_, who, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: code, Name: "Iva", Email: "iva@example.org", Password: password})
	if err != nil || who.Role != alerts.RoleAdministrator || h.first != 1 {
		t.Fatalf("%+v, %v, told %d times", who, err, h.first)
	}
	for _, link := range []string{code, newer} {
		_, _, err := h.door.Accept(t.Context(), alerts.Acceptance{Code: link, Name: "Nobody", Email: "nobody@example.org", Password: password})
		wantCode(t, err, alerts.Unauthenticated)
	}
	for _, old := range []string{token, second} {
		_, err := h.door.Authenticate(t.Context(), old)
		wantCode(t, err, alerts.Unauthenticated)
	}
	if !h.closed(a.Session) {
		t.Error("the first token's connections are not told")
	}
	if code, token, err := h.door.BootstrapAdmin(t.Context()); code != "" || token != "" || err != nil {
		t.Errorf("a later start gives %q %q %v", code, token, err)
	}
}

func TestGuessingIsSlowAndLocksNobodyOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.person(t, alerts.RoleOperator, "ana@example.org")
	if _, _, err := h.signIn(t.Context(), "ana@example.org", password); err != nil {
		t.Fatal(err)
	}
	guess := func(network string) alerts.Code {
		_, _, err := h.door.SignIn(t.Context(), alerts.Credentials{Email: "ana@example.org", Password: "wrong", Network: network})
		return alerts.CodeOf(err)
	}
	for i := range 6 {
		want := alerts.Unauthenticated
		if i == 5 {
			want = alerts.TooMany
		}
		if got := guess("bad"); got != want {
			t.Fatalf("guess %d: %s", i, got)
		}
	}
	// Many networks: strangers are slowed down, the place she works from is not.
	slowed := false
	for i := range 60 {
		slowed = slowed || guess(strings.Repeat("n", i)) == alerts.TooMany
	}
	if !slowed {
		t.Error("sixty networks guess freely")
	}
	if _, _, err := h.signIn(t.Context(), "ana@example.org", password); err != nil {
		t.Errorf("she is locked out: %v", err)
	}
}
