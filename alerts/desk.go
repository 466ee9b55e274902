package alerts

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"homeward/geo"
	"homeward/journal"
)

// Side keeps side records: things with an expiry that are not changes, such as
// sessions. Kind and id name a record.
type Side interface {
	PutSide(ctx context.Context, kind, id string, expires time.Time, data []byte) error
	// SwapSide is PutSide for a record that holds what was, nil for one that is
	// not there; nil data removes it. Of all who try at once, on whichever node,
	// one succeeds, the others get journal.ErrTaken.
	SwapSide(ctx context.Context, kind, id string, was []byte, expires time.Time, data []byte) error
	// Side returns a record and when it expires; journal.ErrNotFound when there
	// is none, or it has expired.
	Side(ctx context.Context, kind, id string) ([]byte, time.Time, error)
	DropSide(ctx context.Context, kind, id string) error
	// EachSide calls each for the records of a kind until it returns an error.
	EachSide(ctx context.Context, kind string, each func(id string, data []byte) error) error
}

// Blobs keeps photos: sealed bytes under random ids, durable when Put returns.
type Blobs interface {
	PutBlob(ctx context.Context, id string, data []byte) error
	Blob(ctx context.Context, id string) ([]byte, error)
	DropBlob(ctx context.Context, id string) error
	EachBlob(ctx context.Context, each func(id string, at time.Time) error) error
}

// Parts are what a Desk works with.
type Parts struct {
	Journal *journal.Journal
	Board   *Board
	Ring    *Ring
	Reads   *ReadLog
	Matrix  *Matrix
	Regions *geo.Regions
	Side    Side
	Blobs   Blobs
	// Now is the clock and Random the source of ids; tests pass their own.
	Now    func() time.Time
	Random io.Reader
	// Sender is this installation's CAP sender, domain-like.
	Sender string
	Log    *slog.Logger
}

// Desk carries out commands and reads. Every method takes who acts or reads as
// an argument and is safe for concurrent use.
type Desk struct {
	Parts
	// keepers know of files that no record of this package names.
	keepers []func(blob string, now time.Time) bool
	// senders keep account of what goes out.
	senders []func(*journal.View, *Alert) ([]journal.Document, error)
	// today hashes the sources of reports.
	today dayKey
	// known remembers what contacts say that can be compared.
	known contactShelfOfNames
	// clock and indicators are the rules and lists that are data.
	clock      []ClockRule
	indicators []Indicator
	slots      []DocumentSlot
	retention  []RetentionRule
	// callTerms are the times of calls; exchanges notes when messages came.
	callTerms CallTerms
	exchanges exchangeLog
}

// NewDesk returns a desk over its parts. It panics when the embedded rules
// cannot be read: the build is broken.
func NewDesk(p Parts) *Desk {
	clock, err := LoadClock()
	if err != nil {
		panic(err)
	}
	indicators, err := LoadIndicators()
	if err != nil {
		panic(err)
	}
	terms, err := LoadCallTerms()
	if err != nil {
		panic(err)
	}
	slots, err := LoadDocumentSlots()
	if err != nil {
		panic(err)
	}
	retention, err := LoadRetention()
	if err != nil {
		panic(err)
	}
	return &Desk{Parts: p, slots: slots, retention: retention, clock: clock, indicators: indicators, callTerms: terms}
}

// Do runs one command through the journal once the matrix has allowed the act,
// and gives the journal's errors their codes. Act names are the rows "act" of
// the matrix, such as "case.open".
func (d *Desk) Do(ctx context.Context, a Actor, act string, r Request, decide func(*journal.View) (journal.Outcome, error)) (journal.Done, error) {
	if !d.Matrix.Can(a.Role, act) {
		return journal.Done{}, Errorf(Forbidden, "This account may not do that.")
	}
	done, err := d.Journal.Do(ctx, journal.Command{
		Actor: a.ID, Action: act, Request: r.Key, Body: r.Body, Decide: remembering(a, decide),
	})
	return done, coded(err)
}

// coded gives an error of the journal its code. Errors that have one stay as
// they are.
func coded(err error) error {
	var e *Error
	switch {
	case err == nil || errors.As(err, &e):
		return err
	case errors.Is(err, journal.ErrNotFound):
		return &Error{Code: NotFound, Message: "There is nothing here that you can see.", Err: err}
	case errors.Is(err, journal.ErrRequestReused):
		return &Error{Code: RequestReused, Message: "The same idempotency key was sent before with other content.", Err: err}
	case errors.Is(err, journal.ErrFull):
		return &Error{Code: Full, Message: "The disk is full. Nothing was saved.", Err: err}
	case errors.Is(err, journal.ErrUnknown), errors.Is(err, journal.ErrBroken), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &Error{Code: OutcomeUnknown, Message: "It is not known whether this was saved. Send it again with the same idempotency key.", Err: err}
	case errors.Is(err, journal.ErrRefused):
		return &Error{Code: Unavailable, Message: "The database refuses a record, so nothing more is taken in. Nothing was saved. The administrator finds the reason in the log.", Err: err}
	case errors.Is(err, journal.ErrStopped):
		return &Error{Code: Unavailable, Message: "The server is stopping. Nothing was saved.", Err: err}
	}
	return err
}
