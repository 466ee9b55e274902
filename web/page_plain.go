package web

import (
	"fmt"
	"reflect"
)

// plain writes a value of a fixed list as it stands in catalogues and forms;
// nil is empty.
func plain(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case string:
		return x
	}
	return fmt.Sprint(v)
}

// plainList is plain for every element of a slice of any type.
func plainList(list any) []string {
	v := reflect.ValueOf(list)
	if v.Kind() != reflect.Slice {
		return nil
	}
	out := make([]string, v.Len())
	for i := range out {
		out[i] = plain(v.Index(i).Interface())
	}
	return out
}
