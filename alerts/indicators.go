package alerts

import (
	_ "embed" // indicators.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed indicators.csv
var indicatorsCSV string

// Indicator is a sign of trafficking or exploitation. One sign proves nothing;
// it says what to ask, and whom to refer to.
type Indicator struct {
	Key string `json:"key"`
	// Group is control, recruitment, signs or situation.
	Group   string `json:"group"`
	English string `json:"en"`
	Serbian string `json:"sr"` // in Cyrillic; Latin is made from it
	// Referral is whom the sign calls for: police, victims_centre, social_work or
	// medical.
	Referral string `json:"referral"`
	Source   string `json:"source"`
	Verified bool   `json:"verified"`
}

// LoadIndicators reads and checks the embedded list, in its order.
func LoadIndicators() ([]Indicator, error) {
	rows, err := csv.NewReader(strings.NewReader(indicatorsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read indicators.csv: %w", err)
	}
	var out []Indicator
	for _, r := range rows[1:] {
		i := Indicator{Key: r[0], Group: r[1], English: r[2], Serbian: r[3], Referral: r[4], Source: r[5]}
		if i.Verified, err = strconv.ParseBool(r[6]); err != nil {
			return nil, fmt.Errorf("read indicators.csv: %s: %w", i.Key, err)
		}
		if i.Key == "" || i.English == "" || i.Serbian == "" || i.Source == "" ||
			!slices.Contains(IndicatorGroups(), i.Group) || !slices.Contains(IndicatorReferrals(), i.Referral) ||
			slices.ContainsFunc(out, func(o Indicator) bool { return o.Key == i.Key }) {
			return nil, fmt.Errorf("read indicators.csv: the line %q", i.Key)
		}
		out = append(out, i)
	}
	return out, nil
}

// IndicatorGroups are the groups of the list, in their order.
func IndicatorGroups() []string { return []string{"recruitment", "control", "signs", "situation"} }

// IndicatorReferrals are those to whom signs call for a referral.
func IndicatorReferrals() []string {
	return []string{"police", "victims_centre", "social_work", "medical"}
}

// Indicators returns the list.
func (d *Desk) Indicators() []Indicator { return d.indicators }

// ReferralsFor returns whom the signs that were seen call for, without repeats.
func (d *Desk) ReferralsFor(keys []string) []string {
	var out []string
	for _, i := range d.indicators {
		if slices.Contains(keys, i.Key) && !slices.Contains(out, i.Referral) {
			out = append(out, i.Referral)
		}
	}
	return out
}

// isIndicator tells whether a key is one of the embedded list's lines.
func isIndicator(key string) bool {
	return strings.HasPrefix(key, "ind_") && strings.Contains(indicatorsCSV, "\n"+key+",")
}
