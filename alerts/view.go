package alerts

import "slices"

// lens is one reader looking at one record: what the matrix lets through.
type lens struct {
	matrix  *Matrix
	rules   stageRules
	actor   Actor
	grounds Grounds
}

func (m *Matrix) lens(a Actor, s State, g Grounds) lens { return lens{m, m.stage(a.Role, s), a, g} }

// sees tells whether the reader may see all of these classes here.
func (l lens) sees(classes ...Class) bool {
	return !slices.ContainsFunc(classes, func(c Class) bool { return !l.rules.may(l.actor, c, l.grounds) })
}

// withheld returns those of the classes that are left out, in their order.
func (l lens) withheld(classes ...Class) []Class {
	out := []Class{}
	for _, c := range classes {
		if !l.sees(c) {
			out = append(out, c)
		}
	}
	return out
}

// shown returns those of the classes that the reader sees: what a read record
// names.
func (l lens) shown(classes ...Class) []Class {
	return slices.DeleteFunc(slices.Clone(classes), func(c Class) bool { return !l.sees(c) })
}

// only returns v when the reader may see the classes, else the zero value.
func only[T any](l lens, v T, classes ...Class) T {
	if l.sees(classes...) {
		return v
	}
	var nothing T
	return nothing
}

// stageOf is the stage that decides over what belongs to a case; what belongs to
// none is being verified.
func stageOf(c *Case) State {
	if c == nil {
		return StateVerifying
	}
	return c.State
}

// lensOn returns how an actor sees a case and what belongs to it; c is nil for
// what belongs to none, which is the whole desk's.
func (d *Desk) lensOn(a Actor, c *Case) lens {
	return d.Matrix.lens(a, stageOf(c), Grounds{Assigned: c == nil || d.assigned(a, c)})
}
