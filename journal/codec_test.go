package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// page is the document of these tests. Seen lists who wrote it, in order, so
// that a lost update can be told from a late one.
type page struct {
	Head
	Kind   string
	Seen   []string
	Secret string
}

func (p *page) Collection() string { return p.Kind }

func newPage(kind, id string) *page {
	return &page{Head: Head{ID: id}, Kind: kind, Secret: "secret of " + id}
}

// with returns a copy that one more has written.
func (p *page) with(who string) *page {
	c := *p
	c.Seen = append(slices.Clone(p.Seen), who)
	return &c
}

// storedPage is a page in bytes, its secret sealed.
type storedPage struct {
	ID                   string
	Number               uint64
	Version              int
	Salt                 []byte
	CreatedAt, UpdatedAt time.Time
	Kind                 string
	Seen                 []string
	Sealed               []byte
}

// keyHome keeps the keys of erasure units for all nodes.
type keyHome struct {
	mu   sync.Mutex
	keys map[string][]byte
	gone map[string]bool
	// overwrite is a planted bug: the last to flush wins.
	overwrite bool
}

func newKeyHome() *keyHome {
	return &keyHome{keys: map[string][]byte{}, gone: map[string]bool{}}
}

func (h *keyHome) key(unit string) (key []byte, gone bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.keys[unit], h.gone[unit]
}

// put keeps a key unless the unit has one, and returns the one it has.
func (h *keyHome) put(unit string, key []byte) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	if was := h.keys[unit]; was != nil && !h.overwrite {
		return was
	}
	h.keys[unit] = key
	return key
}

func (h *keyHome) drop(units []Key) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, k := range units {
		delete(h.keys, k.String())
		h.gone[k.String()] = true
	}
}

var errGone = errors.New("the key was destroyed")

// jsonCodec is one node's codec. gate, when set, may fail a call.
type jsonCodec struct {
	home  *keyHome
	name  string
	gate  func(call string) error
	noKey bool // planted bug: Flush keeps nothing

	mu    sync.Mutex
	made  int
	fresh map[string][]byte
}

func newCodec(home *keyHome, name string) *jsonCodec {
	return &jsonCodec{home: home, name: name, fresh: map[string][]byte{}}
}

func (c *jsonCodec) key(unit string) ([]byte, error) {
	key, gone := c.home.key(unit)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case gone:
		return nil, errGone
	case c.fresh[unit] != nil:
		return c.fresh[unit], nil
	case key != nil:
		return key, nil
	}
	c.made++
	sum := sha256.Sum256(fmt.Append(nil, c.name, c.made))
	c.fresh[unit] = sum[:]
	return sum[:], nil
}

func (c *jsonCodec) Encode(d Document) ([]byte, error) {
	p, ok := d.(*page)
	if !ok {
		return nil, fmt.Errorf("unknown document %T", d)
	}
	key, err := c.key(KeyOf(p).String())
	if err != nil {
		return nil, err
	}
	return json.Marshal(storedPage{p.ID, p.Number, p.Version, p.Salt, p.CreatedAt, p.UpdatedAt,
		p.Kind, p.Seen, seal(key, []byte(p.Secret))})
}

func (c *jsonCodec) Decode(key Key, image []byte, row bool) (Document, error) {
	var s storedPage
	if err := json.Unmarshal(image, &s); err != nil {
		return nil, err
	}
	p := &page{Head{s.ID, s.Number, s.Version, s.Salt, s.CreatedAt, s.UpdatedAt}, s.Kind, s.Seen, ""}
	if KeyOf(p) != key {
		return nil, fmt.Errorf("%s holds %s", key, KeyOf(p))
	}
	unit, _ := c.home.key(key.String())
	if unit == nil || row {
		return p, nil
	}
	secret, err := unseal(unit, s.Sealed)
	p.Secret = string(secret)
	return p, err
}

func (c *jsonCodec) Flush(context.Context) error {
	if c.gate != nil {
		if err := c.gate("flush"); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	for unit, key := range c.fresh {
		if !c.noKey && !bytes.Equal(c.home.put(unit, key), key) {
			// Another node made the unit's key first: what is sealed with ours
			// has to be sealed again.
			err = ErrTaken
		}
		if !c.noKey {
			delete(c.fresh, unit)
		}
	}
	return err
}

func (c *jsonCodec) Forget(_ context.Context, keys []Key) error {
	if c.gate != nil {
		if err := c.gate("forget"); err != nil {
			return err
		}
	}
	c.home.drop(keys)
	return nil
}

// seal hides plain under a key well enough to notice a wrong or a missing one.
func seal(key, plain []byte) []byte {
	sum := sha256.Sum256(append(slices.Clone(key), plain...))
	return append(sum[:8:8], mask(key, plain)...)
}

func unseal(key, sealed []byte) ([]byte, error) {
	if len(sealed) < 8 {
		return nil, errors.New("sealed bytes are short")
	}
	plain := mask(key, sealed[8:])
	if !bytes.Equal(seal(key, plain), sealed) {
		return nil, errors.New("sealed with another key")
	}
	return plain, nil
}

func mask(key, b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ key[i%len(key)]
	}
	return out
}
