package web

import (
	"testing"

	"homeward/alerts"
)

// What the second look would find is never passed over.
func TestPlainBodiesHaveNoFaults(t *testing.T) {
	t.Parallel()
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
		err = decodeBytes([]byte(body), &in)
		if plain != (err == nil) {
			t.Errorf("%s: error %v", body, err)
		}
		if fault := shapeOf([]byte(body), &in); isPlain([]byte(body), keys, &in) && err == nil && fault != nil {
			t.Errorf("%s passes for plain: %v", body, fault)
		}
	}
}
