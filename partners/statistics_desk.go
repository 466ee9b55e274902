package partners

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"homeward/alerts"
)

// StatisticsFilter chooses a period: a year, or a month of it. Year 0 is this
// year, Month 0 the whole year. Public asks for the figures for publication.
type StatisticsFilter struct {
	Year, Month int
	Public      bool
}

// firstYear is the first that can be asked for.
const firstYear = 2000

// Statistics counts what happened in a period: for the desk the cases that it
// works on, without restricted ones that the actor may not see; for publication
// all cases, without what could point at people.
//
// Figures for publication are of whole years that are over: those of a month or
// of today, taken from those of a year or of tomorrow, would say what happened
// in between.
func (d *Desk) Statistics(ctx context.Context, a alerts.Actor, f StatisticsFilter) (Statistics, error) {
	if !d.Matrix.Route(a.Role, "GET /api/v1/statistics") {
		return Statistics{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	s, period, err := d.periodOf(f)
	if err != nil {
		return Statistics{}, err
	}
	out := statisticsOf(d.gatherFacts(s, func(c *alerts.Case) bool { return f.Public || !c.Restricted || d.Sees(a, c) }, f.Public))
	if f.Public {
		out = out.published()
	}
	out.Period = period
	return out, d.Reads.Record(ctx, a, "statistics?period="+period+"&public="+strconv.FormatBool(f.Public), alerts.P3)
}

// StatisticsYears are the years that can be asked for, the newest first.
func (d *Desk) StatisticsYears() []int {
	this := d.Now()
	if _, zone, err := d.board.rules(); err == nil {
		this = this.In(zone)
	}
	first := this.Year()
	d.Board.EachCase(func(c *alerts.Case) bool {
		first = max(firstYear, min(first, c.CreatedAt.Year()))
		return true
	})
	for _, e := range d.board.Erasures() {
		if y := e.Figures.firstYear(); y > 0 {
			first = max(firstYear, min(first, y))
		}
	}
	var out []int
	for y := this.Year(); y >= min(first, this.Year()-1); y-- {
		out = append(out, y)
	}
	return out
}

func (d *Desk) periodOf(f StatisticsFilter) (span, string, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return span{}, "", err
	}
	c := newChecker(d.Now(), zone)
	this := d.Now().In(zone).Year()
	if f.Year == 0 {
		f.Year = this
		if f.Public {
			f.Year--
		}
	}
	if f.Year < firstYear || f.Year > this {
		c.Add("year", "out_of_range", fmt.Sprintf("Write a year from %d to %d.", firstYear, this))
	}
	if f.Month < 0 || f.Month > 12 {
		c.Add("month", "out_of_range", "Write a month from 1 to 12.")
	}
	if f.Public && f.Month != 0 {
		c.Add("month", "whole_year", "Figures for publication are for a whole year.")
	}
	if f.Public && f.Year == this {
		c.Add("year", "not_over", "A year can be published once it is over.")
	}
	if err := c.Err(); err != nil {
		return span{}, "", err
	}
	if f.Month == 0 {
		from := time.Date(f.Year, 1, 1, 0, 0, 0, 0, zone)
		return span{from, from.AddDate(1, 0, 0)}, strconv.Itoa(f.Year), nil
	}
	from := time.Date(f.Year, time.Month(f.Month), 1, 0, 0, 0, 0, zone)
	return span{from, from.AddDate(0, 1, 0)}, from.Format("2006-01"), nil
}

// CSV writes the statistics as one table, with a byte order mark for
// spreadsheets. A count that is left out is an empty cell.
func (s Statistics) CSV() ([]byte, error) {
	rows := [][]string{{"period", "figure", "row", "count", "confirmed", "median_minutes", "lower_quartile_minutes", "upper_quartile_minutes"}}
	add := func(key, row string, numbers ...*int) {
		line := []string{s.Period, key, row, "", "", "", "", ""}
		for i, n := range numbers {
			line[3+i] = maybe(n)
		}
		rows = append(rows, line)
	}
	for _, t := range s.Totals {
		add(t.Key, "", t.Count)
	}
	for _, b := range s.Breakdowns {
		for _, r := range b.Rows {
			add(b.Key, harmless(r.Key), r.Count, r.Confirmed)
		}
	}
	for _, m := range s.Measures {
		add(m.Key, "", m.Count, nil, m.MedianMinutes, m.LowerMinutes, m.UpperMinutes)
	}
	return writeRows(rows)
}
