package store

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"homeward/journal"
)

func TestCodecRoundTrip(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	for name, change := range map[string]func(*sighting){
		"full":         func(*sighting) {},
		"nothing":      func(s *sighting) { *s = sighting{Head: journal.Head{ID: s.ID}} },
		"empty slices": func(s *sighting) { s.Head.Salt = []byte{}; s.Trail = nil },
		"no reporter":  func(s *sighting) { s.Reporter = nil },
		"inside":       func(s *sighting) { s.Reporter.Children = []child{{ID: "x", Name: "sealed within"}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := someSighting("s1")
			change(want)
			image, err := c.Encode(want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Decode(journal.KeyOf(want), image, false)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestCodecBytes(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := bson.Raw(image).Validate(); err != nil {
		t.Fatalf("not BSON: %v", err)
	}
	for _, secret := range []string{"Mika", "insulin", "Ana", "tram 7", "+381"} {
		if bytes.Contains(image, []byte(secret)) {
			t.Errorf("%q can be read in the stored bytes", secret)
		}
	}
	elements, err := bson.Raw(image).Elements()
	if err != nil {
		t.Fatal(err)
	}
	if first := elements[0].Key(); first != "_id" {
		t.Errorf("the first field is %s", first)
	}
	for path, want := range map[string]bson.Type{
		"where": bson.TypeEmbeddedDocument, "seen_at": bson.TypeDateTime, "text": bson.TypeBinary,
		"number": bson.TypeInt64, "created_at": bson.TypeDateTime,
	} {
		if got := bson.Raw(image).Lookup(path).Type; got != want {
			t.Errorf("%s is stored as %v, want %v", path, got, want)
		}
	}
	if sub, _ := bson.Raw(image).Lookup("children", "0", "name").Binary(); sub != 0x80 {
		t.Errorf("a sealed name has the subtype %x", sub)
	}
}

func TestCodecIsDeterministic(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	n := &note{Head: journal.Head{ID: "n", Number: 3, Salt: []byte{9}}, Text: "stable"}
	first, err := c.Encode(n)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := c.Encode(n)
	if !bytes.Equal(first, again) {
		t.Error("the same document gave other bytes")
	}
	// Written down once: old digests must stay true in new versions.
	const want = "03efa02e9d119023e0f9e8bf377e6d0e"
	if got := fmt.Sprintf("%x", journal.Digest(first))[:32]; got != want {
		t.Errorf("the digest of a known document is %s, want %s", got, want)
	}
}

func TestCodecRow(t *testing.T) {
	t.Parallel()
	c, b := newCodec(t)
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Decode(journal.KeyOf(s), image, true)
	if err != nil {
		t.Fatal(err)
	}
	want := &row{Head: s.Head, State: s.State, Where: s.Where}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if b.opened != 0 {
		t.Errorf("%d seals were opened for a row", b.opened)
	}
	n := &note{Head: journal.Head{ID: "n"}}
	if image, err = c.Encode(n); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Decode(journal.KeyOf(n), image, true); err != nil || !reflect.DeepEqual(got, n) {
		t.Errorf("a collection without rows gave %+v, %v", got, err)
	}
}

func TestCodecForgottenUnit(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Forget(t.Context(), []journal.Key{{Collection: "reporters", ID: "s1"}}); err != nil {
		t.Fatal(err)
	}
	got, err := c.Decode(journal.KeyOf(s), image, false)
	if err != nil {
		t.Fatal(err)
	}
	s.Reporter = nil
	if !reflect.DeepEqual(got, s) {
		t.Errorf("got %+v, want all but the reporter", got)
	}
}

// swap exchanges the sealed bytes of two fields, which have the same length.
func swap(t *testing.T, a, b []byte, pathA, pathB []string) {
	t.Helper()
	_, x := bson.Raw(a).Lookup(pathA...).Binary()
	_, y := bson.Raw(b).Lookup(pathB...).Binary()
	if len(x) != len(y) || len(x) == 0 {
		t.Fatalf("the fields have %d and %d bytes", len(x), len(y))
	}
	was := bytes.Clone(x)
	copy(x, y)
	copy(y, was)
}

func TestCodecSwappedSeals(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string][2]string{
		"between records":    {"text", "text"},
		"between elements":   {"children.0.name", "children.1.name"},
		"between fields":     {"text", "children.0.name"},
		"between deep ones":  {"children.0.needs.0.text", "children.0.needs.1.text"},
		"element of another": {"children.0.name", "children.0.name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := newCodec(t)
			one, other := someSighting("s1"), someSighting("s2")
			for _, s := range []*sighting{one, other} { // one length for all
				s.Text = "0123456789"
				s.Children = []child{{ID: "c1", Name: "0123456789"}, {ID: "c2", Name: "abcdefghij"}}
				s.Children[0].Needs = []need{{"one", 1}, {"two", 2}}
			}
			a, err := c.Encode(one)
			if err != nil {
				t.Fatal(err)
			}
			b, err := c.Encode(other)
			if err != nil {
				t.Fatal(err)
			}
			if paths[0] != paths[1] {
				b = a // within one record
			}
			swap(t, a, b, strings.Split(paths[0], "."), strings.Split(paths[1], "."))
			if _, err := c.Decode(journal.KeyOf(one), a, false); err == nil {
				t.Error("sealed bytes opened in another place")
			}
			// Control: the same bytes back in their places open.
			swap(t, a, b, strings.Split(paths[0], "."), strings.Split(paths[1], "."))
			if _, err := c.Decode(journal.KeyOf(one), a, false); err != nil {
				t.Errorf("the original does not open: %v", err)
			}
		})
	}
}

func TestCodecElementMovesWithItsID(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	s := someSighting("s1")
	s.Children = []child{{ID: "c1", Name: "same length"}, {ID: "c2", Name: "equal bytes"}}
	image, err := c.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	// Whole elements exchanged, ids and all, are still theirs.
	x := bson.Raw(image).Lookup("children", "0").Value
	y := bson.Raw(image).Lookup("children", "1").Value
	was := bytes.Clone(x)
	copy(x, y)
	copy(y, was)
	got, err := c.Decode(journal.KeyOf(s), image, false)
	if err != nil {
		t.Fatal(err)
	}
	if name := got.(*sighting).Children[0].Name; name != "equal bytes" {
		t.Errorf("the first child is %q", name)
	}
}

func TestCodecRefusals(t *testing.T) {
	t.Parallel()
	c, _ := newCodec(t)
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Decode(journal.Key{Collection: "sightings", ID: "s2"}, image, false); err == nil {
		t.Error("the bytes of another document were taken")
	}
	if _, err := c.Decode(journal.Key{Collection: "unheard", ID: "s1"}, image, false); err == nil {
		t.Error("an unknown collection was decoded")
	}
	if _, err := c.Encode(&row{Head: journal.Head{ID: "s1"}}); err == nil {
		t.Error("a row was taken for a document")
	}
	if _, err := c.Encode(&note{}); err == nil {
		t.Error("a document without an id was encoded")
	}
	if _, err := c.Encode(&note{Head: journal.Head{ID: "n"}, Text: "\xff"}); err == nil {
		t.Error("a text that is not UTF-8 was encoded")
	}
	if _, err := c.Encode(&note{Head: journal.Head{ID: "n", Number: 1 << 63}}); err == nil {
		t.Error("a number was encoded that would come back negative")
	}
}

type bad[T any] struct {
	journal.Head
	Deep []struct {
		Field T `bson:"field"`
	} `bson:"deep"`
}

func (*bad[T]) Collection() string { return "bad" }

type loop struct {
	Next []loop `bson:"next"`
}

type twice struct {
	A int `bson:"same"`
	B int `bson:"same"`
}

type secret struct {
	Name string `class:"P1,sealed"`
}

type misspelt struct {
	Name string `class:"P1,seeled"`
}

func TestCodecRefusesTypes(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]journal.Document{
		"a map has no order":     new(bad[map[string]int]),
		"contains itself":        new(bad[loop]),
		"a second field":         new(bad[twice]),
		"interface":              new(bad[any]),
		"no Unit method":         new(bad[secret]),
		"is not of the form":     new(bad[misspelt]),
		"nothing to store":       new(bad[struct{}]),
		"a pointer to a pointer": new(bad[**int]),
		"func":                   new(bad[func()]),
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			_, err := NewCodec([]Collection{{Name: "bad", New: func() journal.Document { return d }}}, newBox())
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), "bad") {
				t.Errorf("%v does not name the collection", err)
			}
			if strings.Contains(want, "map") && !strings.Contains(err.Error(), "Deep.Field") {
				t.Errorf("%v does not name the field", err)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	c, err := NewCodec(table(), newBox())
	if err != nil {
		f.Fatal(err)
	}
	s := someSighting("s1")
	image, err := c.Encode(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(image)
	f.Add(image[:len(image)/2])
	f.Add([]byte{5, 0, 0, 0, 0})
	cc, err := newChangeCodec()
	if err != nil {
		f.Fatal(err)
	}
	change, err := cc.encode(&journal.Change{Number: 1, Lines: []journal.Line{{Key: journal.KeyOf(s), Image: image}}}, true)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(change)
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, row := range []bool{true, false} {
			if _, err := c.Decode(journal.KeyOf(s), b, row); err == nil && len(b) < 5 {
				t.Error("bytes too few for a document were taken")
			}
		}
		_, _ = cc.decode(b)
		_, _ = numberOf(b)
	})
}
