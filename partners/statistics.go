package partners

import (
	"maps"
	"slices"
	"time"

	"homeward/alerts"
)

// Statistics are the figures of a year or a month. What is null in figures for
// publication was left out, so that nobody can be told apart by it.
type Statistics struct {
	// Period is YYYY or YYYY-MM.
	Period     string                `json:"period"`
	Public     bool                  `json:"public"`
	Totals     []StatisticsTotal     `json:"totals"`
	Breakdowns []StatisticsBreakdown `json:"breakdowns"`
	Measures   []StatisticsMeasure   `json:"measures"`
}

// StatisticsTotal counts one population, such as the cases opened.
type StatisticsTotal struct {
	Key   string `json:"key"`
	Count *int   `json:"count"`
}

// StatisticsBreakdown divides a population: each of it is in one row, and Of is
// the key of its total.
type StatisticsBreakdown struct {
	Key string `json:"key"`
	Of  string `json:"of"`
	// Confirmed tells whether the rows also count what was confirmed.
	Confirmed bool `json:"with_confirmed"`
	// Withheld is set when nothing of the breakdown can be published; it has no
	// rows then.
	Withheld bool            `json:"withheld"`
	Rows     []StatisticsRow `json:"rows"`
}

// StatisticsRow is one part of a breakdown. Confirmed are those among Count.
type StatisticsRow struct {
	Key       string `json:"key"`
	Count     *int   `json:"count"`
	Confirmed *int   `json:"confirmed"`
}

// StatisticsMeasure says how long something took: half took up to the median, a
// quarter up to the lower quartile and three quarters up to the upper one. Count
// is how many it rests on.
type StatisticsMeasure struct {
	Key           string `json:"key"`
	Count         *int   `json:"count"`
	MedianMinutes *int   `json:"median_minutes"`
	LowerMinutes  *int   `json:"lower_minutes"`
	UpperMinutes  *int   `json:"upper_minutes"`
}

// The keys of populations.
const (
	totalCases     = "cases"
	totalChildren  = "children"
	totalVoid      = "cases_void"
	totalContacts  = "contacts"
	totalAlerts    = "alerts"
	totalTold      = "told"
	totalSightings = "sightings"
	totalConfirmed = "sightings_confirmed"
)

// unknownRow is the row of what nobody knows or wrote down.
const unknownRow = "unknown"

// caseFact is what is counted of a case. A time that is nil is not known, or has
// not come.
type caseFact struct {
	Void        bool           `bson:"void,omitempty"`
	Category    string         `bson:"category"`
	CrossBorder string         `bson:"cross_border"`
	Outcome     string         `bson:"outcome"`
	Children    []childFact    `bson:"children"`
	ToFound     *time.Duration `bson:"to_found,omitempty"`
	ToCase      *time.Duration `bson:"to_case,omitempty"`
	ToPolice    *time.Duration `bson:"to_police,omitempty"`
	ToAlert     *time.Duration `bson:"to_alert,omitempty"`
}

type childFact struct {
	Age string `bson:"age"`
	Sex string `bson:"sex"`
}

type contactFact struct {
	Kind     string `bson:"kind"`
	Channel  string `bson:"channel"`
	Language string `bson:"language"`
}

// alertFact is what is counted of an alert; Told is the response of each
// organisation that was told.
type alertFact struct {
	Level    string         `bson:"level"`
	Told     []string       `bson:"told"`
	ToOpened *time.Duration `bson:"to_opened,omitempty"`
	ToAnswer *time.Duration `bson:"to_answer,omitempty"`
}

type sightingFact struct {
	Channel   string `bson:"channel"`
	Source    string `bson:"source"`
	Confirmed bool   `bson:"confirmed,omitempty"`
}

// happened is what happened in a period.
type happened struct {
	cases     []caseFact
	contacts  []contactFact
	alerts    []alertFact
	sightings []sightingFact
}

// tallied is a count and what of it was confirmed.
type tallied struct{ count, confirmed int }

// counting counts parts by breakdown and row, and gathers times by measure.
type counting struct {
	totals map[string]int
	parts  map[string]map[string]tallied
	times  map[string][]time.Duration
}

func (c *counting) add(breakdown, row string, confirmed bool) {
	if c.parts[breakdown] == nil {
		c.parts[breakdown] = map[string]tallied{}
	}
	p := c.parts[breakdown][row]
	p.count++
	if confirmed {
		p.confirmed++
	}
	c.parts[breakdown][row] = p
}

func (c *counting) took(measure string, t *time.Duration) {
	if t != nil {
		c.times[measure] = append(c.times[measure], max(0, *t))
	}
}

// statisticsOf counts what happened.
func statisticsOf(f happened) Statistics {
	c := &counting{map[string]int{}, map[string]map[string]tallied{}, map[string][]time.Duration{}}
	for i := range f.cases {
		c.caseIs(&f.cases[i])
	}
	for _, ct := range f.contacts {
		c.totals[totalContacts]++
		c.add("contact_kind", ct.Kind, false)
		c.add("contact_channel", ct.Channel, false)
		c.add("contact_language", ct.Language, false)
	}
	for _, al := range f.alerts {
		c.totals[totalAlerts]++
		c.add("alert_level", al.Level, false)
		for _, response := range al.Told {
			c.totals[totalTold]++
			c.add("response", response, false)
		}
		c.took("release_to_opened", al.ToOpened)
		c.took("release_to_answer", al.ToAnswer)
	}
	for _, s := range f.sightings {
		c.totals[totalSightings]++
		if s.Confirmed {
			c.totals[totalConfirmed]++
		}
		c.add("sighting_channel", s.Channel, s.Confirmed)
		c.add("sighting_source", s.Source, s.Confirmed)
	}
	return c.statistics()
}

// caseIs counts a case. One that turned out to be none counts for itself only.
func (c *counting) caseIs(one *caseFact) {
	if one.Void {
		c.totals[totalVoid]++
		return
	}
	c.totals[totalCases]++
	c.add("category", one.Category, false)
	c.add("cross_border", one.CrossBorder, false)
	c.add("outcome", one.Outcome, false)
	for _, child := range one.Children {
		c.totals[totalChildren]++
		c.add("age", child.Age, false)
		c.add("sex", child.Sex, false)
	}
	c.took("seen_to_found", one.ToFound)
	c.took("call_to_case", one.ToCase)
	c.took("case_to_police", one.ToPolice)
	c.took("case_to_alert", one.ToAlert)
}

// statisticsLayout is every breakdown with the rows that it always has, in the
// order in which they are shown: an order by size would tell of sizes.
func statisticsLayout() []struct {
	key, of string
	rows    []string
} {
	var categories []string
	for _, c := range alerts.Categories() {
		categories = append(categories, string(c))
	}
	channels := append([]string{alerts.PublicChannel}, alerts.Channels()...)
	kinds := slices.DeleteFunc(alerts.ContactKinds(), func(k string) bool { return k == contactTest })
	return []struct {
		key, of string
		rows    []string
	}{
		{"category", totalCases, categories},
		{"cross_border", totalCases, []string{"yes", "no"}},
		{"outcome", totalCases, []string{"open", "found_safe", "found_harmed", "deceased", "other", "not_kept"}},
		{"age", totalChildren, append(ageBands(), unknownRow)},
		{"sex", totalChildren, alerts.Sexes()},
		{"contact_kind", totalContacts, kinds},
		{"contact_channel", totalContacts, channels},
		{"contact_language", totalContacts, nil},
		{"alert_level", totalAlerts, []string{string(alerts.LevelInternal), string(alerts.LevelPartner), string(alerts.LevelPublicAppeal), string(alerts.LevelNationalMirror)}},
		{"response", totalTold, []string{"accepted", "declined", "question", "opened", "silent"}},
		{"sighting_channel", totalSightings, channels},
		{"sighting_source", totalSightings, append(alerts.Sources(), unknownRow)},
	}
}

func measureKeys() []string {
	return []string{"seen_to_found", "call_to_case", "case_to_police", "case_to_alert", "release_to_opened", "release_to_answer"}
}

func (c *counting) statistics() Statistics {
	var s Statistics
	for _, key := range []string{totalCases, totalChildren, totalVoid, totalContacts, totalAlerts, totalTold, totalSightings, totalConfirmed} {
		n := c.totals[key]
		s.Totals = append(s.Totals, StatisticsTotal{key, &n})
	}
	for _, l := range statisticsLayout() {
		b := StatisticsBreakdown{Key: l.key, Of: l.of, Confirmed: l.of == totalSightings, Rows: []StatisticsRow{}}
		rows := l.rows
		for _, key := range slices.Sorted(maps.Keys(c.parts[l.key])) {
			if !slices.Contains(rows, key) {
				rows = append(rows, key)
			}
		}
		for _, key := range rows {
			p := c.parts[l.key][key]
			row := StatisticsRow{Key: key, Count: &p.count}
			if b.Confirmed {
				row.Confirmed = &p.confirmed
			}
			b.Rows = append(b.Rows, row)
		}
		s.Breakdowns = append(s.Breakdowns, b)
	}
	for _, key := range measureKeys() {
		s.Measures = append(s.Measures, measureOf(key, c.times[key]))
	}
	return s
}

// measureOf is how long something took, in whole minutes.
func measureOf(key string, times []time.Duration) StatisticsMeasure {
	n := len(times)
	m := StatisticsMeasure{Key: key, Count: &n}
	if n == 0 {
		return m
	}
	slices.Sort(times)
	whole := func(t time.Duration) *int {
		minutes := int(t.Round(time.Minute) / time.Minute)
		return &minutes
	}
	// The smallest time that enough of them do not exceed.
	m.LowerMinutes, m.UpperMinutes = whole(times[(n+3)/4-1]), whole(times[(3*n+3)/4-1])
	low, high := times[(n-1)/2], times[n/2]
	m.MedianMinutes = whole(low + (high-low)/2)
	return m
}

// ageBands are the ages that are counted together, in years.
func ageBands() []string { return []string{"0_5", "6_11", "12_14", "15_17", "18_up"} }

// ageBand is the band of an age between low and high, unknownRow when it may be
// one of several.
func ageBand(low, high int) string {
	bands := ageBands()
	of := func(age int) string {
		for i, first := range []int{6, 12, 15, 18} {
			if age < first {
				return bands[i]
			}
		}
		return bands[len(bands)-1]
	}
	if of(low) != of(high) {
		return unknownRow
	}
	return of(low)
}
