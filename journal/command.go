package journal

import (
	"errors"
	"fmt"
)

// Errors of rules that are not written right. Nothing of such a command is kept.
var (
	// ErrPanicked says that a rule panicked; the log holds the stack.
	ErrPanicked = errors.New("the rule failed")
	// ErrOutcome says that a rule named a document twice or without an id.
	ErrOutcome = errors.New("the outcome names a document twice or without an id")
)

// Command is something to be decided and written.
type Command struct {
	// Actor is the id of who acts; Action names what is done, for the record.
	Actor, Action string
	// Request is the keyed hash of the caller's idempotency key, nil without
	// one; Body the keyed hash of what was sent with it.
	Request, Body []byte
	// Decide returns the outcome. It is a rule: it reads the view and may be
	// called several times, so it must return newly made documents each time.
	// It runs on the one goroutine that writes, so it must be quick.
	Decide func(v *View) (Outcome, error)
}

// Outcome is what a command changes: the documents as they are after it, and
// the keys of what is forgotten. An empty outcome writes nothing.
type Outcome struct {
	Documents []Document
	Forget    []Key
	// Hourly cuts the time of the change and of its documents to the hour, for
	// people who must not be found by when they wrote.
	Hourly bool
}

// check refuses an outcome that names a document twice: stores and boards would
// not agree on which of the two is the last.
func (o Outcome) check() error {
	seen := make(map[Key]bool, len(o.Documents)+len(o.Forget))
	add := func(k Key) error {
		if k.Collection == "" || k.ID == "" || seen[k] {
			return fmt.Errorf("%w: %q", ErrOutcome, k)
		}
		seen[k] = true
		return nil
	}
	for _, d := range o.Documents {
		if err := add(KeyOf(d)); err != nil {
			return err
		}
	}
	for _, k := range o.Forget {
		if err := add(k); err != nil {
			return err
		}
	}
	return nil
}

// Done tells what became of a command.
type Done struct {
	// Number is the change that holds the outcome, 0 when nothing had to be
	// written.
	Number uint64
	// Keys are the documents written, in the order of the outcome.
	Keys []Key
	// Repeated is set when the request had been carried out before.
	Repeated bool
}
