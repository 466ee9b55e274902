package alerts

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"homeward/journal"
)

// canaries fills documents so that every leaf holds a value found nowhere else,
// and remembers the classes on the way to it.
type canaries struct {
	t    *testing.T
	next int
	// of gives, for each value as JSON writes it, the classes a reader needs.
	of map[string][]Class
	// where gives the path, for messages.
	where map[string]string
	told  map[string]bool
}

func newCanaries(t *testing.T) *canaries {
	return &canaries{t: t, next: 100_000, of: map[string][]Class{}, where: map[string]string{}, told: map[string]bool{}}
}

func (c *canaries) fill(doc any) {
	v := reflect.ValueOf(doc).Elem()
	c.walk(v, v.Type().Name(), nil)
}

func (c *canaries) add(value, path string, classes []Class) {
	if len(classes) == 0 {
		c.t.Errorf("%s has no class", path)
	}
	c.of[value], c.where[value] = classes, path
}

func (c *canaries) walk(v reflect.Value, path string, classes []Class) {
	switch {
	case v.Type() == reflect.TypeFor[journal.Head]():
		c.head(v.Addr().Interface().(*journal.Head), path)
		return
	case v.Type() == reflect.TypeFor[time.Time]():
		c.next++
		at := time.Unix(int64(1_700_000_000+c.next), 0).UTC()
		v.Set(reflect.ValueOf(at))
		c.add(at.Format(time.RFC3339), path, classes)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			own := classes
			if tag, _, _ := strings.Cut(f.Tag.Get("class"), ","); tag != "" {
				own = append(slices.Clone(classes), Class(tag))
				if !Class(tag).Valid() && Class(tag) != Ref && Class(tag) != Kept {
					c.t.Errorf("%s.%s has the unknown class %q", path, f.Name, tag)
				}
			}
			c.walk(v.Field(i), path+"."+f.Name, own)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		c.walk(v.Elem(), path, classes)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			c.next++
			b := []byte(fmt.Sprintf("bytes-%d", c.next))
			v.SetBytes(b)
			c.add(base64.StdEncoding.EncodeToString(b), path, classes)
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			c.walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), classes)
		}
	default:
		c.leaf(v, path, classes)
	}
}

func (c *canaries) leaf(v reflect.Value, path string, classes []Class) {
	c.next++
	switch v.Kind() {
	case reflect.String:
		s := fmt.Sprintf("canary-%d", c.next)
		v.SetString(s)
		c.add(s, path, classes)
	case reflect.Int, reflect.Uint64:
		v.Set(reflect.ValueOf(c.next).Convert(v.Type()))
		c.add(strconv.Itoa(c.next), path, classes)
	case reflect.Float64:
		f := float64(c.next) + 0.25
		v.SetFloat(f)
		c.add(strconv.FormatFloat(f, 'f', -1, 64), path, classes)
	case reflect.Bool: // cannot be told from another; it only needs a class
		v.SetBool(true)
		if len(classes) == 0 {
			c.t.Errorf("%s has no class", path)
		}
	default:
		c.t.Fatalf("%s: no canary for %s", path, v.Type())
	}
}

func (c *canaries) head(h *journal.Head, path string) {
	v := reflect.ValueOf(h).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		class := map[string]Class{"ID": Ref, "Version": Ref, "CreatedAt": Ref, "UpdatedAt": Ref, "Number": Kept, "Salt": Kept}[f.Name]
		c.walk(v.Field(i), path+"."+f.Name, []Class{class})
	}
}

// seen returns the canaries in what a view becomes, map keys among them.
func (c *canaries) seen(view any) map[string]bool {
	raw, err := json.Marshal(view)
	if err != nil {
		c.t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	out := map[string]bool{}
	for {
		token, err := d.Token()
		if err != nil {
			return out
		}
		if s := fmt.Sprint(token); c.of[s] != nil {
			out[s] = true
		}
	}
}

// compare reports every canary that was seen and should not have been, and the
// other way round.
func (c *canaries) compare(who string, seen map[string]bool, allowed func([]Class) bool) {
	for value, classes := range c.of {
		if c.told[value] {
			continue
		}
		if want := allowed(classes); want != seen[value] {
			c.told[value] = true // once for all readers is enough to find it
			c.t.Errorf("%s: %s (%v): seen %t, the matrix says %t", who, c.where[value], classes, seen[value], want)
		}
	}
}
