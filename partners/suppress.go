package partners

import "slices"

// few is the smallest count that may be published: a smaller one may be about
// people who can be told apart. Zero says that there was nobody.
const few = 5

// addends is a table of counts whose rows form a tree: a row is the sum of those
// under it, and in each row the last column is the sum of the others.
type addends struct {
	// parent is the row above, -1 for the first row, which is above all. A row
	// stands after its parent.
	parent []int
	values [][]int
}

// arc is one count as part of a flow: each sum of the table says that as much
// flows into a node as out of it. So a hidden count can be another one exactly
// when a ring of hidden arcs can carry one unit more or less.
type arc struct {
	from, to, value int
	hidden          bool
}

// hide tells which counts to leave out so that no count below few is published
// or follows from those that are: every hidden count has at least one other
// value with which all sums still hold.
func (t *addends) hide() [][]bool {
	arcs := t.arcs()
	for i := range arcs {
		arcs[i].hidden = arcs[i].value > 0 && arcs[i].value < few
	}
	for i := given(arcs); i >= 0; i = given(arcs) {
		t.hideOne(arcs, i)
	}
	columns := len(t.values[0])
	out := make([][]bool, len(t.values))
	for r := range out {
		out[r] = make([]bool, columns)
		for c := range out[r] {
			out[r][c] = arcs[r*columns+c].hidden
		}
	}
	return out
}

// arcs are the counts in the order of rows and columns.
func (t *addends) arcs() []arc {
	columns := len(t.values[0])
	leaf := make([]bool, len(t.parent))
	for r := range leaf {
		leaf[r] = !slices.Contains(t.parent, r)
	}
	ground := len(t.parent) * columns
	node := func(r, c int) int { return r*columns + c } // the sum over the rows under r
	var out []arc
	for r, row := range t.values {
		for c, v := range row {
			down, up := node(r, c), ground
			if leaf[r] {
				down = node(r, 0) // the sum over the row
			}
			if t.parent[r] >= 0 {
				up = node(t.parent[r], c)
			}
			if c == columns-1 {
				down, up = up, down
			}
			out = append(out, arc{from: down, to: up, value: v})
		}
	}
	return out
}

// hideOne hides one count more so that the ith can be another: the smallest that
// is enough by itself, or the smallest beside it.
func (t *addends) hideOne(arcs []arc, i int) {
	var shown []int
	for k := range arcs {
		if !arcs[k].hidden {
			shown = append(shown, k)
		}
	}
	beside := func(k int) bool {
		a, b := arcs[i], arcs[k]
		return a.from == b.from || a.to == b.to || a.from == b.to || a.to == b.from
	}
	slices.SortStableFunc(shown, func(x, y int) int {
		if beside(x) != beside(y) {
			if beside(x) {
				return -1
			}
			return 1
		}
		return arcs[x].value - arcs[y].value
	})
	for _, k := range shown {
		arcs[k].hidden = true
		if free(arcs, i) {
			return
		}
		arcs[k].hidden = false
	}
	arcs[shown[0]].hidden = true
}

// given finds a hidden count that the others give away, -1 when there is none.
func given(arcs []arc) int {
	for i := range arcs {
		if arcs[i].hidden && !free(arcs, i) {
			return i
		}
	}
	return -1
}

// free tells whether the ith count, which is hidden, can be one more or one less.
func free(arcs []arc, i int) bool {
	return reaches(arcs, i, arcs[i].to, arcs[i].from) || arcs[i].value > 0 && reaches(arcs, i, arcs[i].from, arcs[i].to)
}

// reaches tells whether a unit can flow between two nodes by hidden counts other
// than the ith: along an arc always, against it when its count is above zero.
func reaches(arcs []arc, i, from, to int) bool {
	seen := map[int]bool{from: true}
	queue := []int{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at == to {
			return true
		}
		for k := range arcs {
			a := &arcs[k]
			next := -1
			switch {
			case k == i || !a.hidden:
			case a.from == at:
				next = a.to
			case a.to == at && a.value > 0:
				next = a.from
			}
			if next >= 0 && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	return false
}
