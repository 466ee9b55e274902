package geo

import (
	"math"
	"slices"
	"time"
)

// Report is one report as a Gathering takes it: where and when something was
// seen, and in which order it came in.
type Report struct {
	ID string
	Fix
	// Arrived is when it came in, in Unix milliseconds. Of two that came at once
	// the lesser id counts as the earlier.
	Arrived int64
	// Open says that it is of open country, where people and reports are farther
	// apart than in a town.
	Open bool
}

func (r *Report) before(o *Report) bool {
	if r.Arrived != o.Arrived {
		return r.Arrived < o.Arrived
	}
	return r.ID < o.ID
}

// Gathering groups reports of one child that may be of one event, in the order
// in which they came in: each joins the group of the nearest report that is
// close enough in place and time, provided that one child can have been seen by
// all of the group, and further groups join with it on the same condition;
// otherwise it begins a group of its own. What has been put together stays
// together while more come in. It is not safe for concurrent use.
type Gathering struct {
	rules   [2]gatherRule // of towns and of open country
	reports map[string]*placedReport
	// gone were taken out and may come back unchanged, as a record does that is
	// written again; the others are grouped anew only when somebody asks.
	gone  map[string]*placedReport
	cells map[spell][]*placedReport
	last  *Report
	stale bool
}

type placedReport struct {
	Report
	group *gathered
	cell  spell
}

type gathered struct{ members []*placedReport }

// spell is a piece of place and time: about a kilometre by a kilometre by three
// hours.
type spell struct{ x, y, t int32 }

const (
	cellM = 1000
	cellT = 3 * time.Hour
)

// NewGathering returns an empty gathering with the embedded distances.
func NewGathering(r *GatherRules) *Gathering {
	return &Gathering{rules: r.rules, reports: map[string]*placedReport{}, gone: map[string]*placedReport{}, cells: map[spell][]*placedReport{}}
}

// Add takes a report in. Its place must have passed Point.Validate. One with an
// id that is there already replaces it.
func (g *Gathering) Add(r Report) {
	if was, ok := g.reports[r.ID]; ok {
		if was.Report == r {
			return
		}
		g.Remove(r.ID)
	}
	if was, ok := g.gone[r.ID]; ok && was.Report == r {
		delete(g.gone, r.ID)
		g.reports[r.ID] = was
		return
	}
	p := &placedReport{Report: r}
	p.cell = g.cellOf(&r)
	g.reports[r.ID] = p
	if len(g.gone) > 0 || g.last != nil && r.before(g.last) {
		g.stale = true // it came in earlier than some that have been grouped
	}
	if g.stale {
		return
	}
	g.last = &p.Report
	g.join(p)
}

// Remove takes a report out. The others are grouped as if it had never been.
func (g *Gathering) Remove(id string) {
	if p, ok := g.reports[id]; ok {
		delete(g.reports, id)
		g.gone[id] = p
	}
}

// Len is the number of reports.
func (g *Gathering) Len() int { return len(g.reports) }

// Leader returns the first report of the group of the one with an id, and ""
// for an id that is not there.
func (g *Gathering) Leader(id string) string {
	g.settle()
	p, ok := g.reports[id]
	if !ok {
		return ""
	}
	return p.group.members[0].ID
}

// Group returns the ids of the group of the one with an id, in the order in
// which they came in.
func (g *Gathering) Group(id string) []string {
	g.settle()
	p, ok := g.reports[id]
	if !ok {
		return nil
	}
	ids := make([]string, len(p.group.members))
	for i, m := range p.group.members {
		ids[i] = m.ID
	}
	return ids
}

// settle groups everything anew when something was taken out or came late.
func (g *Gathering) settle() {
	if !g.stale && len(g.gone) == 0 {
		return
	}
	clear(g.gone)
	all := make([]*placedReport, 0, len(g.reports))
	for _, p := range g.reports {
		p.group = nil
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *placedReport) int {
		if a.before(&b.Report) {
			return -1
		}
		return 1
	})
	g.stale, g.last, g.cells = false, nil, map[spell][]*placedReport{}
	for _, p := range all {
		g.last = &p.Report
		g.join(p)
	}
}

// join puts a report that came last into its group, and puts groups together
// that it leads from one to the other, the nearest first.
func (g *Gathering) join(p *placedReport) {
	nearest := map[*gathered]link{}
	g.around(p, func(o *placedReport) {
		d := Distance(p.Place, o.Place)
		if was, ok := nearest[o.group]; ok && !(link{d, o}).closer(was) || !g.near(p, o, d) {
			return
		}
		nearest[o.group] = link{d, o}
	})
	links := make([]link, 0, len(nearest))
	for group, l := range nearest {
		if g.fits(p, group) {
			links = append(links, l)
		}
	}
	slices.SortFunc(links, func(a, b link) int {
		if a.closer(b) {
			return -1
		}
		return 1
	})
	p.group = &gathered{}
	for i, l := range links {
		if i == 0 {
			p.group = l.to.group
		} else if g.allTogether(p.group, l.to.group) {
			p.group = merged(p.group, l.to.group)
		}
	}
	p.group.members = append(p.group.members, p)
	g.cells[p.cell] = append(g.cells[p.cell], p)
}

// link leads from a report to another one, so many metres away.
type link struct {
	metres float64
	to     *placedReport
}

func (l link) closer(o link) bool {
	if l.metres != o.metres {
		return l.metres < o.metres
	}
	return l.to.before(&o.to.Report)
}

func (g *Gathering) allTogether(a, b *gathered) bool {
	for _, m := range b.members {
		if !g.fits(m, a) {
			return false
		}
	}
	return true
}

// merged is two groups as one, in the order in which the reports came in.
func merged(a, b *gathered) *gathered {
	a.members = append(a.members, b.members...)
	slices.SortFunc(a.members, func(x, y *placedReport) int {
		if x.before(&y.Report) {
			return -1
		}
		return 1
	})
	for _, m := range b.members {
		m.group = a
	}
	return a
}

// fits tells whether one child can have been seen by all of a group and by p.
func (g *Gathering) fits(p *placedReport, group *gathered) bool {
	for _, m := range group.members {
		if !g.together(p, m) {
			return false
		}
	}
	return true
}

// near tells whether two reports d metres apart may be of one event.
func (g *Gathering) near(a, b *placedReport, d float64) bool {
	x, y := g.rule(a), g.rule(b)
	if d-x.accuracy(a)-y.accuracy(b) > math.Min(x.withinM, y.withinM) {
		return false
	}
	return a.At.Sub(b.At).Abs()-x.slack(a)-y.slack(b) <= min(x.within, y.within)
}

// together tells whether one child can have been at both at the times given, and
// these are no longer apart than an event lasts.
func (g *Gathering) together(a, b *placedReport) bool {
	x, y := g.rule(a), g.rule(b)
	if a.At.Sub(b.At).Abs() > min(x.mostSpan, y.mostSpan) {
		return false
	}
	m := Distance(a.Place, b.Place) - x.accuracy(a) - y.accuracy(b)
	return m <= math.Min(x.withinM, y.withinM)+math.Min(x.speedKMH, y.speedKMH)*1000*a.At.Sub(b.At).Abs().Hours()
}

func (g *Gathering) rule(r *placedReport) *gatherRule {
	if r.Open {
		return &g.rules[1]
	}
	return &g.rules[0]
}

// around walks the reports that may be near p.
func (g *Gathering) around(p *placedReport, each func(*placedReport)) {
	r := g.rule(p)
	reach := r.withinM + r.mostAccuracyM + g.rules[1].mostAccuracyM
	steps := int32(math.Ceil(reach/cellM)) + 1
	least := math.Max(0.01, math.Cos((math.Abs(p.Place.Lat())+2*float64(steps)*cellM/metresPerDeg)*math.Pi/180))
	dLon := reach / metresPerDeg / least
	for y := p.cell.y - steps; y <= p.cell.y+steps; y++ {
		for x := cellX(p.Place.Lon()-dLon, y); x <= cellX(p.Place.Lon()+dLon, y); x++ {
			for t := p.cell.t - 1; t <= p.cell.t+1; t++ {
				for _, o := range g.cells[spell{x, y, t}] {
					each(o)
				}
			}
		}
	}
}

func (g *Gathering) cellOf(r *Report) spell {
	y := int32(math.Floor(r.Place.Lat() * metresPerDeg / cellM))
	return spell{cellX(r.Place.Lon(), y), y, int32(math.Floor(float64(r.At.Unix()) / cellT.Seconds()))}
}

// cellX is the place along a row of cells; rows are shorter towards the poles.
func cellX(lon float64, row int32) int32 {
	k := math.Max(0.01, math.Cos(float64(row)*cellM/metresPerDeg*math.Pi/180))
	return int32(math.Floor(lon * k * metresPerDeg / cellM))
}
