package partners

import (
	"context"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/journal"
)

// NewHandover hands a shift over. Note is about the shift as a whole; what is
// said of a case is written on the case before.
type NewHandover struct {
	Note string `json:"note,omitempty"`
}

// HandoverNow returns what a handover made now would say.
func (d *Desk) HandoverNow(ctx context.Context, a alerts.Actor) (HandoverView, error) {
	s, classes, err := d.shiftOf(a)
	if err != nil {
		return HandoverView{}, err
	}
	h := &Handover{Since: s.since, Lines: s.document()}
	h.CreatedAt = s.now
	if err := d.Reads.Record(ctx, a, "handover", append(classes, alerts.P0, alerts.P1)...); err != nil {
		return HandoverView{}, err
	}
	return d.handoverView(a, h), nil
}

// MakeHandover writes down what the shift leaves, and gives it the notes that
// wait on the cases.
func (d *Desk) MakeHandover(ctx context.Context, a alerts.Actor, in NewHandover, r alerts.Request) (HandoverView, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return HandoverView{}, err
	}
	id := alerts.NewID(d.Random)
	done, err := d.Do(ctx, a, "handover.make", r, func(v *journal.View) (journal.Outcome, error) {
		c := newChecker(v.Now, zone)
		c.text("note", in.Note, textLength, false)
		if err := c.Err(); err != nil {
			return journal.Outcome{}, err
		}
		s, _, err := d.shiftOf(a)
		if err != nil {
			return journal.Outcome{}, err
		}
		h := &Handover{Head: journal.Head{ID: id}, Since: s.since.Truncate(time.Millisecond), Lines: s.document(), Note: in.Note, By: a.ID}
		documents := []journal.Document{h}
		for _, line := range h.Lines {
			if of, err := journal.Load[*alerts.Case](v, "cases", line.CaseID); err == nil {
				if next := of.HandOn(id); next != nil {
					documents = append(documents, next)
				}
			}
		}
		return journal.Outcome{Documents: documents}, nil
	})
	if err != nil {
		return HandoverView{}, err
	}
	at := slices.IndexFunc(done.Keys, func(k journal.Key) bool { return k.Collection == "handovers" })
	return d.Handover(ctx, a, done.Keys[at].ID)
}

// TakeHandover says who took a shift over: somebody else than who left it, once.
func (d *Desk) TakeHandover(ctx context.Context, a alerts.Actor, id string, r alerts.Request) (HandoverView, error) {
	_, err := d.Do(ctx, a, "handover.take", r, func(v *journal.View) (journal.Outcome, error) {
		h, err := journal.Load[*Handover](v, "handovers", id)
		switch {
		case err != nil:
			return journal.Outcome{}, err
		case h.TakenBy != "":
			return journal.Outcome{}, alerts.Errorf(alerts.Conflict, "Somebody has taken this shift over already.")
		case a.Kind != alerts.KindPerson:
			return journal.Outcome{}, alerts.Errorf(alerts.Forbidden, "A person who has signed in must take a shift over.")
		case h.By == a.ID:
			return journal.Outcome{}, alerts.Errorf(alerts.Forbidden, "Another person than the one who leaves must take the shift over.")
		}
		next := *h
		next.TakenBy, next.TakenAt = a.ID, v.Now
		return journal.Outcome{Documents: []journal.Document{&next}}, nil
	})
	if err != nil {
		return HandoverView{}, err
	}
	return d.Handover(ctx, a, id)
}

// Handover returns an earlier handover: which cases needed what then, and how
// they stand now.
func (d *Desk) Handover(ctx context.Context, a alerts.Actor, id string) (HandoverView, error) {
	h, ok := d.board.Handover(id)
	if !ok || !d.Matrix.Can(a.Role, "handover.take") {
		return HandoverView{}, missing("handover " + id)
	}
	if err := d.Reads.Record(ctx, a, "handovers/"+id, alerts.P0, alerts.P1, alerts.P3, alerts.P10); err != nil {
		return HandoverView{}, err
	}
	return d.handoverView(a, h), nil
}

// Handovers returns the handovers, newest first, without their cases.
func (d *Desk) Handovers(a alerts.Actor, limit int) []HandoverView {
	out := []HandoverView{}
	if !d.Matrix.Can(a.Role, "handover.take") {
		return out
	}
	all := d.board.Handovers()
	slices.Reverse(all)
	for _, h := range all[:min(len(all), limit)] {
		v := d.handoverHead(h)
		v.Note = ""
		out = append(out, v)
	}
	return out
}

func (d *Desk) handoverHead(h *Handover) HandoverView {
	return HandoverView{
		ID: h.ID, Since: h.Since, At: h.CreatedAt, By: h.By, ByName: d.accountName(h.By), TakenBy: h.TakenBy, TakenAt: h.TakenAt, Note: h.Note,
		Cases: []HandoverCase{}, Loose: []HandoverItem{},
	}
}

// handoverView is the allow-list of a handover: a line whose case the reader may
// not see now is only counted.
func (d *Desk) handoverView(a alerts.Actor, h *Handover) HandoverView {
	v := d.handoverHead(h)
	for _, line := range h.Lines {
		if line.CaseID == "" {
			v.Loose = line.Items
			continue
		}
		c, err := d.VisibleCase(a, line.CaseID)
		if err != nil {
			v.Unseen++
			continue
		}
		of := HandoverCase{CaseListItem: d.ViewCaseItem(a, c), Items: append([]HandoverItem{}, line.Items...), Notes: []alerts.ShiftNoteView{}}
		for _, n := range d.ViewCase(a, c).ShiftNotes {
			if n.Handover == h.ID {
				of.Notes = append(of.Notes, n)
			}
		}
		v.Cases = append(v.Cases, of)
	}
	slices.SortStableFunc(v.Cases, func(x, y HandoverCase) int {
		if n := y.Overdue() - x.Overdue(); n != 0 {
			return n
		}
		return strings.Compare(x.Number, y.Number)
	})
	return v
}
