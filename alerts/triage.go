package alerts

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"homeward/journal"
)

// The orders in which events are read.
const (
	// OrderTelling puts what its signs speak for first.
	OrderTelling = "telling"
	// OrderWaiting puts first what nobody has read for longest.
	OrderWaiting = "waiting"
)

// TriageOrders returns the orders of triage, the usual one first.
func TriageOrders() []string { return []string{OrderTelling, OrderWaiting} }

// TriageQuery asks for a page of events. Cursor and Limit of the filter count
// events.
type TriageQuery struct {
	SightingQuery
	Order string
}

// shownOfEvent is how many reports of an event a page shows; the rest stand on
// the page of the group.
const shownOfEvent = 6

// TriageEvent is several reports that may be of one event, linked and never
// merged.
type TriageEvent struct {
	// Lead is the report that tells most; Others are the next.
	Lead   SightingView   `json:"lead"`
	Others []SightingView `json:"others"`
	// Reports and Unread count all of them; Sources counts the independent ones,
	// as far as it is known.
	Reports int `json:"reports"`
	Unread  int `json:"unread"`
	Sources int `json:"sources"`
	// From and To are the first and the last observation, Waiting is when the
	// oldest unread one came in.
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	Waiting time.Time `json:"waiting,omitzero"`
	// Signs are those of any report that the reader may know of.
	Signs []string `json:"signs"`
	// Passage is air or impossible when the child can hardly have come there.
	Passage string `json:"passage,omitempty"`
}

// TriagePage is a page of events.
type TriagePage struct {
	Items []TriageEvent `json:"items"`
	// Events and Reports count everything that the filter chooses.
	Events  int     `json:"events"`
	Reports int     `json:"reports"`
	Next    *string `json:"next"`
	// Oldest is when the oldest unread report of all came in.
	Oldest time.Time `json:"oldest,omitzero"`
}

// Triage returns a page of the events that the filter chooses, those that
// nobody has read when it names no state.
func (d *Desk) Triage(ctx context.Context, a Actor, q TriageQuery) (TriagePage, error) {
	page := TriagePage{Items: []TriageEvent{}}
	if len(q.States) == 0 {
		q.States = []SightingState{SightingNew}
	}
	f, err := d.filter(a, &q.SightingQuery)
	if err != nil {
		return page, err
	}
	start, err := q.start()
	if err != nil {
		return page, err
	}
	all, err := d.Board.events(f, d.sight(a), d.Now())
	if err != nil {
		return page, err
	}
	page.Events = len(all)
	for _, e := range all {
		page.Reports += e.chosen(&f)
		page.Oldest = earlier(page.Oldest, e.waiting())
	}
	order(all, q.Order)
	end := min(start+pageSize(q.Limit), len(all))
	if start < end {
		if err := d.fillTriage(ctx, a, &page, all[start:end]); err != nil {
			return page, err
		}
	}
	if end < len(all) {
		next := strconv.Itoa(end)
		page.Next = &next
	}
	return page, d.recordTriage(ctx, a, &f, &page)
}

// start is the place of a page's first event. Events move while reports come in,
// so a page may show one again, as a list in a fixed order would not.
func (q *TriageQuery) start() (int, error) {
	i := &inspection{}
	if q.Order != "" {
		oneOf(i, "order", q.Order, TriageOrders())
	}
	n := 0
	if q.Cursor != "" {
		var err error
		if n, err = strconv.Atoi(q.Cursor); err != nil || n < 0 {
			i.Add("cursor", "bad_cursor", "This is no place in the list.")
		}
	}
	return n, i.Err()
}

func order(events []*event, by string) {
	slices.SortFunc(events, func(a, b *event) int {
		if by == OrderWaiting {
			return cmp.Or(compareSet(a.waiting(), b.waiting()), cmp.Compare(a.members[0].id, b.members[0].id))
		}
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.last, a.last), cmp.Compare(a.members[0].id, b.members[0].id))
	})
}

// compareSet orders times, those that are not set last.
func compareSet(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		if a.IsZero() {
			return 1
		}
		return -1
	}
	return a.Compare(b)
}

func earlier(a, b time.Time) time.Time {
	if compareSet(a, b) <= 0 {
		return a
	}
	return b
}

// waiting is when the oldest report that nobody has read came in.
func (e *event) waiting() time.Time {
	for _, s := range e.members {
		if s.state == SightingNew {
			return time.UnixMilli(s.reported).UTC()
		}
	}
	return time.Time{}
}

func (e *event) chosen(f *SightingFilter) int {
	n := 0
	for _, s := range e.members {
		if f.chooses(s) {
			n++
		}
	}
	return n
}

// telling orders an event's reports, the one that tells most first.
func (e *event) telling() []*sighting {
	out := slices.Clone(e.members)
	worth := func(s *sighting) int {
		n := 0
		for i, sign := range []string{SignVehicle, SignPhoto, SignHeldBack} {
			if s.marks.has(sign) {
				n += 1 << i
			}
		}
		if s.marks != nil && s.marks.doubt {
			n -= 8
		}
		if s.state == SightingNew {
			n += 16
		}
		return n
	}
	slices.SortStableFunc(out, func(a, b *sighting) int { return cmp.Compare(worth(b), worth(a)) })
	return out
}

func (d *Desk) fillTriage(ctx context.Context, a Actor, page *TriagePage, events []*event) error {
	var keys []journal.Key
	for _, e := range events {
		for _, s := range firstOf(e.telling()) {
			keys = append(keys, journal.Key{Collection: "sightings", ID: s.id})
		}
	}
	docs, err := d.Journal.Documents(ctx, keys...)
	if err != nil {
		return coded(err)
	}
	leases, err := d.leasesSeen(ctx, a)
	if err != nil {
		return err
	}
	views, sees := map[string]SightingView{}, d.seesSighting(a)
	for _, doc := range docs {
		s, c, err := d.inSight(a, doc, sees)
		if CodeOf(err) == NotFound {
			continue // erased, or taken from the actor's sight, since
		}
		if err != nil {
			return err
		}
		v := d.ViewSighting(a, s, c)
		v.Lease = leases[s.ID]
		views[s.ID] = v
	}
	for _, e := range events {
		if item, ok := d.triageEvent(a, e, views); ok {
			page.Items = append(page.Items, item)
		}
	}
	return nil
}

func firstOf(members []*sighting) []*sighting { return members[:min(len(members), shownOfEvent)] }

func (d *Desk) triageEvent(a Actor, e *event, views map[string]SightingView) (TriageEvent, bool) {
	t := TriageEvent{Reports: len(e.members), Sources: e.sources, Waiting: e.waiting(), Passage: e.passage, Others: []SightingView{}, Signs: []string{}}
	found := false
	for _, s := range firstOf(e.telling()) {
		v, ok := views[s.id]
		switch {
		case !ok:
		case !found:
			t.Lead, found = v, true
		default:
			t.Others = append(t.Others, v)
		}
	}
	for _, s := range e.members {
		if s.state == SightingNew {
			t.Unread++
		}
		at := time.UnixMilli(s.observed).UTC()
		t.From = earlier(t.From, at)
		if at.After(t.To) {
			t.To = at
		}
	}
	c, _ := d.Board.Case(e.caseID)
	l := d.lensOn(a, c)
	for _, sign := range SightingSigns() {
		if e.has(sign) && l.sees(P7) && (sign != SignHeldBack || l.sees(P5)) {
			t.Signs = append(t.Signs, sign)
		}
	}
	if !l.sees(P2) {
		t.From, t.To, t.Passage = time.Time{}, time.Time{}, ""
	}
	return t, found
}

func (d *Desk) recordTriage(ctx context.Context, a Actor, f *SightingFilter, page *TriagePage) error {
	classes := []Class{P2, P7}
	for _, item := range page.Items {
		for _, v := range append([]SightingView{item.Lead}, item.Others...) {
			if v.Contact != nil && !slices.Contains(classes, P8) {
				classes = append(classes, P8)
			}
			if v.RecordedBy != "" && !slices.Contains(classes, P10) {
				classes = append(classes, P10)
			}
		}
	}
	slices.Sort(classes)
	return d.Reads.Record(ctx, a, f.subject("triage"), classes...)
}
