package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"homeward/alerts"
	"homeward/geo"
	"homeward/geo/search"
	"homeward/partners"
	"homeward/web"
)

// timeNow is the clock of the real program.
func timeNow() time.Time { return time.Now() }

// grace is how long a stop may take.
const grace = 10 * time.Second

type serveCommand struct {
	storeFlags
	webFlags
	mailFlags
}

// Run serves until it is stopped.
func (s *serveCommand) Run(c *console, ctx context.Context) error {
	if err := errors.Join(s.settle(), s.check()); err != nil {
		return err
	}
	post, err := s.mailer()
	if err != nil {
		return err
	}
	base, err := openBaseFile(s.Basemap)
	if err != nil {
		return err
	}
	var w *world
	err = withRoom(func() (err error) {
		w, err = openWorld(ctx, s.storeFlags, s.world(), timeNow, c.log)
		return err
	})
	if err != nil {
		return err
	}
	defer w.close()
	go roomy(ctx.Done())
	w.mail, w.baseFile = post, base
	l, err := s.bind()
	if err != nil {
		return err
	}
	if err := w.firstStart(ctx, c, s.State, s.address()); err != nil {
		return err
	}
	if err := w.listenOperators(ctx, s.State); err != nil {
		return err
	}
	return w.serve(ctx, c, s.webFlags, l, nil, nil)
}

// world is what the flags say of the parts below the web.
func (f *webFlags) world() worldOptions {
	return worldOptions{sender: f.Sender, address: f.address(), idle: f.Idle, countries: f.Country, serves: true}
}

// address is where a person on this machine reaches the server.
func (f *webFlags) address() string {
	switch {
	case f.Origin != "":
		return f.Origin
	case f.Domain != "":
		return "https://" + f.Domain
	case f.TLSCert != "":
		return "https://" + f.Listen
	}
	return "http://" + f.Listen
}

// firstStart seeds the directory of institutions and prints a one-time sign-in
// link, and writes the administrator's token, when there is no account yet.
func (w *world) firstStart(ctx context.Context, c *console, state, address string) error {
	path := filepath.Join(state, "admin-token")
	w.door.OnFirstAdministrator(func() { _ = os.Remove(path) })
	code, token, err := w.door.BootstrapAdmin(ctx)
	if err != nil || code == "" {
		return err
	}
	if err := w.seedDirectory(ctx); err != nil {
		return fmt.Errorf("fill the directory of institutions: %w", err)
	}
	if err := os.WriteFile(path, []byte(token+"\n"), 0o600); err != nil {
		return fmt.Errorf("write the administrator's token: %w", err)
	}
	_, err = fmt.Fprintf(c.out, "First start. Sign in once as administrator within 24 hours:\n  %s/invitation#%s\nA token for programs is in %s.\n",
		address, code, path)
	return err
}

// seedDirectory puts the public institutions into the directory, once.
func (w *world) seedDirectory(ctx context.Context) error {
	if len(w.desk.PartnerBoard().Institutions()) > 0 {
		return nil
	}
	seeds, err := partners.SeedInstitutions()
	if err != nil {
		return err
	}
	for _, in := range seeds {
		if _, err := w.desk.CreateInstitution(ctx, alerts.System(), in, alerts.Request{}); err != nil {
			return err
		}
	}
	return nil
}

// bind opens the address to listen on and notes which port it got. It comes
// before anything is printed that points there.
func (f *webFlags) bind() (net.Listener, error) {
	l, err := net.Listen("tcp", f.Listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program listens on %s already; stop it, or choose another port with --listen", f.Listen)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", f.Listen, err)
	}
	f.Listen = l.Addr().String()
	return l, nil
}

// serve answers requests on a bound listener until ctx ends or the store fails,
// then stops gracefully. ready, when given, is told the address.
func (w *world) serve(ctx context.Context, c *console, f webFlags, l net.Listener, demo *web.Demo, ready func(address string)) error {
	server, err := w.web(f, demo)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	w.senders.words = func(d partners.Dispatch) web.PartnerMail { return server.PartnerMail(d, f.address()) }
	running, stop := context.WithCancel(ctx)
	defer stop()
	go w.hub.Watch(running)
	go w.hub.SaveEach(running)
	go w.due(running)
	tested := make(chan struct{})
	go func() { defer close(tested); w.selfTest.Run(running) }()
	sent := make(chan struct{})
	go func() { defer close(sent); w.outbox(w.senders).Run(running) }()
	mailed := make(chan struct{})
	go func() { defer close(mailed); w.sendDigests(running, server, f.address(), f.Sender) }()
	referred := make(chan struct{})
	go func() { defer close(referred); w.sendReferralMails(running) }()
	compared := make(chan struct{})
	go func() { defer close(compared); w.compare(running) }()
	alarmed := make(chan struct{})
	go func() { defer close(alarmed); w.alarms(running, server, f) }()
	// What is on its way is waited for before the store is closed.
	defer func() {
		stop()
		for _, ended := range []chan struct{}{sent, mailed, referred, compared, alarmed, tested} {
			<-ended
		}
	}()
	followed := make(chan error, 1)
	go func() { followed <- w.journal.Follow(running) }()
	served := make(chan error, 1)
	go func() { served <- f.serveOn(server, l) }()
	go debug.FreeOSMemory() // what the start left lying would stay for as long as little happens
	fmt.Fprintf(c.out, "Homeward is at %s\n", f.address())
	if ready != nil {
		ready(f.address())
	}
	select {
	case <-ctx.Done():
	case err = <-served:
	case <-w.journal.Failed():
		err = w.journal.Err()
	}
	return errors.Join(err, w.stop(server))
}

// stop closes the feeds, then finishes what is being answered: the other way
// round nobody would tell the feeds' clients that they may come back.
func (w *world) stop(server *web.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return errors.Join(w.hub.Stop(ctx), w.hub.Save(ctx), w.hub.SavePresence(ctx), server.Shutdown(ctx), w.desk.KeepPapersTaken(ctx))
}

// ground is what the web rests on that has nothing to do with what is stored.
type ground struct {
	gazetteer *search.Gazetteer
	basemap   *geo.Basemap
}

// newGround takes about a second of a processor.
func newGround(regions *geo.Regions) (g ground, err error) {
	if err := web.ParsePages(); err != nil {
		return g, err
	}
	if g.gazetteer, err = search.New(); err != nil {
		return g, err
	}
	g.basemap, err = geo.NewBasemap(regions)
	return g, err
}

func (w *world) web(f webFlags, demo *web.Demo) (*web.Server, error) {
	g, err := w.ground()
	if err != nil {
		return nil, err
	}
	if err := w.places.searchOver(context.Background(), g.gazetteer); err != nil {
		w.log.Error("read the imported places", "error", err) // towns are still found
	}
	origin := f.Origin
	if origin == "" && f.Domain != "" {
		origin = "https://" + f.Domain
	}
	m := newMeters(w)
	w.senders = w.newSenders(f)
	if demo == nil { // the demonstration asks nobody
		w.desk.AskWith(w.senders.hooks.Ask)
	}
	return web.New(web.Parts{
		Alerts: w.desk.Desk, Partners: w.desk, Door: w.door, Matrix: w.desk.Matrix, Regions: w.regions, Gazetteer: g.gazetteer, Own: w.places.own, Basemap: g.basemap,
		BaseFile: w.baseFile,
		Feeds:    w.hub, Senders: w.senders, Position: position{w}, Ready: w.ready, Trouble: w.trouble, Metrics: m.handler(), Observe: m.observe,
		Config: web.Config{
			Origin: origin, Secure: f.secure(), TrustedProxies: f.TrustedProxy, Name: f.Name,
			Demo: demo, Mails: w.mail != nil, Version: version,
		},
		Log: w.log, Now: w.now,
	})
}

// position lets the web wait for the journal.
type position struct{ w *world }

func (p position) TipNumber() uint64                        { return p.w.journal.Tip().Number }
func (p position) Wait(ctx context.Context, n uint64) error { return p.w.journal.Wait(ctx, n) }
func (p position) Renew(ctx context.Context) error          { return p.w.journal.Renew(ctx) }

// ready tells whether the store can be reached and takes writes, and whether an
// alert would get out.
func (w *world) ready(ctx context.Context) error {
	return errors.Join(w.journal.Healthy(), w.store.Check(ctx), w.selfTest.Err())
}

// trouble is why the way of an alert is stuck, and since when; "" while it is
// not.
func (w *world) trouble() (reason string, since time.Time) {
	s := w.selfTest.State()
	return s.Stuck, s.Since
}

// due takes the steps that have fallen due, each second: every node proposes
// them, and a rule refuses a step that was already taken.
func (w *world) due(ctx context.Context) {
	steps, sweep, photos := time.NewTicker(time.Second), time.NewTicker(time.Minute), time.NewTicker(time.Hour)
	defer steps.Stop()
	defer sweep.Stop()
	defer photos.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-steps.C:
			err = w.takeDueSteps(ctx)
		case <-sweep.C:
			_, err = w.store.SweepSide(ctx, w.now())
			err = errors.Join(err, w.desk.KeepPapersTaken(ctx), w.desk.ForgetCalls(ctx, w.now()), w.desk.EraseDue(ctx, w.now()), w.places.refresh(ctx))
		case <-photos.C:
			err = w.wipe(ctx)
		}
		if err != nil && ctx.Err() == nil {
			w.log.Error("take due steps", "error", err)
		}
	}
}

func (w *world) takeDueSteps(ctx context.Context) error {
	now := w.now()
	errs := []error{w.desk.TakeDueSteps(ctx, now), w.desk.TakePreventionSteps(ctx, now), w.desk.EndDueDrills(ctx, now), w.desk.TakeReferralSteps(ctx), w.desk.TakeCompareSteps(ctx), w.desk.TakeConferenceSteps(ctx)}
	for _, id := range w.desk.PartnersDue(now) {
		errs = append(errs, w.desk.SettlePartner(ctx, id))
	}
	return errors.Join(errs...)
}

// serveOn serves on a listener, with TLS where it is configured.
func (f *webFlags) serveOn(s *web.Server, l net.Listener) error {
	switch {
	case f.TLSCert != "":
		pair, err := tls.LoadX509KeyPair(f.TLSCert, f.TLSKey)
		if err != nil {
			return fmt.Errorf("read the certificate: %w", err)
		}
		return s.ServeTLS(l, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	case f.Domain != "":
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(f.Domain),
			Cache: autocert.DirCache(filepath.Join(".", "homeward-certificates")),
		}
		c := m.TLSConfig()
		c.MinVersion = tls.VersionTLS12
		c.NextProtos = []string{"http/1.1", "acme-tls/1"}
		return s.ServeTLS(l, c)
	}
	return s.Serve(l)
}
