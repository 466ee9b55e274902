package cap

import (
	"slices"
	"strings"

	"homeward/alerts"
	"homeward/geo"
)

// MirrorOf turns a message of a national system into what the desk drafts of
// it. Only what is really happening and meant for everybody is taken; photos are
// not fetched, and what has no place here is named. Home names the regions to
// take where the message draws nothing that is understood.
func MirrorOf(m Message, home []string, regions *geo.Regions) (alerts.NewMirror, error) {
	var f alerts.Fields
	if m.Status != "Actual" {
		f.Add("status", "not_actual", "Only a message with status Actual is taken.")
	}
	if m.Scope == "Private" {
		f.Add("scope", "not_public", "Only a message with scope Public or Restricted is taken.")
	}
	if !slices.Contains([]string{"Alert", "Update", "Cancel"}, m.MsgType) {
		f.Add("msgType", "unknown_value", "Only an Alert, an Update or a Cancel is taken.")
	}
	if m.MsgType != "Cancel" && len(m.Infos) == 0 {
		f.Add("info", "required", "The message says nothing.")
	}
	out := alerts.NewMirror{
		MirrorOf:   alerts.MirrorOf{Sender: m.Sender, Identifier: m.Identifier, Sent: m.Sent.UTC(), Kind: m.MsgType},
		Restricted: m.Scope == "Restricted", CaseNumbers: strings.Fields(m.Incidents), Texts: map[string]alerts.DraftText{}, Severity: "unknown",
	}
	for _, r := range m.References {
		if r.Sender == m.Sender {
			out.Earlier = append(out.Earlier, r.Identifier)
		}
	}
	if m.MsgType != "Alert" && len(out.Earlier) == 0 && len(m.References) > 0 {
		f.Add("references", "other_sender", "A sender replaces and takes back its own messages only.")
	}
	if err := f.Err(); err != nil {
		return alerts.NewMirror{}, err
	}
	left := leftOut{}
	for i := range m.Infos {
		takeInfo(&out, &m.Infos[i], left, regions)
	}
	if m.MsgType != "Cancel" && out.Area.IsEmpty() {
		out.Area.Regions = slices.Clone(home)
		left["area"] = true
	}
	out.LeftOut = left.names()
	return out, nil
}

// leftOut are parts of a message that could not be taken over.
type leftOut map[string]bool

func (l leftOut) names() []string {
	var out []string
	for _, name := range []string{"area", "altitude", "geocode", "info", "resource"} {
		if l[name] {
			out = append(out, name)
		}
	}
	return out
}

func takeInfo(out *alerts.NewMirror, i *Info, left leftOut, regions *geo.Regions) {
	language := i.Language
	if language == "" {
		language = "en-US" // as the standard has it
	}
	if _, twice := out.Texts[language]; twice {
		left["info"] = true
	} else {
		out.Texts[language] = textOf(i)
	}
	severity := strings.ToLower(i.Severity)
	if rank(severity) > rank(out.Severity) {
		out.Severity = severity
	}
	if i.Expires.After(out.ExpiresAt) {
		out.ExpiresAt = i.Expires.UTC()
	}
	left["resource"] = left["resource"] || len(i.Resources) > 0
	for k := range i.Areas {
		takeArea(&out.Area, &i.Areas[k], left, regions)
	}
}

func rank(severity string) int {
	return slices.Index([]string{"unknown", "minor", "moderate", "severe", "extreme"}, severity)
}

// The longest headline that an alert here takes, in characters.
const longestHeadline = 200

func textOf(i *Info) alerts.DraftText {
	t := alerts.DraftText{Headline: i.Headline, Description: i.Description, Instruction: i.Instruction}
	if t.Headline == "" {
		t.Headline = i.Event
	}
	t.Headline = strings.Join(strings.Fields(t.Headline), " ")
	if runes := []rune(t.Headline); len(runes) > longestHeadline {
		t.Headline = string(runes[:longestHeadline-1]) + "…"
	}
	if t.Description == "" {
		t.Description = t.Headline
	}
	return t
}

// takeArea adds an area; parts that several languages repeat come in once.
func takeArea(to *geo.Area, a *Area, left leftOut, regions *geo.Regions) {
	for _, ring := range a.Polygons {
		g := geo.Polygon(ring)
		if !slices.ContainsFunc(to.Areas, func(o geo.Geometry) bool { return slices.Equal(o.Coordinates[0][0], g.Coordinates[0][0]) }) {
			to.Areas = append(to.Areas, g)
		}
	}
	for _, c := range a.Circles {
		one := geo.Circle{Center: c.Center, RadiusM: c.RadiusM}
		if c.RadiusM > 0 && !slices.Contains(to.Circles, one) {
			to.Circles = append(to.Circles, one)
		}
	}
	for _, v := range a.Geocodes {
		_, known := regions.Lookup(v.Value)
		switch {
		case !strings.HasPrefix(v.Name, "ISO3166") || !known:
			left["geocode"] = true
		case !slices.Contains(to.Regions, v.Value):
			to.Regions = append(to.Regions, v.Value)
		}
	}
	left["altitude"] = left["altitude"] || a.Altitude != ""
}
