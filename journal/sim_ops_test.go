package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

var (
	errRefused = errors.New("refused")
	errClaimed = errors.New("claimed already")
	errTooFew  = errors.New("too few")
)

// op is one command as its client remembers it.
type op struct {
	id, kind      string
	a, b          string // what it is about
	least         int
	request, body []byte
	started       uint64
	n             *node
	returned      bool
	done          Done
	err           error
}

func (o *op) command() Command {
	return Command{Actor: o.id, Action: o.kind, Request: o.request, Body: o.body, Decide: o.decide}
}

// decide is the rule of each kind of command.
func (o *op) decide(v *View) (Outcome, error) {
	switch o.kind {
	case "add":
		return o.pages(v, true, Key{"accounts", o.a})
	case "both":
		return o.pages(v, true, Key{"accounts", o.a}, Key{"accounts", o.b})
	case "create":
		return o.pages(v, true, Key{"notes", o.id})
	case "edit":
		return o.pages(v, false, Key{"notes", o.a})
	case "forget":
		k := Key{"notes", o.a}
		_, err := v.Load(k)
		return Outcome{Forget: []Key{k}}, err
	case "once":
		if ok, err := v.Exists(Key{"claims", o.a}); err != nil {
			return Outcome{}, err
		} else if ok {
			return Outcome{}, errClaimed
		}
		return o.pages(v, true, Key{"claims", o.a})
	case "name":
		return o.name(v)
	case "enough":
		p, err := Load[*page](v, "accounts", o.a)
		if err == nil && len(p.Seen) < o.least || errors.Is(err, ErrNotFound) {
			err = errTooFew
		}
		return Outcome{}, err
	case "panic":
		panic("a rule went wrong")
	case "twice":
		p := newPage("accounts", o.a)
		return Outcome{Documents: []Document{p}, Forget: []Key{KeyOf(p)}}, nil
	}
	_, err := o.pages(v, true, Key{"accounts", o.a})
	return Outcome{Documents: []Document{newPage("accounts", o.a)}}, errors.Join(err, errRefused)
}

func (o *op) pages(v *View, create bool, keys ...Key) (Outcome, error) {
	var out Outcome
	for _, k := range keys {
		p, err := Load[*page](v, k.Collection, k.ID)
		if o.n.s.plant == "rule reads the board, not the view" {
			if d, ok := o.n.board.Lookup(k); ok {
				p, err = d.(*page), nil
			}
		}
		if create && errors.Is(err, ErrNotFound) {
			p, err = newPage(k.Collection, k.ID), nil
		}
		if err != nil {
			return out, err
		}
		out.Documents = append(out.Documents, p.with(o.id))
	}
	return out, nil
}

// name makes a document whose name nobody else may have.
func (o *op) name(v *View) (Outcome, error) {
	taken := func(d Document) bool {
		p := d.(*page)
		return p.Kind == "names" && p.Seen[0] == o.a
	}
	o.n.board.mu.Lock()
	for _, d := range o.n.board.docs {
		if taken(d) {
			o.n.board.mu.Unlock()
			return Outcome{}, errClaimed
		}
	}
	o.n.board.mu.Unlock()
	if o.n.s.plant != "rule ignores what is pending" && slices.ContainsFunc(v.Pending("names"), taken) {
		return Outcome{}, errClaimed
	}
	return Outcome{Documents: []Document{newPage("names", o.id).with(o.a)}}, nil
}

// model is what the journal must hold, found by doing each stored change again
// on plain values.
type model struct {
	mu       sync.Mutex
	home     *keyHome
	ops      map[string]*op
	changes  []Change
	docs     map[Key][]version
	requests map[string]uint64
	actors   map[string]uint64
	wrong    string
}

type version struct {
	number uint64
	seen   []string
	gone   bool
}

func newModel(home *keyHome) *model {
	return &model{home: home, ops: map[string]*op{}, docs: map[Key][]version{},
		requests: map[string]uint64{}, actors: map[string]uint64{}}
}

// violate notes the first thing that must never happen. m.mu is held.
func (m *model) violate(format string, args ...any) {
	if m.wrong == "" {
		m.wrong = fmt.Sprintf(format, args...)
	}
}

func (m *model) tip() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return uint64(len(m.changes))
}

// now is the last version of a document; a missing one is gone. m.mu is held.
func (m *model) now(k Key) version {
	if all := m.docs[k]; len(all) > 0 {
		return all[len(all)-1]
	}
	return version{gone: true}
}

// at is the version that a change wrote. m.mu is held.
func (m *model) at(k Key, number uint64) (version, bool) {
	for _, v := range m.docs[k] {
		if v.number == number {
			return v, true
		}
	}
	return version{}, false
}

// stored checks a change at the moment it gets into the store.
func (m *model) stored(c *Change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c.Number != uint64(len(m.changes))+1 {
		m.violate("change %d was written after %d", c.Number, len(m.changes))
		return
	}
	o := m.ops[c.Actor]
	want, ok := m.expect(o)
	if !ok || len(want) != len(c.Lines) {
		m.violate("change %d: %s %s should have been refused or says %d lines, not %d", c.Number, o.id, o.kind, len(c.Lines), len(want))
		return
	}
	for i, w := range want {
		m.line(c, &c.Lines[i], w.key, w.version)
	}
	if was := m.requests[string(c.Request)]; was != 0 && c.Request != nil {
		m.violate("request of change %d was carried out again by change %d", was, c.Number)
	}
	if was := m.actors[c.Actor]; was != 0 {
		m.violate("%s was carried out by %d and by %d", c.Actor, was, c.Number)
	}
	m.requests[string(c.Request)], m.actors[c.Actor] = c.Number, c.Number
	m.changes = append(m.changes, *c)
}

type expected struct {
	key Key
	version
}

// expect says what an op must write on what is there now.
func (m *model) expect(o *op) ([]expected, bool) {
	add := func(k Key) expected {
		return expected{k, version{seen: append(slices.Clone(m.now(k).seen), o.id)}}
	}
	note := Key{"notes", o.a}
	claim := Key{"claims", o.a}
	switch o.kind {
	case "add":
		return []expected{add(Key{"accounts", o.a})}, true
	case "both":
		return []expected{add(Key{"accounts", o.a}), add(Key{"accounts", o.b})}, true
	case "create":
		return []expected{add(Key{"notes", o.id})}, true
	case "edit":
		return []expected{add(note)}, !m.now(note).gone
	case "forget":
		return []expected{{note, version{gone: true}}}, !m.now(note).gone
	case "once":
		return []expected{add(claim)}, m.now(claim).gone
	case "name":
		return []expected{{Key{"names", o.id}, version{seen: []string{o.a}}}}, !m.named(o.a)
	}
	return nil, false
}

func (m *model) named(name string) bool {
	for k, all := range m.docs {
		if k.Collection == "names" && all[0].seen[0] == name {
			return true
		}
	}
	return false
}

func (m *model) line(c *Change, l *Line, key Key, want version) {
	want.number = c.Number
	all := m.docs[key]
	m.docs[key] = append(all, want)
	switch {
	case l.Key != key || l.Forgotten != want.gone:
		m.violate("change %d writes %s, not %s", c.Number, l.Key, key)
		return
	case l.Forgotten:
		return
	}
	var s storedPage
	if err := json.Unmarshal(l.Image, &s); err != nil {
		m.violate("change %d: %v", c.Number, err)
	}
	if !slices.Equal(s.Seen, want.seen) || s.Version != len(all)+1 || s.Number != c.Number {
		m.violate("lost update: change %d wrote %s as %s version %d, want %s version %d", c.Number, key,
			strings.Join(s.Seen, " "), s.Version, strings.Join(want.seen, " "), len(all)+1)
	}
	unit, _ := m.home.key(key.String())
	if unit == nil {
		m.violate("change %d was written before the key of %s", c.Number, key)
		return
	}
	if secret, err := unseal(unit, s.Sealed); err != nil || !bytes.HasPrefix(secret, []byte("secret of ")) {
		m.violate("change %d: nobody can read %s: %v", c.Number, key, err)
	}
}
