package alerts

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Order is one way to sort a list. Place is where a row stands in it: words that
// are compared one after the other, the least first. The last of them must be the
// row's id, so that no two rows share a place.
type Order[T any] struct {
	Name  string
	Place func(T) []string
}

// Orders are the ways to sort a list. The first is taken when none is asked for.
type Orders[T any] []Order[T]

// Names are what the orders are called in queries.
func (o Orders[T]) Names() []string {
	names := make([]string, len(o))
	for i := range o {
		names[i] = o[i].Name
	}
	return names
}

// Page returns up to limit of the rows in the order of that name, from the cursor
// on, and the cursor of the page after it, nil on the last. A limit of 0 stands
// for 50, and no page has more than 200. An unknown order and a cursor of another
// order are refused.
func (o Orders[T]) Page(rows iter.Seq[T], name, cursor string, limit int) ([]T, *string, error) {
	i := &inspection{}
	if name == "" {
		name = o[0].Name
	}
	oneOf(i, "sort", name, o.Names())
	after, ok := openPlace(name, cursor)
	if !ok {
		i.Add("cursor", "bad_cursor", "This cursor does not belong to this list. Start from the first page.")
	}
	if err := i.Err(); err != nil {
		return nil, nil, err
	}
	by := o[slices.IndexFunc(o, func(one Order[T]) bool { return one.Name == name })]
	page, next := first(rows, by.Place, after, pageSize(limit))
	if next == nil {
		return page, nil, nil
	}
	sealed, err := sealPlace(name, next)
	return page, sealed, err
}

// first collects the limit rows that come first after a place. Only as many are
// kept as a page holds, however long the list is. last is the place of the last
// one when more follow.
func first[T any](rows iter.Seq[T], place func(T) []string, after []string, limit int) (page []T, last []string) {
	type placed struct {
		at  []string
		row T
	}
	var kept []placed
	more := false
	for row := range rows {
		p := placed{place(row), row}
		if after != nil && slices.Compare(p.at, after) <= 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(kept, p, func(x, y placed) int { return slices.Compare(x.at, y.at) })
		if at < limit {
			kept = slices.Insert(kept, at, p)
		}
		if at == limit || len(kept) > limit {
			more, kept = true, kept[:limit]
		}
	}
	for i := range kept {
		page = append(page, kept[i].row)
	}
	if more {
		last = kept[limit-1].at
	}
	return page, last
}

// sealPlace makes an opaque cursor of a place in the order of that name.
func sealPlace(name string, place []string) (*string, error) {
	raw, err := json.Marshal(append([]string{name}, place...))
	if err != nil {
		return nil, fmt.Errorf("make a cursor: %w", err)
	}
	s := base64.RawURLEncoding.EncodeToString(raw)
	return &s, nil
}

// openPlace reads a cursor of the order of that name. Empty is the start.
func openPlace(name, cursor string) (place []string, ok bool) {
	if cursor == "" {
		return nil, true
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(raw, &place) != nil || len(place) < 2 || place[0] != name {
		return nil, false
	}
	return place[1:], true
}

// unset is the place of what has no time: after everything that has one.
const unset = "~"

// Soonest is the place of a time where the earliest comes first, and none last.
func Soonest(t time.Time) string {
	if t.IsZero() {
		return unset
	}
	return fmt.Sprintf("%016x", uint64(t.UnixMilli())^1<<63)
}

// Latest is the place of a time where the latest comes first, and none last.
func Latest(t time.Time) string {
	if t.IsZero() {
		return unset
	}
	return fmt.Sprintf("%016x", ^(uint64(t.UnixMilli()) ^ 1<<63))
}

// Rank is the place of a word where they come in the order of a list.
func Rank[T ~string](word T, in []T) string {
	return fmt.Sprintf("%03d", slices.Index(in, word)+1)
}
