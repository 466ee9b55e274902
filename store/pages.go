package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// bbolt walks all pages when it opens a file, in a goroutine of its own, where
// what it finds ends the process with a stack trace. So the pages are walked
// here first, by the same rules, and damage becomes a sentence. The format is
// bbolt's version 2: a page has a header, a table of elements, and the keys and
// values that these point to.
const (
	pageHeader   = 16
	pageBranch   = 0x01
	pageLeaf     = 0x02
	pageMeta     = 0x04
	pageElement  = 16 // the size of an element of either table
	metaBytes    = 64
	metaMagic    = 0xED0CDAED
	metaVersion  = 2
	bucketHeader = 16
)

// checkPages returns an error when the file at path is not a whole bbolt file.
func checkPages(path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	w := walker{file: f, size: uint64(info.Size())}
	root, err := w.root()
	if err == nil {
		w.seen = make([]bool, w.high)
		_, err = w.page(root, nil, nil)
	}
	if err != nil {
		return fmt.Errorf("%w: %s: %w; restore the last backup", ErrDamaged, path, err)
	}
	return nil
}

// walker goes through the pages of one file.
type walker struct {
	file     io.ReaderAt
	size     uint64 // of the file
	pageSize uint64
	high     uint64 // the first page number that is not in use
	seen     []bool
}

// region is a page with its overflow, or a page inside a value.
type region struct {
	file   io.ReaderAt
	offset int64
	size   uint64
	head   []byte // what is read already
}

// at returns n bytes of the region.
func (r region) at(offset, n uint64) ([]byte, error) {
	if offset > r.size || n > r.size-offset {
		return nil, errors.New("an element lies outside its page")
	}
	if offset+n <= uint64(len(r.head)) {
		return r.head[offset : offset+n], nil
	}
	b := make([]byte, n)
	if _, err := r.file.ReadAt(b, r.offset+int64(offset)); err != nil {
		return nil, fmt.Errorf("a page cannot be read: %w", err)
	}
	return b, nil
}

// root finds the root page by the newer of the two meta pages that are whole.
func (w *walker) root() (uint64, error) {
	var newest []byte
	sizes := []uint64{uint64(os.Getpagesize()), 4096, 16384, 65536}
	for i := 0; i < len(sizes); i++ {
		for page := range uint64(2) {
			m, ok := w.meta(page * sizes[i])
			if !ok || uint64(binary.NativeEndian.Uint32(m[8:])) != sizes[i] {
				continue
			}
			if newest == nil || binary.NativeEndian.Uint64(m[48:]) > binary.NativeEndian.Uint64(newest[48:]) {
				newest = m
			}
		}
	}
	if newest == nil {
		return 0, errors.New("it has no root")
	}
	w.pageSize = uint64(binary.NativeEndian.Uint32(newest[8:]))
	w.high = binary.NativeEndian.Uint64(newest[40:])
	if w.high > w.size/w.pageSize+1 {
		return 0, errors.New("it is cut short")
	}
	return binary.NativeEndian.Uint64(newest[16:]), nil
}

func (w *walker) meta(offset uint64) ([]byte, bool) {
	b := make([]byte, pageHeader+metaBytes)
	if _, err := w.file.ReadAt(b, int64(offset)); err != nil {
		return nil, false
	}
	m := b[pageHeader:]
	sum := fnv.New64a()
	sum.Write(m[:metaBytes-8])
	return m, binary.NativeEndian.Uint16(b[8:]) == pageMeta &&
		binary.NativeEndian.Uint32(m) == metaMagic &&
		binary.NativeEndian.Uint32(m[4:]) == metaVersion &&
		binary.NativeEndian.Uint64(m[metaBytes-8:]) == sum.Sum64()
}

// page checks a page and what lies below it. Its keys must be at least low and
// below high, where these are given. It returns the last key.
func (w *walker) page(id uint64, low, high []byte) ([]byte, error) {
	if id < 2 || id >= w.high {
		return nil, errors.New("a page number is out of range")
	}
	r := region{file: w.file, offset: int64(id * w.pageSize), size: w.pageSize}
	head, err := r.at(0, w.pageSize)
	if err != nil {
		return nil, err
	}
	pages := uint64(binary.NativeEndian.Uint32(head[12:])) + 1
	if binary.NativeEndian.Uint64(head) != id || pages > w.high-id {
		return nil, errors.New("a page is not in its place")
	}
	for i := range pages {
		if w.seen[id+i] {
			return nil, errors.New("a page is used twice")
		}
		w.seen[id+i] = true
	}
	r.head, r.size = head, pages*w.pageSize
	return w.elements(r, low, high)
}

// elements checks the table of a page.
func (w *walker) elements(r region, low, high []byte) (last []byte, err error) {
	head, err := r.at(0, pageHeader)
	if err != nil {
		return nil, err
	}
	flags, count := binary.NativeEndian.Uint16(head[8:]), uint64(binary.NativeEndian.Uint16(head[10:]))
	if flags != pageLeaf && (flags != pageBranch || count == 0) {
		return nil, errors.New("a page has a wrong type")
	}
	table, err := r.at(pageHeader, count*pageElement)
	if err != nil {
		return nil, err
	}
	key := func(i uint64) ([]byte, uint64, error) {
		e, at := table[i*pageElement:], pageHeader+i*pageElement
		if flags == pageLeaf {
			e = e[4:]
		}
		at += uint64(binary.NativeEndian.Uint32(e))
		size := uint64(binary.NativeEndian.Uint32(e[4:]))
		k, err := r.at(at, size)
		return k, at + size, err
	}
	last = low
	for i := range count {
		k, value, err := key(i)
		if err != nil {
			return nil, err
		}
		// A key may be equal to the one above it in the tree, not to the one
		// before it.
		order := bytes.Compare(last, k)
		if order > 0 || order == 0 && i > 0 || high != nil && bytes.Compare(k, high) >= 0 {
			return nil, errors.New("keys are out of order")
		}
		if flags == pageLeaf {
			last, err = k, w.leaf(r, table[i*pageElement:], value)
		} else {
			next := high
			if i+1 < count {
				if next, _, err = key(i + 1); err != nil {
					return nil, err
				}
			}
			last, err = w.page(binary.NativeEndian.Uint64(table[i*pageElement+8:]), k, next)
		}
		if err != nil {
			return nil, err
		}
	}
	return last, nil
}

// leaf checks the value of a leaf's element: that it is there, and if it is a
// bucket, the bucket.
func (w *walker) leaf(r region, element []byte, at uint64) error {
	size := uint64(binary.NativeEndian.Uint32(element[12:]))
	if at > r.size || size > r.size-at {
		return errors.New("a value lies outside its page")
	}
	switch binary.NativeEndian.Uint32(element) {
	case 0:
		return nil
	case 1:
	default:
		return errors.New("a value has a wrong type")
	}
	v, err := r.at(at, size)
	if err != nil {
		return err
	}
	if len(v) < bucketHeader {
		return errors.New("a bucket is too short")
	}
	if root := binary.NativeEndian.Uint64(v); root != 0 {
		_, err = w.page(root, nil, nil)
		return err
	}
	inline := v[bucketHeader:]
	_, err = w.elements(region{file: w.file, size: uint64(len(inline)), head: inline}, nil, nil)
	return err
}
