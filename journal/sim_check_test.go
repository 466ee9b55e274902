package journal

import (
	"context"
	"errors"
	"slices"
)

// checkInstall stops at a gate and then looks at what comes onto the board.
func (n *node) checkInstall(batch []Installed) {
	if n.gate("install").kind == "dead" {
		return
	}
	m := n.s.model
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, in := range batch {
		c := &in.Change
		switch {
		case c.Number == 0:
		case c.Number > uint64(len(m.changes)):
			m.violate("%s installed change %d, which is not in the store", n, c.Number)
			return
		case m.changes[c.Number-1].Token != c.Token:
			m.violate("%s installed another change %d than the store holds", n, c.Number)
		case n.installed != 0 && c.Number != n.installed+1:
			m.violate("%s installed change %d after %d", n, c.Number, n.installed)
		}
		n.installed = c.Number
		for _, d := range in.Documents {
			n.checkDocument(c.Number, d.(*page))
		}
	}
}

func (n *node) checkDocument(change uint64, p *page) {
	m, k := n.s.model, KeyOf(p)
	v, ok := m.at(k, p.Number)
	switch {
	case !ok || !slices.Equal(v.seen, p.Seen):
		m.violate("%s installed %s of change %d as nobody wrote it", n, k, p.Number)
	case p.Number < change:
		m.violate("%s installed %s of change %d with change %d", n, k, p.Number, change)
	case p.Number < n.board.number(k):
		m.violate("%s: %s went back to change %d from %d", n, k, p.Number, n.board.number(k))
	}
}

// answered checks an answer at the moment the client has it. s.mu is held.
func (s *sim) answered(o *op) {
	m := s.model
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case o.err == nil && o.done.Number == 0:
		if o.kind != "enough" || len(m.now(Key{"accounts", o.a}).seen) < o.least {
			m.violate("%s %s was answered without a change", o.id, o.kind)
		}
	case o.err == nil:
		s.accepted(o)
	case unknown(o.err):
	default:
		s.refused(o)
	}
}

func unknown(err error) bool {
	return errors.Is(err, ErrUnknown) || errors.Is(err, ErrBroken) || errors.Is(err, ErrStopped)
}

func (s *sim) accepted(o *op) {
	m, number := s.model, o.done.Number
	if number > uint64(len(m.changes)) {
		m.violate("%s was answered with %d before it was in the store", o.id, number)
		return
	}
	c := &m.changes[number-1]
	if o.done.Repeated != (c.Actor != o.id) || o.done.Repeated && string(c.Request) != string(o.request) {
		m.violate("%s was answered with %d, which belongs to %s", o.id, number, c.Actor)
	}
	if o.request != nil && string(c.Body) != string(o.body) {
		m.violate("%s was answered with a change for another body", o.id)
	}
	var keys []Key
	for _, l := range c.Lines {
		if !l.Forgotten {
			keys = append(keys, l.Key)
		}
	}
	if !slices.Equal(keys, o.done.Keys) {
		m.violate("%s was told of keys %v, not %v", o.id, o.done.Keys, keys)
	}
	if o.n.j.Tip().Number < number || o.n.heard < number && !o.done.Repeated {
		m.violate("%s was answered with %d before boards and readers had it", o.id, number)
	}
	for _, k := range keys {
		if at := o.n.board.number(k); at < number && !m.now(k).gone {
			m.violate("%s was answered with %d but the board has %s of %d", o.id, number, k, at)
		}
	}
}

func (s *sim) refused(o *op) {
	m := s.model
	if was := m.actors[o.id]; was != 0 {
		m.violate("%s was refused (%v) but is change %d", o.id, o.err, was)
	}
	switch {
	case errors.Is(o.err, ErrRequestReused):
		if was := m.requests[string(o.request)]; was == 0 || string(m.changes[was-1].Body) == string(o.body) {
			m.violate("%s was refused as reused without reason", o.id)
		}
	case errors.Is(o.err, errTooFew):
		v := s.seenAt(Key{"accounts", o.a}, o.started)
		if !s.stale && len(v) >= o.least {
			m.violate("%s was refused on a board that lagged: %d of %d", o.id, len(v), o.least)
		}
	case errors.Is(o.err, errClaimed) && o.kind == "once":
		if m.now(Key{"claims", o.a}).gone {
			m.violate("%s was refused although nothing was claimed", o.id)
		}
	case o.kind == "panic" && !errors.Is(o.err, ErrPanicked) && !errors.Is(o.err, errNet),
		o.kind == "twice" && !errors.Is(o.err, ErrOutcome) && !errors.Is(o.err, errNet):
		if !errors.Is(o.err, ErrFull) && !errors.Is(o.err, ErrTaken) {
			m.violate("%s %s ended with %v", o.id, o.kind, o.err)
		}
	}
}

func (s *sim) seenAt(k Key, number uint64) []string {
	var seen []string
	for _, v := range s.model.docs[k] {
		if v.number <= number {
			seen = v.seen
		}
	}
	return seen
}

// finish checks everything once all is at rest and settled.
func (s *sim) finish() {
	ctx := context.Background()
	mark, err := s.cloud.Settle(ctx)
	report, verr := Verify(ctx, s.cloud)
	m := s.model
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil || mark != uint64(len(m.changes)) || len(s.cloud.changes) != len(m.changes) {
		m.violate("settled up to %d of %d: %v", mark, len(m.changes), err)
	}
	if verr != nil || len(report.Problems) > 0 {
		m.violate("verify: %v %q", verr, report.Problems)
	}
	for _, o := range s.ops {
		switch was := m.actors[o.id]; {
		case !o.returned:
		case o.err == nil && !o.done.Repeated && o.done.Number != was:
			m.violate("%s was acknowledged as %d but is %d", o.id, o.done.Number, was)
		case o.err != nil && !unknown(o.err) && was != 0:
			m.violate("%s was refused (%v) but is change %d", o.id, o.err, was)
		}
	}
	for _, n := range s.nodes {
		s.finishNode(n)
	}
}

func (s *sim) finishNode(n *node) {
	m, ctx := s.model, context.Background()
	if tip := n.j.Tip(); tip.Number != uint64(len(m.changes)) {
		m.violate("%s ended at %d of %d", n, tip.Number, len(m.changes))
		return
	}
	live := 0
	for k := range m.docs {
		want := m.now(k)
		d, err := n.j.Document(ctx, k)
		onBoard := n.board.number(k)
		if want.gone {
			if !errors.Is(err, ErrNotFound) || onBoard != 0 {
				m.violate("%s still has the forgotten %s: %v", n, k, err)
			}
			if key, gone := s.home.key(k.String()); key != nil || !gone {
				m.violate("the key of the forgotten %s is still there", k)
			}
			continue
		}
		live++
		if err != nil {
			m.violate("%s cannot read %s: %v", n, k, err)
			continue
		}
		p := d.(*page)
		if p.Number != want.number || !slices.Equal(p.Seen, want.seen) || p.Secret != "secret of "+p.ID {
			m.violate("%s has %s of %d, not of %d", n, k, p.Number, want.number)
		}
		if onBoard != want.number {
			m.violate("%s has %s of %d on its board, not of %d", n, k, onBoard, want.number)
		}
	}
	if live != len(n.board.docs) {
		m.violate("%s has %d documents on its board, not %d", n, len(n.board.docs), live)
	}
}
