package web

import (
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"homeward/alerts"
)

// What the second look would find is never passed over.
func TestPlainBodiesHaveNoFaults(t *testing.T) {
	t.Parallel()
	var known shelfOfNames
	for body, plain := range map[string]bool{
		`{}`: true,
		`{"text":"a","place":{"type":"Point","coordinates":[20.4,44.8]},"contact":{"name":"N"},"photos":["x"]}`: true,
		`{"text":null,"observed_at":"2031-01-01T10:00:00+01:00"}`:                                               true,
		`{"Text":"a"}`:                     false,
		`{"contact":{"NAME":"a"}}`:         false,
		`{"type":"Point"}`:                 false,
		`{"name":"a"}`:                     false,
		`{"place":null,"ſure":"probable"}`: false,
		`null`:                             false,
		`[]`:                               false,
	} {
		var in alerts.NewSighting
		keys, err := checkJSON([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		err = decodeBytes([]byte(body), &in, &known)
		if plain != (err == nil) {
			t.Errorf("%s: error %v", body, err)
		}
		if fault := shapeOf([]byte(body), &in); isPlain([]byte(body), keys, known.of(reflect.TypeOf(&in))) && err == nil && fault != nil {
			t.Errorf("%s passes for plain: %v", body, fault)
		}
	}
}

// The quick look finds the keys that the careful one does, or leaves the body
// to it.
func TestPlainKeysAgainstTheCarefulLook(t *testing.T) {
	t.Parallel()
	for body, sure := range map[string]bool{
		`{"a":[{"b":"{\"c\":1}"},{"b":"\\"}],"d":{"e":["f",{"g":"h,\"i\""}]}}`: true,
		` [ "a" , { "b" : { } } ] `: true,
		`"a"`:                       true,
		`{"a":1,"A":2}`:             false,
		`{"a":1,"\u0062":2}`:        false,
		`{"a":1} x`:                 false,
		`{"a":1`:                    false,
		``:                          false,
	} {
		keys, ok := plainKeys([]byte(body))
		want, err := checkJSON([]byte(body))
		if ok != sure || ok && (err != nil || !slices.Equal(keys, want)) {
			t.Errorf("%s: %v %v, the careful look says %v %v", body, keys, ok, want, err)
		}
	}
}

func FuzzPlainKeys(f *testing.F) {
	f.Add(`{"a":[{"b":"c"}],"d":{"e\"":1}}`)
	f.Fuzz(func(t *testing.T, body string) {
		keys, ok := plainKeys([]byte(body))
		if !ok || !utf8.ValidString(body) {
			return
		}
		if want, err := checkJSON([]byte(body)); err != nil || !slices.Equal(keys, want) {
			t.Errorf("%q: %q, the careful look says %q, %v", body, keys, want, err)
		}
	})
}
