package web

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/journal"
)

// What the public reads of an appeal is made once and kept in memory for as
// long as the documents that it was made from are the current ones: a recall
// changes the alert's document and so is seen by the very next request. How
// long a thing may be kept at most bounds the ages in words on it.
const (
	shownFor     = 30 * time.Second
	shownBytes   = 64 << 20
	shownControl = "public, max-age=1, must-revalidate"
)

// appealNow is an appeal as the public may see it now, and what it is made of.
type appealNow struct {
	alerts.AppealView
	alert *alerts.Alert
	of    *alerts.Case
}

// shownKey names one thing that is shown: of which alert, what, in which
// languages of the frame and of the text, for which source, and under which
// address of the server, as that stands in its links.
type shownKey struct{ alert, what, lang, text, source, origin string }

// shown is one thing as it is sent.
type shown struct {
	status int
	kind   string
	// name is that of the file when it is saved, "" for a page.
	name string
	body []byte
	tag  string
	// of is what it was made from, from and until when it may be shown.
	of          appealNow
	from, until time.Time
}

// shownShelf keeps what is shown. It is safe for concurrent use.
type shownShelf struct {
	mu   sync.RWMutex
	by   map[shownKey]*shown
	size int
	// pages and pictures are made one at a time, and neither waits for the
	// other: a picture takes a hundred times as long.
	pages, pictures sync.Mutex
}

func newShownShelf() *shownShelf { return &shownShelf{by: map[shownKey]*shown{}} }

// find returns a thing that was made from these documents and may still be
// shown.
func (f *shownShelf) find(k shownKey, al *alerts.Alert, c *alerts.Case, now time.Time) (*shown, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	e, ok := f.by[k]
	if !ok || e.of.alert != al || e.of.of != c || now.Before(e.from) || !now.Before(e.until) {
		return nil, false
	}
	return e, true
}

// keep puts a thing on the shelf, and clears the shelf when it is full.
func (f *shownShelf) keep(k shownKey, e *shown) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop(k)
	if f.size+len(e.body) > shownBytes {
		f.by, f.size = map[shownKey]*shown{}, 0
	}
	f.by[k] = e
	f.size += len(e.body)
}

func (f *shownShelf) forget(k shownKey) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.drop(k)
}

func (f *shownShelf) drop(k shownKey) {
	if e, ok := f.by[k]; ok {
		f.size -= len(e.body)
		delete(f.by, k)
	}
}

// installed takes off the shelf what has changed, so that a name or a photo
// does not stay in memory once it has been called back.
func (f *shownShelf) installed(batch []journal.Installed) {
	var ids []string
	for i := range batch {
		for _, d := range batch[i].Documents {
			if c := d.Collection(); c == "alerts" || c == "cases" {
				ids = append(ids, d.DocumentHead().ID)
			}
		}
		for _, k := range batch[i].Forgotten {
			ids = append(ids, k.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for k, e := range f.by {
		if slices.Contains(ids, k.alert) || e.of.of != nil && slices.Contains(ids, e.of.of.ID) {
			f.drop(k)
		}
	}
}

// appealDocuments finds an alert that has or had a public page, with its case;
// the case is nil once it has been erased.
func (s *Server) appealDocuments(slug string) (*alerts.Alert, *alerts.Case, error) {
	al, ok := s.Alerts.Board.AlertBySlug(slug)
	if s.Partners.PartnerBoard().PageErased(slug) {
		return nil, nil, alerts.Errorf(alerts.Gone, "This search has ended.")
	}
	if !ok || slug == "" {
		return nil, nil, alerts.Errorf(alerts.NotFound, "There is no such page.")
	}
	cs, _ := s.Alerts.Board.Case(al.CaseID)
	return al, cs, nil
}

// show answers something of an appeal: from the shelf, or made anew by the
// given function. Once the search has ended it is the page that says so, under
// every address.
func (s *Server) show(c *fiber.Ctx, what string, one *sync.Mutex, make func(*fiber.Ctx, appealNow, shownKey) (shown, error)) error {
	al, cs, err := s.appealDocuments(c.Params("slug"))
	if err != nil {
		return err
	}
	k := shownKey{alert: al.ID, what: what, lang: s.texts.languageOf(c), origin: s.origin(c)}
	k.text = s.textLanguage(c, al, k.lang)
	if token := c.Query("s"); token != "" {
		k.source = s.Alerts.Ring.SourceOf(al.ID, token)
	}
	if e, ok := s.shown.find(k, al, cs, s.Now()); ok {
		return e.send(c)
	}
	one.Lock()
	defer one.Unlock()
	if e, ok := s.shown.find(k, al, cs, s.Now()); ok {
		return e.send(c)
	}
	e, err := s.made(c, al, cs, k, make)
	if err != nil {
		return err
	}
	s.shown.keep(k, e)
	if now, _, err := s.appealDocuments(al.Slug); err != nil || now != al {
		s.shown.forget(k) // it changed meanwhile, and nobody else takes it off
	}
	return e.send(c)
}

func (s *Server) made(c *fiber.Ctx, al *alerts.Alert, cs *alerts.Case, k shownKey, make func(*fiber.Ctx, appealNow, shownKey) (shown, error)) (*shown, error) {
	from := s.Now()
	v, ok := alerts.AppealView{}, false
	if cs != nil {
		v, ok = alerts.AppealOf(cs, al, from.In(s.zone()))
	}
	var e shown
	var err error
	if ok {
		e, err = make(c, appealNow{v, al, cs}, k)
	} else {
		e, err = s.endedPage(c, k)
	}
	if err != nil {
		return nil, err
	}
	e.of = appealNow{alert: al, of: cs}
	e.from, e.until = from, appealUntil(v, cs, from)
	sum := sha256.Sum256(e.body)
	e.tag = `"` + hex.EncodeToString(sum[:12]) + `"`
	return &e, nil
}

// appealUntil is how long a thing may be shown without looking again: until the
// alert or a consent runs out, and not for long in any case.
func appealUntil(v alerts.AppealView, c *alerts.Case, now time.Time) time.Time {
	until := now.Add(shownFor)
	sooner := func(t time.Time) {
		if t.After(now) && t.Before(until) {
			until = t
		}
	}
	sooner(v.ExpiresAt)
	if c != nil {
		for i := range c.Consents {
			sooner(c.Consents[i].ExpiresAt)
		}
	}
	return until
}

// send answers with the thing, or with nothing new to a cache that has it.
func (e *shown) send(c *fiber.Ctx) error {
	h := &c.Response().Header
	h.Set(fiber.HeaderCacheControl, shownControl)
	h.Set(fiber.HeaderVary, "Accept-Language, Cookie")
	h.Set(fiber.HeaderETag, e.tag)
	if e.status == fiber.StatusOK && c.Get(fiber.HeaderIfNoneMatch) == e.tag {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType(e.kind)
	if e.name != "" {
		h.Set(fiber.HeaderContentDisposition, `inline; filename="`+e.name+`"`)
		h.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	}
	c.Status(e.status)
	// The bytes are shared by all answers and never written to.
	c.Response().SetBodyRaw(e.body)
	return nil
}
