package journal

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"time"
)

// decided is a command with the change it becomes.
type decided struct {
	w         *waiting
	change    Change
	documents []Document
	forget    []Key
	done      Done
}

// decide runs the rules of a batch one after another, each on what the ones
// before it have decided. Requests that were carried out before are answered.
func (j *Journal) decide(batch []*waiting) (r round) {
	ctx, cancel := context.WithTimeout(context.Background(), appendPatience)
	defer cancel()
	v := &View{Now: j.o.Now().UTC().Truncate(time.Millisecond), ctx: ctx, j: j, pending: map[Key]Document{}}
	r.ready = make([]decided, 0, len(batch))
	place := j.tip
	asked := map[string]bool{}
	for _, w := range batch {
		request := string(w.command.Request)
		if request != "" && asked[request] {
			r.later = append(r.later, w)
			continue
		}
		if done, known, err := j.repeated(w.command); known {
			w.answer <- answer{done, err}
			continue
		}
		d, err := j.outcome(v, w, place)
		switch {
		case err == nil && d.change.Number > 0:
			v.add(d.documents, d.forget)
			place = Position{d.change.Number, d.change.Chain}
			r.ready = append(r.ready, d)
			asked[request] = true
		case j.o.Shared && !w.again:
			w.again = true
			r.later = append(r.later, w)
		default:
			r.held = append(r.held, held{w, answer{err: err}, len(r.ready)})
		}
	}
	return r
}

// outcome runs one rule and makes its change. A rule that panics has refused:
// nothing of it is kept, and neither its caller nor the writer hangs on it.
func (j *Journal) outcome(v *View, w *waiting, place Position) (d decided, err error) {
	defer func() {
		if p := recover(); p != nil {
			j.o.Log.Error("a rule panicked", "action", w.command.Action, "stack", string(debug.Stack()))
			d, err = decided{}, fmt.Errorf("decide %s: %w", w.command.Action, ErrPanicked)
		}
	}()
	o, err := w.command.Decide(v)
	if err != nil {
		return decided{}, err
	}
	if err := o.check(); err != nil {
		return decided{}, fmt.Errorf("decide %s: %w", w.command.Action, err)
	}
	return j.prepare(v, w, o, place)
}

// prepare stamps the documents of an outcome and makes the change after place.
func (j *Journal) prepare(v *View, w *waiting, o Outcome, place Position) (decided, error) {
	d := decided{w: w, documents: o.Documents, forget: o.Forget}
	if len(o.Documents) == 0 && len(o.Forget) == 0 {
		return d, nil
	}
	at := v.Now
	if o.Hourly {
		at = at.Truncate(time.Hour)
	}
	c := Change{
		Number: place.Number + 1, At: at,
		Actor: w.command.Actor, Action: w.command.Action,
		Request: w.command.Request, Body: w.command.Body,
		Lines: make([]Line, 0, len(o.Documents)+len(o.Forget)),
	}
	salts := make([]byte, 16*(len(o.Documents)+1))
	if _, err := io.ReadFull(j.o.Random, salts); err != nil {
		return d, fmt.Errorf("draw random bytes: %w", err)
	}
	copy(c.Token[:], salts)
	for i, doc := range o.Documents {
		h := doc.DocumentHead()
		h.Number, h.Salt, h.UpdatedAt = c.Number, salts[16*(i+1):16*(i+2):16*(i+2)], at
		h.Version++
		if h.CreatedAt.IsZero() {
			h.CreatedAt = at
		}
		image, err := j.o.Codec.Encode(doc)
		if err != nil {
			return d, fmt.Errorf("encode %s: %w", KeyOf(doc), err)
		}
		c.Lines = append(c.Lines, Line{Key: KeyOf(doc), Digest: Digest(image), Image: image})
		d.done.Keys = append(d.done.Keys, KeyOf(doc))
	}
	for _, k := range o.Forget {
		c.Lines = append(c.Lines, Line{Key: k, Forgotten: true})
	}
	c.Chain = link(place.Chain, &c)
	d.change, d.done.Number = c, c.Number
	return d, nil
}
