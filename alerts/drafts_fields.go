package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"homeward/geo"
)

// The longest texts of an alert, in characters. CAP advises about 160 for a
// headline.
const (
	maxHeadline    = 200
	maxDescription = 4000
	maxInstruction = 2000
	maxHoldBack    = 1000
	maxLanguages   = 24
)

// revisionFields returns everything that is wrong with a draft.
func revisionFields(r *Revision, c *Case, regions *geo.Regions, now time.Time, limits map[string]time.Duration) Fields {
	var f Fields
	levelFields(&f, r, c)
	if !slices.Contains([]string{"extreme", "severe", "moderate", "minor", "unknown"}, r.Severity) {
		f.Add("severity", "unknown_value", "Severity is extreme, severe, moderate, minor or unknown.")
	}
	expiryFields(&f, r, now, limits["expiry_"+string(r.Level)])
	if code, message := photoFault(c, r.PhotoID, r.Level); code != "" {
		f.Add("photo_id", code, message)
	}
	textField(&f, "hold_back", r.HoldBack, maxHoldBack)
	for _, p := range r.Area.Validate(regions) {
		f.Add(strings.TrimSuffix("area."+p.Field, "."), p.Code, p.Message)
	}
	languageFields(&f, r.Texts)
	return f
}

// levelFields checks the level and, for a public one, that an authority's
// decision of at least that level has been recorded.
func levelFields(f *Fields, r *Revision, c *Case) {
	switch {
	case r.Level.rank() == 0:
		f.Add("level", "unknown_value", "The level is internal, partner, public_appeal or national_mirror.")
	case r.DecisionID == "" && r.Level.IsPublic():
		f.Add("decision_id", "required", "Going public needs the recorded decision of an authority.")
	case r.DecisionID != "":
		d := decisionOf(c, r.DecisionID)
		if d == nil {
			f.Add("decision_id", "unknown_decision", "This case has no such decision.")
		} else if d.Level.rank() < r.Level.rank() {
			f.Add("decision_id", "level_too_low", "The decision does not reach this level.")
		}
	}
}

func decisionOf(c *Case, id string) *Decision {
	for i := range c.Decisions {
		if c.Decisions[i].ID == id {
			return &c.Decisions[i]
		}
	}
	return nil
}

// rank orders the levels by how far they go, from 1; 0 is no level.
func (l Level) rank() int {
	return 1 + slices.Index([]Level{LevelInternal, LevelPartner, LevelPublicAppeal, LevelNationalMirror}, l)
}

func expiryFields(f *Fields, r *Revision, now time.Time, limit time.Duration) {
	switch {
	case r.ExpiresAt.IsZero():
		f.Add("expires_at", "required", "Say when the alert ends by itself.")
	case !r.ExpiresAt.After(now):
		f.Add("expires_at", "in_the_past", "The end must lie ahead.")
	case limit > 0 && r.ExpiresAt.After(now.Add(limit)):
		f.Add("expires_at", "too_late", fmt.Sprintf("An alert of this level ends within %d days; it can be renewed.", int(limit.Hours()/24)))
	}
}

func languageFields(f *Fields, texts []Text) {
	if len(texts) == 0 {
		f.Add("texts", "required", "Write the alert in at least one language.")
	}
	if len(texts) > maxLanguages {
		f.Add("texts", "too_many", "An alert has at most 24 languages.")
		return
	}
	seen := map[string]bool{}
	for i := range texts {
		t := &texts[i]
		at := "texts." + t.Language
		if key := strings.ToLower(t.Language); !isLanguage(t.Language) {
			f.Add(at, "unknown_language", "Name the language by its BCP 47 code, such as sr-Latn.")
		} else if seen[key] {
			f.Add(at, "duplicate", "This language is there twice.")
		} else {
			seen[key] = true
		}
		if t.Headline == "" {
			f.Add(at+".headline", "required", "Write a headline.")
		}
		if strings.Contains(t.Headline, "\n") {
			f.Add(at+".headline", "one_line", "A headline is one line.")
		}
		if t.Description == "" {
			f.Add(at+".description", "required", "Say what to look for.")
		}
		textField(f, at+".headline", t.Headline, maxHeadline)
		textField(f, at+".description", t.Description, maxDescription)
		textField(f, at+".instruction", t.Instruction, maxInstruction)
	}
}

// textField refuses what is too long and what no feed can carry: XML has no
// form for control characters.
func textField(f *Fields, field, s string, limit int) {
	if utf8.RuneCountInString(s) > limit {
		f.Add(field, "too_long", fmt.Sprintf("At most %d characters.", limit))
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable) {
		f.Add(field, "bad_character", "The text holds a character that cannot be sent.")
	}
}

func unprintable(r rune) bool {
	return (unicode.IsControl(r) && r != '\n' && r != '\t') || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError
}

// isLanguage tells whether s has the form of a language tag as CAP takes it.
func isLanguage(s string) bool {
	for i, part := range strings.Split(s, "-") {
		if len(part) == 0 || len(part) > 8 {
			return false
		}
		for _, c := range []byte(part) {
			letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
			if !letter && (i == 0 || c < '0' || c > '9') {
				return false
			}
		}
		if i == 0 && len(part) < 2 {
			return false
		}
	}
	return true
}
