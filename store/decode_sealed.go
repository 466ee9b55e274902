package store

import (
	"errors"
	"fmt"
	"reflect"
	"sync"

	"homeward/journal"
)

// usualSteps is how many steps lead to the sealed parts of most documents.
const usualSteps = 32

// step keeps a step where it stays until the document is decoded.
func (d *decoder) step(s step) *step {
	if len(d.steps) == cap(d.steps) {
		d.steps = make([]step, 0, usualSteps) // the full one lives on in what points into it
	}
	d.steps = append(d.steps, s)
	return &d.steps[len(d.steps)-1]
}

func (d *decoder) element(s *shape, at *step, i int, into reflect.Value) *step {
	if !s.sealed {
		return nil
	}
	return d.step(s.element(at, i, into))
}

// release makes the decoder ready for another document. It keeps nothing of
// this one but the room.
func (d *decoder) release(to *sync.Pool) {
	clear(d.sealed)
	clear(d.steps)
	clear(d.plain[:cap(d.plain)])
	*d = decoder{sealed: d.sealed[:0], steps: d.steps[:0], associated: d.associated[:0], plain: d.plain[:0]}
	to.Put(d)
}

// openAll opens the sealed parts of a document. Those of destroyed keys stay
// zero.
func (d *decoder) openAll(sealer Sealer, key journal.Key, unit united) error {
	parts := d.sealed
	d.open = true
	part, open, err := "", opener(nil), errors.New("no unit was asked for")
	for i := range parts {
		p := &parts[i]
		if i == 0 || p.field.part != part {
			part = p.field.part
			open, err = sealer.Opener(unit.Unit(part))
		}
		if errors.Is(err, journal.ErrForgotten) {
			continue
		}
		if err == nil {
			err = d.openOne(open, key, p)
		}
		if err != nil {
			return fmt.Errorf("open %s of %s: %w", p.field.name, key, err)
		}
	}
	return nil
}

type opener func(dst, aad, sealed []byte) ([]byte, error)

func (d *decoder) openOne(open opener, key journal.Key, p *sealedPart) error {
	path := step{up: p.up, name: p.field.name}
	d.associated = associated(d.associated[:0], key, &path)
	plain, err := open(d.plain[:0], d.associated, p.data)
	if err != nil {
		return err
	}
	d.plain = plain
	if len(plain) == 0 {
		return errBytes
	}
	return d.value(p.field.shape, plain[0], plain[1:], p.into, nil)
}
