package partners

import (
	_ "embed" // referrals.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed referrals.csv
var referralsCSV string

// ReferralRow is one word that a referral may use, with what it stands for.
type ReferralRow struct {
	ID string `json:"id"`
	// Hours is how long an answer may take, for urgencies and limits.
	Hours    int    `json:"hours,omitempty"`
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// ReferralData is what referrals.csv holds.
type ReferralData struct {
	Services  []ReferralRow `json:"services"`
	Urgencies []ReferralRow `json:"urgencies"`
	Declines  []ReferralRow `json:"declines"`
	Outcomes  []ReferralRow `json:"outcomes"`
	// ReasonLife is how long a class stays open for a reason without consent.
	ReasonLife time.Duration `json:"-"`
}

// LoadReferralData reads the embedded words and refuses what is missing, twice
// there, or no service that partners have.
func LoadReferralData() (*ReferralData, error) {
	rows, err := csv.NewReader(strings.NewReader(referralsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read referrals.csv: %w", err)
	}
	d := &ReferralData{}
	lists := map[string]*[]ReferralRow{"service": &d.Services, "urgency": &d.Urgencies, "decline": &d.Declines, "outcome": &d.Outcomes}
	for _, row := range rows[1:] {
		hours, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, fmt.Errorf("read referrals.csv: %s: %w", row[1], err)
		}
		if row[0] == "limit" && row[1] == "reason_hours" {
			d.ReasonLife = time.Duration(hours) * time.Hour
			continue
		}
		list := lists[row[0]]
		switch {
		case list == nil, row[3] == "", slices.Contains(rowIDs(*list), row[1]),
			row[0] == "service" && !slices.Contains(Services(), row[1]), row[0] == "urgency" && hours <= 0:
			return nil, fmt.Errorf("read referrals.csv: the row %s %s cannot be right", row[0], row[1])
		}
		*list = append(*list, ReferralRow{row[1], hours, row[3], row[4] == "true"})
	}
	if len(d.Services) == 0 || len(d.Urgencies) == 0 || len(d.Declines) == 0 || len(d.Outcomes) == 0 || d.ReasonLife <= 0 {
		return nil, fmt.Errorf("read referrals.csv: a list is missing")
	}
	return d, nil
}

func rowIDs(rows []ReferralRow) []string {
	out := make([]string, len(rows))
	for i := range rows {
		out[i] = rows[i].ID
	}
	return out
}

// due is when an answer is due that was asked for at a time, zero for an unknown
// urgency.
func (d *ReferralData) due(urgency string, at time.Time) time.Time {
	for i := range d.Urgencies {
		if d.Urgencies[i].ID == urgency {
			return at.Add(time.Duration(d.Urgencies[i].Hours) * time.Hour)
		}
	}
	return time.Time{}
}
