package alerts

import (
	"runtime"
	"strings"
	"sync"

	"homeward/geo/script"
	"homeward/journal"
)

// Board is what is known now, in memory: cases, alerts and accounts whole, of
// sightings and contacts one small row each. It is a copy: everything on it
// stands in the store. Its methods may be called from any goroutine. Documents
// that it returns are immutable; slices that it returns are the caller's.
type Board struct {
	mu sync.RWMutex
	// readyNames makes the index of names when it is first needed.
	readyNames sync.Once
	cases      caseShelf
	alerts     alertShelf
	accounts   accountShelf
	sightings  sightingShelf
	contacts   contactShelf
	calls      callShelf
	rumours    map[string]*Rumour
	// receipts leads from a follow-up code to a sighting or a contact.
	receipts map[receipt]journal.Key
	// words keeps one copy of each state, channel and kind that rows name.
	words map[string]string
}

// NewBoard returns an empty board.
func NewBoard() *Board {
	return &Board{
		cases:     newCaseShelf(),
		alerts:    newAlertShelf(),
		accounts:  newAccountShelf(),
		sightings: newSightingShelf(),
		contacts:  newContactShelf(),
		calls:     newCallShelf(),
		rumours:   map[string]*Rumour{},
		receipts:  map[receipt]journal.Key{},
		words:     map[string]string{},
	}
}

// Install puts committed changes on the board. Documents of collections that
// the board does not hold are passed over.
func (b *Board) Install(batch []journal.Installed) {
	folded := foldNames(batch)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.makeRoom(batch)
	defer b.settle()
	for i := range batch {
		for _, d := range batch[i].Documents {
			b.put(d, folded)
		}
		for _, k := range batch[i].Forgotten {
			b.drop(k)
		}
	}
}

// makeRoom readies an empty board for the cases that a start brings, so that
// neither its maps nor its timelines grow one by one.
func (b *Board) makeRoom(batch []journal.Installed) {
	if len(b.cases.byID) > 0 {
		return
	}
	cases := 0
	for i := range batch {
		for _, d := range batch[i].Documents {
			if _, ok := d.(*Case); ok {
				cases++
			}
		}
	}
	if cases >= minFolded {
		b.cases.byID, b.cases.byNumber = make(map[string]*heldCase, cases), make(map[string]string, cases)
		b.cases.gather()
	}
}

// settle ends what makeRoom began. Nothing was read in between: the lock was
// held.
func (b *Board) settle() { b.cases.settle() }

// foldNames makes the search keys of cases before the lock is taken: it is the
// one slow part of an installation.
func foldNames(batch []journal.Installed) map[*Case]string {
	var cases []*Case
	for i := range batch {
		for _, d := range batch[i].Documents {
			if c, ok := d.(*Case); ok {
				cases = append(cases, c)
			}
		}
	}
	keys := make([]string, len(cases))
	share := max(minFolded, (len(cases)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for from := 0; from < len(cases); from += share {
		wg.Go(func() {
			for i := from; i < min(from+share, len(cases)); i++ {
				keys[i] = searchKeys(cases[i])
			}
		})
	}
	wg.Wait()
	folded := make(map[*Case]string, len(cases))
	for i, c := range cases {
		folded[c] = keys[i]
	}
	return folded
}

// minFolded is how many cases are worth a goroutine: only a start has more.
const minFolded = 256

func (b *Board) put(d journal.Document, folded map[*Case]string) {
	switch d := d.(type) {
	case *Case:
		b.cases.put(d, folded[d])
		b.regroup(d.ID)
	case *Alert:
		b.alerts.put(d)
	case *Account:
		b.accounts.put(d)
	case *Sighting:
		b.putSighting(rowOfSighting(d))
	case *SightingRow:
		b.putSighting(d)
	case *Contact:
		b.putContact(rowOfContact(d))
	case *ContactRow:
		b.putContact(d)
	case *Rumour:
		b.putRumour(d)
	case *Call:
		b.calls.put(d)
	case *Exchange:
		b.calls.putExchange(d)
	case *Block:
		b.calls.putBlock(d)
	}
}

func (b *Board) drop(k journal.Key) {
	switch k.Collection {
	case "cases":
		b.cases.drop(k.ID)
		b.regroup(k.ID)
	case "alerts":
		b.alerts.drop(k.ID)
	case "accounts":
		b.accounts.drop(k.ID)
	case "sightings":
		b.dropSighting(k.ID)
	case "contacts":
		b.dropContact(k.ID)
	case "rumours":
		delete(b.rumours, k.ID)
	case "calls":
		b.calls.drop(k.ID)
	case "exchanges":
		delete(b.calls.exchanges, k.ID)
	case "blocks":
		delete(b.calls.blocks, k.ID)
	}
}

// Lookup returns a document that the board holds whole: a case, an alert or an
// account.
func (b *Board) Lookup(key journal.Key) (journal.Document, bool) {
	switch key.Collection {
	case "cases":
		if c, ok := b.Case(key.ID); ok {
			return c, true
		}
	case "alerts":
		if a, ok := b.Alert(key.ID); ok {
			return a, true
		}
	case "accounts":
		if a, ok := b.Account(key.ID); ok {
			return a, true
		}
	case "rumours":
		if r, ok := b.Rumour(key.ID); ok {
			return r, true
		}
	case "calls":
		if c, ok := b.Call(key.ID); ok {
			return c, true
		}
	case "exchanges":
		if e, ok := b.Exchange(key.ID); ok {
			return e, true
		}
	case "blocks":
		if one, ok := b.Block(key.ID); ok {
			return one, true
		}
	}
	return nil, false
}

// ByReceipt returns the sighting or contact whose follow-up code has this hash.
func (b *Board) ByReceipt(hash []byte) (journal.Key, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	k, ok := b.receipts[receiptOf(hash)]
	return k, ok && len(hash) > 0
}

// word returns the board's one copy of a word from a small set.
func (b *Board) word(s string) string {
	if w, ok := b.words[s]; ok {
		return w
	}
	b.words[s] = s
	return s
}

// receipt is the first half of the hash of a follow-up code, which is enough to
// find a row; the whole hash is compared on the document. Zero is none.
type receipt [16]byte

func receiptOf(hash []byte) receipt {
	var r receipt
	copy(r[:], hash)
	return r
}

// searchKeys folds the names and the number of a case into one line in which
// every word follows a space.
func searchKeys(c *Case) string {
	var line strings.Builder
	add := func(key string) {
		line.WriteByte(' ')
		line.WriteString(key)
	}
	add(script.Fold(c.CaseNumber))
	for i := range c.Children {
		for _, n := range c.Children[i].Names {
			for _, key := range script.Keys(n.Given + " " + n.Family) {
				add(key)
			}
		}
	}
	return line.String()
}
