package partners

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// Whatever single field of an entry that was logged is another one, the guard
// notices; answers and ends of steps may be added once.
func TestKeeps(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	old := contactLog{{ID: "a", N: 1, Request: "x", Next: &NextStep{Text: "look", Due: "2026-11-10"}}, {ID: "b", N: 2, Answer: &ContactAnswer{At: at, Text: "yes"}, Next: &NextStep{Text: "t", DoneAt: at}}}
	copyOf := func() contactLog {
		out := slices.Clone(old)
		for i := range out {
			next := *out[i].Next
			out[i].Next = &next
			if out[i].Answer != nil {
				answer := *out[i].Answer
				out[i].Answer = &answer
			}
		}
		return out
	}
	for name, c := range map[string]struct {
		change func(contactLog) contactLog
		keeps  bool
	}{
		"nothing":           {func(l contactLog) contactLog { return l }, true},
		"a new entry":       {func(l contactLog) contactLog { return append(l, MatterContact{N: 3}) }, true},
		"an answer":         {func(l contactLog) contactLog { l[0].Answer = &ContactAnswer{Text: "a"}; return l }, true},
		"the end of a step": {func(l contactLog) contactLog { l[0].Next.DoneAt, l[0].Next.DoneBy = at, "x"; return l }, true},
		"an entry less":     {func(l contactLog) contactLog { return l[:1] }, false},
		"another order":     {func(l contactLog) contactLog { return contactLog{l[1], l[0]} }, false},
		"another answer":    {func(l contactLog) contactLog { l[1].Answer.Text = "no"; return l }, false},
		"no answer":         {func(l contactLog) contactLog { l[1].Answer = nil; return l }, false},
		"another step":      {func(l contactLog) contactLog { l[0].Next.Text = "other"; return l }, false},
		"no step":           {func(l contactLog) contactLog { l[0].Next = nil; return l }, false},
		"an undone step":    {func(l contactLog) contactLog { l[1].Next.DoneAt = time.Time{}; return l }, false},
	} {
		if got := old.keeps(c.change(copyOf())); got != c.keeps {
			t.Errorf("%s: %t", name, got)
		}
	}
	// Every field, one after another.
	typ := reflect.TypeFor[MatterContact]()
	for i := range typ.NumField() {
		l := copyOf()
		f := reflect.ValueOf(&l[1]).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString(f.String() + "!")
		case reflect.Int:
			f.SetInt(f.Int() + 1)
		case reflect.Bool:
			f.SetBool(!f.Bool())
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		default:
			f.Set(reflect.ValueOf(at.Add(time.Duration(rand.IntN(100)+1) * time.Hour)))
		}
		if old.keeps(l) {
			t.Errorf("a change of %s is not noticed", typ.Field(i).Name)
		}
	}
}
