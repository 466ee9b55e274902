package partners

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// BarometerFilter is a period, both days in it, YYYY-MM-DD; empty is open.
type BarometerFilter struct {
	From, To string
}

// Barometer is how institutions answer: a row for all, then each kind with its
// institutions.
type Barometer struct {
	From string         `json:"from"`
	To   string         `json:"to"`
	Rows []BarometerRow `json:"rows"`
}

// Barometer counts what is in the logs of the cases that the actor works on, at
// any stage: the counts outlive what the logs say.
func (d *Desk) Barometer(ctx context.Context, a alerts.Actor, f BarometerFilter) (Barometer, error) {
	out, err := d.barometer(f, func(of logged, c *alerts.Case) bool {
		m, _ := of.(*Matter)
		_, err := d.matterCase(a, c.ID, m)
		return err == nil
	})
	if err != nil {
		return Barometer{}, err
	}
	return out, d.Reads.Record(ctx, a, "barometer?from="+f.From+"&to="+f.To, alerts.P3)
}

// barometer counts the logs that are chosen.
func (d *Desk) barometer(f BarometerFilter, chosen func(logged, *alerts.Case) bool) (Barometer, error) {
	_, zone, err := d.board.rules()
	if err != nil {
		return Barometer{}, err
	}
	c := newChecker(d.Now(), zone)
	from, to := c.date("from", f.From), c.date("to", f.To)
	if !from.IsZero() && !to.IsZero() && to.Before(from) {
		c.Add("to", "too_early", "The end of the period lies before its start.")
	}
	if err := c.Err(); err != nil {
		return Barometer{}, err
	}
	var all []inquiry
	d.eachLog(func(of logged, cs *alerts.Case) {
		if chosen(of, cs) {
			all = append(all, d.inquiriesOf(of, c)...)
		}
	})
	rows := tally(all, from, to, c.today)
	for i := range rows {
		rows[i].Name = d.institutionName(rows[i].ID)
	}
	sortBarometer(rows)
	return Barometer{From: from.String(), To: to.String(), Rows: rows}, nil
}

// eachLog calls each for every log of a case that is still there.
func (d *Desk) eachLog(each func(logged, *alerts.Case)) {
	for _, m := range d.board.Matters() {
		if c, ok := d.Board.Case(m.CaseID); ok {
			each(m, c)
		}
	}
	for _, i := range d.board.AllInquiries() {
		if c, ok := d.Board.Case(i.CaseID); ok {
			each(i, c)
		}
	}
}

// inquiriesOf are the requests of a log. What was corrected or taken back does
// not count.
func (d *Desk) inquiriesOf(of logged, c *checker) []inquiry {
	var out []inquiry
	l := of.log()
	for i := range l {
		e := &l[i]
		s := l.standing(i, c.now, c.zone, abduction.Date{})
		asked, known := d.board.Institution(e.InstitutionID)
		if !known || e.Direction != "out" || e.Withdraws > 0 || s.state == ContactCorrected || s.state == ContactWithdrawn {
			continue
		}
		q := inquiry{institution: asked.ID, kind: asked.Kind, on: abduction.DateOf(e.At, c.zone), due: s.due, call: e.NoReply}
		if e.Answer != nil {
			q.answered = abduction.DateOf(e.Answer.At, c.zone)
		}
		out = append(out, q)
	}
	return out
}

// PublicTally is a tally without the counts that could point at people: those
// are null, and so is what could be worked out from them.
type PublicTally struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name,omitempty"`
	// Others is set in the row that stands for the institutions of a kind that
	// were asked less than five times.
	Others        bool `json:"others,omitempty"`
	Asked         *int `json:"asked"`
	OnTime        *int `json:"on_time"`
	Late          *int `json:"late"`
	Undated       *int `json:"undated"`
	Waiting       *int `json:"waiting"`
	Overdue       *int `json:"overdue"`
	OnTimePercent *int `json:"on_time_percent"`
	MedianDays    *int `json:"median_days"`
}

// PublicBarometer is the barometer for the public.
type PublicBarometer struct {
	From string        `json:"from"`
	To   string        `json:"to"`
	Rows []PublicTally `json:"rows"`
}

// PublicBarometer counts all logs, whoever may see them, and leaves out what
// could point at people. Neither calls nor the age of a single request are in
// it.
func (d *Desk) PublicBarometer(_ context.Context, a alerts.Actor, f BarometerFilter) (PublicBarometer, error) {
	if !d.Matrix.Route(a.Role, "GET /api/v1/barometer") {
		return PublicBarometer{}, alerts.Errorf(alerts.Forbidden, "This account may not do that.")
	}
	all, err := d.barometer(f, func(logged, *alerts.Case) bool { return true })
	if err != nil {
		return PublicBarometer{}, err
	}
	return PublicBarometer{From: all.From, To: all.To, Rows: publish(all.Rows)}, nil
}

// publish takes together what is too small to stand alone, and hides what is
// below few or would give it away.
func publish(rows []BarometerRow) []PublicTally {
	rows, others := gatherSmall(rows)
	t := &addends{}
	kindRow := map[string]int{}
	for r, row := range rows {
		parent := -1
		switch {
		case row.Kind != "" && row.ID == "":
			kindRow[row.Kind], parent = r, 0
		case row.ID != "":
			parent = kindRow[row.Kind]
		}
		t.parent = append(t.parent, parent)
		t.values = append(t.values, []int{row.OnTime, row.Late, row.Undated, row.Waiting, row.Overdue, row.Asked})
	}
	hidden := t.hide()
	out := make([]PublicTally, 0, len(rows))
	for r, row := range rows {
		shown := func(c int) *int {
			if hidden[r][c] {
				return nil
			}
			return &t.values[r][c]
		}
		p := PublicTally{Kind: row.Kind, Name: row.Name, Others: others[r], OnTime: shown(0), Late: shown(1), Undated: shown(2),
			Waiting: shown(3), Overdue: shown(4), Asked: shown(5)}
		if p.OnTime != nil && p.Late != nil && p.Overdue != nil && *p.OnTime+*p.Late+*p.Overdue >= few {
			p.OnTimePercent = row.OnTimePercent
		}
		if p.OnTime != nil && p.Late != nil && p.Undated != nil && *p.OnTime+*p.Late+*p.Undated >= few && !p.Others {
			p.MedianDays = row.MedianDays
		}
		out = append(out, p)
	}
	return out
}

// gatherSmall puts the institutions of a kind that were asked less than few times
// into one row, and drops rows without requests.
func gatherSmall(rows []BarometerRow) ([]BarometerRow, []bool) {
	var out []BarometerRow
	var others []bool
	small := map[string]*BarometerRow{}
	end := func() {
		for kind, row := range small {
			// Alone under its kind it would only say the same again.
			if last := out[len(out)-1]; last.ID != "" {
				row.finish()
				out, others = append(out, *row), append(others, true)
			}
			delete(small, kind)
		}
	}
	for i, row := range rows {
		switch {
		case row.ID == "":
			end()
			if row.Asked == 0 && i > 0 {
				continue
			}
			out, others = append(out, row), append(others, false)
		case row.Asked == 0:
		case row.Asked >= few:
			out, others = append(out, row), append(others, false)
		default:
			if small[row.Kind] == nil {
				small[row.Kind] = &BarometerRow{ID: "others", Kind: row.Kind}
			}
			small[row.Kind].add(row.Tally)
		}
	}
	end()
	return out, others
}

func (t *Tally) add(o Tally) {
	t.Asked += o.Asked
	t.OnTime += o.OnTime
	t.Late += o.Late
	t.Undated += o.Undated
	t.Waiting += o.Waiting
	t.Overdue += o.Overdue
}

// CSV writes the barometer as a table, with a byte order mark for spreadsheets.
func (b Barometer) CSV() ([]byte, error) {
	rows := [][]string{{"kind", "institution", "asked", "on_time", "late", "undated", "waiting", "overdue", "on_time_percent", "median_days", "oldest_days", "calls"}}
	for _, r := range b.Rows {
		rows = append(rows, []string{r.Kind, harmless(r.Name), strconv.Itoa(r.Asked), strconv.Itoa(r.OnTime), strconv.Itoa(r.Late), strconv.Itoa(r.Undated), strconv.Itoa(r.Waiting),
			strconv.Itoa(r.Overdue), maybe(r.OnTimePercent), maybe(r.MedianDays), maybe(r.OldestDays), strconv.Itoa(r.Calls)})
	}
	return writeRows(rows)
}

// CSV writes the public barometer as a table; a count that is left out is an
// empty cell.
func (b PublicBarometer) CSV() ([]byte, error) {
	rows := [][]string{{"kind", "institution", "asked", "on_time", "late", "undated", "waiting", "overdue", "on_time_percent", "median_days"}}
	for _, r := range b.Rows {
		name := harmless(r.Name)
		if r.Others {
			name = "(others)"
		}
		rows = append(rows, []string{r.Kind, name, maybe(r.Asked), maybe(r.OnTime), maybe(r.Late), maybe(r.Undated), maybe(r.Waiting), maybe(r.Overdue), maybe(r.OnTimePercent), maybe(r.MedianDays)})
	}
	return writeRows(rows)
}

func maybe(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func writeRows(rows [][]string) ([]byte, error) {
	var b strings.Builder
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	err := w.WriteAll(rows)
	return []byte(b.String()), err
}
