package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"homeward/journal"
)

type verifyCommand struct {
	storeFlags
	Offline bool `help:"Open the store itself; the server must not be running."`
}

// Run verifies through the running server, or offline.
func (v *verifyCommand) Run(c *console, ctx context.Context) error {
	if err := v.settle(); err != nil {
		return err
	}
	if !v.Offline {
		return operate(ctx, c.out, v.State, http.MethodGet, "/verify", nil)
	}
	w := &world{}
	err := w.openStore(ctx, v.storeFlags)
	if err == nil {
		err = verify(ctx, w.store, c.out)
	}
	return errors.Join(err, w.close())
}

// errBroken is what verify ends with when something does not fit.
var errBroken = errors.New("the store is not what was written")

func verify(ctx context.Context, b journal.Backend, out io.Writer) error {
	r, err := journal.Verify(ctx, b)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d changes, %d documents as their last change wrote them, %d forgotten. Chain at %d: %x\n",
		r.Changes, r.Documents, r.Forgotten, r.Position.Number, r.Position.Chain)
	for _, p := range r.Problems {
		fmt.Fprintln(out, p)
	}
	if len(r.Problems) > 0 {
		return fmt.Errorf("%w: %d problems", errBroken, len(r.Problems))
	}
	return nil
}
