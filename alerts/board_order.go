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

// entry is a mark with what it leads to.
type entry[T any] struct {
	mark
	to T
}

// timeline keeps marks in order, cut into runs short enough that putting one
// in moves little memory: a million marks take a second to fill and never a
// pause.
type timeline[T any] struct {
	runs [][]entry[T]
	// loose are those put in between gather and settle, in no order.
	loose     []entry[T]
	gathering bool
}

// runLength is the longest run; a full one is cut in two.
const runLength = 512

// find returns the run a mark belongs to and its place in it.
func (t *timeline[T]) find(m mark) (run, at int, found bool) {
	run = sort.Search(len(t.runs), func(i int) bool {
		r := t.runs[i]
		return r[len(r)-1].compare(m) >= 0
	})
	if run == len(t.runs) {
		return run, 0, false
	}
	at, found = slices.BinarySearchFunc(t.runs[run], m, func(e entry[T], m mark) int { return e.compare(m) })
	return run, at, found
}

// add puts a mark in. One that is there already leads to the new thing.
func (t *timeline[T]) add(m mark, to T) {
	if t.gathering {
		t.loose = append(t.loose, entry[T]{m, to})
		return
	}
	run, at, found := t.find(m)
	if found {
		t.runs[run][at].to = to
		return
	}
	if run == len(t.runs) {
		if run == 0 || len(t.runs[run-1]) >= runLength {
			t.runs = append(t.runs, append(make([]entry[T], 0, runLength), entry[T]{m, to}))
			return
		}
		run--
		at = len(t.runs[run])
	}
	r := slices.Insert(t.runs[run], at, entry[T]{m, to})
	if len(r) <= runLength {
		t.runs[run] = r
		return
	}
	half := len(r) / 2
	upper := append(make([]entry[T], 0, runLength), r[half:]...)
	clear(r[half:])
	t.runs[run] = r[:half]
	t.runs = slices.Insert(t.runs, run+1, upper)
}

func (t *timeline[T]) remove(m mark) {
	t.settle()
	run, at, found := t.find(m)
	if !found {
		return
	}
	t.runs[run] = slices.Delete(t.runs[run], at, at+1)
	if len(t.runs[run]) == 0 {
		t.runs = slices.Delete(t.runs, run, run+1)
	}
}

// gather lets an empty timeline take many marks, no two alike, without putting
// each in its place. Until settle it must not be read.
func (t *timeline[T]) gather() { t.gathering = len(t.runs) == 0 }

// settle puts what was gathered in order.
func (t *timeline[T]) settle() {
	if !t.gathering {
		return
	}
	slices.SortFunc(t.loose, func(a, b entry[T]) int { return a.compare(b.mark) })
	for run := range slices.Chunk(t.loose, runLength) {
		t.runs = append(t.runs, append(make([]entry[T], 0, runLength), run...))
	}
	t.loose, t.gathering = nil, false
}

// move replaces a mark. Either may be the zero mark, for none.
func (t *timeline[T]) move(from, to mark, leads T) {
	if from == to {
		return
	}
	if from != (mark{}) {
		t.remove(from)
	}
	if to != (mark{}) {
		t.add(to, leads)
	}
}

// before walks the marks below m from the newest down until fn says stop. The
// zero mark stands for the end of time.
func (t *timeline[T]) before(m mark, fn func(mark, T) bool) {
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
			if !fn(r[k].mark, r[k].to) {
				return
			}
		}
	}
}

// until walks the marks up to an instant from the oldest on until fn says stop.
func (t *timeline[T]) until(end time.Time, fn func(mark) bool) {
	for _, r := range t.runs {
		for _, e := range r {
			if e.at > end.UnixMilli() || !fn(e.mark) {
				return
			}
		}
	}
}

// none is what marks lead to that are found by their id.
type none = struct{}
