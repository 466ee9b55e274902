package alerts

import (
	"context"
	"slices"
	"time"

	"homeward/journal"
)

// PaperMade counts how often the desk has fetched a poster or a share image of
// one revision: copies that no program can take back.
type PaperMade struct {
	File     string    `bson:"file" json:"file"`
	Revision int       `bson:"revision" json:"revision"`
	Count    int       `bson:"count" json:"count"`
	Last     time.Time `bson:"last" json:"last"`
}

// PapersGone says who has confirmed that the desk's posters and images are taken
// down.
type PapersGone struct {
	By string    `bson:"by" class:"P10"`
	At time.Time `bson:"at" class:"ref"`
}

// PaperFiles are the forms in which an appeal can be passed on.
func PaperFiles() []string { return []string{"poster.pdf", "square.png", "portrait.png"} }

// MakePaper notes that somebody of the desk has fetched a poster or a share
// image of the current revision.
func (d *Desk) MakePaper(ctx context.Context, a Actor, alertID, file string) error {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return err
	}
	_, err := d.Do(ctx, a, "alert.paper", Request{}, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		return outcomeOf(paperRule(al, file, v.Now)), nil
	})
	return err
}

// paperRule counts a paper; nil when there is nothing to count.
func paperRule(al *Alert, file string, now time.Time) *Alert {
	r := al.Current()
	if r == nil || al.State != AlertLive || !slices.Contains(PaperFiles(), file) {
		return nil
	}
	next := *al
	next.Papers = slices.Clone(al.Papers)
	at := slices.IndexFunc(next.Papers, func(p PaperMade) bool { return p.File == file && p.Revision == r.Number })
	if at < 0 {
		next.Papers = append(next.Papers, PaperMade{File: file, Revision: r.Number})
		at = len(next.Papers) - 1
	}
	next.Papers[at].Count++
	next.Papers[at].Last = now
	return &next
}

// PapersTakenDown notes that the posters and images which the desk has made of an
// alert that has ended are taken down.
func (d *Desk) PapersTakenDown(ctx context.Context, a Actor, alertID string, r Request) (AlertView, error) {
	if _, err := d.VisibleAlert(a, alertID); err != nil {
		return AlertView{}, err
	}
	_, err := d.Do(ctx, a, "alert.paper", r, func(v *journal.View) (journal.Outcome, error) {
		al, err := journal.Load[*Alert](v, "alerts", alertID)
		if err != nil {
			return journal.Outcome{}, err
		}
		al, err = takenDownRule(al, a, v.Now)
		return outcomeOf(al), err
	})
	if err != nil {
		return AlertView{}, err
	}
	return d.Alert(ctx, a, alertID)
}

// takenDownRule confirms that an alert's papers are gone. It returns nil when
// that has been confirmed.
func takenDownRule(al *Alert, a Actor, now time.Time) (*Alert, error) {
	switch {
	case !al.State.Ended():
		return nil, Errorf(Conflict, "This alert goes on. Nothing is to be taken down yet.")
	case len(al.Papers) == 0:
		return nil, Errorf(Conflict, "The desk has made no posters or images of this alert.")
	case al.PapersGone != nil:
		return nil, nil
	}
	next := *al
	next.PapersGone = &PapersGone{By: a.ID, At: now}
	return &next, nil
}
