package partners

import "slices"

// byInstance puts the steps of one instance together, in the order of the
// instances, where the first of them stands.
func (v *ProcedureView) byInstance() {
	first := slices.IndexFunc(v.Steps, func(s MatterStepView) bool { return s.Repeats })
	if first < 0 {
		return
	}
	var repeated, others []MatterStepView
	for _, s := range v.Steps {
		if s.Repeats {
			repeated = append(repeated, s)
		} else {
			others = append(others, s)
		}
	}
	slices.SortStableFunc(repeated, func(x, y MatterStepView) int { return x.Round - y.Round })
	v.Steps = slices.Concat(others[:first:first], repeated, others[first:])
}

// phases sums the steps up by phase, and marks where the matter stands: the
// first phase whose main steps are not all behind it.
func (v *ProcedureView) phases(order []string) {
	v.Phases = []PhaseView{}
	here := false
	for _, id := range order {
		p := PhaseView{ID: id, State: stepDone, Steps: []int{}}
		begun, open, ahead := false, false, false
		for i := range v.Steps {
			s := &v.Steps[i]
			if s.Phase != id {
				continue
			}
			p.Steps = append(p.Steps, i)
			over := s.State == stepDone || s.State == stepSkipped
			begun, open = begun || over || s.State == stepDoing, open || !over
			ahead = ahead || !over && s.Lane == "main"
		}
		if len(p.Steps) == 0 {
			continue
		}
		if p.State = stepDone; open && begun {
			p.State = stepDoing
		} else if open {
			p.State = stepTodo
		}
		if ahead && !here {
			p.Here, here = true, true
		}
		v.Phases = append(v.Phases, p)
	}
}

// next chooses what is to be done now: what is overdue, what has been begun, and
// the first main step that has not.
func (v *ProcedureView) next() {
	rank := func(i int) int {
		switch s := &v.Steps[i]; {
		case s.Overdue:
			return 0
		case s.State == stepDoing:
			return 1
		case s.Due != "":
			return 2
		}
		return 3
	}
	main := false
	for i := range v.Steps {
		s := &v.Steps[i]
		if s.State == stepDone || s.State == stepSkipped {
			continue
		}
		first := s.Lane == "main" && s.State == stepTodo && !main
		main = main || first
		if first || rank(i) < 3 {
			v.Next = append(v.Next, i)
		}
	}
	slices.SortStableFunc(v.Next, func(a, b int) int { return rank(a) - rank(b) })
}
