package web

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
	"homeward/partners"
)

// Feeds are the live feeds, which realtime serves. The web layer checks who
// asks and takes the connection over; everything after it is the feed's.
type Feeds interface {
	// Check returns 0 when the websocket handshake is in order, else a status.
	Check(r *http.Request) int
	ServePartner(conn net.Conn, r *http.Request, a alerts.Actor)
	ServeConsole(conn net.Conn, r *http.Request, a alerts.Actor)
	// Connected are the partners with an open connection, to any node.
	Connected(ctx context.Context) (map[string]bool, error)
	// Positions are how far each key of a partner has come in its feed.
	Positions(ctx context.Context, partner string) ([]partners.FeedPosition, error)
}

// Position is the part of the journal that lets a reader see its own writes, on
// every node.
type Position interface {
	TipNumber() uint64
	Wait(ctx context.Context, number uint64) error
	// Renew waits for what other nodes have written until now.
	Renew(ctx context.Context) error
}

// Config is how the server is reached.
type Config struct {
	// Origin is the address people use, such as "https://homeward.example.org",
	// for links in feeds and for Origin checks; empty means: that of the request.
	Origin string
	// Secure says that browsers come by https, also when a proxy ends it.
	Secure bool
	// TrustedProxies may set X-Forwarded-For; nobody else may.
	TrustedProxies []netip.Prefix
	// Name is what the organisation is called on its pages.
	Name string
	// Demo shows the page that says what to try, and its sign-in links.
	Demo *Demo
	// Mails says that e-mail can be sent.
	Mails bool
	// Version is the program's version.
	Version string
}

// Demo is what the demonstration's first page needs.
type Demo struct {
	// Links are one-time sign-in codes by role, in the order to show them.
	Links []DemoLink
	// FollowCode is the code of a family that follows its report.
	FollowCode string
}

// DemoLink is one way to sign in to the demonstration.
type DemoLink struct {
	Role string
	Name string
	Code string
}

// Parts are what a Server works with.
type Parts struct {
	Alerts    *alerts.Desk
	Partners  *partners.Desk
	Door      *alerts.Door
	Matrix    *alerts.Matrix
	Regions   *geo.Regions
	Gazetteer *search.Gazetteer
	// Own are the streets and places of the operator's own; nil for none.
	Own     *search.Own
	Basemap *geo.Basemap
	// BaseFile is the operator's own map with streets, nil for none.
	BaseFile *BaseFile
	Feeds    Feeds
	// Senders sends test messages; nil where nothing is sent.
	Senders  Senders
	Position Position
	// Ready is nil while the server can do its work; an error with a Code names
	// the reason to whoever asks.
	Ready func(context.Context) error
	// Trouble is why no alert would get out, and since when; "" while all is
	// well. It may be nil.
	Trouble func() (reason string, since time.Time)
	Metrics http.Handler
	// Observe counts an answered request by route pattern, status and time.
	Observe func(route string, status int, took time.Duration)
	Config  Config
	Log     *slog.Logger
	Now     func() time.Time
}

// Server is the HTTP server. Make it with New.
type Server struct {
	Parts
	app    *fiber.App
	pages  *pages
	texts  *texts
	assets *assets
	limits *limiter
	effort *effort
	names  shelfOfNames
	shown  *shownShelf
	// addresses are the paths of routes that answer GET.
	addresses []string
	// criteria are all versions of the lists of criteria.
	criteria []alerts.CriteriaList
	demo     demoDoor
	// decoding has a place for each picture that may be decoded at once.
	decoding chan struct{}
}

// Body limits in bytes. Every body is in memory before a handler runs, so
// everything but a photo is refused by its length.
const (
	bodyLimit   = 512 << 10
	uploadLimit = 13 << 20
)

// New builds the server and checks what would otherwise fail before a visitor:
// templates, texts in every language, and the matrix against the routes.
func New(p Parts) (*Server, error) {
	s := &Server{Parts: p, limits: newLimiter(p.Now), shown: newShownShelf(), demo: demoDoor{emails: map[string]string{}}, decoding: make(chan struct{}, decodesAtOnce)}
	var err error
	if s.effort, err = newEffort(p.Now, p.Alerts.Ring.MAC); err != nil {
		return nil, err
	}
	if s.texts, err = loadTexts(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = loadPages(); err != nil {
		return nil, err
	}
	if s.criteria, err = alerts.LoadCriteria(); err != nil {
		return nil, err
	}
	s.app = fiber.New(fiber.Config{
		// Values kept past the handler would otherwise turn into those of the
		// next request: one child's id on another child's record.
		Immutable:             true,
		CaseSensitive:         true,
		StrictRouting:         true,
		BodyLimit:             uploadLimit,
		ReadTimeout:           120 * time.Second,
		WriteTimeout:          60 * time.Second,
		IdleTimeout:           75 * time.Second,
		DisableStartupMessage: true,
		// A form that cannot be read is then refused by its handler, which knows
		// the address, and not by the engine, which has forgotten it.
		DisablePreParseMultipartForm: true,
		ErrorHandler:                 s.answerError,
		ReadBufferSize:               16 << 10,
	})
	server := s.app.Server()
	server.HeaderReceived = limits
	hearOut(server)
	server.KeepHijackedConns = true // the feeds close what they take over
	server.SecureErrorLogMessage = true
	if err := s.mount(); err != nil {
		return nil, err
	}
	s.Alerts.Journal.Subscribe(s.shown.installed)
	return s, nil
}

// App is the Fiber application, for tests.
func (s *Server) App() *fiber.App { return s.app }

// Serve answers requests on a listener until Shutdown.
func (s *Server) Serve(l net.Listener) error { return s.app.Listener(s.bound(l)) }

// ServeTLS is Serve with certificates.
func (s *Server) ServeTLS(l net.Listener, c *tls.Config) error {
	return s.app.Listener(tls.NewListener(s.bound(l), c))
}

// Shutdown finishes what is being answered and stops. Close the feeds first:
// the server does not wait for connections that were taken over.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }
