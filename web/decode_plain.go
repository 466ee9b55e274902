package web

import (
	"bytes"
	"reflect"
	"strings"
)

// isPlain tells that a body which the decoder has taken cannot have a fault that
// the decoder overlooks, so that nearly all bodies need no second look. The
// decoder takes keys in any case: a body whose keys all stand among the names of
// the type as they are written has none in another case, as long as no two names
// differ only in that.
func isPlain(body []byte, keys []string, n names) bool {
	if b := bytes.TrimSpace(body); n == nil || len(b) == 0 || b[0] != '{' {
		return false
	}
	for _, k := range keys {
		if n[strings.ToLower(k)] != k {
			return false
		}
	}
	return true
}

// names leads from names in lower case to how they are written.
type names map[string]string

// namesOf returns the names of a type, nil where names alone do not tell.
func namesOf(t reflect.Type) names {
	// What reads itself is strict itself; these are the members of its values.
	n := names{"type": "type", "coordinates": "coordinates"}
	if !n.gather(t) {
		return nil
	}
	return n
}

// gather adds the names of a type. It is false where names alone do not tell.
func (n names) gather(t reflect.Type) bool {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if inner, ok := optionalOf(t); ok {
		return n.gather(inner)
	}
	switch {
	case readsItself(t):
		return true
	case t.Kind() == reflect.Array:
		return false // the decoder does not look at its length
	case t.Kind() != reflect.Struct:
		return true
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if tag := f.Tag.Get("json"); tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		} else if !f.Anonymous || tag != "" {
			name := jsonName(f)
			if was, ok := n[strings.ToLower(name)]; ok && was != name {
				return false
			}
			n[strings.ToLower(name)] = name
		}
		if !n.gather(f.Type) {
			return false
		}
	}
	return true
}
