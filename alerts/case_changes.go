package alerts

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/journal"
)

// The most changes that a case remembers, and the longest text in one of them.
const (
	maxChanges    = 200
	maxChangeText = 600
)

// fact is one field of a case as text, with its class.
type fact struct {
	field, text string
	class       Class
}

// facts are the fields whose every change is kept. Lists that only grow tell
// their history themselves; where a found child is stays out of this one.
func (c *Case) facts() []fact {
	at, place := "", ""
	if !c.LastSeen.At.IsZero() {
		at = c.LastSeen.At.UTC().Format(time.RFC3339)
	}
	if p := c.LastSeen.Place; p != nil {
		place = fmt.Sprintf("%.5f, %.5f", p.Lat(), p.Lon())
	}
	out := []fact{
		{"category", string(c.Category), P0},
		{"last_seen.at", at, P2}, {"last_seen.precision_min", number(c.LastSeen.PrecisionMin), P2}, {"last_seen.place", place, P2},
		{"last_seen.accuracy_m", number(int(c.LastSeen.AccuracyM)), P2}, {"last_seen.label", c.LastSeen.Label, P2},
		{"circumstances", c.Circumstances, P3},
		{"police.reported_at", instant(c.Police.ReportedAt), P3}, {"police.unit", c.Police.Unit, P3}, {"police.reference", c.Police.Reference, P3},
		{"follow_up.owner", c.FollowUp.Owner, P10}, {"follow_up.due_at", instant(c.FollowUp.DueAt), P10}, {"follow_up.note", c.FollowUp.Note, P5},
		{"state", string(c.State), P10}, {"restricted", yes(c.Restricted), P10}, {"team", strings.Join(c.Team, " "), P10},
	}
	if n := len(c.Risks); n > 0 {
		out = append(out, fact{"risk.grade", c.Risks[n-1].Grade, P5})
	}
	for i := range c.Children {
		out = append(out, c.Children[i].facts()...)
	}
	return out
}

func (k *Child) facts() []fact {
	at, d := "children."+k.ID+".", k.Description
	names := make([]string, len(k.Names))
	for i, n := range k.Names {
		names[i] = strings.TrimSpace(n.Given+" "+n.Family) + " (" + n.Kind + ")"
	}
	return []fact{
		{at + "names", strings.Join(names, ", "), P1}, {at + "sex", k.Sex, P1}, {at + "birth_date", k.BirthDate, P1},
		{at + "description.height_cm", number(d.HeightCM), P0}, {at + "description.build", d.Build, P0}, {at + "description.hair", d.Hair, P0},
		{at + "description.eyes", d.Eyes, P0}, {at + "description.marks", d.Marks, P0}, {at + "description.clothing", d.Clothing, P0},
		{at + "description.other", d.Other, P0}, {at + "home", k.Home, P2}, {at + "needs", k.Needs, P4}, {at + "outcome", k.Outcome, P5},
	}
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// remember notes on a changed case what became of which field.
func (c *Case) remember(old *Case, by string, now time.Time) {
	was := map[string]fact{}
	for _, f := range old.facts() {
		was[f.field] = f
	}
	version := old.Version + 1
	changes := slices.Clone(old.Changes)
	add := func(f fact, was, is string) {
		if was != is {
			changes = append(changes, f.change(Turn{shortText(was), shortText(is)}, version, by, now))
		}
	}
	for _, f := range c.facts() {
		add(f, was[f.field].text, f.text)
		delete(was, f.field)
	}
	for _, f := range old.facts() { // of children that were taken off
		if _, gone := was[f.field]; gone {
			add(f, f.text, "")
		}
	}
	c.Changes = changes[max(0, len(changes)-maxChanges):]
}

func (f fact) change(t Turn, version int, by string, now time.Time) Change {
	c := Change{Version: version, At: now, By: by, Field: f.field}
	slots := map[Class]*Turn{P0: &c.Card, P1: &c.Identity, P2: &c.Place, P3: &c.Family, P4: &c.Needs, P5: &c.Notes, P10: &c.Audit}
	*slots[f.class] = t
	return c
}

func shortText(s string) string {
	if r := []rune(s); len(r) > maxChangeText {
		return string(r[:maxChangeText]) + "…"
	}
	return s
}

// remembering makes a rule note on every case that it changes what became of
// which field, whoever wrote the rule.
func remembering(a Actor, decide func(*journal.View) (journal.Outcome, error)) func(*journal.View) (journal.Outcome, error) {
	return func(v *journal.View) (journal.Outcome, error) {
		out, err := decide(v)
		if err != nil {
			return out, err
		}
		for _, doc := range out.Documents {
			c, ok := doc.(*Case)
			if !ok {
				continue
			}
			old, err := journal.Load[*Case](v, "cases", c.ID)
			switch {
			case errors.Is(err, journal.ErrNotFound): // it is being opened
			case err != nil:
				return out, fmt.Errorf("the case before a change: %w", err)
			case old != c:
				c.remember(old, a.ID, v.Now)
			}
		}
		return out, nil
	}
}
