package alerts

import "slices"

// Grounds are what may make a row of the matrix count for one reader and one
// record.
type Grounds struct {
	// Assigned says that the reader is assigned to the case, named on the
	// matter, addressed with the alert, or, for a tipster or a parent, that the
	// record is their own.
	Assigned bool
	// Tipster says that the tipster has left contact details to be asked.
	Tipster bool
	// BreakGlass says that the reader has opened this record in an emergency,
	// with a reason that somebody reviews.
	BreakGlass bool
	// Requested says that a written request for this class is on file.
	Requested bool
}

// May tells whether an actor may see a whole class of a case in this state.
func (m *Matrix) May(a Actor, c Class, s State, assigned bool) bool {
	return m.MayOn(a, c, s, Grounds{Assigned: assigned})
}

// MayOn is May with all grounds. Ref is for whoever may see any class of the
// record now, Kept for nobody.
func (m *Matrix) MayOn(a Actor, c Class, s State, g Grounds) bool {
	return m.stage(a.Role, s).may(a, c, g)
}

// stage returns what a role may see in a stage.
func (m *Matrix) stage(r Role, s State) stageRules { return m.stages[stageKey{r, s}] }

func (r stageRules) may(a Actor, c Class, g Grounds) bool {
	if c == Ref {
		return slices.ContainsFunc(r, func(rule *classRule) bool { return rule.holds(a, g) })
	}
	return r.of(c).holds(a, g)
}

// of returns the rule of a class, nil for a class of which nothing may be seen.
func (r stageRules) of(c Class) *classRule {
	if i := c.place(); i >= 0 && i < len(r) {
		return r[i]
	}
	return nil
}

func (r *classRule) holds(a Actor, g Grounds) bool {
	return r != nil && !slices.ContainsFunc(r.words, func(w string) bool { return !g.hold(w, a) })
}

// Part names the part of a class that an actor may see when it is not the
// whole, such as "first_name_photo", and "" when there is none.
func (m *Matrix) Part(a Actor, c Class, s State, g Grounds) string {
	return m.stage(a.Role, s).part(a, c, g)
}

func (r stageRules) part(a Actor, c Class, g Grounds) string {
	rule := r.of(c)
	if rule == nil {
		return ""
	}
	part := ""
	for _, w := range rule.words {
		switch {
		case g.hold(w, a):
		case isGround(w):
			return ""
		default:
			part = w
		}
	}
	return part
}

func (g Grounds) hold(word string, a Actor) bool {
	switch word {
	case onAssigned, onOwn, onNamed, onArea:
		return g.Assigned
	case onStepUp:
		return !a.StepUpAt.IsZero()
	case onTipster:
		return g.Tipster
	case onBreakGlass:
		return g.BreakGlass
	case onRequest:
		return g.Requested
	}
	return false // a part, not the whole
}

func isGround(word string) bool {
	return slices.Contains([]string{onAssigned, onOwn, onNamed, onArea, onStepUp, onTipster, onBreakGlass, onRequest}, word)
}

// Can tells whether a role may carry out an act, such as "case.open".
func (m *Matrix) Can(r Role, act string) bool { return m.acts[act][r] }

// Route tells whether a role may reach a route, such as "GET /api/v1/cases/:id".
func (m *Matrix) Route(r Role, route string) bool { return m.routes[route][r] }

// Names tells whether the matrix says anything about a route.
func (m *Matrix) Names(route string) bool { return m.routes[route] != nil }

// Routes returns every route that the matrix names, sorted.
func (m *Matrix) Routes() []string { return sortedKeys(m.routes) }

// Acts returns every act that the matrix names, sorted.
func (m *Matrix) Acts() []string { return sortedKeys(m.acts) }

func sortedKeys(of map[string]map[Role]bool) []string {
	out := make([]string, 0, len(of))
	for k := range of {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
