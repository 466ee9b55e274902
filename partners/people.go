package partners

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
)

// Services are what an organisation may offer, besides being told.
func Services() []string {
	return []string{"search", "shelter", "psychosocial", "legal_aid", "mediation", "medical", "material_help", "accompaniment", "publication"}
}

// PersonChannels are the ways to a person that the silence clock knows.
func PersonChannels() []string { return []string{ChannelEmail, ChannelCall} }

// The most of each that an organisation may have.
const (
	maxShifts  = 60
	maxOnShift = 10
	maxMinutes = 24 * 60
)

// channels are the ways in which a person can be reached, in the order in which
// they are to be tried.
func (q *Person) channels() []string {
	order := q.Channels
	if len(order) == 0 {
		order = PersonChannels()
	}
	has := map[string]bool{ChannelEmail: q.Email != "", ChannelCall: q.Phone != ""}
	var out []string
	for _, c := range order {
		if has[c] {
			out = append(out, c)
		}
	}
	return out
}

// peopleFields tidies the people and returns what is wrong with them. Those
// without an id get one.
func (p *Partner) peopleFields(newID func() string) alerts.Fields {
	var f alerts.Fields
	if len(p.People) > maxPeople {
		f.Add("people", "too_many", "At most 200 people.")
		return f
	}
	p.People = slices.Clone(p.People)
	seen := map[string]bool{}
	for i := range p.People {
		q, at := &p.People[i], fmt.Sprintf("people[%d].", i)
		for name, s := range map[string]*string{"name": &q.Name, "function": &q.Function, "phone": &q.Phone, "email": &q.Email} {
			*s = line(&f, at+name, *s)
		}
		if q.ID == "" || seen[q.ID] || len(q.ID) > 40 {
			q.ID = newID()
		}
		seen[q.ID] = true
		if q.Name == "" {
			f.Add(at+"name", "required", "Name the person, or the post, such as: duty telephone.")
		}
		if q.Email != "" && !isEmail(q.Email) {
			f.Add(at+"email", "bad_email", "This is not an e-mail address.")
		}
		q.Channels = slices.Compact(slices.Clone(q.Channels))
		if slices.ContainsFunc(q.Channels, func(c string) bool { return !slices.Contains(PersonChannels(), c) }) || len(q.Channels) > len(PersonChannels()) {
			f.Add(at+"channels", "unknown_value", "The channels of a person are email and call, each once.")
		}
		if len(q.Languages) > maxLanguages || slices.ContainsFunc(q.Languages, func(l string) bool { return !isLanguage(l) }) {
			f.Add(at+"languages", "unknown_language", "Name languages by their BCP 47 codes, such as sr-Latn.")
		}
	}
	return f
}

// isEmail looks only for what an address cannot be without: the server that
// takes the mail knows the rest.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t<>,;\"")
}

// dutyFields tidies time zone, rota, services and silence and returns what is
// wrong with them. The rota may name people by id or by name.
func (p *Partner) dutyFields() alerts.Fields {
	var f alerts.Fields
	if p.Zone = strings.TrimSpace(p.Zone); p.Zone != "" {
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
			f.Add("zone", "unknown_zone", "Name the time zone as Europe/Belgrade does.")
		}
	}
	if slices.ContainsFunc(p.Services, func(s string) bool { return !slices.Contains(Services(), s) }) {
		f.Add("services", "unknown_value", "The services are: "+strings.Join(Services(), ", ")+".")
	}
	p.rotaFields(&f)
	p.Silence = slices.Clone(p.Silence)
	seen := map[string]bool{}
	for i := range p.Silence {
		s := &p.Silence[i]
		if !slices.Contains(severities(), s.Severity) || seen[s.Severity] {
			f.Add(fmt.Sprintf("silence[%d].severity", i), "unknown_value", "The severities are extreme, severe, moderate, minor and unknown, each once.")
		}
		seen[s.Severity] = true
		if slices.ContainsFunc(s.minutes(), func(n *int) bool { return *n < 0 || *n > maxMinutes }) {
			f.Add(fmt.Sprintf("silence[%d]", i), "out_of_range", "Minutes are between 0 and 1440.")
		}
	}
	return f
}

func (p *Partner) rotaFields(f *alerts.Fields) {
	if len(p.Rota) > maxShifts {
		f.Add("rota", "too_many", "At most 60 shifts.")
		return
	}
	p.Rota = slices.Clone(p.Rota)
	for i := range p.Rota {
		s, at := &p.Rota[i], fmt.Sprintf("rota[%d].", i)
		if len(s.Days) == 0 || slices.ContainsFunc(s.Days, func(d string) bool { return !slices.Contains(weekdays(), d) }) {
			f.Add(at+"days", "unknown_value", "Name the days: mo, tu, we, th, fr, sa, su.")
		}
		for name, clock := range map[string]string{"from": s.From, "to": s.To} {
			if _, err := time.Parse("15:04", clock); err != nil || len(clock) != 5 {
				f.Add(at+name, "not_a_clock", "Write the time of day as 08:00.")
			}
		}
		if len(s.People) == 0 || len(s.People) > maxOnShift {
			f.Add(at+"people", "required", "Name between one and ten people who are on duty.")
		}
		s.People = slices.Clone(s.People)
		for n, who := range s.People {
			found := slices.IndexFunc(p.People, func(q Person) bool { return q.ID == who || strings.EqualFold(q.Name, strings.TrimSpace(who)) })
			if found < 0 {
				f.Add(at+"people", "unknown_person", "Somebody on the rota is not among the organisation's people.")
				continue
			}
			s.People[n] = p.People[found].ID
		}
	}
}

// DutyView says who of an organisation is on duty now.
type DutyView struct {
	// OnDuty are their names, in the order in which they are tried; only for
	// who may see the organisation's people.
	OnDuty []string `json:"on_duty"`
	// Staffed tells whether anybody is.
	Staffed bool `json:"staffed"`
	// Changes is when that changes next, Next when somebody is on duty again;
	// null when never.
	Changes *time.Time `json:"changes"`
	Next    *time.Time `json:"next"`
	// Channels are the ways in which the organisation can be reached besides
	// the live feed: webhook, email, call.
	Channels []string `json:"channels"`
}

// DutyOf says how an organisation stands at an instant, with names.
func (p *Partner) DutyOf(at time.Time) DutyView {
	people, change := p.onDuty(at)
	v := DutyView{OnDuty: []string{}, Staffed: len(people) > 0, Changes: timeOf(change), Next: timeOf(p.nextDuty(at)), Channels: []string{}}
	for _, q := range people {
		v.OnDuty = append(v.OnDuty, q.Name)
	}
	if p.Webhook.works() {
		v.Channels = append(v.Channels, ChannelWebhook)
	}
	for _, c := range PersonChannels() {
		if slices.ContainsFunc(p.People, func(q Person) bool { return slices.Contains(q.channels(), c) }) {
			v.Channels = append(v.Channels, c)
		}
	}
	return v
}
