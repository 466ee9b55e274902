package partners

import (
	_ "embed" // drill_texts.csv
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// DrillKind tells an exercise for people from the server's test of itself.
type DrillKind string

// The kinds of drill.
const (
	DrillExercise DrillKind = "exercise"
	DrillSelfTest DrillKind = "self_test"
)

// DrillState is where a drill is in its life.
type DrillState string

// The states of a drill: stopped by a person, or over by itself.
const (
	DrillRunning DrillState = "running"
	DrillStopped DrillState = "stopped"
	DrillOver    DrillState = "over"
)

// Drill is a marked exercise that takes the road of an alert: it has a Told and
// Deliveries of its own under its id. It is no alert and belongs to no case, so
// that whatever shows, counts or publishes alerts knows nothing of it.
type Drill struct {
	journal.Head `bson:",inline"`
	Kind         DrillKind    `bson:"kind"`
	State        DrillState   `bson:"state"`
	Level        alerts.Level `bson:"level"`
	Severity     string       `bson:"severity"`
	// Area is the countries of those who were told.
	Area geo.Area `bson:"area"`
	// Note is what the desk adds to the fixed words, by language.
	Note []DrillNote `bson:"note,omitempty"`
	// Sender is the CAP sender of this installation; Revision counts the runs of
	// a self-test and is 1 for an exercise.
	Sender    string    `bson:"sender"`
	Revision  int       `bson:"revision"`
	StartedBy string    `bson:"started_by" class:"P10"`
	StartedAt time.Time `bson:"started_at"`
	EndsAt    time.Time `bson:"ends_at"`
	EndedBy   string    `bson:"ended_by,omitempty" class:"P10"`
	EndedAt   time.Time `bson:"ended_at,omitempty"`
}

// DrillNote is a note in one language.
type DrillNote struct {
	Language string `bson:"language"`
	Text     string `bson:"text" class:"P10,sealed"`
}

// Collection is "drills".
func (*Drill) Collection() string { return "drills" }

// Unit is the drill's own.
func (x *Drill) Unit(string) string { return "drills/" + x.ID }

// alert is the drill as the machinery of delivery knows it: an alert of no case
// that is on no board of alerts.
func (x *Drill) alert(texts []alerts.Text) *alerts.Alert {
	al := &alerts.Alert{Head: x.Head, State: alerts.AlertLive, Sender: x.Sender}
	r := alerts.Revision{
		Number: x.Revision, Level: x.Level, Severity: x.Severity, ExpiresAt: x.EndsAt, Area: x.Area, Texts: slices.Clone(texts),
		Identifier: alerts.CAPIdentifier(x.ID, x.Revision), Sent: x.StartedAt,
	}
	for i := range r.Texts {
		t := &r.Texts[i]
		for _, n := range x.Note {
			if n.Language == t.Language && n.Text != "" {
				t.Description += "\n\n" + n.Text
			}
		}
	}
	al.Revisions = []alerts.Revision{r}
	if x.State != DrillRunning {
		al.State = alerts.AlertCancelled
		if x.State == DrillOver {
			al.State = alerts.AlertExpired
		}
		al.Ending = &alerts.Ending{State: al.State, By: x.EndedBy, At: x.EndedAt, Identifier: alerts.CAPCancelIdentifier(x.ID)}
	}
	return al
}

// ended is the drill after it has stopped, nil when it had before.
func (x *Drill) ended(state DrillState, by string, now time.Time) *Drill {
	if x.State != DrillRunning {
		return nil
	}
	next := *x
	next.State, next.EndedBy, next.EndedAt = state, by, now.UTC().Truncate(time.Second)
	return &next
}

// drills tells whether an organisation takes part in drills: also while it
// waits for approval and when its agreement has run out, as nothing of a child
// is in them.
func (p *Partner) drills() bool { return p.State == PartnerPending || p.State == PartnerApproved }

//go:embed drill_texts.csv
var drillTextsCSV string

// loadDrillTexts reads the fixed words of a drill.
func loadDrillTexts() ([]alerts.Text, error) {
	rows, err := csv.NewReader(strings.NewReader(drillTextsCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read drill_texts.csv: %w", err)
	}
	var out []alerts.Text
	for _, row := range rows[1:] {
		if slices.Contains(row, "") {
			return nil, fmt.Errorf("read drill_texts.csv: %s has a gap", row[0])
		}
		out = append(out, alerts.Text{Language: row[0], Headline: row[1], Description: row[2], Instruction: row[3]})
	}
	return out, nil
}

// alertIn is an alert, or a drill that stands for one, as a rule finds it; nil
// when it has been forgotten.
func alertIn(v *journal.View, id string) (*alerts.Alert, error) {
	al, err := optional[*alerts.Alert](v, "alerts", id)
	if al != nil || err != nil {
		return al, err
	}
	x, err := optional[*Drill](v, "drills", id)
	if x == nil || err != nil {
		return nil, err
	}
	return x.alert(nil), nil
}
