package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners"
	"homeward/realtime/mail"
	"homeward/web"
)

// pigeonhole takes e-mails, or refuses them.
type pigeonhole struct {
	mu    sync.Mutex
	taken []mail.Message
	fail  error
}

func (p *pigeonhole) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.taken = append(p.taken, m)
	return nil
}

func (p *pigeonhole) messages() []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]mail.Message(nil), p.taken...)
}

// sorter is one node that sends daily e-mails, without a network.
type sorter struct {
	w      *world
	server *web.Server
}

func newSorter(t *testing.T, store, dir string, now func() time.Time, post mailer) *sorter {
	t.Helper()
	s := storeFlags{Store: store, Keys: filepath.Join(dir, "keys"), State: t.TempDir()}
	f := webFlags{Listen: "127.0.0.1:0", Name: "Test", Sender: "test.example.org", Country: []string{"RS"}}
	if err := s.settle(); err != nil {
		t.Fatal(err)
	}
	w, err := openWorld(t.Context(), s, f.world(), now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.close() })
	w.mail = post
	server, err := w.web(f, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &sorter{w, server}
}

func (s *sorter) now(t *testing.T) {
	t.Helper()
	if err := s.w.digestsNow(t.Context(), s.server, "https://homeward.example.org", "test.example.org"); err != nil {
		t.Error(err)
	}
}

// engage makes somebody who wants a daily e-mail and has something due, or no
// case at all with the zero time.
func (s *sorter) engage(t *testing.T, due time.Time) string {
	t.Helper()
	id := alerts.NewID(rand.Reader)
	_, err := s.w.journal.Do(t.Context(), journal.Command{Actor: "test", Action: "test", Decide: func(*journal.View) (journal.Outcome, error) {
		account := &alerts.Account{Head: journal.Head{ID: id}, Kind: alerts.KindPerson, Role: alerts.RoleCoordinator, Name: "Zqname", Email: id + "@example.org", Language: "en", Digest: "07:00"}
		if due.IsZero() {
			return journal.Outcome{Documents: []journal.Document{account}}, nil
		}
		return journal.Outcome{Documents: []journal.Document{account,
			&alerts.Case{Head: journal.Head{ID: "case" + id}, CaseNumber: "AB23CD45", State: alerts.StateVerifying, Circumstances: "Zqstory",
				Children: []alerts.Child{{ID: "child", Names: []alerts.Name{{Given: "Zqchild"}}}}, FollowUp: alerts.FollowUp{Owner: id, DueAt: due, Note: "Zqfollow"}},
		}}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// stores are a directory, which one node has at a time, and a database, which
// two have.
func eachDigestStore(t *testing.T, test func(t *testing.T, store string, nodes int)) {
	t.Run("embedded", func(t *testing.T) { t.Parallel(); test(t, filepath.Join(t.TempDir(), "data"), 1) })
	uri := os.Getenv("HOMEWARD_TEST_MONGODB")
	if uri == "" {
		return // make test says that this was left out
	}
	t.Run("MongoDB", func(t *testing.T) {
		t.Parallel()
		test(t, strings.TrimSuffix(uri, "/")+"/digest"+alerts.NewID(rand.Reader)[:8], 2)
	})
}

func TestDailyMailIsSentOnceByAllNodes(t *testing.T) {
	t.Parallel()
	eachDigestStore(t, func(t *testing.T, store string, nodes int) {
		clock, dir, post := time.Date(2031, 3, 5, 6, 30, 0, 0, time.UTC), t.TempDir(), &pigeonhole{}
		var sorters []*sorter
		for range nodes {
			sorters = append(sorters, newSorter(t, store, dir, func() time.Time { return clock }, post))
		}
		id := sorters[0].engage(t, clock.Add(-time.Hour))
		for _, s := range sorters { // every node has heard of it
			if err := s.w.journal.Wait(t.Context(), 0); err != nil {
				t.Fatal(err)
			}
			if _, ok := s.w.desk.Board.Account(id); !ok {
				s.w.journal.Close()
				*s = *newSorter(t, store, dir, func() time.Time { return clock }, post)
			}
		}
		var all sync.WaitGroup
		for range 4 {
			for _, s := range sorters {
				all.Go(func() { s.now(t) })
			}
		}
		all.Wait()
		got := post.messages()
		if len(got) != 1 || got[0].To != id+"@example.org" || got[0].ID != "digest.2031-03-05."+id+"@test.example.org" {
			t.Fatalf("%+v", got)
		}
		if m := got[0]; strings.Contains(m.Subject+m.Text+m.HTML, "Zq") || !strings.Contains(m.Text, "AB23CD45") ||
			!strings.Contains(m.Text, "https://homeward.example.org/desk/cases/case"+id) {
			t.Errorf("%s\n%s", m.Subject, m.Text)
		}
		if nodes == 1 { // and not again after a restart
			if err := sorters[0].w.close(); err != nil {
				t.Fatal(err)
			}
			newSorter(t, store, dir, func() time.Time { return clock }, post).now(t)
			if len(post.messages()) != 1 {
				t.Error("sent again after a restart")
			}
		}
	})
}

func TestFailedDailyMailIsTriedAgainAndShown(t *testing.T) {
	t.Parallel()
	clock, post := time.Date(2031, 3, 5, 6, 30, 0, 0, time.UTC), &pigeonhole{fail: &mail.Error{Stage: "send", Temporary: true, Code: 451}}
	s := newSorter(t, filepath.Join(t.TempDir(), "data"), t.TempDir(), func() time.Time { return clock }, post)
	id := s.engage(t, clock.Add(-time.Hour))
	s.now(t)
	g, _ := s.w.desk.PartnerBoard().Digest(id)
	if g == nil || g.State != partners.DigestFailed || g.Failure != "send: the server answered 451" || !g.NextTry.Equal(clock.Add(5*time.Minute)) {
		t.Fatalf("%+v", g)
	}
	clock = clock.Add(5 * time.Minute)
	post.fail = &mail.Error{Stage: "send", Code: 550, Err: errors.New("gone")}
	s.now(t)
	if g, _ = s.w.desk.PartnerBoard().Digest(id); g.Tries != 2 || !g.NextTry.IsZero() {
		t.Errorf("%+v", g)
	}
	clock, post.fail = clock.Add(24*time.Hour), nil
	s.now(t)
	if g, _ = s.w.desk.PartnerBoard().Digest(id); g.State != partners.DigestSent || len(post.messages()) != 1 {
		t.Errorf("%+v", g)
	}
	// Nothing is due: nothing is sent.
	quiet := s.engage(t, time.Time{})
	s.now(t)
	if g, _ = s.w.desk.PartnerBoard().Digest(quiet); g.State != partners.DigestNothing || len(post.messages()) != 1 {
		t.Errorf("%+v", g)
	}
}
