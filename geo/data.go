package geo

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Attribution must stand wherever the embedded map or place names are shown.
const Attribution = "Place names: GeoNames (CC BY 4.0). Borders: Natural Earth (public domain). Region codes: ISO 3166, Debian iso-codes (LGPL 2.1+)."

//go:embed data
var files embed.FS

// ErrData is wrapped when an embedded file cannot be read: the build is broken.
var ErrData = errors.New("broken embedded data")

func readZipped(name string) ([]byte, error) {
	raw, err := files.ReadFile("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrData, err)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrData, name, err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrData, name, err)
	}
	return data, nil
}

// reader takes numbers and texts off the front of an embedded file. After the
// first fault it gives zeros; the caller asks for err once, at the end.
type reader struct {
	data []byte
	err  error
}

func (r *reader) fail() {
	if r.err == nil {
		r.err = fmt.Errorf("%w: it ends early", ErrData)
	}
	r.data = nil
}

func (r *reader) int() int {
	v, n := binary.Varint(r.data)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

// count reads a length; it can never exceed the bytes that are left.
func (r *reader) count() int {
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > uint64(len(r.data)) {
		r.fail()
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.data) {
		r.fail()
		return make([]byte, n)
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *reader) text() string { return string(r.bytes(r.count())) }
