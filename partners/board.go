package partners

import (
	"sync"

	"homeward/alerts"
	"homeward/geo"
	"homeward/journal"
)

// Board is what is known of partners now, in memory: organisations, who was
// told of which alert, what came back, and for each organisation the frames
// that it is owed; with the institutions and abduction matters. Its methods may
// be called from any goroutine. Documents that it returns are immutable.
type Board struct {
	matterBoard
	paperBoard
	protectBoard
	searchBoard
	shiftBoard
	compareBoard
	erasureBoard

	alerts  *alerts.Board
	regions *geo.Regions
	// index holds the coverage of every organisation that has not ended, so
	// that an audience can also say who is left out. It has a lock of its own.
	index geo.AreaIndex

	mu         sync.RWMutex
	partners   map[string]*Partner
	keys       map[[32]byte]keyPlace
	released   map[string]*alerts.Alert
	drills     map[string]*Drill
	told       map[string]*toldBoard // by alert
	deliveries map[string]*Delivery
	feeds      map[string]*feed // by partner
	number     uint64           // of the last change installed
	// agenda has a lock of its own; silence and drillTexts never change.
	agenda     *agenda
	silence    []SilencePolicy
	drillTexts []alerts.Text
}

type keyPlace struct{ partner, key string }

// NewBoard returns an empty board beside the board of alerts. It panics when the
// embedded policy cannot be read: the build is broken.
func NewBoard(b *alerts.Board, r *geo.Regions) *Board {
	silence, err := LoadSilence()
	if err != nil {
		panic(err)
	}
	texts, err := loadDrillTexts()
	if err != nil {
		panic(err)
	}
	return &Board{
		agenda: newAgenda(), silence: silence, drillTexts: texts,
		alerts: b, regions: r,
		partners:   map[string]*Partner{},
		keys:       map[[32]byte]keyPlace{},
		released:   map[string]*alerts.Alert{},
		drills:     map[string]*Drill{},
		told:       map[string]*toldBoard{},
		deliveries: map[string]*Delivery{},
		feeds:      map[string]*feed{},
	}
}

// Install puts committed changes on the board, one after another: what a
// partner sees of an alert gets the number of the change that altered it.
func (b *Board) Install(batch []journal.Installed) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range batch {
		b.installOne(&batch[i])
	}
}

func (b *Board) installOne(in *journal.Installed) {
	b.number = max(b.number, in.Change.Number)
	var dirty touched
	for _, d := range in.Documents {
		b.number = max(b.number, d.DocumentHead().Number)
		if !b.matterBoard.install(d) && !b.paperBoard.install(d) && !b.protectBoard.install(d) && !b.searchBoard.install(d) && !b.shiftBoard.install(d) && !b.compareBoard.install(d) && !b.erasureBoard.install(d) {
			b.put(d, &dirty)
		}
	}
	for _, k := range in.Forgotten {
		b.matterBoard.forget(k)
		b.paperBoard.forget(k)
		b.protectBoard.forget(k)
		b.searchBoard.forget(k)
		b.shiftBoard.forget(k)
		b.compareBoard.forget(k)
		b.drop(k, &dirty)
	}
	for id, number := range dirty.alerts {
		b.agenda.touch(&b.agenda.alerts, id)
		b.refresh(id, max(number, in.Change.Number))
	}
	for _, d := range dirty.deliveries {
		b.refreshOne(d, max(d.Number, in.Change.Number))
	}
}

// touched collects what one change concerns: alerts with the highest number of
// their documents, and single deliveries.
type touched struct {
	alerts     map[string]uint64
	deliveries []*Delivery
}

func (t *touched) alert(id string, number uint64) {
	if t.alerts == nil {
		t.alerts = map[string]uint64{}
	}
	t.alerts[id] = max(t.alerts[id], number)
}

// put takes a document unless the board has a newer one: catching up may bring
// a document as it stands now with a change that is older.
func (b *Board) put(d journal.Document, dirty *touched) {
	switch d := d.(type) {
	case *Partner:
		if was := b.partners[d.ID]; was == nil || was.Number <= d.Number {
			b.putPartner(was, d)
			b.agenda.touch(&b.agenda.partners, d.ID)
		}
	case *alerts.Alert:
		if was := b.released[d.ID]; was == nil || was.Number <= d.Number {
			b.released[d.ID] = d
			dirty.alert(d.ID, d.Number)
		}
	case *Drill:
		if was := b.drills[d.ID]; was == nil || was.Number <= d.Number {
			b.putDrill(d)
			dirty.alert(d.ID, d.Number)
		}
	case *Told:
		if t := b.told[d.ID]; t == nil || t.doc.Number <= d.Number {
			b.putTold(t, d)
			dirty.alert(d.ID, d.Number)
		}
	case *Delivery:
		if was := b.deliveries[d.ID]; was == nil || was.Number <= d.Number {
			b.deliveries[d.ID] = d
			b.agenda.touch(&b.agenda.deliveries, d.ID)
			dirty.deliveries = append(dirty.deliveries, d)
		}
	}
}

func (b *Board) drop(k journal.Key, dirty *touched) {
	switch k.Collection {
	case "alerts":
		delete(b.released, k.ID)
		dirty.alert(k.ID, 0)
	case "partners":
		if was := b.partners[k.ID]; was != nil {
			b.putPartner(was, nil)
		}
	case "deliveries":
		delete(b.deliveries, k.ID)
	}
}

func (b *Board) putPartner(was, now *Partner) {
	if was != nil {
		for i := range was.Keys {
			delete(b.keys, hashKey(was.Keys[i].Hash))
		}
	}
	if now == nil {
		delete(b.partners, was.ID)
		b.index.Remove(was.ID)
		return
	}
	b.partners[now.ID] = now
	for i := range now.Keys {
		b.keys[hashKey(now.Keys[i].Hash)] = keyPlace{now.ID, now.Keys[i].ID}
	}
	if now.State == PartnerEnded {
		b.index.Remove(now.ID)
		return
	}
	if was == nil || was.State == PartnerEnded || !sameArea(was.Coverage, now.Coverage) {
		b.index.Put(now.ID, b.regions.Compile(now.Coverage))
	}
}

func hashKey(hash []byte) (k [32]byte) {
	copy(k[:], hash)
	return k
}

// Lookup returns a document that the board holds whole.
func (b *Board) Lookup(k journal.Key) (journal.Document, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	switch k.Collection {
	case "partners":
		if p := b.partners[k.ID]; p != nil {
			return p, true
		}
	case "drills":
		if x := b.drills[k.ID]; x != nil {
			return x, true
		}
	case "told":
		if t := b.told[k.ID]; t != nil {
			return t.doc, true
		}
	case "deliveries":
		if d := b.deliveries[k.ID]; d != nil {
			return d, true
		}
	}
	if doc, ok := b.paperBoard.lookup(k); ok {
		return doc, true
	}
	if doc, ok := b.protectBoard.lookup(k); ok {
		return doc, true
	}
	if doc, ok := b.searchBoard.lookup(k); ok {
		return doc, true
	}
	if doc, ok := b.shiftBoard.lookup(k); ok {
		return doc, true
	}
	if doc, ok := b.compareBoard.lookup(k); ok {
		return doc, true
	}
	if doc, ok := b.erasureBoard.lookup(k); ok {
		return doc, true
	}
	return b.matterBoard.lookup(k)
}
