package web

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Icon draws one symbol of the sprite. It is always decoration: the word stands
// beside it.
func (p *Page) Icon(name string) template.HTML {
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + p.Asset("icons.svg") + `#` + template.HTMLEscapeString(name) + `"></use></svg>`) //nolint:gosec // both parts are ours or escaped
}

// Word names a value of a fixed list in the reader's language: Word("state",
// "public"). Values of named string types are taken too. What the catalogue
// does not know stands as it is.
func (p *Page) Word(group string, value any) string {
	v := plain(value)
	if v == "" {
		return ""
	}
	return p.TOr(group+"."+v, v)
}

// Words turns a list of values into choices with their words.
func (p *Page) Words(group string, values any) []Choice {
	var out []Choice
	for _, v := range plainList(values) {
		out = append(out, Choice{v, p.Word(group, v)})
	}
	return out
}

// Badge shows a value with its icon, its word and its colour; the colour only
// repeats what the word says.
func (p *Page) Badge(group string, value any) template.HTML {
	v := plain(value)
	if v == "" {
		return ""
	}
	of := group
	if group == "ours" { // a partner's own answers look like everybody's
		of = "delivery"
	}
	tone, icon, _ := strings.Cut(badges()[of+"."+v], " ")
	class := "badge"
	if tone != "" && tone != "plain" {
		class += " " + tone
	}
	if icon == "" {
		icon = "dot"
	}
	return template.HTML(`<span class="` + class + `">` + string(p.Icon(icon)) + template.HTMLEscapeString(p.Word(group, v)) + `</span>`) //nolint:gosec // the word is escaped, the rest is ours
}

// badges gives tone and icon by group and value.
func badges() map[string]string {
	return map[string]string{
		"state.draft": "plain edit", "state.verifying": "wait clock", "state.active": "note people", "state.public": "live live",
		"state.on_hold": "wait pause", "state.found": "done check", "state.closed": "done checks", "state.sealed": "plain lock",
		"state.erased": "plain trash", "state.void": "plain cross",
		"alert_state.draft": "wait edit", "alert_state.live": "live live", "alert_state.cancelled": "plain cross", "alert_state.expired": "plain clock",
		"delivery.waiting": "wait clock", "delivery.sent": "note send", "delivery.received": "note inbox", "delivery.opened": "note eye",
		"delivery.accepted": "done check", "delivery.declined": "plain cross", "delivery.question": "wait question",
		"delivery.done": "done checks", "delivery.removed": "done trash",
		"sighting_state.new": "wait inbox", "sighting_state.screened": "note eye", "sighting_state.assessed": "note shield",
		"sighting_state.handed_over": "done out", "sighting_state.confirmed": "done check", "sighting_state.excluded": "plain cross",
		"sighting_state.not_verifiable": "plain question",
		"partner_state.pending":         "wait clock", "partner_state.approved": "done check", "partner_state.suspended": "wait pause", "partner_state.ended": "plain cross",
		"risk.high": "live warning", "risk.medium": "wait warning", "risk.low": "plain info", "risk.none_apparent": "plain info",
		"level.internal": "plain lock", "level.partner": "note people", "level.public_appeal": "live live", "level.national_mirror": "live flag",
		"severity.extreme": "live warning", "severity.severe": "live warning", "severity.moderate": "wait warning", "severity.minor": "plain info", "severity.unknown": "plain question",
		"freshness.verified": "done check", "freshness.stale": "wait warning", "freshness.to_be_verified": "wait question",
		"clock_state.running": "wait clock", "clock_state.overdue": "live warning", "clock_state.stopped": "done check", "clock_state.unknown": "plain question",
		"matter_state.open": "wait folder", "matter_state.returned": "done check", "matter_state.refused": "plain cross",
		"match_state.waiting": "wait clock", "match_state.agreed": "note check", "match_state.declined": "plain cross", "match_state.both": "done people",
		"comparison_state.proposed": "wait clock", "comparison_state.on": "done check", "comparison_state.ended": "plain cross",
		"rumour_state.draft": "wait edit", "rumour_state.published": "done check", "rumour_state.retracted": "plain cross",
		"matter_state.agreed": "done people", "matter_state.withdrawn": "plain cross", "matter_state.closed": "done checks",
		"case_step.running": "wait clock", "case_step.overdue": "live warning", "case_step.done": "done check", "case_step.not_needed": "plain minus",
		"case_task.open": "wait clock", "case_task.done": "done check", "case_task.dropped": "plain cross",
		"step_state.todo": "plain circle", "step_state.doing": "note clock", "step_state.done": "done check", "step_state.skipped": "plain minus",
		"route_answer.applies": "done check", "route_answer.does_not_apply": "plain cross", "route_answer.unknown": "wait question",
		"child_outcome.returned": "done home", "child_outcome.stays_by_decision": "plain flag", "child_outcome.turned_sixteen": "plain calendar",
		"child_outcome.agreed": "done people", "child_outcome.other": "plain info",
		"contact_state.overdue": "live warning", "contact_state.open": "wait clock", "contact_state.answered": "done check",
		"contact_state.escalated": "wait up", "contact_state.withdrawn": "plain cross",
		"contact_state.noted": "plain edit", "contact_state.no_reply": "plain cross", "contact_state.corrected": "plain edit",
		"category.parental_abduction": "plain border", "category.runaway": "plain person", "category.migration": "plain people",
		"category.criminal_abduction": "plain warning", "category.lost_otherwise": "plain pin", "category.historical": "plain calendar", "category.unknown": "plain question",
		"prevention_state.open": "wait shield", "prevention_state.happened": "live warning", "prevention_state.over": "done check",
		"measure_state.noted": "plain edit", "measure_state.requested": "wait clock", "measure_state.confirmed": "done check",
		"measure_state.refused": "live cross", "measure_state.expired": "live clock",
		"journey_state.waiting": "wait calendar", "journey_state.alarmed": "live warning", "journey_state.seen": "note eye", "journey_state.over": "done check",
		"stay_state.standing": "wait calendar", "stay_state.over": "live warning", "stay_state.back": "done check", "stay_state.revoked": "plain cross",
		"digest_state.claimed": "wait send", "digest_state.sent": "done check", "digest_state.nothing": "plain check", "digest_state.failed": "live warning",
		"drill_state.running": "live live", "drill_state.stopped": "plain cross", "drill_state.over": "plain clock",
		"referral_state.asked": "wait send", "referral_state.question": "wait question", "referral_state.accepted": "done check", "referral_state.declined": "plain cross",
		"referral_state.review": "wait eye", "referral_state.done": "done checks", "referral_state.withdrawn": "plain lock",
		"conference_state.called": "wait calendar", "conference_state.held": "note people", "conference_state.closed": "done checks", "conference_state.cancelled": "plain cross",
		"search_task_state.planned": "wait clock", "search_task_state.accepted": "note check", "search_task_state.started": "note live", "search_task_state.done": "done checks", "search_task_state.stopped": "plain cross",
		"team_find.nothing": "plain minus", "team_find.clue": "note flag", "team_find.sighting": "wait eye", "team_find.child": "live person",
		"call_state.ringing": "live phone", "call_state.answered": "done check", "call_state.missed": "wait warning", "call_state.unclear": "wait question",
		"police.told": "done shield", "police.not_told": "live warning",
		"doubt.too_fast": "wait warning", "doubt.honeypot": "wait warning", "doubt.flood": "wait warning", "doubt.not_proven": "wait clock",
		"follow_state.received": "wait inbox", "follow_state.read": "note eye", "follow_state.assessed": "note shield",
		"follow_state.passed_on": "done out", "follow_state.case_open": "note folder", "follow_state.closed": "done check",
	}
}

// May tells whether the reader may use a route, such as "GET /desk/cases".
func (p *Page) May(route string) bool { return p.s.Matrix.Route(p.Actor.Role, route) }

// Can tells whether the reader's role may carry out an act.
func (p *Page) Can(act string) bool { return p.s.Matrix.Can(p.Actor.Role, act) }

// Trouble is what keeps alerts from getting out.
type Trouble struct {
	Reason string
	Since  time.Time
}

// Trouble is set while the server's test of itself fails: whoever works at the
// desk must know at once.
func (p *Page) Trouble() *Trouble {
	if p.s.Parts.Trouble == nil {
		return nil
	}
	if reason, since := p.s.Parts.Trouble(); reason != "" {
		return &Trouble{reason, since}
	}
	return nil
}

// RailItem is one entry of the console's rail.
type RailItem struct {
	Path, Key, Icon string
	// Here marks the section of the page.
	Here bool
}

// RailGroup is a part of the console's rail; its first part has no heading.
type RailGroup struct {
	Key   string
	Items []RailItem
}

// Rail lists the sections of the console that the reader may open, by what they
// are for.
func (p *Page) Rail() []RailGroup {
	all := []RailGroup{
		{"", []RailItem{
			{Path: "/desk", Key: "rail.desk", Icon: "desk"}, {Path: "/desk/handover", Key: "rail.handover", Icon: "checks"},
			{Path: "/desk/deadlines", Key: "rail.deadlines", Icon: "clock"},
		}},
		{"rail.group_search", []RailItem{
			{Path: "/desk/cases", Key: "rail.cases", Icon: "folder"}, {Path: "/desk/sightings", Key: "rail.sightings", Icon: "eye"},
			{Path: "/desk/contacts", Key: "rail.contacts", Icon: "phone"}, {Path: "/desk/calls", Key: "rail.calls", Icon: "inbox"}, {Path: "/desk/map", Key: "rail.map", Icon: "map"},
		}},
		{"rail.group_alerts", []RailItem{
			{Path: "/desk/alerts", Key: "rail.alerts", Icon: "bell"}, {Path: "/desk/silence", Key: "rail.silence", Icon: "phone"},
			{Path: "/desk/drills", Key: "rail.drills", Icon: "checks"}, {Path: "/desk/rumours", Key: "rail.rumours", Icon: "warning"},
		}},
		{"rail.group_others", []RailItem{
			{Path: "/desk/partners", Key: "rail.partners", Icon: "people"}, {Path: "/desk/institutions", Key: "rail.institutions", Icon: "building"},
			{Path: "/desk/referrals", Key: "rail.referrals", Icon: "out"}, {Path: "/desk/matches", Key: "rail.matches", Icon: "checks"},
		}},
		{"rail.group_abroad", []RailItem{
			{Path: "/desk/abductions", Key: "rail.abductions", Icon: "border"}, {Path: "/desk/preventions", Key: "rail.preventions", Icon: "shield"},
		}},
		{"rail.group_office", []RailItem{{Path: "/desk/statistics", Key: "rail.statistics", Icon: "calendar"}, {Path: "/desk/retention", Key: "rail.retention", Icon: "trash"}, {Path: "/desk/accounts", Key: "rail.accounts", Icon: "person"}, {Path: "/desk/exchanges", Key: "rail.exchanges", Icon: "phone"}}},
	}
	var out []RailGroup
	for _, g := range all {
		may := RailGroup{Key: g.Key}
		for _, i := range g.Items {
			if p.May("GET " + i.Path) {
				i.Here = p.Path == i.Path || i.Path != "/desk" && strings.HasPrefix(p.Path, i.Path+"/")
				may.Items = append(may.Items, i)
			}
		}
		if len(may.Items) > 0 {
			out = append(out, may)
		}
	}
	return out
}

// In is the address of this page in another language; what was asked for stays.
func (p *Page) In(lang string) string {
	q := url.Values{}
	for k, v := range p.query {
		q[k] = v
	}
	q.Set("lang", lang)
	return p.address + "?" + q.Encode()
}

// With is the address of this page with one value of its query changed, as
// filters, sorting and pages need it; an empty value leaves the name out. Another
// order starts at its first page: a cursor belongs to the order it was made in.
func (p *Page) With(name string, value any) string {
	q := url.Values{}
	for k, v := range p.query {
		if k != "lang" && k != name && (name != "sort" || k != "cursor") {
			q[k] = v
		}
	}
	if v := plain(value); v != "" {
		q.Set(name, v)
	}
	if len(q) == 0 {
		return p.Path
	}
	return p.Path + "?" + q.Encode()
}

// Query returns one value of the page's query.
func (p *Page) Query(name string) string { return p.query.Get(name) }

// FieldName is what a field is called above an error: by its path without
// positions, else by its last part.
func (p *Page) FieldName(path string) string {
	var name strings.Builder
	skip := false
	for _, r := range path {
		switch {
		case r == '[':
			skip = true
		case r == ']':
			skip = false
		case !skip:
			name.WriteRune(r)
		}
	}
	last := name.String()[strings.LastIndexByte(name.String(), '.')+1:]
	return p.TOr("label."+name.String(), p.TOr("label."+last, path))
}

// MapTexts are the words that the map's script needs, in the reader's language.
func (p *Page) MapTexts() map[string]string {
	out := map[string]string{}
	for _, k := range []string{"zoom_in", "zoom_out", "centre", "last_seen", "sightings", "cluster", "none", "draw_polygon", "draw_circle", "finish", "undo", "clear", "radius", "polygon_help", "circle_help", "attribution_show", "here_failed", "chosen", "keys", "label", "measure", "measure_end", "measure_help", "measure_distance", "measure_area"} {
		out[k] = p.T("map." + k)
	}
	out["attribution"] = p.MapCredit()
	return out
}

// Steps are the numbered texts PREFIX1 to PREFIXn that the catalogue has.
func (p *Page) Steps(prefix string, most int) []string {
	var out []string
	for i := 1; i <= most; i++ {
		if s := p.TOr(prefix+strconv.Itoa(i), ""); s != "" {
			out = append(out, s)
		}
	}
	return out
}
