package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// statisticsRoutes are the API of the figures of a year or a month.
func (s *Server) statisticsRoutes() []route {
	return []route{
		api("GET", "/statistics", s.readStatistics, "year", "month", "public"),
		api("GET", "/statistics.csv", s.exportStatistics, "year", "month", "public"),
	}
}

// statisticsQuery reads which period is asked for; both views have the same year
// and month.
func statisticsQuery(q *query) (f partners.StatisticsFilter) {
	for name, to := range map[string]*int{"year": &f.Year, "month": &f.Month} {
		v := q.text(name)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			q.Add(name, "out_of_range", "Write a number above 0.")
		}
		*to = n
	}
	return f
}

func (s *Server) statisticsAsked(c *fiber.Ctx, a alerts.Actor) (partners.Statistics, error) {
	q := queryIn(c)
	f := statisticsQuery(q)
	f.Public = q.flag("public")
	if err := q.Err(); err != nil {
		return partners.Statistics{}, err
	}
	return s.Partners.Statistics(c.UserContext(), a, f)
}

func (s *Server) readStatistics(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.statisticsAsked(c, a)
	if err != nil {
		return err
	}
	return c.JSON(v)
}

func (s *Server) exportStatistics(c *fiber.Ctx, a alerts.Actor) error {
	v, err := s.statisticsAsked(c, a)
	if err != nil {
		return err
	}
	file, err := v.CSV()
	if err != nil {
		return err
	}
	name := "statistics-" + v.Period
	if v.Public {
		name += "-public"
	}
	return sendFile(c, mimeCSV, name+".csv", file)
}

type statisticsData struct {
	Form   *Form
	Public bool
	// Asked tells whether there are figures: the form may be wrong.
	Asked         bool
	Years, Months []Choice
	Groups        []statisticsGroup
	Measures      []partners.StatisticsMeasure
	// Query asks for the same as a file.
	Query string
}

// statisticsGroup are the figures about one matter, such as contacts.
type statisticsGroup struct {
	Key        string
	Totals     []partners.StatisticsTotal
	Breakdowns []partners.StatisticsBreakdown
}

// statisticsPage shows the figures of a period, in full or as they may be
// published.
func (s *Server) statisticsPage(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	f := statisticsQuery(q)
	f.Public = q.one("view", []string{"public"}) != ""
	if err := q.Err(); err != nil {
		return err
	}
	d := statisticsData{Public: f.Public}
	for _, y := range s.Partners.StatisticsYears() {
		d.Years = append(d.Years, Choice{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if f.Public {
		d.Years = d.Years[1:] // this year is not over
	}
	if f.Year == 0 {
		f.Year, _ = strconv.Atoi(d.Years[0].Value)
	}
	for m := 1; m <= 12; m++ {
		d.Months = append(d.Months, Choice{strconv.Itoa(m), strconv.Itoa(m)})
	}
	d.Form = s.newForm("year", strconv.Itoa(f.Year))
	d.Query = "year=" + strconv.Itoa(f.Year)
	if f.Month != 0 {
		d.Form.Values.Set("month", strconv.Itoa(f.Month))
		d.Query += "&month=" + strconv.Itoa(f.Month)
	}
	if f.Public {
		d.Query += "&public=true"
	}
	v, err := s.Partners.Statistics(c.UserContext(), a, f)
	switch {
	case d.Form.Refused(err):
		c.Status(fiber.StatusUnprocessableEntity)
	case err != nil:
		return err
	default:
		d.Asked, d.Groups, d.Measures = true, statisticsGroups(v), v.Measures
	}
	return s.render(c, layoutConsole, "statistics", d)
}

// statisticsGroups puts the figures together by what they are about.
func statisticsGroups(v partners.Statistics) []statisticsGroup {
	out := []statisticsGroup{{Key: "cases"}, {Key: "contacts"}, {Key: "alerts"}, {Key: "sightings"}}
	about := map[string]int{"cases": 0, "children": 0, "cases_void": 0, "contacts": 1, "alerts": 2, "told": 2, "sightings": 3, "sightings_confirmed": 3}
	for _, t := range v.Totals {
		g := &out[about[t.Key]]
		g.Totals = append(g.Totals, t)
	}
	for _, b := range v.Breakdowns {
		g := &out[about[b.Of]]
		g.Breakdowns = append(g.Breakdowns, b)
	}
	return out
}

// StatisticsMonths are the months with their names, the whole year left out.
func (p *Page) StatisticsMonths(months []Choice) []Choice {
	out := slices.Clone(months)
	for i := range out {
		out[i].Label = p.T("month." + out[i].Value)
	}
	return out
}

// StatisticsRow is what a row of a breakdown is called.
func (p *Page) StatisticsRow(breakdown, row string) string {
	group := map[string]string{
		"cross_border": "yesno", "contact_channel": "channel", "sighting_channel": "channel",
		"contact_language": "language", "alert_level": "level", "sighting_source": "way",
	}[breakdown]
	switch {
	case breakdown != "category" && row == "unknown":
		return p.T("statistics.unknown")
	case group == "":
		group = breakdown
	}
	return p.TOr("statistics_"+group+"."+row, p.Word(group, row))
}

// StatisticsBar is how long the bar of a row is, of 100 for the longest one.
func (p *Page) StatisticsBar(rows []partners.StatisticsRow, n *int) int {
	longest := 0
	for _, r := range rows {
		if r.Count != nil {
			longest = max(longest, *r.Count)
		}
	}
	if n == nil || longest == 0 {
		return 0
	}
	return (100**n + longest - 1) / longest
}

// StatisticsShown leaves out the rows of which there is none: they would hide
// the others in a long list.
func (p *Page) StatisticsShown(rows []partners.StatisticsRow) []partners.StatisticsRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r partners.StatisticsRow) bool { return r.Count != nil && *r.Count == 0 })
}

// TookMinutes says how long something took.
func (p *Page) TookMinutes(minutes *int) string {
	if minutes == nil {
		return "–"
	}
	m := *minutes
	switch {
	case m < 60:
		return p.T("statistics.minutes", "Minutes", m)
	case m < 48*60:
		return p.T("statistics.hours", "Hours", m/60, "Minutes", m%60)
	}
	return p.T("statistics.days", "Days", m/(24*60), "Hours", m/60%24)
}
