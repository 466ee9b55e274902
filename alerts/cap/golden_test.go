package cap

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden holds every kind of message against a file, byte by byte. The files
// are valid against the schema; TestSchema holds the same messages against it.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, got := range written(t) {
		file := filepath.Join("testdata", strings.ReplaceAll(strings.ToLower(name), " ", "-")+".xml")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not %s: %v\n%s", name, file, err, got)
		}
	}
}
