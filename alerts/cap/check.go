package cap

import (
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrInvalid is wrapped by every error that says what a message breaks.
var ErrInvalid = errors.New("not a valid CAP message")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

// check holds a message that we write against our profile, which is stricter
// than the standard, and against what the reader accepts.
func (m *Message) check() error {
	if err := m.rules(); err != nil {
		return err
	}
	if len(m.Infos) == 0 {
		return invalid("an info is missing")
	}
	for i := range m.Infos {
		in := &m.Infos[i]
		switch {
		case in.Language == "" || in.Headline == "" || in.Description == "":
			return invalid("language, headline and description are required")
		case in.Expires.IsZero():
			return invalid("expires is required")
		case m.MsgType != "Cancel" && len(in.Areas) == 0:
			return invalid("an area is required")
		}
	}
	return nil
}

// rules are those that the schema does not say but the standard does.
func (m *Message) rules() error {
	for name, s := range map[string]string{"identifier": m.Identifier, "sender": m.Sender} {
		if s == "" || strings.ContainsAny(s, " ,<&\t\r\n\u00a0") {
			return invalid("%s is empty or holds a space, comma, < or &", name)
		}
	}
	if m.Sent.IsZero() {
		return invalid("sent is missing")
	}
	if !slices.Contains(enumeration("status"), m.Status) || !slices.Contains(enumeration("msgType"), m.MsgType) ||
		!slices.Contains(enumeration("scope"), m.Scope) {
		return invalid("status, msgType or scope is unknown")
	}
	if (m.Scope == "Restricted") != (m.Restriction != "") {
		return invalid("restriction goes with scope Restricted, and only with it")
	}
	if m.Scope == "Private" && m.Addresses == "" {
		return invalid("scope Private needs addresses")
	}
	if m.MsgType != "Alert" && len(m.References) == 0 {
		return invalid("%s needs references", m.MsgType)
	}
	if m.MsgType == "Error" && m.Note == "" {
		return invalid("Error needs a note")
	}
	for i := range m.Infos {
		if err := m.Infos[i].rules(m); err != nil {
			return err
		}
	}
	return nil
}

func (i *Info) rules(m *Message) error {
	start := m.Sent
	if !i.Effective.IsZero() {
		start = i.Effective
	}
	if !i.Expires.IsZero() && !i.Expires.After(start) {
		return invalid("expires is not after sent")
	}
	if len(i.Categories) == 0 {
		return invalid("category is missing")
	}
	for name, all := range map[string][]string{
		"category": i.Categories, "responseType": i.ResponseTypes, "urgency": {i.Urgency}, "severity": {i.Severity}, "certainty": {i.Certainty},
	} {
		for _, s := range all {
			if !slices.Contains(enumeration(name), s) {
				return invalid("%s is unknown", name)
			}
		}
	}
	if i.Web != "" && !absolute(i.Web) {
		return invalid("web is not an absolute address")
	}
	for k := range i.Resources {
		r := &i.Resources[k]
		if r.MIMEType == "" || r.Size < 0 || (r.URI != "" && !absolute(r.URI)) {
			return invalid("a resource needs a mimeType, no negative size and an absolute uri")
		}
	}
	for k := range i.Areas {
		if err := i.Areas[k].rules(); err != nil {
			return err
		}
	}
	return nil
}

func (a *Area) rules() error {
	if a.Description == "" || !utf8.ValidString(a.Description) {
		return invalid("areaDesc is missing")
	}
	for _, ring := range a.Polygons {
		if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
			return invalid("a polygon has at least four positions, the last one equal to the first")
		}
		for _, p := range ring {
			if !onEarth(p) {
				return invalid("a position is not on Earth")
			}
		}
	}
	for _, c := range a.Circles {
		if !onEarth(c.Center) || !(c.RadiusM >= 0) || math.IsInf(c.RadiusM, 0) {
			return invalid("a circle is not on Earth")
		}
	}
	if a.Ceiling != "" && a.Altitude == "" {
		return invalid("ceiling goes with altitude")
	}
	return nil
}

func onEarth(p [2]float64) bool { return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 }

func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "")
}
