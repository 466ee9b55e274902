package partners

import (
	_ "embed" // silence.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed silence.csv
var silenceCSV string

// The channels of a silence clock, in the order of the ladder. The websocket is
// not among them: the feed itself serves it from the moment of release.
const (
	ChannelWebhook     = "webhook"
	ChannelEmail       = "email"
	ChannelCall        = "call"
	ChannelCoordinator = "coordinator"
)

// ChannelAPI is how the ledger names what a program fetches or says over HTTP.
const ChannelAPI = "api"

// Silence is how long the desk waits, per severity, before the next channel is
// tried: whole minutes, counted from the step before, the first from the
// release.
type Silence struct {
	Severity string `bson:"severity" json:"severity"`
	// Webhook is counted from the release; 0 sends with the release itself,
	// whether or not somebody has opened the alert meanwhile.
	Webhook int `bson:"webhook" json:"webhook"`
	Email   int `bson:"email" json:"email"`
	Call    int `bson:"call" json:"call"`
	// NextPerson is until the next person on duty is tried; Reached is until
	// then when somebody was reached by telephone and still did not answer.
	NextPerson int `bson:"next_person" json:"next_person"`
	Reached    int `bson:"reached" json:"reached"`
	// Coordinator is until the matter becomes the duty coordinator's.
	Coordinator int `bson:"coordinator" json:"coordinator"`
}

// SilencePolicy is a row of silence.csv: what holds unless an organisation has
// agreed on something else.
type SilencePolicy struct {
	Silence
	// Urgent ones are never held back, whatever the duty hours.
	Urgent bool   `json:"urgent"`
	Source string `json:"source"`
	// ValidFrom is the day from which the row holds.
	ValidFrom time.Time `json:"valid_from"`
	// Verified says that the source has been checked.
	Verified bool `json:"verified"`
}

// severityUnknown is the row for whatever is in no other.
const severityUnknown = "unknown"

// LoadSilence reads the embedded policy, one row per severity of CAP.
func LoadSilence() ([]SilencePolicy, error) {
	rows, err := csv.NewReader(strings.NewReader(silenceCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read silence.csv: %w", err)
	}
	var out []SilencePolicy
	for _, row := range rows[1:] {
		p, err := silenceRow(row)
		if err != nil {
			return nil, fmt.Errorf("read silence.csv: %s: %w", row[0], err)
		}
		out = append(out, p)
	}
	for _, s := range severities() {
		if !slices.ContainsFunc(out, func(p SilencePolicy) bool { return p.Severity == s }) {
			return nil, fmt.Errorf("read silence.csv: there is no row for %s", s)
		}
	}
	return out, nil
}

func severities() []string {
	return []string{"extreme", "severe", "moderate", "minor", severityUnknown}
}

func silenceRow(row []string) (SilencePolicy, error) {
	p := SilencePolicy{Silence: Silence{Severity: row[0]}, Urgent: row[1] == "yes", Source: row[9], Verified: row[11] == "true"}
	var err error
	for i, to := range p.minutes() {
		if *to, err = strconv.Atoi(row[2+i]); err != nil || *to < 0 {
			return p, fmt.Errorf("%q is no number of minutes", row[2+i])
		}
	}
	if p.ValidFrom, err = time.Parse(time.DateOnly, row[10]); err != nil {
		return p, err
	}
	if row[8] != "minutes" || p.Source == "" {
		return p, fmt.Errorf("the row has no unit or no source")
	}
	return p, nil
}

// minutes are the numbers in the order of the columns.
func (s *Silence) minutes() []*int {
	return []*int{&s.Webhook, &s.Email, &s.Call, &s.NextPerson, &s.Reached, &s.Coordinator}
}

// policyFor is what holds for an organisation and a severity: its own row, else
// the default.
func policyFor(defaults []SilencePolicy, p *Partner, severity string) SilencePolicy {
	at := slices.IndexFunc(defaults, func(s SilencePolicy) bool { return s.Severity == severity })
	if at < 0 {
		at = slices.IndexFunc(defaults, func(s SilencePolicy) bool { return s.Severity == severityUnknown })
	}
	out := defaults[at]
	if p == nil {
		return out
	}
	for _, own := range p.Silence {
		if own.Severity == out.Severity {
			out.Silence = own
		}
	}
	return out
}

// SilencePolicies are the rows of silence.csv.
func (d *Desk) SilencePolicies() []SilencePolicy { return slices.Clone(d.board.silence) }
