package cap

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Read reads one message. It accepts only what the schema and the prose of the
// standard allow, and returns nothing of a message that it refuses; errors wrap
// ErrInvalid and hold none of its text. Embedded files are refused.
func Read(data []byte) (Message, error) {
	root, err := readTree(data)
	if err != nil {
		return Message{}, err
	}
	if root.name != "alert" {
		return Message{}, invalid("the root is not alert")
	}
	if err := root.follows(schema()); err != nil {
		return Message{}, err
	}
	r := &reader{}
	m := r.message(root)
	if r.err != nil {
		return Message{}, r.err
	}
	if err := m.rules(); err != nil {
		return Message{}, err
	}
	return m, nil
}

// reader keeps the first fault, so that reading goes on without asking at every
// step.
type reader struct{ err error }

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = invalid("%s", fmt.Sprintf(format, args...))
	}
}

func (r *reader) message(n *node) Message {
	m := Message{
		Identifier: n.get("identifier"), Sender: n.get("sender"), Sent: r.time(n, "sent"), Status: n.get("status"),
		MsgType: n.get("msgType"), Source: n.get("source"), Scope: n.get("scope"), Restriction: n.get("restriction"),
		Addresses: n.get("addresses"), Codes: n.list("code"), Note: n.get("note"), References: r.references(n.get("references")),
		Incidents: n.get("incidents"),
	}
	for _, c := range n.all("info") {
		m.Infos = append(m.Infos, r.info(c))
	}
	return m
}

func (r *reader) info(n *node) Info {
	i := Info{
		Language: n.get("language"), Categories: n.list("category"), Event: n.get("event"), ResponseTypes: n.list("responseType"),
		Urgency: n.get("urgency"), Severity: n.get("severity"), Certainty: n.get("certainty"), Audience: n.get("audience"),
		EventCodes: pairs(n, "eventCode"), Effective: r.time(n, "effective"), Onset: r.time(n, "onset"), Expires: r.time(n, "expires"),
		SenderName: n.get("senderName"), Headline: n.get("headline"), Description: n.get("description"),
		Instruction: n.get("instruction"), Web: n.get("web"), Contact: n.get("contact"), Parameters: pairs(n, "parameter"),
	}
	if i.Language == "" {
		i.Language = "en-US" // what the standard says for none
	}
	for _, c := range n.all("resource") {
		i.Resources = append(i.Resources, r.resource(c))
	}
	for _, c := range n.all("area") {
		i.Areas = append(i.Areas, r.area(c))
	}
	return i
}

func (r *reader) resource(n *node) Resource {
	out := Resource{Description: n.get("resourceDesc"), MIMEType: n.get("mimeType"), URI: n.get("uri"), Digest: n.get("digest")}
	if len(n.all("derefUri")) > 0 {
		r.fail("an embedded file")
	}
	if s := n.get("size"); len(n.all("size")) > 0 {
		size, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			r.fail("size is not a number")
		}
		out.Size = size
	}
	return out
}

func (r *reader) area(n *node) Area {
	a := Area{Description: n.get("areaDesc"), Geocodes: pairs(n, "geocode"), Altitude: n.get("altitude"), Ceiling: n.get("ceiling")}
	for _, s := range n.list("polygon") {
		a.Polygons = append(a.Polygons, r.ring(s))
	}
	for _, s := range n.list("circle") {
		place, radius, _ := strings.Cut(s, " ")
		a.Circles = append(a.Circles, Circle{r.position(place), 1000 * r.number(strings.TrimSpace(radius))})
	}
	for _, s := range []string{a.Altitude, a.Ceiling} {
		if s != "" {
			r.number(s)
		}
	}
	return a
}

func (r *reader) ring(s string) [][2]float64 {
	var out [][2]float64
	for _, p := range strings.Fields(s) {
		out = append(out, r.position(p))
	}
	return out
}

// position reads "latitude,longitude" and returns longitude first.
func (r *reader) position(s string) [2]float64 {
	lat, lon, ok := strings.Cut(s, ",")
	if !ok {
		r.fail("a position is not latitude,longitude")
	}
	return [2]float64{r.number(lon), r.number(lat)}
}

func (r *reader) number(s string) float64 {
	if strings.Trim(s, "+-.0123456789") != "" {
		r.fail("not a plain number") // no exponents, hexadecimals, NaN or infinity
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		r.fail("not a number")
	}
	return f
}

func pairs(n *node, name string) []Value {
	var out []Value
	for _, c := range n.all(name) {
		out = append(out, Value{c.get("valueName"), c.get("value")})
	}
	return out
}

func (r *reader) time(n *node, name string) time.Time {
	if len(n.all(name)) == 0 {
		return time.Time{}
	}
	return r.parseTime(n.get(name))
}

// parseTime checks the form first: Go's parser lets fractions of seconds pass.
func (r *reader) parseTime(s string) time.Time {
	if ok, _ := regexp.MatchString(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d$`, s); !ok {
		r.fail("a time is not in the form of CAP")
		return time.Time{}
	}
	t, err := time.Parse("2006-01-02T15:04:05-07:00", s)
	if err != nil {
		r.fail("a time does not exist")
	}
	return t
}

func (r *reader) references(s string) []Reference {
	var out []Reference
	for _, triple := range strings.Fields(s) {
		parts := strings.Split(triple, ",")
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
			r.fail("a reference is not sender,identifier,sent")
			return nil
		}
		out = append(out, Reference{parts[0], parts[1], r.parseTime(parts[2])})
	}
	return out
}
