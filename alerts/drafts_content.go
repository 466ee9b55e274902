package alerts

import (
	"crypto/sha256"
	_ "embed" // drafts.csv
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/geo"
)

//go:embed drafts.csv
var draftsCSV string

// draftHours returns the spans of drafts.csv by name.
func draftHours() (map[string]time.Duration, error) {
	rows, err := csv.NewReader(strings.NewReader(draftsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read drafts.csv: %w", err)
	}
	out := make(map[string]time.Duration, len(rows))
	for _, row := range rows[1:] {
		hours, err := strconv.Atoi(row[1])
		if err != nil {
			return nil, fmt.Errorf("read drafts.csv: %s: %w", row[0], err)
		}
		out[row[0]] = time.Duration(hours) * time.Hour
	}
	return out, nil
}

// tidy gives a revision the form in which it is checked, hashed and stored.
func tidy(r *Revision) {
	r.Severity = strings.ToLower(strings.TrimSpace(r.Severity))
	r.ExpiresAt = r.ExpiresAt.UTC().Truncate(time.Second) // CAP knows whole seconds only
	r.HoldBack = strings.TrimSpace(r.HoldBack)
	for i := range r.Texts {
		t := &r.Texts[i]
		t.Headline, t.Description, t.Instruction = tidyText(t.Headline), tidyText(t.Description), tidyText(t.Instruction)
	}
}

func tidyText(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
}

// draftTexts returns the texts in the order of their languages, so that the
// same texts always give the same document.
func draftTexts(in map[string]DraftText) []Text {
	out := make([]Text, 0, len(in))
	for language, t := range in {
		out = append(out, Text{Language: language, Headline: t.Headline, Description: t.Description, Instruction: t.Instruction})
	}
	slices.SortFunc(out, func(a, b Text) int { return strings.Compare(a.Language, b.Language) })
	return out
}

// contentHash covers everything that a release lets out, and what it is let out
// under, with nothing that storing it may change. Field order is fixed by the
// struct.
func contentHash(al *Alert, r *Revision) string {
	raw, err := json.Marshal(struct {
		Alert, Case string
		Revision    int
		Level       Level
		Decision    string
		Severity    string
		Expires     string
		Photo       string
		HoldBack    string
		Area        geo.Area
		Origin      string `json:",omitempty"`
		Texts       []Text
		Criteria    *Checklist `json:",omitempty"`
	}{
		al.ID, al.CaseID, r.Number, r.Level, r.DecisionID, r.Severity,
		r.ExpiresAt.UTC().Format(time.RFC3339), r.PhotoID, r.HoldBack, r.Area, r.Origin.fingerprint(), r.Texts, r.Criteria,
	})
	if err != nil {
		// Only a number that no checked area holds cannot be written; an empty
		// hash matches no release.
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
