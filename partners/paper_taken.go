package partners

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"homeward/alerts"
)

// PaperTaken is how often the public has fetched one poster or share image of one
// revision: a number, and nothing of who or when.
type PaperTaken struct {
	File     string `json:"file"`
	Revision int    `json:"revision"`
	Count    int    `json:"count"`
}

// takenSide is the kind of the side records that keep the counts: one for each
// alert and each run of a node, so that no node reads before it writes.
const takenSide = "paper_taken"

// takenKept is how long a count is kept after it last grew.
const takenKept = 400 * 24 * time.Hour

type takenKey struct {
	alert, file string
	revision    int
}

// takenPapers counts what the public fetches while this process runs. Counting
// costs an addition in memory and waits for nobody; the zero value is ready.
type takenPapers struct {
	counts sync.Map // takenKey to *atomic.Int64
	mu     sync.Mutex
	run    string           // the id of this run
	kept   map[string]int64 // by alert, the sum that is stored
}

// PaperTaken counts that somebody of the public has fetched a poster or a share
// image. What is counted is lost when the process dies before it is kept.
func (d *Desk) PaperTaken(al *alerts.Alert, file string) {
	r := al.Current()
	if r == nil || al.Slug == "" {
		return // an exercise has no public page
	}
	k := takenKey{al.ID, file, r.Number}
	n, ok := d.taken.counts.Load(k)
	if !ok {
		n, _ = d.taken.counts.LoadOrStore(k, new(atomic.Int64))
	}
	n.(*atomic.Int64).Add(1)
}

// here are the counts of this run, by alert.
func (t *takenPapers) here() map[string][]PaperTaken {
	out := map[string][]PaperTaken{}
	t.counts.Range(func(key, n any) bool {
		k := key.(takenKey)
		out[k.alert] = append(out[k.alert], PaperTaken{k.file, k.revision, int(n.(*atomic.Int64).Load())})
		return true
	})
	return out
}

// KeepPapersTaken stores the counts that have grown since they were last stored.
// Each node calls it each minute and when it stops.
func (d *Desk) KeepPapersTaken(ctx context.Context) error {
	t := &d.taken
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.run == "" {
		t.run, t.kept = alerts.NewID(d.Random), map[string]int64{}
	}
	for alert, list := range t.here() {
		sum := int64(0)
		for _, p := range list {
			sum += int64(p.Count)
		}
		if sum == t.kept[alert] {
			continue
		}
		b, err := json.Marshal(list)
		if err == nil {
			err = d.Side.PutSide(ctx, takenSide, alert+"."+t.run, d.Now().Add(takenKept).Truncate(24*time.Hour), b) // to the day: it must not tell of the last minute
		}
		if err != nil {
			return fmt.Errorf("keep how often posters were fetched: %w", err)
		}
		t.kept[alert] = sum
	}
	return nil
}

// papersTaken adds up the counts of an alert over all runs of all nodes. Those of
// other nodes may be a minute old.
func (d *Desk) papersTaken(ctx context.Context, alert string) ([]PaperTaken, error) {
	d.taken.mu.Lock()
	run := d.taken.run
	d.taken.mu.Unlock()
	all := d.taken.here()[alert]
	err := d.Side.EachSide(ctx, takenSide, func(id string, data []byte) error {
		of, by, _ := strings.Cut(id, ".")
		if of != alert || by == run {
			return nil // what this run has counted is in memory
		}
		var list []PaperTaken
		if err := json.Unmarshal(data, &list); err != nil {
			return err
		}
		all = append(all, list...)
		return nil
	})
	if err != nil {
		return nil, &alerts.Error{Code: alerts.Unavailable, Message: "This does not work at this moment. Try again.", Err: err}
	}
	out := []PaperTaken{}
	for _, p := range all {
		at := slices.IndexFunc(out, func(o PaperTaken) bool { return o.File == p.File && o.Revision == p.Revision })
		if at < 0 {
			out = append(out, p)
		} else {
			out[at].Count += p.Count
		}
	}
	slices.SortFunc(out, func(x, y PaperTaken) int {
		return cmp.Or(cmp.Compare(y.Revision, x.Revision), strings.Compare(x.File, y.File))
	})
	return out, nil
}

// RecallNow is Recall with how often the public has fetched posters and images.
func (d *Desk) RecallNow(ctx context.Context, a alerts.Actor, alertID string) (RecallView, error) {
	v, err := d.Recall(a, alertID)
	if err == nil {
		v.Taken, err = d.papersTaken(ctx, alertID)
	}
	return v, err
}
