package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
	"homeward/journal"
	"homeward/partners"
	"homeward/store"
)

// testServer is a whole server on a port of its own: real parts over a store in
// memory, and a clock that tests turn.
type testServer struct {
	*Server
	t     testing.TB
	url   string
	store store.Store
	// clock is read by now and turned by pass.
	mu    sync.Mutex
	clock time.Time
	// tokens are those of one account per role.
	tokens map[alerts.Role]string
	logs   *syncBuffer
	// answered notes which operations of the API have succeeded.
	answered sync.Map
}

// syncBuffer gathers what is logged.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// closedFeeds answers that there are no live feeds; they have tests of their
// own.
type closedFeeds struct{}

func (closedFeeds) Check(*http.Request) int                                  { return http.StatusServiceUnavailable }
func (closedFeeds) ServePartner(c net.Conn, _ *http.Request, _ alerts.Actor) { _ = c.Close() }
func (closedFeeds) ServeConsole(c net.Conn, _ *http.Request, _ alerts.Actor) { _ = c.Close() }
func (closedFeeds) Connected(context.Context) (map[string]bool, error)       { return nil, nil }
func (closedFeeds) Positions(context.Context, string) ([]partners.FeedPosition, error) {
	return nil, nil
}

type testPosition struct{ j *journal.Journal }

func (p testPosition) TipNumber() uint64                        { return p.j.Tip().Number }
func (p testPosition) Wait(ctx context.Context, n uint64) error { return p.j.Wait(ctx, n) }
func (p testPosition) Renew(ctx context.Context) error          { return p.j.Renew(ctx) }

func testCollections() []store.Collection {
	return []store.Collection{
		{Name: "cases", New: func() journal.Document { return &alerts.Case{} }},
		{Name: "sightings", New: func() journal.Document { return &alerts.Sighting{} },
			Row: func() journal.Document { return &alerts.SightingRow{} }},
		{Name: "contacts", New: func() journal.Document { return &alerts.Contact{} },
			Row: func() journal.Document { return &alerts.ContactRow{} }},
		{Name: "alerts", New: func() journal.Document { return &alerts.Alert{} }},
		{Name: "rumours", New: func() journal.Document { return &alerts.Rumour{} }},
		{Name: "calls", New: func() journal.Document { return &alerts.Call{} }},
		{Name: "exchanges", New: func() journal.Document { return &alerts.Exchange{} }},
		{Name: "blocks", New: func() journal.Document { return &alerts.Block{} }},
		{Name: "accounts", New: func() journal.Document { return &alerts.Account{} }},
		{Name: "partners", New: func() journal.Document { return &partners.Partner{} }},
		{Name: "told", New: func() journal.Document { return &partners.Told{} }},
		{Name: "deliveries", New: func() journal.Document { return &partners.Delivery{} }},
		{Name: "institutions", New: func() journal.Document { return &partners.Institution{} }},
		{Name: "matters", New: func() journal.Document { return &partners.Matter{} }},
		{Name: "inquiries", New: func() journal.Document { return &partners.Inquiries{} }},
		{Name: "papers", New: func() journal.Document { return &partners.Papers{} }},
		{Name: "letters", New: func() journal.Document { return &partners.Letter{} }},
		{Name: "mediations", New: func() journal.Document { return &partners.Mediation{} },
			Row: func() journal.Document { return &partners.MediationRow{} }},
		{Name: "preventions", New: func() journal.Document { return &partners.Prevention{} }},
		{Name: "referrals", New: func() journal.Document { return &partners.Referral{} }},
		{Name: "conferences", New: func() journal.Document { return &partners.Conference{} }},
		{Name: "searches", New: func() journal.Document { return &partners.Search{} }},
		{Name: "search_tasks", New: func() journal.Document { return &partners.SearchTask{} }},
		{Name: "digests", New: func() journal.Document { return &partners.Digest{} }},
		{Name: "drills", New: func() journal.Document { return &partners.Drill{} }},
		{Name: "handovers", New: func() journal.Document { return &partners.Handover{} }},
		{Name: "comparisons", New: func() journal.Document { return &partners.Comparison{} }},
		{Name: "compare_choices", New: func() journal.Document { return &partners.CompareChoice{} }},
		{Name: "erasures", New: func() journal.Document { return &partners.Erasure{} }},
		{Name: "matches", New: func() journal.Document { return &partners.Match{} }},
	}
}

// atlas holds what takes long to make and never changes.
var atlas = sync.OnceValue(func() (a struct {
	gazetteer *search.Gazetteer
	basemap   *geo.Basemap
	regions   *geo.Regions
	matrix    *alerts.Matrix
}) {
	a.gazetteer = must(search.New())
	a.regions = must(geo.Builtin())
	if err := a.regions.SetHome("RS"); err != nil {
		panic(err)
	}
	a.basemap = must(geo.NewBasemap(a.regions))
	a.matrix = must(alerts.LoadMatrix())
	return a
})

// newTestServer starts a server for a test and stops it at its end.
func newTestServer(t testing.TB) *testServer {
	t.Helper()
	m := store.NewMemory()
	s := startOn(t, m, m)
	m.Now = s.now
	return s
}

// startOn starts a server over a store and a home of keys, with what the test
// changes of its parts.
func startOn(t testing.TB, st store.Store, keys alerts.KeyHome, change ...func(*Parts)) *testServer {
	t.Helper()
	ctx := context.Background()
	s := &testServer{
		t: t, store: st, clock: time.Date(2031, 3, 5, 10, 17, 42, 0, time.UTC), tokens: map[alerts.Role]string{}, logs: &syncBuffer{},
	}
	log := slog.New(slog.NewJSONHandler(s.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ring := must(alerts.OpenRing(ctx, make([]byte, 32), keys))
	codec := must(store.NewCodec(testCollections(), ring))
	regions, matrix := atlas().regions, atlas().matrix
	board := alerts.NewBoard()
	partnerBoard := partners.NewBoard(board, regions)
	j := must(journal.Open(ctx, journal.Options{
		Backend: st, Codec: codec, Boards: []journal.Board{board, partnerBoard}, Now: s.now, Log: log,
		Rows: map[string]bool{"sightings": true, "contacts": true, "mediations": true},
	}))
	t.Cleanup(j.Close)
	desk := partners.NewDesk(alerts.NewDesk(alerts.Parts{
		Journal: j, Board: board, Ring: ring, Reads: must(alerts.NewReadLog(st, "node", s.now)), Matrix: matrix,
		Regions: regions, Side: st, Blobs: st, Now: s.now, Random: rand.Reader, Sender: "test.example.org", Log: log,
	}), partnerBoard)
	door := must(alerts.NewDoor(desk.Desk, alerts.DoorOptions{}))
	j.Subscribe(door.Watch)
	parts := Parts{
		Alerts: desk.Desk, Partners: desk, Door: door, Matrix: matrix, Regions: regions,
		Gazetteer: atlas().gazetteer, Basemap: atlas().basemap,
		Feeds: closedFeeds{}, Senders: echo{}, Position: testPosition{j}, Ready: st.Check, Metrics: http.NotFoundHandler(),
		Observe: func(string, int, time.Duration) {},
		Config:  Config{Name: "Homeward test", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		Log:     log, Now: s.now,
	}
	for _, c := range change {
		c(&parts)
	}
	s.Server = must(New(parts))
	s.listen()
	return s
}

func (s *testServer) listen() {
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	s.url = "http://" + l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	// A server that has not begun to serve cannot be stopped.
	client{s: s}.send("GET", "/healthz", nil).want(200)
	s.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			s.t.Errorf("stop the server: %v", err)
		}
		<-served
	})
}

func (s *testServer) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock
}

func (s *testServer) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = s.clock.Add(d)
}

// write puts documents into the journal past all rules.
func (s *testServer) write(documents ...journal.Document) {
	s.t.Helper()
	_, err := s.Alerts.Journal.Do(context.Background(), journal.Command{Actor: "test", Action: "test",
		Decide: func(*journal.View) (journal.Outcome, error) {
			return journal.Outcome{Documents: documents}, nil
		}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// person makes an account with a token of its own and returns a client for it.
func (s *testServer) person(role alerts.Role, name string) client {
	return s.account(alerts.KindPerson, role, name, "")
}

func (s *testServer) account(kind alerts.Kind, role alerts.Role, name, partner string) client {
	s.t.Helper()
	token := alerts.TokenFrom([]byte("token of " + name + " in a test"))
	s.write(&alerts.Account{
		Head: journal.Head{ID: alerts.NewID(rand.Reader)}, Kind: kind, Role: role, Name: name, Email: strings.ToLower(name) + "@example.org",
		Partner: partner, MadeBy: "system",
		Tokens: []alerts.Token{{ID: alerts.NewID(rand.Reader), Name: "test", Hash: alerts.HashSecret(token), ExpiresAt: s.now().Add(60 * 24 * time.Hour), MadeAt: s.now()}},
	})
	return client{s: s, token: token}
}

// as returns a client for the one account that the test has for a role.
func (s *testServer) as(role alerts.Role) client {
	s.t.Helper()
	if role == alerts.RolePublic {
		return client{s: s}
	}
	if s.tokens[role] == "" {
		partner := ""
		if role == alerts.RolePartner || role == alerts.RolePartnerSearch {
			partner, _ = s.organisation("Organisation of " + string(role))
		}
		s.tokens[role] = s.account(alerts.KindPerson, role, "Person-"+string(role), partner).token
	}
	return client{s: s, token: s.tokens[role]}
}

// organisation enters and approves a partner that covers Serbia, and returns
// its id and a client with a key of it.
func (s *testServer) organisation(name string) (string, client) {
	s.t.Helper()
	v := s.as(alerts.RoleAdministrator).post("/partners", map[string]any{
		"name": name, "coverage": map[string]any{"regions": []string{"RS"}}, "languages": []string{"sr-Latn", "en"},
		"agreement": map[string]any{"reference": "A-1", "valid_until": s.now().Add(300 * 24 * time.Hour)},
	}).want(201)
	id := v.text("id")
	s.as(alerts.RoleDutyOfficer).post("/partners/"+id+"/approve", nil).want(200)
	key := s.as(alerts.RoleDutyOfficer).post("/partners/"+id+"/tokens", map[string]any{"name": "machine"}).want(201)
	return id, client{s: s, token: key.text("token")}
}

// client sends requests as somebody.
type client struct {
	s       *testServer
	token   string
	headers []string // pairs
	t       testing.TB
}

// in returns a client that reports to a subtest.
func (c client) in(t testing.TB) client {
	c.t = t
	return c
}

func (c client) tb() testing.TB {
	if c.t != nil {
		return c.t
	}
	return c.s.t
}

// with returns a client that sends these headers too, as pairs.
func (c client) with(pairs ...string) client {
	c.headers = append(append([]string{}, c.headers...), pairs...)
	return c
}

func (c client) get(path string) reply                   { return c.api("GET", path, nil) }
func (c client) post(path string, body any) reply        { return c.api("POST", path, body) }
func (c client) patch(path string, body any) reply       { return c.api("PATCH", path, body) }
func (c client) delete(path string) reply                { return c.api("DELETE", path, nil) }
func (c client) api(method, path string, body any) reply { return c.send(method, apiPrefix+path, body) }

// send sends a value as JSON, or bytes and strings as they are, and checks the
// answer of the API against its description.
func (c client) send(method, path string, body any) reply {
	t := c.tb()
	t.Helper()
	raw, kind := []byte(nil), "application/json"
	switch b := body.(type) {
	case nil:
		kind = ""
	case []byte:
		raw = b
	case string:
		raw = []byte(b)
	default:
		raw = must(json.Marshal(body))
	}
	r := must(http.NewRequest(method, c.s.url+path, bytes.NewReader(raw)))
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(c.headers); i += 2 {
		r.Header.Set(c.headers[i], c.headers[i+1])
	}
	client := http.Client{
		Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	res, err := client.Do(r)
	// A server that refuses a large body closes before it has read it, and this
	// client may then meet the closing before it meets the answer.
	for try := 0; err != nil && len(raw) > bodyLimit && try < 10; try++ {
		r.Body = io.NopCloser(bytes.NewReader(raw))
		res, err = client.Do(r)
	}
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	out := reply{t: t, what: method + " " + path, status: res.StatusCode, header: res.Header, body: must(io.ReadAll(res.Body))}
	if strings.HasPrefix(path, apiPrefix) {
		described(t, r, out)
		if route := routeFor(r); route != nil && out.status < 300 {
			c.s.answered.Store(method+" "+route.Path, true)
		}
	}
	return out
}

// reply is an answer.
type reply struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// want fails the test unless the answer has this status.
func (r reply) want(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("%s: got %d, want %d: %s", r.what, r.status, status, r.body)
	}
	return r
}

// at returns what stands at a path such as "items.0.id" in the JSON answer, nil
// for nothing.
func (r reply) at(path string) any {
	r.t.Helper()
	var v any
	if err := json.Unmarshal(r.body, &v); err != nil {
		r.t.Fatalf("%s: %v: %s", r.what, err, r.body)
	}
	for _, part := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (r reply) text(path string) string {
	r.t.Helper()
	s, ok := r.at(path).(string)
	if !ok {
		r.t.Fatalf("%s: no text at %s in %s", r.what, path, r.body)
	}
	return s
}

// count is the length of the list at a path.
func (r reply) count(path string) int {
	r.t.Helper()
	l, ok := r.at(path).([]any)
	if !ok {
		r.t.Fatalf("%s: no list at %s in %s", r.what, path, r.body)
	}
	return len(l)
}

// wrong fails the test unless the answer has this status and names this field
// among those that are wrong.
func (r reply) wrong(status int, field string) reply {
	r.t.Helper()
	r.want(status)
	if kind := r.header.Get("Content-Type"); kind != "application/problem+json" {
		r.t.Fatalf("%s: an error came as %q", r.what, kind)
	}
	if field == "" {
		return r
	}
	for i := range r.count("errors") {
		if r.text("errors."+strconv.Itoa(i)+".field") == field {
			return r
		}
	}
	r.t.Fatalf("%s: %s is not among the wrong fields: %s", r.what, field, r.body)
	return r
}

// must returns what a command gave; an error there ends the test.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
