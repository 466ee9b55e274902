package partners

import (
	_ "embed" // compare.csv
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/journal"
)

//go:embed compare.csv
var compareCSV string

// ComparisonState is how far an agreement to compare got.
type ComparisonState string

// The states of an agreement to compare. It is on once a second person has
// approved it.
const (
	ComparisonProposed ComparisonState = "proposed"
	ComparisonOn       ComparisonState = "on"
	ComparisonEnded    ComparisonState = "ended"
)

// Comparison is an agreement with one organisation that also holds cases: both
// compare keyed hashes of the children of their open cases, and learn which they
// both hold. Its erasure unit is that of the organisation's people.
type Comparison struct {
	journal.Head `bson:",inline"`
	PartnerID    string          `bson:"partner_id" class:"ref"`
	State        ComparisonState `bson:"state" class:"ref"`
	Purpose      string          `bson:"purpose" class:"P10,sealed,people"`
	Basis        string          `bson:"basis" class:"P10,sealed,people"`
	// URL is the address of the other installation, empty when only it asks.
	URL string `bson:"url,omitempty" class:"P10,sealed,people"`
	// Secret is what both share; Token is the SHA-256 of the key that follows
	// from it and opens nothing but comparing. Both are gone once it has ended.
	Secret string    `bson:"secret,omitempty" class:"kept,sealed,people"`
	Token  []byte    `bson:"token,omitempty" class:"kept"`
	From   time.Time `bson:"from" class:"P10"`
	Until  time.Time `bson:"until" class:"P10"`
	MadeBy string    `bson:"made_by" class:"P10"`
	OnBy   string    `bson:"on_by,omitempty" class:"P10"`
	OnAt   time.Time `bson:"on_at,omitempty" class:"P10"`
	// EndedFor is staff or time.
	EndedBy  string    `bson:"ended_by,omitempty" class:"P10"`
	EndedAt  time.Time `bson:"ended_at,omitempty" class:"P10"`
	EndedFor string    `bson:"ended_for,omitempty" class:"P10"`
	// Runs are the comparisons of the last weeks, oldest first.
	Runs []CompareRun `bson:"runs,omitempty"`
	// RefusedAt is when the other side last asked for more than is agreed.
	RefusedAt time.Time `bson:"refused_at,omitempty" class:"P10"`
	// ClaimedUntil is how long the node that asks has for it; NextAt when it
	// asks by itself again; Failure why the last asking came to nothing.
	ClaimedUntil time.Time `bson:"claimed_until,omitempty" class:"P10"`
	NextAt       time.Time `bson:"next_at,omitempty" class:"P10"`
	FailedAt     time.Time `bson:"failed_at,omitempty" class:"P10"`
	Failure      string    `bson:"failure,omitempty" class:"P10"`
}

// CompareRun is one comparison: how many hashes were asked for and how many of
// them the other side holds too. It names no child.
type CompareRun struct {
	At time.Time `bson:"at" class:"P10" json:"at"`
	// Theirs says that the other side asked; By is the account that did here,
	// "system" for the daily one.
	Theirs bool   `bson:"theirs,omitempty" class:"P10" json:"theirs"`
	By     string `bson:"by,omitempty" class:"P10" json:"by,omitempty"`
	Sent   int    `bson:"sent" class:"P10" json:"sent"`
	Met    int    `bson:"met" class:"P10" json:"met"`
}

// Collection is "comparisons".
func (*Comparison) Collection() string { return "comparisons" }

// Unit names the erasure unit of the organisation's people.
func (c *Comparison) Unit(string) string { return "people/" + c.PartnerID }

// CompareChoice says whether the children of one case take part in comparing,
// where somebody has decided it; its id is the case's.
type CompareChoice struct {
	journal.Head `bson:",inline"`
	Allowed      bool      `bson:"allowed" class:"P10"`
	Why          string    `bson:"why" class:"P5,sealed"`
	By           string    `bson:"by" class:"P10"`
	At           time.Time `bson:"at" class:"P10"`
}

// Collection is "compare_choices".
func (*CompareChoice) Collection() string { return "compare_choices" }

// Unit is the case's.
func (c *CompareChoice) Unit(string) string { return "cases/" + c.ID }

// CompareLimits are the numbers of compare.csv.
type CompareLimits struct {
	HashesRequest, RequestsHour, RequestsDay, HashesDay, UnusualDay int
	Life, Every, Retry, Exchange, Log                               time.Duration
}

// LoadCompareLimits reads the embedded numbers.
func LoadCompareLimits() (CompareLimits, error) {
	rows, err := csv.NewReader(strings.NewReader(compareCSV)).ReadAll()
	if err != nil {
		return CompareLimits{}, fmt.Errorf("read compare.csv: %w", err)
	}
	n := map[string]int{}
	for _, row := range rows[1:] {
		if n[row[0]], err = strconv.Atoi(row[1]); err != nil || n[row[0]] <= 0 || row[3] == "" {
			return CompareLimits{}, fmt.Errorf("read compare.csv: the row %s is wrong", row[0])
		}
	}
	if len(n) != 10 {
		return CompareLimits{}, fmt.Errorf("read compare.csv: %d rows, not ten", len(n))
	}
	return CompareLimits{
		HashesRequest: n["hashes_request"], RequestsHour: n["requests_hour"], RequestsDay: n["requests_day"], HashesDay: n["hashes_day"],
		UnusualDay: n["unusual_day"], Life: days(n["life"]), Every: time.Duration(n["every"]) * time.Hour, Retry: time.Duration(n["retry"]) * time.Minute,
		Exchange: time.Duration(n["exchange"]) * time.Minute, Log: days(n["log_days"]),
	}, nil
}

// inForce tells whether the two organisations compare now.
func (c *Comparison) inForce(p *Partner, now time.Time) bool {
	return c != nil && p != nil && c.State == ComparisonOn && !now.Before(c.From) && now.Before(c.Until) && p.excluded(now) == ""
}

// asked is what one side has asked for since a time.
func (c *Comparison) asked(theirs bool, since time.Time) (requests, hashes int) {
	for i := range c.Runs {
		if r := &c.Runs[i]; r.Theirs == theirs && r.At.After(since) {
			requests++
			hashes += r.Sent
		}
	}
	return requests, hashes
}

// tooMuch tells whether one more request would be more than is agreed.
func (c *Comparison) tooMuch(theirs bool, more int, l CompareLimits, now time.Time) bool {
	hour, _ := c.asked(theirs, now.Add(-time.Hour))
	day, hashes := c.asked(theirs, now.Add(-24*time.Hour))
	return hour >= l.RequestsHour || day >= l.RequestsDay || hashes+more > l.HashesDay
}

// unusual tells whether the other side asks for more than an organisation that
// compares its own children does, or was refused for it in the last day.
func (c *Comparison) unusual(l CompareLimits, now time.Time) bool {
	_, hashes := c.asked(true, now.Add(-24*time.Hour))
	return c.State == ComparisonOn && (hashes > l.UnusualDay || !c.RefusedAt.IsZero() && now.Sub(c.RefusedAt) < 24*time.Hour)
}

// ran returns the comparison with one more run in its log.
func (c *Comparison) ran(run CompareRun, l CompareLimits) *Comparison {
	next := *c
	next.Runs = nil
	for _, r := range c.Runs {
		if run.At.Sub(r.At) < l.Log {
			next.Runs = append(next.Runs, r)
		}
	}
	next.Runs = append(next.Runs, run)
	return &next
}
