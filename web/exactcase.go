package web

import (
	"encoding/json"
	"reflect"
	"strings"
)

// exactCase refuses keys that encoding/json matched to a field of v although
// their case differs: two readers of one message must not disagree.
func exactCase(body []byte, v any) error {
	var raw any
	if err := json.Unmarshal(body, &raw); err != nil {
		return jsonError(err)
	}
	return exactIn(raw, reflect.TypeOf(v), "")
}

func exactIn(raw any, t reflect.Type, path string) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch x := raw.(type) {
	case []any:
		if t.Kind() != reflect.Slice && t.Kind() != reflect.Array {
			return nil
		}
		for _, e := range x {
			if err := exactIn(e, t.Elem(), path); err != nil {
				return err
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil
		}
		for k, e := range x {
			f, ok := fieldFor(t, k)
			if !ok {
				continue
			}
			if name := jsonName(f); name != k {
				return invalidBody(path+k, "unknown_field", "There is no such field; did you mean "+name+"?")
			}
			if err := exactIn(e, f.Type, path+k+"."); err != nil {
				return err
			}
		}
	}
	return nil
}

func fieldFor(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
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
