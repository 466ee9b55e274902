package partners

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// FeedStatement says where a partner stands in the live feed and what it was
// sent, with marks of the changes that say so: whoever keeps it can have it
// compared with the store at any later time.
type FeedStatement struct {
	PartnerID   string    `json:"partner_id"`
	PartnerName string    `json:"partner_name"`
	At          time.Time `json:"at"`
	// Tip is the number of the newest change.
	Tip uint64 `json:"tip"`
	// Positions are of each key, and of people in a browser, the newest first.
	Positions []FeedPosition `json:"positions"`
	// Unconfirmed are the withdrawals that the partner has not confirmed.
	Unconfirmed int `json:"unconfirmed"`
	// Lines are what the partner was sent, the newest change first; Withheld is
	// how many the reader may not see.
	Lines    []FeedLine `json:"lines"`
	Withheld int        `json:"withheld"`
	// Marks are of the changes that the lines name.
	Marks []journal.Mark `json:"marks"`
	Next  *string        `json:"next"`
}

// FeedPosition is how far one key of a partner is in the feed.
type FeedPosition struct {
	// Key is the key's id and KeyName what it is called; both are empty for
	// people in a browser.
	Key     string `json:"key"`
	KeyName string `json:"key_name"`
	// Connections are open now; Since is when the newest began, Until when the
	// last one ended, null while one is open.
	Connections int        `json:"connections"`
	Since       *time.Time `json:"since"`
	Until       *time.Time `json:"until"`
	// Written is the number up to which all that was owed has been written, and
	// Confirmed up to which the other side says that it is stored; 0 for nothing.
	Written     uint64     `json:"written"`
	WrittenAt   *time.Time `json:"written_at"`
	Confirmed   uint64     `json:"confirmed"`
	ConfirmedAt *time.Time `json:"confirmed_at"`
	// Behind is how many frames wait after what was confirmed.
	Behind int `json:"behind"`
}

// FeedLine is what a partner was sent of one alert or drill.
type FeedLine struct {
	AlertID string `json:"alert_id"`
	Drill   bool   `json:"drill,omitempty"`
	// CaseNumber is empty once the alert has been erased, and for a partner once
	// it no longer sees the alert.
	CaseNumber string `json:"case_number,omitempty"`
	// Number is the change that last altered what the partner sees, which its
	// frame carried as cursor; Kind that frame, Reason why an alert ended.
	Number   uint64 `json:"number"`
	Kind     string `json:"kind"`
	Revision int    `json:"revision"`
	Reason   string `json:"reason,omitempty"`
	// Versions are the revisions that were addressed to it, the oldest first.
	Versions []SentVersion `json:"versions"`
	State    DeliveryState `json:"state"`
	Channel  string        `json:"channel"`
	Times    DeliveryTimes `json:"times"`
	Steps    []StepView    `json:"steps"`
	// Changes are the numbers of the changes that say so, see Marks.
	Changes []uint64 `json:"changes"`
}

// SentVersion is the CAP identity of one revision. ContentHash is what its
// release bound to, empty once the alert has been erased.
type SentVersion struct {
	Revision    int       `json:"revision"`
	Identifier  string    `json:"identifier"`
	Sent        time.Time `json:"sent"`
	ContentHash string    `json:"content_hash,omitempty"`
}

// FeedStatement returns what a partner was sent, by the places of the frames in
// the feed, the newest first, and how far it is: at are the positions that the
// feed knows of. The desk sees it of every partner, without alerts of cases that
// the reader may not see; a partner sees its own.
func (d *Desk) FeedStatement(ctx context.Context, a alerts.Actor, partner string, at []FeedPosition, cursor string, limit int) (FeedStatement, error) {
	p, ok := d.board.Partner(partner)
	if !ok || !d.readsStatement(a, partner) {
		return FeedStatement{}, missing("partner " + partner)
	}
	before, err := statementCursor(cursor)
	if err != nil {
		return FeedStatement{}, err
	}
	s := FeedStatement{
		PartnerID: p.ID, PartnerName: p.Name, At: d.Now(), Tip: d.Journal.Tip().Number,
		Unconfirmed: len(d.board.Unconfirmed(partner)), Lines: []FeedLine{}, Positions: d.positions(p, at),
	}
	lines, cases := d.board.feedLines(partner)
	for i, l := range lines {
		switch {
		case !d.readsLine(a, l, cases[l.AlertID]):
			s.Withheld++
		case before > 0 && l.Number >= before:
		case len(s.Lines) == pageLimit(limit):
			next := sealCursor([]string{strconv.FormatUint(lines[i-1].Number, 10)})
			s.Next = &next
		default:
			if a.Partner == "" || l.Kind == KindAlert {
				l.CaseNumber = d.caseNumberOf(l.AlertID)
			}
			s.Lines = append(s.Lines, l)
			continue
		}
		if s.Next != nil {
			break
		}
	}
	s.Marks, err = d.marksOf(ctx, partner, s.Lines)
	return s, err
}

// statementCursor reads a cursor as the number below which to go on, 0 for the
// start.
func statementCursor(cursor string) (uint64, error) {
	place, err := openCursor(cursor)
	if err != nil || place == nil {
		return 0, err
	}
	n, err := strconv.ParseUint(place[0], 10, 64)
	if err != nil || n == 0 {
		_, err = openCursor("!") // one of another list
	}
	return n, err
}

func (d *Desk) readsStatement(a alerts.Actor, partner string) bool {
	if a.Partner != "" {
		return a.Partner == partner
	}
	return d.Matrix.Route(a.Role, "GET /api/v1/partners/:id/statement")
}

// readsLine tells whether somebody may know that a partner was told of an alert.
func (d *Desk) readsLine(a alerts.Actor, l FeedLine, caseID string) bool {
	if a.Partner != "" {
		return true
	}
	if l.Drill {
		return d.readsDrills(a)
	}
	_, err := d.VisibleCase(a, caseID)
	return err == nil
}

// positions adds what the board knows: names of keys, and what is still to come.
func (d *Desk) positions(p *Partner, at []FeedPosition) []FeedPosition {
	out := slices.Clone(at)
	if out == nil {
		out = []FeedPosition{}
	}
	for i := range out {
		if k := slices.IndexFunc(p.Keys, func(k Key) bool { return k.ID == out[i].Key }); k >= 0 {
			out[i].KeyName = p.Keys[k].Name
		}
		out[i].Behind = len(d.board.Owed(p.ID, out[i].Confirmed))
	}
	return out
}

// feedLines returns what stands or stood in a partner's feed, the newest change
// first, and the cases that it is about.
func (b *Board) feedLines(partner string) ([]FeedLine, map[string]string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out, cases := []FeedLine{}, map[string]string{}
	for id, t := range b.told {
		p := t.places[partner]
		if p == nil || p.seen.kind == "" {
			continue
		}
		v := b.viewDelivery(t, partner)
		l := FeedLine{
			AlertID: id, Drill: v.Drill, Number: p.seen.number, Kind: p.seen.kind, Revision: p.seen.revision, Reason: p.seen.reason,
			Versions: versionsOf(t.doc, b.released[id], partner), State: v.State, Channel: v.Channel, Times: v.Times, Steps: v.Steps,
			Changes: []uint64{p.seen.number},
		}
		if dv := b.deliveries[deliveryID(id, partner)]; dv != nil {
			l.Changes = append(l.Changes, dv.Number)
		}
		slices.Sort(l.Changes)
		l.Changes = slices.Compact(l.Changes)
		out, cases[id] = append(out, l), t.doc.CaseID
	}
	slices.SortFunc(out, func(x, y FeedLine) int {
		return cmp.Or(cmp.Compare(y.Number, x.Number), cmp.Compare(x.AlertID, y.AlertID))
	})
	return out, cases
}

// versionsOf are the revisions that a partner was addressed with: from those of
// the rounds in which it was, each to the one with which it lost sight.
func versionsOf(t *Told, al *alerts.Alert, partner string) []SentVersion {
	addressed := map[int]bool{}
	for i, r := range t.Rounds {
		if !slices.Contains(r.Partners, partner) {
			continue
		}
		last := lastRevision(t)
		if e := slices.IndexFunc(t.Ended, func(e ToldEnd) bool { return e.Partner == partner && e.Rounds > i }); e >= 0 {
			last = t.Ended[e].Revision
		}
		for n := r.Revision; n <= last; n++ {
			addressed[n] = true
		}
	}
	out := []SentVersion{}
	for _, s := range t.Sent {
		if !addressed[s.Revision] {
			continue
		}
		v := SentVersion{Revision: s.Revision, Identifier: s.Identifier, Sent: s.Sent}
		if al != nil && s.Revision <= len(al.Revisions) {
			v.ContentHash = al.Revisions[s.Revision-1].ContentHash
		}
		out = append(out, v)
	}
	return out
}

// marksOf are the marks of the changes that lines name, with the documents that
// are about this partner: whom else a change concerns is not its business.
func (d *Desk) marksOf(ctx context.Context, partner string, lines []FeedLine) ([]journal.Mark, error) {
	about := map[journal.Key]bool{}
	var numbers []uint64
	for _, l := range lines {
		about[journal.Key{Collection: "told", ID: l.AlertID}] = true
		about[journal.Key{Collection: "alerts", ID: l.AlertID}] = true
		about[journal.Key{Collection: "deliveries", ID: deliveryID(l.AlertID, partner)}] = true
		numbers = append(numbers, l.Changes...)
	}
	return d.Journal.Marks(ctx, numbers, func(k journal.Key) bool { return about[k] })
}

// caseNumberOf is the number of the case that an alert is about, "" when it is
// about none or has been erased.
func (d *Desk) caseNumberOf(alertID string) string {
	al, ok := d.Board.Alert(alertID)
	if !ok {
		return ""
	}
	c, ok := d.Board.Case(al.CaseID)
	if !ok {
		return ""
	}
	return c.CaseNumber
}
