package partners

import (
	"context"
	"fmt"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/abduction"
)

// Desk carries out the commands and reads about partners, beside those of the
// alerts' desk. Every method takes who acts or reads and is safe for concurrent
// use.
type Desk struct {
	*alerts.Desk
	board  *Board
	limits Limits
	// protection never changes.
	protection *abduction.Protection
	// referrals never changes.
	referrals *ReferralData
	// compare never changes; ask is set before the desk is in use.
	compare CompareLimits
	ask     Asker
	taken   takenPapers
	// receipts is set before the desk is in use; nil where nobody fetches.
	receipts *Receipts
}

// NewDesk returns a desk over both boards. It panics when the embedded numbers
// cannot be read: the build is broken.
func NewDesk(d *alerts.Desk, b *Board) *Desk {
	limits, err := LoadLimits()
	if err != nil {
		panic(err)
	}
	protection, err := abduction.LoadProtection()
	if err != nil {
		panic(err)
	}
	referrals, err := LoadReferralData()
	if err != nil {
		panic(err)
	}
	compare, err := LoadCompareLimits()
	if err != nil {
		panic(err)
	}
	d.KeepAlso(b.paperBoard.names)
	out := &Desk{Desk: d, board: b, limits: limits, protection: protection, referrals: referrals, compare: compare}
	d.SendAlso(out.sentAlso)
	return out
}

// PartnerBoard returns the board that the desk works on.
func (d *Desk) PartnerBoard() *Board { return d.board }

// missing is the one answer for what does not exist and what is not theirs.
func missing(what string) error {
	return &alerts.Error{
		Code: alerts.NotFound, Message: "There is nothing here that you can see.",
		Err: fmt.Errorf("%s: %w", what, journal.ErrNotFound),
	}
}

func (d *Desk) partnerNow(ctx context.Context, id string) (*Partner, error) {
	doc, err := d.Journal.Document(ctx, journal.Key{Collection: "partners", ID: id})
	if err != nil {
		return nil, missing("partner " + id)
	}
	return doc.(*Partner), nil
}
