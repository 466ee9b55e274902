package alerts

import (
	"encoding/base64"
	"encoding/binary"
)

// Page is one page of a list. Next is the cursor of the page after it, nil on
// the last.
type Page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// The sizes of a page: when none is asked for, and at most.
const (
	defaultPage = 50
	maxPage     = 200
)

func pageSize(asked int) int {
	if asked <= 0 {
		return defaultPage
	}
	return min(asked, maxPage)
}

// cursor is a mark as a caller gets it: opaque, and bound to the order of its
// list by kind.
func (m mark) cursor(kind byte) *string {
	raw := append([]byte{kind}, binary.BigEndian.AppendUint64(nil, uint64(m.at))...)
	s := base64.RawURLEncoding.EncodeToString(append(raw, m.id...))
	return &s
}

// parseCursor reads a cursor of the same kind of list. Empty is the start.
func parseCursor(kind byte, s string) (mark, error) {
	if s == "" {
		return mark{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) < 10 || len(raw) > 200 || raw[0] != kind {
		var f Fields
		f.Add("cursor", "bad_cursor", "This cursor does not belong to this list. Start from the first page.")
		return mark{}, f.Err()
	}
	return mark{int64(binary.BigEndian.Uint64(raw[1:9])), string(raw[9:])}, nil
}
