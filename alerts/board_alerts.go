package alerts

import (
	"cmp"
	"slices"
)

// alertShelf holds the alerts of a board.
type alertShelf struct {
	byID   map[string]*Alert
	byCase map[string][]string
	bySlug map[string]string
	live   map[string]*Alert
	// created orders all alerts for lists.
	created timeline[none]
}

func newAlertShelf() alertShelf {
	return alertShelf{byID: map[string]*Alert{}, byCase: map[string][]string{}, bySlug: map[string]string{}, live: map[string]*Alert{}}
}

func (s *alertShelf) put(a *Alert) {
	was, ok := s.byID[a.ID]
	if ok && was.Number > a.Number {
		return
	}
	if !ok {
		s.byCase[a.CaseID] = append(s.byCase[a.CaseID], a.ID)
		s.created.add(markOf(a.CreatedAt, a.ID), none{})
	}
	s.byID[a.ID] = a
	if a.Slug != "" {
		s.bySlug[a.Slug] = a.ID
	}
	if a.State == AlertLive {
		s.live[a.ID] = a
	} else {
		delete(s.live, a.ID)
	}
}

func (s *alertShelf) drop(id string) {
	was, ok := s.byID[id]
	if !ok {
		return
	}
	delete(s.byID, id)
	delete(s.live, id)
	delete(s.bySlug, was.Slug)
	s.created.remove(markOf(was.CreatedAt, id))
	rest := slices.DeleteFunc(s.byCase[was.CaseID], func(o string) bool { return o == id })
	if s.byCase[was.CaseID] = rest; len(rest) == 0 {
		delete(s.byCase, was.CaseID)
	}
}

// Alert returns an alert by its id.
func (b *Board) Alert(id string) (*Alert, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	a, ok := b.alerts.byID[id]
	return a, ok
}

// AlertBySlug returns an alert by the random name of its public page, also
// after it has ended.
func (b *Board) AlertBySlug(slug string) (*Alert, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	a, ok := b.alerts.byID[b.alerts.bySlug[slug]]
	return a, ok
}

// AlertsOf returns the alerts of a case, oldest first.
func (b *Board) AlertsOf(caseID string) []*Alert {
	b.mu.RLock()
	defer b.mu.RUnlock()
	ids := b.alerts.byCase[caseID]
	out := make([]*Alert, 0, len(ids))
	for _, id := range ids {
		out = append(out, b.alerts.byID[id])
	}
	sortAlerts(out)
	return out
}

// LiveAlerts returns the alerts that have been released and have not ended,
// oldest first.
func (b *Board) LiveAlerts() []*Alert {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := make([]*Alert, 0, len(b.alerts.live))
	for _, a := range b.alerts.live {
		out = append(out, a)
	}
	sortAlerts(out)
	return out
}

// PublicAlerts returns the live alerts whose current revision is public, oldest
// first.
func (b *Board) PublicAlerts() []*Alert {
	return slices.DeleteFunc(b.LiveAlerts(), func(a *Alert) bool {
		r := a.Current()
		return r == nil || !r.Level.IsPublic()
	})
}

// EachAlert calls fn with every alert from the newest down until it says stop.
// fn must not call the board.
func (b *Board) EachAlert(fn func(*Alert) bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	b.alerts.created.before(mark{}, func(m mark, _ none) bool { return fn(b.alerts.byID[m.id]) })
}

func sortAlerts(all []*Alert) {
	slices.SortFunc(all, func(a, b *Alert) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
}
