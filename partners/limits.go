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
	// WebhookLife is how long a webhook may fail before it is switched off,
	// Rotation how long a replaced secret still signs.
	WebhookLife, Rotation time.Duration
	// EmailAttempts is how often an e-mail is tried, LinkLife how long the link
	// in it can be used.
	EmailAttempts int
	LinkLife      time.Duration
	// DrillLife is how long an exercise lasts unless somebody says otherwise,
	// DrillLongest how long one may last.
	DrillLife, DrillLongest time.Duration
	// VettingLife is how long a vetting holds, VettingGrace how long after that
	// the organisation still gets alerts, Warning how long before an end the desk
	// is told, KeyWarning the same for keys.
	VettingLife, VettingGrace, Warning, KeyWarning time.Duration
	// TestEvery is how often a node tests itself, TestWithin how long a run may
	// take, TestLimit how long ago the last good one may be.
	TestEvery, TestWithin, TestLimit time.Duration
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

		WebhookLife: time.Duration(n["webhook_days"]) * 24 * time.Hour, Rotation: time.Duration(n["rotation"]) * time.Hour,
		EmailAttempts: n["email_attempts"], LinkLife: time.Duration(n["link"]) * time.Hour,
		DrillLife: time.Duration(n["drill"]) * time.Hour, DrillLongest: time.Duration(n["drill_longest"]) * time.Hour,
		VettingLife: days(n["vetting"]), VettingGrace: days(n["vetting_grace"]), Warning: days(n["warning"]), KeyWarning: days(n["key_warning"]),
		TestEvery: time.Duration(n["self_test"]) * time.Second, TestWithin: time.Duration(n["self_test_within"]) * time.Second,
		TestLimit: time.Duration(n["self_test_limit"]) * time.Second,
	}
	if l.ToleranceM <= 0 || l.KeyLife <= 0 || l.Gather <= 0 || l.WebhookLife <= 0 || l.Rotation <= 0 || l.EmailAttempts <= 0 || l.LinkLife <= 0 ||
		l.DrillLife <= 0 || l.DrillLongest < l.DrillLife || l.VettingLife <= 0 || l.VettingGrace <= 0 || l.Warning <= 0 || l.KeyWarning <= 0 ||
		l.TestWithin <= 0 || l.TestEvery <= l.TestWithin || l.TestLimit <= l.TestEvery {
		return Limits{}, fmt.Errorf("read partners.csv: a number is missing")
	}
	return l, nil
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
