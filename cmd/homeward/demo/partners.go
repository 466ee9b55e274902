package demo

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/geo"
	"homeward/partners"
)

// organisation is a partner organisation of the demonstration.
type organisation struct {
	id, name, country string
	languages         []string
	state             string
	until             time.Time // of the agreement
}

// actor is one of the organisation's people.
func (o *organisation) actor() alerts.Actor {
	return alerts.Actor{ID: "desk." + o.id, Kind: alerts.KindPartner, Role: alerts.RolePartner, Name: "Dežurni – " + o.name, Partner: o.id}
}

// enterPartners enters the organisations: one coordinator does, and the duty
// officer approves.
func (t *teller) enterPartners(ctx context.Context) error {
	rows, err := read("partners.csv")
	if err != nil {
		return err
	}
	t.bodies = make([]organisation, len(rows))
	err = together(len(rows), func(i int) error {
		err := t.enterPartner(ctx, i, rows[i])
		if err != nil {
			return fmt.Errorf("partner %q: %w", rows[i][0], err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.leavePartners()
	for _, one := range []struct {
		role        alerts.Role
		name, email string
		of          int
	}{
		{alerts.RolePartner, "Petra Talasić (Radio Primer 00)", "petra.talasic@example.org", 0},
		{alerts.RolePartnerSearch, "Goran Stazić (Dobrovoljci)", "goran.stazic@example.org", 6},
	} {
		in := alerts.NewAccount{Kind: alerts.KindPerson, Role: one.role, Name: one.name, Email: one.email, Partner: t.bodies[one.of].id}
		if _, err := t.account(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

// leavePartners plans what ends for some of them: one is suspended, the
// agreement of another runs out.
func (t *teller) leavePartners() {
	for _, o := range t.bodies {
		switch o.state {
		case "suspended":
			t.add(t.now.Add(-past/2), "partner "+o.name, func(ctx context.Context) error {
				_, err := t.Desk.SuspendPartner(ctx, t.staff.duty, o.id, alerts.Request{})
				return err
			})
		case "lapsed":
			t.add(o.until.Add(time.Minute), "partner "+o.name, func(ctx context.Context) error {
				return t.Desk.SettlePartner(ctx, o.id)
			})
		}
	}
}

func (t *teller) enterPartner(ctx context.Context, i int, row []string) error {
	coverage, err := t.coverage(row[4])
	if err != nil {
		return err
	}
	in := partners.NewPartner{
		Name: row[0], Coverage: coverage, Languages: list(row[3], ","), Fictional: true,
		Agreement: partners.Agreement{Reference: fmt.Sprintf("DEMO-%03d", i+1), ValidUntil: t.now.AddDate(0, 4+i%9, 0)},
		Zone:      zones()[row[2]], Services: services(row[1]),
		PFIF: i == 0,
	}
	in.People, in.Rota = duty(i, row[1])
	if row[5] == "lapsed" {
		in.Agreement.ValidUntil = t.now.AddDate(0, 0, -12)
	}
	made, err := t.Desk.CreatePartner(ctx, t.staff.jelena, in, alerts.Request{})
	if err != nil {
		return err
	}
	t.bodies[i] = organisation{id: made.ID, name: row[0], country: row[2], languages: in.Languages, state: row[5], until: in.Agreement.ValidUntil}
	if row[5] == "pending" {
		return nil
	}
	_, err = t.Desk.ApprovePartner(ctx, t.staff.duty, made.ID, alerts.Request{})
	return err
}

// coverage reads "region RS", "circle Niš RS 40" and "draw LON,LAT …", with
// semicolons between several.
func (t *teller) coverage(s string) (geo.Area, error) {
	var a geo.Area
	for _, part := range list(s, ";") {
		kind, rest, _ := strings.Cut(part, " ")
		switch kind {
		case "region":
			a.Regions = append(a.Regions, rest)
		case "circle":
			cut := strings.LastIndex(rest, " ")
			town, err := t.towns.find(rest[:cut])
			if err != nil {
				return a, err
			}
			km, err := strconv.ParseFloat(rest[cut+1:], 64)
			if err != nil {
				return a, fmt.Errorf("read a radius: %w", err)
			}
			a.Circles = append(a.Circles, geo.Circle{Center: town.Point.Coordinates, RadiusM: km * 1000})
		case "draw":
			g, err := drawn(rest)
			if err != nil {
				return a, err
			}
			a.Areas = append(a.Areas, g)
		default:
			return a, fmt.Errorf("%q is no coverage", part)
		}
	}
	return a, nil
}

// drawn reads a polygon of corners, as if somebody had drawn it on the map.
func drawn(corners string) (geo.Geometry, error) {
	points := strings.Fields(corners)
	points = append(points, points[0])
	var g geo.Geometry
	err := g.UnmarshalJSON([]byte(`{"type":"Polygon","coordinates":[[[` + strings.Join(points, "],[") + `]]]}`))
	return g, err
}

// zones are the time zones of the countries that the organisations are in.
func zones() map[string]string {
	return map[string]string{
		"RS": "Europe/Belgrade", "HU": "Europe/Budapest", "RO": "Europe/Bucharest", "BG": "Europe/Sofia", "HR": "Europe/Zagreb",
		"BA": "Europe/Sarajevo", "ME": "Europe/Podgorica", "MK": "Europe/Skopje", "AT": "Europe/Vienna",
	}
}

// services are what an organisation of some kind can do.
func services(kind string) []string {
	switch kind {
	case "radio":
		return []string{"publication", "material_help"}
	case "television", "newspaper", "billboards", "news site":
		return []string{"publication"}
	case "search volunteers", "river rescue", "mountain rescue", "border volunteers":
		return []string{"search"}
	case "shelter":
		return []string{"shelter", "psychosocial", "accompaniment"}
	case "hotline":
		return []string{"psychosocial", "legal_aid", "mediation"}
	case "pharmacies":
		return []string{"medical"}
	}
	return nil
}

// duty are an organisation's people and who of them is on duty when: some always
// have somebody, others only by day.
func duty(i int, kind string) ([]partners.Person, []partners.Shift) {
	people := []partners.Person{
		{ID: fmt.Sprintf("p%02d-day", i+1), Name: "Dežurni " + strconv.Itoa(i+1), Function: kind, Phone: phone("+381 11", i), Email: fmt.Sprintf("partner%02d@example.org", i+1)},
		{ID: fmt.Sprintf("p%02d-night", i+1), Name: "Noćni dežurni " + strconv.Itoa(i+1), Function: kind, Phone: phone("+381 11", 50+i), Channels: []string{partners.ChannelCall}},
	}
	week := []string{"mo", "tu", "we", "th", "fr", "sa", "su"}
	day := partners.Shift{Days: week, From: "07:00", To: "19:00", People: []string{people[0].ID, people[1].ID}}
	switch i % 3 {
	case 0:
		return people, []partners.Shift{day, {Days: week, From: "19:00", To: "07:00", People: []string{people[1].ID}}}
	case 1:
		day.Days = week[:5]
		return people[:1], []partners.Shift{{Days: day.Days, From: day.From, To: day.To, People: []string{people[0].ID}}}
	}
	return people, nil
}
