// Package homeward_test holds the checks that concern the tree as a whole.
package homeward_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport lists, for each top folder, which of our packages it may import.
// Sub-packages may import their own folder's siblings and follow its line.
var mayImport = map[string][]string{
	"journal":  {},
	"geo":      {},
	"alerts":   {"journal", "geo"},
	"partners": {"journal", "geo", "alerts"},
	"store":    {"journal"},
	"realtime": {"journal", "alerts", "partners"},
	"web":      {"journal", "geo", "alerts", "partners"},
	"cmd":      {"journal", "geo", "alerts", "partners", "store", "realtime", "web"},
}

// homes lists the one folder that each big dependency has, so that replacing it
// touches one folder.
var homes = map[string]string{
	"github.com/gofiber/":            "web",
	"github.com/valyala/":            "web",
	"github.com/gorilla/websocket":   "realtime",
	"github.com/wneessen/go-mail":    "realtime",
	"go.etcd.io/bbolt":               "store",
	"go.mongodb.org/":                "store",
	"github.com/paulmach/orb":        "geo",
	"github.com/tidwall/":            "geo",
	"codeberg.org/go-pdf/":           "alerts",
	"github.com/boombuler/barcode":   "alerts",
	"golang.org/x/image/font":        "alerts",
	"html/template":                  "web",
	"github.com/alecthomas/kong":     "cmd",
	"google.golang.org/protobuf":     "geo",
	"golang.org/x/crypto/acme":       "cmd",
	"github.com/nicksnyder/go-i18n/": "web",
}

func TestImportsPointDownwards(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		// Tests may use what they test with, such as a store under the domain.
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files++
			checkImports(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Fatalf("only %d files were read: the test looks in the wrong place", files)
	}
}

func checkImports(t *testing.T, path string) {
	t.Helper()
	top := strings.Split(filepath.ToSlash(path), "/")[0]
	allowed, known := mayImport[top]
	if !known {
		t.Errorf("%s: there is no folder %s in the plan of the tree", path, top)
		return
	}
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	for _, i := range f.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		if of, ours := strings.CutPrefix(name, "homeward/"); ours {
			of = strings.Split(of, "/")[0]
			if of != top && !slices.Contains(allowed, of) {
				t.Errorf("%s imports %s: %s may not import %s", path, name, top, of)
			}
			continue
		}
		for dependency, home := range homes {
			if strings.HasPrefix(name, dependency) && top != home {
				t.Errorf("%s imports %s, whose only home is %s", path, name, home)
			}
		}
	}
}
