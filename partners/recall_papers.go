package partners

import (
	"cmp"
	"slices"
	"time"

	"homeward/alerts"
)

// PaperOwed is the posters and images of one ended alert that somebody has to
// take down: no program can.
type PaperOwed struct {
	AlertID    string `json:"alert_id"`
	CaseNumber string `json:"case_number"`
	// Files are the forms that the desk made, Count how often in all.
	Files []string  `json:"files"`
	Count int       `json:"count"`
	Ended time.Time `json:"ended_at"`
}

// papersOwed are the posters and images that nobody has confirmed to be taken
// down, of the alerts that the actor may see, those that ended first at first.
func (d *Desk) papersOwed(a alerts.Actor) []PaperOwed {
	out := []PaperOwed{}
	for _, al := range d.board.withPapers() {
		if _, err := d.VisibleAlert(a, al.ID); err != nil {
			continue
		}
		one := PaperOwed{AlertID: al.ID, CaseNumber: al.CaseNumber, Ended: al.Ending.At}
		for _, p := range al.Papers {
			one.Count += p.Count
			if !slices.Contains(one.Files, p.File) {
				one.Files = append(one.Files, p.File)
			}
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(x, y PaperOwed) int { return cmp.Or(x.Ended.Compare(y.Ended), cmp.Compare(x.AlertID, y.AlertID)) })
	return out[:min(len(out), longestList)]
}

// withPapers are the ended alerts with posters that somebody has to take down.
func (b *Board) withPapers() []*alerts.Alert {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []*alerts.Alert
	for _, al := range b.released {
		if al.Ending != nil && al.PapersGone == nil && len(al.Papers) > 0 {
			out = append(out, al)
		}
	}
	return out
}
