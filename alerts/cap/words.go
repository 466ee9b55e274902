package cap

import (
	_ "embed" // words.csv
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed words.csv
var wordsCSV string

// words are the fixed texts of messages in one language.
type words struct {
	event, noInstruction, restriction, ended, endedText, area, leaving, leavingText string
}

// loadWords reads the embedded texts by language.
func loadWords() (map[string]words, error) {
	rows, err := csv.NewReader(strings.NewReader(wordsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read words.csv: %w", err)
	}
	out := map[string]words{}
	for _, r := range rows[1:] {
		out[strings.ToLower(r[0])] = words{r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8]}
	}
	if _, ok := out["en"]; !ok {
		return nil, fmt.Errorf("read words.csv: English is missing")
	}
	return out, nil
}

// in returns the texts in a language, or its nearest, or English.
func in(all map[string]words, language string) words {
	l := strings.ToLower(language)
	for l != "" {
		if w, ok := all[l]; ok {
			return w
		}
		if l == "sr" || l == "hr" || l == "bs" || l == "cnr" {
			return all["sr-latn"]
		}
		cut := strings.LastIndexByte(l, '-')
		l = l[:max(cut, 0)]
	}
	return all["en"]
}
