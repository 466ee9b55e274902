package web

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"homeward/alerts"
)

// shape compares a body with the type that it is read into, and gathers every
// fault with its path, as a decoder stops at the first and may not even say
// where it was.
type shape struct {
	// unknown are fields that there are not or whose value is of another type,
	// wrong are those whose value cannot be meant.
	unknown, wrong alerts.Fields
}

// mostFaults bounds an answer: whoever sends more has more to look at first.
const mostFaults = 100

// shapeOf checks a body that is valid JSON.
func shapeOf(body []byte, v any) error {
	if b := bytes.TrimSpace(body); len(b) == 0 || b[0] != '{' {
		return invalidBody("", "json", "Send one JSON object.")
	}
	s := &shape{}
	s.value(body, reflect.TypeOf(v), "")
	if len(s.unknown) > 0 {
		return &alerts.Error{Code: alerts.Malformed, Message: "The body has fields that cannot be used.", Fields: append(s.unknown, s.wrong...)}
	}
	return s.wrong.Err()
}

func (s *shape) value(raw json.RawMessage, t reflect.Type, path string) {
	if len(s.unknown)+len(s.wrong) >= mostFaults {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if inner, ok := optionalOf(t); ok {
		s.value(raw, inner, path)
		return
	}
	raw = bytes.TrimSpace(raw)
	if bytes.Equal(raw, []byte("null")) {
		return
	}
	switch {
	case readsItself(t):
		s.itself(raw, t, path)
	case t.Kind() == reflect.Struct:
		s.object(raw, t, path)
	case t.Kind() == reflect.Map:
		s.each(raw, t.Elem(), path)
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		s.list(raw, t, path)
	default:
		if err := json.Unmarshal(raw, reflect.New(t).Interface()); err != nil {
			s.unknown.Add(path, "type", fmt.Sprintf("This should be %s.", kindName(t.Kind().String())))
		}
	}
}

// optionalOf returns what an Optional holds.
func optionalOf(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || t.NumField() != 2 || t.Field(0).Name != "Set" || t.Field(1).Name != "Value" {
		return nil, false
	}
	return t.Field(1).Type, readsItself(t)
}

func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// itself lets a type read its own value, such as a time or a place.
func (s *shape) itself(raw json.RawMessage, t reflect.Type, path string) {
	err := json.Unmarshal(raw, reflect.New(t).Interface())
	switch {
	case err == nil:
	case t == reflect.TypeFor[time.Time]():
		s.wrong.Add(path, "not_a_time", "Write a time with its offset, such as 2026-05-02T14:30:00+02:00.")
	default:
		_, message, found := strings.Cut(err.Error(), ": ")
		if !found {
			message = err.Error()
		}
		s.wrong.Add(path, "form", strings.ToUpper(message[:1])+message[1:]+".")
	}
}

func (s *shape) object(raw json.RawMessage, t reflect.Type, path string) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		s.unknown.Add(path, "type", "This should be an object.")
		return
	}
	for _, key := range keysInOrder(raw) {
		f, ok := fieldFor(t, key)
		switch {
		case !ok:
			s.unknown.Add(within(path, key), "unknown_field", "There is no such field.")
		case jsonName(f) != key:
			s.unknown.Add(within(path, key), "unknown_field", "There is no such field; did you mean "+jsonName(f)+"?")
		default:
			s.value(members[key], f.Type, within(path, key))
		}
	}
}

// keysInOrder are the keys of an object as they stand there, so that faults come
// in the order in which somebody reads them.
func keysInOrder(raw json.RawMessage) []string {
	d := json.NewDecoder(bytes.NewReader(raw))
	var keys []string
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		var value json.RawMessage
		if err != nil || !ok || d.Decode(&value) != nil {
			return keys
		}
		keys = append(keys, key)
	}
	return keys
}

func within(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func (s *shape) each(raw json.RawMessage, t reflect.Type, path string) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		s.unknown.Add(path, "type", "This should be an object.")
		return
	}
	for _, key := range keysInOrder(raw) {
		s.value(members[key], t, within(path, key))
	}
}

func (s *shape) list(raw json.RawMessage, t reflect.Type, path string) {
	if t.Elem().Kind() == reflect.Uint8 {
		return
	}
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		s.unknown.Add(path, "type", "This should be a list.")
		return
	}
	if t.Kind() == reflect.Array && len(items) != t.Len() {
		s.wrong.Add(path, "length", fmt.Sprintf("Write exactly %d values.", t.Len()))
		return
	}
	for i, item := range items {
		s.value(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
	}
}

// fieldFor finds the field of a type that a key belongs to, whatever its case;
// embedded structs are looked into as the decoder does.
func fieldFor(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("json") == "-" {
			continue
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "" {
			if g, ok := fieldFor(f.Type, key); ok {
				return g, true
			}
			continue
		}
		if f.IsExported() && strings.EqualFold(jsonName(f), key) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}
