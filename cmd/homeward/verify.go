package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"homeward/journal"
	"homeward/partners"
)

type verifyCommand struct {
	storeFlags
	Offline   bool   `help:"Open the store itself; the server must not be running."`
	Statement string `help:"A partner's feed statement that somebody kept: look whether the changes it names are still as it says." placeholder:"FILE"`
}

// Run verifies through the running server, or offline.
func (v *verifyCommand) Run(c *console, ctx context.Context) error {
	if err := v.settle(); err != nil {
		return err
	}
	marks, err := v.marks()
	if err != nil {
		return err
	}
	if !v.Offline {
		body, err := json.Marshal(marks)
		if err != nil {
			return err
		}
		return operate(ctx, c.out, v.State, http.MethodPost, "/verify", bytes.NewReader(body))
	}
	w := &world{}
	err = w.openStore(ctx, v.storeFlags)
	if err == nil {
		err = verify(ctx, w.store, marks, c.out)
	}
	return errors.Join(err, w.close())
}

// marks are those of the statement, none without one.
func (v *verifyCommand) marks() ([]journal.Mark, error) {
	if v.Statement == "" {
		return nil, nil
	}
	text, err := os.ReadFile(v.Statement)
	if err != nil {
		return nil, fmt.Errorf("read the statement: %w", err)
	}
	var s partners.FeedStatement
	if err := json.Unmarshal(text, &s); err != nil || len(s.Marks) == 0 {
		return nil, fmt.Errorf("%s is no feed statement: it names no changes", v.Statement)
	}
	return s.Marks, nil
}

// errBroken is what verify ends with when something does not fit.
var errBroken = errors.New("the store is not what was written")

func verify(ctx context.Context, b journal.Backend, marks []journal.Mark, out io.Writer) error {
	r, err := journal.Verify(ctx, b, marks...)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d changes, %d documents as their last change wrote them, %d forgotten. Chain at %d: %x\n",
		r.Changes, r.Documents, r.Forgotten, r.Position.Number, r.Position.Chain)
	if r.Marks > 0 {
		fmt.Fprintf(out, "%d changes of the statement compared\n", r.Marks)
	}
	for _, p := range r.Problems {
		fmt.Fprintln(out, p)
	}
	if len(r.Problems) > 0 {
		return fmt.Errorf("%w: %d problems", errBroken, len(r.Problems))
	}
	return nil
}
