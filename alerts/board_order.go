package alerts

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// mark is one place in a timeline: an instant in Unix milliseconds and the id
// that breaks ties, so that paging by marks never shows a thing twice.
type mark struct {
	at int64
	id string
}

func markOf(t time.Time, id string) mark { return mark{t.UnixMilli(), id} }

func (m mark) compare(o mark) int {
	switch {
	case m.at < o.at:
		return -1
	case m.at > o.at:
		return 1
	}
	return strings.Compare(m.id, o.id)
}

// timeline keeps marks in order, cut into runs short enough that putting one
// in moves little memory: a million marks take a second to fill and never a
// pause.
type timeline struct{ runs [][]mark }

// runLength is the longest run; a full one is cut in two.
const runLength = 512

// find returns the run a mark belongs to and its place in it.
func (t *timeline) find(m mark) (run, at int, found bool) {
	run = sort.Search(len(t.runs), func(i int) bool {
		r := t.runs[i]
		return r[len(r)-1].compare(m) >= 0
	})
	if run == len(t.runs) {
		return run, 0, false
	}
	at, found = slices.BinarySearchFunc(t.runs[run], m, mark.compare)
	return run, at, found
}

func (t *timeline) add(m mark) {
	run, at, found := t.find(m)
	if found {
		return
	}
	if run == len(t.runs) {
		if run == 0 || len(t.runs[run-1]) >= runLength {
			t.runs = append(t.runs, append(make([]mark, 0, runLength), m))
			return
		}
		run--
		at = len(t.runs[run])
	}
	r := slices.Insert(t.runs[run], at, m)
	if len(r) <= runLength {
		t.runs[run] = r
		return
	}
	half := len(r) / 2
	upper := append(make([]mark, 0, runLength), r[half:]...)
	clear(r[half:])
	t.runs[run] = r[:half]
	t.runs = slices.Insert(t.runs, run+1, upper)
}

func (t *timeline) remove(m mark) {
	run, at, found := t.find(m)
	if !found {
		return
	}
	t.runs[run] = slices.Delete(t.runs[run], at, at+1)
	if len(t.runs[run]) == 0 {
		t.runs = slices.Delete(t.runs, run, run+1)
	}
}

// move replaces a mark. Either may be the zero mark, for none.
func (t *timeline) move(from, to mark) {
	if from == to {
		return
	}
	if from != (mark{}) {
		t.remove(from)
	}
	if to != (mark{}) {
		t.add(to)
	}
}

// before walks the marks below m from the newest down until fn says stop. The
// zero mark stands for the end of time.
func (t *timeline) before(m mark, fn func(mark) bool) {
	run, at := len(t.runs), 0
	if m != (mark{}) {
		run, at, _ = t.find(m)
	}
	for i := min(run, len(t.runs)-1); i >= 0; i-- {
		r := t.runs[i]
		if i == run {
			r = r[:at]
		}
		for k := len(r) - 1; k >= 0; k-- {
			if !fn(r[k]) {
				return
			}
		}
	}
}

// until walks the marks up to an instant from the oldest on until fn says stop.
func (t *timeline) until(end time.Time, fn func(mark) bool) {
	for _, r := range t.runs {
		for _, m := range r {
			if m.at > end.UnixMilli() || !fn(m) {
				return
			}
		}
	}
}

// all returns the marks in order.
func (t *timeline) all() []mark { return slices.Concat(t.runs...) }
