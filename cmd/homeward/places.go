package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"homeward/geo"
	"homeward/geo/script"
	"homeward/geo/search"
	"homeward/journal"
	"homeward/store"
)

// Kinds of side records: what each imported list of places is, and its places.
// They are apart so that every node can see each minute what has changed
// without reading a country's streets.
const (
	sidePlaceLists = "place-lists"
	sidePlaceRows  = "place-rows"
)

// Limits of all lists together, and of a credit in letters.
const (
	mostPlaces = 150_000
	mostCredit = 200
)

// placeList is an imported list of places as its record tells of it.
type placeList struct {
	Name     string    `json:"name"`
	Credit   string    `json:"credit,omitempty"`
	Places   int       `json:"places"`
	Rows     string    `json:"rows"` // id of the record that holds them
	Imported time.Time `json:"imported"`
}

// placeFile is a file that an operator imports.
type placeFile struct {
	name, credit, town string
	content            []byte
}

// placeLists keeps the lists in the store and in use.
type placeLists struct {
	store store.Store
	now   func() time.Time
	check func(geo.Point) error

	mu   sync.Mutex
	own  *search.Own
	over *search.Gazetteer // nil until somebody searches
	used []placeList       // what own holds
}

func newPlaceLists(s store.Store, r *geo.Regions, now func() time.Time) *placeLists {
	return &placeLists{store: s, now: now, check: r.CheckPoint, own: &search.Own{}}
}

// importedPlaces tells what an import brought.
type importedPlaces struct {
	list    placeList
	unnamed int
}

// add checks a file, keeps its places in the place of a list of that name, and
// puts them into use here at once. Other nodes have them within a minute.
func (p *placeLists) add(ctx context.Context, f placeFile) (importedPlaces, error) {
	var none importedPlaces
	if err := errors.Join(checkListName(f.name), checkCredit(f.credit)); err != nil {
		return none, err
	}
	places, unnamed, err := search.Reader{Town: f.town, Check: p.check}.Read(f.content)
	if err != nil {
		return none, err
	}
	lists, err := p.all(ctx)
	if err != nil {
		return none, err
	}
	var old placeList
	total := len(places)
	for _, l := range lists {
		if l.Name == f.name {
			old = l
			continue
		}
		total += l.Places
	}
	if total > mostPlaces {
		return none, fmt.Errorf("all lists together would have %d places, more than %d: drop one first", total, mostPlaces)
	}
	rows, err := packPlaces(places)
	if err != nil {
		return none, err
	}
	sum := sha256.Sum256(rows)
	l := placeList{Name: f.name, Credit: f.credit, Places: len(places), Rows: f.name + "." + hex.EncodeToString(sum[:8]), Imported: p.now().UTC().Truncate(time.Second)}
	if err := p.put(ctx, l, rows); err != nil {
		return none, err
	}
	if old.Rows != "" && old.Rows != l.Rows {
		if err := p.store.DropSide(ctx, sidePlaceRows, old.Rows); err != nil {
			return none, err
		}
	}
	return importedPlaces{l, unnamed}, p.refresh(ctx)
}

// put writes the places before the record that tells of them.
func (p *placeLists) put(ctx context.Context, l placeList, rows []byte) error {
	record, err := json.Marshal(l)
	if err != nil {
		return err
	}
	if err := p.store.PutSide(ctx, sidePlaceRows, l.Rows, time.Time{}, rows); err != nil {
		return err
	}
	return p.store.PutSide(ctx, sidePlaceLists, l.Name, time.Time{}, record)
}

// drop removes a list, here at once.
func (p *placeLists) drop(ctx context.Context, name string) error {
	lists, err := p.all(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(lists, func(l placeList) bool { return l.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no list %q; \"places list\" shows those there are", name)
	}
	if err := p.store.DropSide(ctx, sidePlaceLists, name); err != nil {
		return err
	}
	if err := p.store.DropSide(ctx, sidePlaceRows, lists[i].Rows); err != nil {
		return err
	}
	return p.refresh(ctx)
}

// all returns what each list is, by name.
func (p *placeLists) all(ctx context.Context) ([]placeList, error) {
	var out []placeList
	err := p.store.EachSide(ctx, sidePlaceLists, func(id string, data []byte) error {
		var l placeList
		if err := json.Unmarshal(data, &l); err != nil {
			return fmt.Errorf("imported places %s: %w", id, err)
		}
		out = append(out, l)
		return nil
	})
	slices.SortFunc(out, func(a, b placeList) int { return cmp.Compare(a.Name, b.Name) })
	return out, err
}

// searchOver begins to keep the lists in memory, for searches beside towns.
func (p *placeLists) searchOver(ctx context.Context, g *search.Gazetteer) error {
	p.mu.Lock()
	p.over = g
	p.mu.Unlock()
	return p.refresh(ctx)
}

// refresh reads the lists when any has changed, on whichever node. Before
// somebody searches it does nothing.
func (p *placeLists) refresh(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over == nil {
		return nil
	}
	now, err := p.all(ctx)
	if err != nil || slices.Equal(now, p.used) {
		return err
	}
	lists := make([]search.List, 0, len(now))
	for _, l := range now {
		packed, _, err := p.store.Side(ctx, sidePlaceRows, l.Rows)
		if errors.Is(err, journal.ErrNotFound) {
			return nil // replaced or dropped at this moment: the next look sees it whole
		}
		if err != nil {
			return err
		}
		places, err := unpackPlaces(packed)
		if err != nil {
			return fmt.Errorf("imported places %s: %w", l.Name, err)
		}
		lists = append(lists, search.List{Name: l.Name, Credit: l.Credit, Places: places})
	}
	p.own.Set(p.over, lists)
	p.used = now
	return nil
}

func packPlaces(places []search.OwnPlace) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := errors.Join(search.WriteCSV(z, places), z.Close()); err != nil {
		return nil, err
	}
	if b.Len() > store.MaxChange {
		return nil, errors.New("the list is too large for one record: import it in parts")
	}
	return b.Bytes(), nil
}

// unpackPlaces reads what packPlaces wrote; positions were checked before.
func unpackPlaces(packed []byte) ([]search.OwnPlace, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(z, search.MaxFile))
	if err != nil {
		return nil, err
	}
	places, _, err := search.Reader{}.Read(text)
	return places, err
}

// checkListName refuses names that would not be easy to type again.
func checkListName(name string) error {
	if name == "" || len(name) > 40 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return fmt.Errorf("the name of a list must be 1 to 40 small letters, digits or dashes, not %q: use --name", name)
	}
	return nil
}

func checkCredit(credit string) error {
	if !utf8.ValidString(credit) || strings.ContainsFunc(credit, unicode.IsControl) || utf8.RuneCountInString(credit) > mostCredit {
		return fmt.Errorf("--credit must be one line of at most %d letters", mostCredit)
	}
	return nil
}

// listNameOf makes a list's name of a file's.
func listNameOf(base string) string {
	base, _, _ = strings.Cut(base, ".")
	return strings.ReplaceAll(script.Fold(base), " ", "-")
}
