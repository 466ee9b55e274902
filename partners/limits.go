package partners

import (
	_ "embed" // partners.csv
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
)

//go:embed partners.csv
var partnersCSV string

// Limits are the numbers of partners.csv.
type Limits struct {
	// ToleranceM is how far outside its coverage an alert still concerns a
	// partner, in metres.
	ToleranceM float64
	// KeyLife is the longest life of a key.
	KeyLife time.Duration
	// Gather is how long receipts are gathered.
	Gather time.Duration
}

// LoadLimits reads the embedded numbers.
func LoadLimits() (Limits, error) {
	rows, err := csv.NewReader(strings.NewReader(partnersCSV)).ReadAll()
	if err != nil {
		return Limits{}, fmt.Errorf("read partners.csv: %w", err)
	}
	n := map[string]int{}
	for _, row := range rows[1:] {
		if n[row[0]], err = strconv.Atoi(row[1]); err != nil {
			return Limits{}, fmt.Errorf("read partners.csv: %s: %w", row[0], err)
		}
	}
	l := Limits{
		ToleranceM: float64(n["tolerance"]),
		KeyLife:    time.Duration(n["key_days"]) * 24 * time.Hour,
		Gather:     time.Duration(n["receipts"]) * time.Millisecond,
	}
	if l.ToleranceM <= 0 || l.KeyLife <= 0 || l.Gather <= 0 {
		return Limits{}, fmt.Errorf("read partners.csv: a number is missing")
	}
	return l, nil
}
