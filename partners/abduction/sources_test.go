package abduction

import (
	"encoding/json"
	"os"
	"testing"
)

// Every source that a data file names has a Serbian name, and there is no name
// for what no file has.
func TestEverySourceHasASerbianName(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	for _, name := range []string{"deadlines.json", "law.json", "ladder.json", "routes.json", "holidays.json", "protect.json"} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			t.Fatal(err)
		}
		collectSources(v, named)
	}
	if len(named) < 50 {
		t.Fatalf("only %d sources were found", len(named))
	}
	for s := range named {
		if serbianSources()[s] == "" {
			t.Errorf("no Serbian name for %q", s)
		}
	}
	for s := range serbianSources() {
		if !named[s] {
			t.Errorf("a name for %q, which no file has", s)
		}
	}
	if got := SerbianSource("Unheard-of source"); got != "Unheard-of source" {
		t.Errorf("an unknown source became %q", got)
	}
}

func collectSources(v any, into map[string]bool) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			collectSources(e, into)
		}
	case map[string]any:
		for k, e := range x {
			if s, ok := e.(string); ok && k == "source" {
				into[s] = true
			}
			collectSources(e, into)
		}
	}
}
