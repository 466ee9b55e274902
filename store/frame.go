package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

// frame puts a checksum before a value. It covers the bucket and the key too,
// so that a page in the wrong place is noticed like a flipped bit.
func frame(bucket string, key []byte, parts ...[]byte) []byte {
	n := 4
	for _, p := range parts {
		n += len(p)
	}
	out := make([]byte, 4, n)
	for _, p := range parts {
		out = append(out, p...)
	}
	binary.BigEndian.PutUint32(out, checksum(bucket, key, out[4:]))
	return out
}

// unframe checks a value and returns a view of what frame was given.
func unframe(bucket string, key, value []byte) ([]byte, error) {
	if len(value) < 4 || binary.BigEndian.Uint32(value) != checksum(bucket, key, value[4:]) {
		return nil, fmt.Errorf("%w: the checksum of a value in %s is wrong; restore the last backup", ErrDamaged, bucket)
	}
	return value[4:], nil
}

func checksum(bucket string, key, body []byte) uint32 {
	t := crc32.MakeTable(crc32.Castagnoli)
	var room [64]byte // for any bucket's name, so that reading a value allocates nothing
	sum := crc32.Update(0, t, append(append(room[:0], bucket...), 0))
	sum = crc32.Update(sum, t, key)
	return crc32.Update(sum, t, body)
}

func bigEndian(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// stamp is a time in whole milliseconds; the zero time is the latest there is.
func stamp(t time.Time) []byte {
	if t.IsZero() {
		return bigEndian(math.MaxInt64)
	}
	return bigEndian(uint64(max(t.UnixMilli(), 0)))
}

// split takes a leading number off a value.
func split(body []byte) (uint64, []byte, error) {
	if len(body) < 8 {
		return 0, nil, fmt.Errorf("%w: a value is too short", ErrDamaged)
	}
	return binary.BigEndian.Uint64(body), body[8:], nil
}

func unstamp(n uint64) time.Time {
	if n >= math.MaxInt64 {
		return time.Time{}
	}
	return time.UnixMilli(int64(n)).UTC()
}
