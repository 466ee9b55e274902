package poster

import (
	_ "embed" // numbers.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed numbers.csv
var numbersCSV string

// Line is a public telephone number of a country: Kind is police, hotline or
// emergency. Verified says whether somebody has read it at its source.
type Line struct {
	Country, Kind, Number, Source string
	Verified                      bool
}

// Lines returns the numbers to call in a country, by its ISO 3166-1 code; for
// one that is not listed those that hold all over Europe.
func Lines(country string) ([]Line, error) {
	rows, err := csv.NewReader(strings.NewReader(numbersCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read numbers.csv: %w", err)
	}
	by := map[string][]Line{}
	for _, r := range rows[1:] {
		verified, err := strconv.ParseBool(r[4])
		if err != nil || !slices.Contains([]string{"police", "hotline", "emergency"}, r[1]) || r[2] == "" || r[3] == "" {
			return nil, fmt.Errorf("read numbers.csv: the row of %s %s", r[0], r[1])
		}
		by[r[0]] = append(by[r[0]], Line{r[0], r[1], r[2], r[3], verified})
	}
	if own := by[country]; len(own) > 0 {
		return own, nil
	}
	return by[""], nil
}
