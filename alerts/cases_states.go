package alerts

import "slices"

// move is one row of the table of what may follow what.
type move struct {
	act  string
	from []State
	to   State
}

// moves is the table of a case's life apart from alerts: a release raises a case
// to active or public by its own rule.
func moves() []move {
	open := []State{StateDraft, StateVerifying, StateActive, StatePublic, StateOnHold}
	return []move{
		{"submit", []State{StateDraft}, StateVerifying},
		{"hold", []State{StateVerifying, StateActive, StatePublic}, StateOnHold},
		{"resume", []State{StateOnHold}, StateVerifying},
		{"close", open, StateFound},
		{"void", open, StateVoid},
		{"finish", []State{StateFound}, StateClosed},
		{"reopen", []State{StateFound, StateClosed, StateVoid}, StateVerifying},
	}
}

// moved returns the state that an act takes a case to. An act that is out of
// place is a conflict that says where the case stands.
func moved(act string, from State) (State, error) {
	for _, m := range moves() {
		if m.act == act && slices.Contains(m.from, from) {
			return m.to, nil
		}
	}
	return "", Errorf(Conflict, "The case is %s: this step does not follow.", stateWords(from))
}

func stateWords(s State) string {
	switch s {
	case StateOnHold:
		return "on hold"
	case StateFound:
		return "closed already, the child was found"
	case StateVoid:
		return "void"
	}
	return string(s)
}
