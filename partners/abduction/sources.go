package abduction

import (
	_ "embed"
	"encoding/json"
	"sync"
)

// The sources that the data names, in Serbian Cyrillic and in the nominative, by
// how the data writes them in English.
//
//go:embed sources.sr.json
var sourceFile []byte

var serbianSources = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	_ = json.Unmarshal(sourceFile, &out) // a test reads every source of the data in it
	return out
})

// SerbianSource names a source of the data in Serbian, in Cyrillic. One that has
// no Serbian name keeps its own.
func SerbianSource(source string) string {
	if s, ok := serbianSources()[source]; ok {
		return s
	}
	return source
}
