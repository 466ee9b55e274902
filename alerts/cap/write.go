package cap

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// MIMEType is the media type of a message.
const MIMEType = "application/cap+xml"

// Write returns a message as XML. It refuses one that the standard or our
// profile does not allow.
func Write(m Message) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("write CAP message %s: %w", m.Identifier, err)
	}
	w := &writer{}
	w.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<alert xmlns="` + Namespace + `">`)
	w.text("identifier", m.Identifier)
	w.text("sender", m.Sender)
	w.time("sent", m.Sent)
	w.text("status", m.Status)
	w.text("msgType", m.MsgType)
	w.optional("source", m.Source)
	w.text("scope", m.Scope)
	w.optional("restriction", m.Restriction)
	w.optional("addresses", m.Addresses)
	w.each("code", m.Codes)
	w.optional("note", m.Note)
	w.optional("references", references(m.References))
	w.optional("incidents", m.Incidents)
	for i := range m.Infos {
		w.info(&m.Infos[i])
	}
	w.b.WriteString("</alert>\n")
	return w.b.Bytes(), nil
}

type writer struct{ b bytes.Buffer }

func (w *writer) info(i *Info) {
	w.open("info")
	w.text("language", i.Language)
	w.each("category", i.Categories)
	w.text("event", i.Event)
	w.each("responseType", i.ResponseTypes)
	w.text("urgency", i.Urgency)
	w.text("severity", i.Severity)
	w.text("certainty", i.Certainty)
	w.optional("audience", i.Audience)
	w.values("eventCode", i.EventCodes)
	w.time("effective", i.Effective)
	w.time("onset", i.Onset)
	w.time("expires", i.Expires)
	w.optional("senderName", i.SenderName)
	w.optional("headline", i.Headline)
	w.optional("description", i.Description)
	w.optional("instruction", i.Instruction)
	w.optional("web", i.Web)
	w.optional("contact", i.Contact)
	w.values("parameter", i.Parameters)
	for k := range i.Resources {
		w.resource(&i.Resources[k])
	}
	for k := range i.Areas {
		w.area(&i.Areas[k])
	}
	w.close("info")
}

func (w *writer) resource(r *Resource) {
	w.open("resource")
	w.text("resourceDesc", r.Description)
	w.text("mimeType", r.MIMEType)
	if r.Size > 0 {
		w.text("size", strconv.FormatInt(r.Size, 10))
	}
	w.optional("uri", r.URI)
	w.optional("digest", r.Digest)
	w.close("resource")
}

func (w *writer) area(a *Area) {
	w.open("area")
	w.text("areaDesc", a.Description)
	for _, ring := range a.Polygons {
		w.text("polygon", polygon(ring))
	}
	for _, c := range a.Circles {
		w.text("circle", position(c.Center)+" "+number(c.RadiusM/1000))
	}
	w.values("geocode", a.Geocodes)
	w.optional("altitude", a.Altitude)
	w.optional("ceiling", a.Ceiling)
	w.close("area")
}

func (w *writer) open(name string)  { w.b.WriteString("<" + name + ">") }
func (w *writer) close(name string) { w.b.WriteString("</" + name + ">") }

func (w *writer) text(name, s string) {
	w.open(name)
	// Writing to a buffer does not fail.
	_ = xml.EscapeText(&w.b, []byte(s))
	w.close(name)
}

func (w *writer) optional(name, s string) {
	if s != "" {
		w.text(name, s)
	}
}

func (w *writer) each(name string, all []string) {
	for _, s := range all {
		w.text(name, s)
	}
}

func (w *writer) values(name string, all []Value) {
	for _, v := range all {
		w.open(name)
		w.text("valueName", v.Name)
		w.text("value", v.Value)
		w.close(name)
	}
}

func (w *writer) time(name string, t time.Time) {
	if !t.IsZero() {
		w.text(name, Time(t))
	}
}

// Time writes a time as CAP has it: whole seconds, always with an offset, and
// UTC as -00:00.
func Time(t time.Time) string {
	s := t.Format("2006-01-02T15:04:05-07:00")
	if strings.HasSuffix(s, "+00:00") {
		return strings.TrimSuffix(s, "+00:00") + "-00:00"
	}
	return s
}

func references(all []Reference) string {
	out := make([]string, len(all))
	for i, r := range all {
		out[i] = r.Sender + "," + r.Identifier + "," + Time(r.Sent)
	}
	return strings.Join(out, " ")
}

// position writes a place latitude first; it is given longitude first.
func position(p [2]float64) string { return number(p[1]) + "," + number(p[0]) }

// number writes metres and degrees to a tenth of a metre and without exponent.
func number(f float64) string {
	s := strconv.FormatFloat(f, 'f', 6, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func polygon(ring [][2]float64) string {
	out := make([]string, 0, len(ring)+1)
	for _, p := range ring {
		out = append(out, position(p))
	}
	if len(ring) > 0 && ring[0] != ring[len(ring)-1] {
		out = append(out, position(ring[0]))
	}
	return strings.Join(out, " ")
}
