package partners

import (
	"context"
	"fmt"
	"slices"
	"time"

	"homeward/alerts"
	"homeward/partners/pack"
)

// LetterPDF returns a letter as it is printed.
func (d *Desk) LetterPDF(ctx context.Context, a alerts.Actor, matterID string, n int) ([]byte, error) {
	w, l, err := d.letter(ctx, a, matterID, n)
	if err != nil {
		return nil, err
	}
	if w.stale(l.At) {
		return nil, staleError()
	}
	pdf, _, err := w.data.PrintLetter(l.Language, l.At, w.foot(fmt.Sprintf("%d/%d", l.N, l.Edition)), w.written(l))
	return pdf, err
}

func (w *paperwork) foot(number string) string { return w.of.CaseNumber + " · " + number }

func (w *paperwork) written(l *Letter) pack.Written {
	out := pack.Written{Place: w.dayOf(l.At), Addressee: l.Addressee, Subject: l.Subject, Body: l.Body}
	if t, ok := w.data.Template(l.Template); ok && !l.BasisChecked {
		out.Unchecked = t.Source
	}
	return out
}

// stale tells whether something was hidden, since a paper was made, from a
// party who reads it.
func (w *paperwork) stale(made time.Time) bool {
	return slices.ContainsFunc(w.of.Hidden, func(h alerts.Hiding) bool {
		return h.LiftedAt.IsZero() && h.At.After(made) && w.gate.Reaches(h.Party)
	})
}

func staleError() error {
	return alerts.Errorf(alerts.Conflict, "Something was hidden since from a party who reads this. Make it again.")
}
