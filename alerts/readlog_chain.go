package alerts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sort"
	"time"
)

// append chains the records and makes them durable. It is not bound to the
// context of one reader: others wait for the same batch.
func (l *ReadLog) append(records []ReadRecord) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if !l.known {
		if err := l.findTip(ctx); err != nil {
			return err
		}
	}
	n, tip := l.n, l.tip
	lines := make([][]byte, len(records))
	for i := range records {
		n++
		records[i].N, records[i].Previous = n, hex.EncodeToString(tip[:])
		line, err := json.Marshal(records[i])
		if err != nil {
			return fmt.Errorf("write a read record: %w", err)
		}
		lines[i], tip = line, sha256.Sum256(line)
	}
	if err := l.home.AppendReads(ctx, l.node, lines); err != nil {
		l.known = false // it may or may not be in; the next one looks
		return fmt.Errorf("keep read records: %w", err)
	}
	l.n, l.tip = n, tip
	return nil
}

// findTip looks for the last record without reading all: it doubles a number
// until nothing follows, then halves the gap.
func (l *ReadLog) findTip(ctx context.Context) error {
	var failure error
	follows := func(after uint64) bool {
		r, err := l.home.Reads(ctx, l.node, after, 1)
		if err != nil {
			failure = err
		}
		return err == nil && len(r) > 0
	}
	high := uint64(1)
	if follows(0) {
		for follows(high) {
			high *= 2
		}
	} else {
		high = 0
	}
	l.n = uint64(sort.Search(int(high), func(i int) bool { return failure != nil || !follows(uint64(i)) }))
	l.tip = [32]byte{}
	if failure == nil && l.n > 0 {
		var last [][]byte
		if last, failure = l.home.Reads(ctx, l.node, l.n-1, 1); failure == nil && len(last) == 1 {
			l.tip = sha256.Sum256(last[0])
		}
	}
	if failure != nil {
		return fmt.Errorf("find the last read record of node %s: %w", l.node, failure)
	}
	l.known = true
	return nil
}

// VerifyReads goes through a node's records and returns how many there are and
// the hash of the last. The error names the first that does not follow from the
// one before it. A chain that was cut short is found by comparing with an
// earlier answer.
func VerifyReads(ctx context.Context, home ReadHome, node string) (uint64, [32]byte, error) {
	var n uint64
	var tip [32]byte
	for {
		page, err := home.Reads(ctx, node, n, 1000)
		if err != nil {
			return n, tip, fmt.Errorf("read the records of node %s: %w", node, err)
		}
		if len(page) == 0 {
			return n, tip, nil
		}
		for _, line := range page {
			var r ReadRecord
			err := json.Unmarshal(line, &r)
			if err != nil || r.N != n+1 || r.Previous != hex.EncodeToString(tip[:]) {
				return n, tip, fmt.Errorf("read record %d of node %s does not follow from the one before it", n+1, node)
			}
			n, tip = n+1, sha256.Sum256(line)
		}
	}
}
