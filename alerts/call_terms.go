package alerts

import (
	_ "embed" // call_terms.csv
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed call_terms.csv
var callTermsCSV string

// CallTerms are the times that hold for calls, exchanges and blocks. They are
// data that an organisation changes.
type CallTerms struct {
	// Keep is how long a call without a contact is kept after it began,
	// KeepBlock how long a block that has ended.
	Keep, KeepBlock time.Duration
	// Ringing is how long a call may ring before its end is unclear.
	Ringing time.Duration
	// Tolerance is how far the time of a signed message may be from ours, both
	// ways; Late how long ago the event that it tells of may be.
	Tolerance, Late time.Duration
	// Overlap is how long a replaced secret still counts.
	Overlap time.Duration
	// Blocks are how long somebody may be blocked, the shortest first; Alone is
	// how long a block counts that needs a second person and has none yet.
	Blocks []BlockTerm
	Alone  time.Duration
}

// BlockTerm is one time for which somebody may be blocked.
type BlockTerm struct {
	Key   string        `json:"key"`
	Lasts time.Duration `json:"-"`
	// Second says that another person must agree to the whole of it.
	Second bool `json:"second_person"`
}

// LoadCallTerms reads and checks the embedded times.
func LoadCallTerms() (CallTerms, error) {
	t := CallTerms{}
	rows, err := csv.NewReader(strings.NewReader(callTermsCSV)).ReadAll()
	if err != nil {
		return t, fmt.Errorf("read call_terms.csv: %w", err)
	}
	into := map[string]*time.Duration{
		"keep no_contact": &t.Keep, "keep block": &t.KeepBlock, "ring longest": &t.Ringing, "late tolerance": &t.Tolerance,
		"late event": &t.Late, "key overlap": &t.Overlap, "block_alone longest": &t.Alone,
	}
	for _, row := range rows[1:] {
		minutes, err := strconv.Atoi(row[2])
		if err != nil || minutes <= 0 || row[4] == "" {
			return t, fmt.Errorf("read call_terms.csv: %s %s: the minutes or the source are wrong", row[0], row[1])
		}
		lasts := time.Duration(minutes) * time.Minute
		if row[0] == "block" {
			t.Blocks = append(t.Blocks, BlockTerm{row[1], lasts, row[3] == "yes"})
			continue
		}
		to := into[row[0]+" "+row[1]]
		if to == nil || *to != 0 {
			return t, fmt.Errorf("read call_terms.csv: %s %s: not known, or there twice", row[0], row[1])
		}
		*to = lasts
	}
	for name, d := range into {
		if *d == 0 {
			return t, fmt.Errorf("read call_terms.csv: %s is missing", name)
		}
	}
	return t, t.checkBlocks()
}

func (t *CallTerms) checkBlocks() error {
	if len(t.Blocks) == 0 {
		return fmt.Errorf("read call_terms.csv: there is no block")
	}
	for i, b := range t.Blocks {
		if i > 0 && b.Lasts <= t.Blocks[i-1].Lasts || b.Key == "" {
			return fmt.Errorf("read call_terms.csv: the blocks are not in order of their length")
		}
		if !b.Second && b.Lasts > t.Alone {
			return fmt.Errorf("read call_terms.csv: %s is longer than one person may block", b.Key)
		}
	}
	return nil
}

// term finds a block's time by its key.
func (t *CallTerms) term(key string) (BlockTerm, bool) {
	for _, b := range t.Blocks {
		if b.Key == key {
			return b, true
		}
	}
	return BlockTerm{}, false
}
