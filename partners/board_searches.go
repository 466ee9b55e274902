package partners

import (
	"cmp"
	"crypto/subtle"
	"slices"
	"strings"
	"sync"

	"homeward/alerts"
	"homeward/journal"
)

// searchBoard holds searches and their tasks whole. Board embeds it by value;
// the zero value is ready for use. It has a lock of its own.
type searchBoard struct {
	searchMu sync.RWMutex
	searches map[string]*Search
	tasks    map[string]*SearchTask
	byCode   map[[32]byte]string // hash of a leader's code: id of the task
}

func (b *searchBoard) install(d journal.Document) bool {
	b.searchMu.Lock()
	defer b.searchMu.Unlock()
	if b.searches == nil {
		b.searches, b.tasks, b.byCode = map[string]*Search{}, map[string]*SearchTask{}, map[[32]byte]string{}
	}
	switch d := d.(type) {
	case *Search:
		if was := b.searches[d.ID]; was == nil || was.Number <= d.Number {
			b.searches[d.ID] = d
		}
	case *SearchTask:
		if was := b.tasks[d.ID]; was == nil || was.Number <= d.Number {
			b.dropTask(d.ID)
			b.tasks[d.ID] = d
			b.byCode[hashKey(d.Receipt)] = d.ID
		}
	default:
		return false
	}
	return true
}

func (b *searchBoard) dropTask(id string) {
	if was := b.tasks[id]; was != nil {
		delete(b.byCode, hashKey(was.Receipt))
		delete(b.tasks, id)
	}
}

func (b *searchBoard) forget(k journal.Key) {
	b.searchMu.Lock()
	defer b.searchMu.Unlock()
	switch k.Collection {
	case "searches":
		delete(b.searches, k.ID)
	case "search_tasks":
		b.dropTask(k.ID)
	case "cases":
		for id, s := range b.searches {
			if s.CaseID == k.ID {
				delete(b.searches, id)
			}
		}
		for id, t := range b.tasks {
			if t.CaseID == k.ID {
				b.dropTask(id)
			}
		}
	}
}

func (b *searchBoard) lookup(k journal.Key) (journal.Document, bool) {
	switch k.Collection {
	case "searches":
		if s, ok := b.Search(k.ID); ok {
			return s, true
		}
	case "search_tasks":
		if t, ok := b.SearchTask(k.ID); ok {
			return t, true
		}
	}
	return nil, false
}

// Search returns a search.
func (b *searchBoard) Search(id string) (*Search, bool) {
	b.searchMu.RLock()
	defer b.searchMu.RUnlock()
	s, ok := b.searches[id]
	return s, ok
}

// SearchTask returns a task of a search.
func (b *searchBoard) SearchTask(id string) (*SearchTask, bool) {
	b.searchMu.RLock()
	defer b.searchMu.RUnlock()
	t, ok := b.tasks[id]
	return t, ok
}

// Searches returns all searches, oldest first.
func (b *searchBoard) Searches() []*Search {
	b.searchMu.RLock()
	defer b.searchMu.RUnlock()
	out := make([]*Search, 0, len(b.searches))
	for _, s := range b.searches {
		out = append(out, s)
	}
	slices.SortFunc(out, func(x, y *Search) int {
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return out
}

// SearchTasks returns the tasks of all searches, by their number.
func (b *searchBoard) SearchTasks() []*SearchTask {
	b.searchMu.RLock()
	defer b.searchMu.RUnlock()
	out := make([]*SearchTask, 0, len(b.tasks))
	for _, t := range b.tasks {
		out = append(out, t)
	}
	slices.SortFunc(out, func(x, y *SearchTask) int {
		return cmp.Or(strings.Compare(x.SearchID, y.SearchID), x.N-y.N, strings.Compare(x.ID, y.ID))
	})
	return out
}

// tasksOf returns the tasks of one search, by their number.
func (b *searchBoard) tasksOf(searchID string) []*SearchTask {
	return slices.DeleteFunc(b.SearchTasks(), func(t *SearchTask) bool { return t.SearchID != searchID })
}

// searchOf returns the newest search of a case.
func (b *searchBoard) searchOf(caseID string) (*Search, bool) {
	all := b.Searches()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].CaseID == caseID {
			return all[i], true
		}
	}
	return nil, false
}

// taskByCode returns the task that a leader's code is for.
func (b *searchBoard) taskByCode(code string) (*SearchTask, bool) {
	normal := alerts.NormalCode(code)
	if normal == "" {
		return nil, false
	}
	hash := alerts.HashSecret(normal)
	b.searchMu.RLock()
	defer b.searchMu.RUnlock()
	t := b.tasks[b.byCode[hashKey(hash)]]
	if t == nil || subtle.ConstantTimeCompare(t.Receipt, hash) != 1 {
		return nil, false
	}
	return t, true
}

// searchKeys are the searches and tasks of a case. Their places have the case's
// key; their states and times have not.
func (b *searchBoard) searchKeys(caseID string) []journal.Key {
	var out []journal.Key
	for _, s := range b.Searches() {
		if s.CaseID == caseID {
			out = append(out, journal.Key{Collection: "searches", ID: s.ID})
		}
	}
	for _, t := range b.SearchTasks() {
		if t.CaseID == caseID {
			out = append(out, journal.Key{Collection: "search_tasks", ID: t.ID})
		}
	}
	return out
}

// ErasureKeys returns the records of a case that whoever erases the case forgets
// in the same change, or what they hold would outlive it.
func (b *Board) ErasureKeys(caseID string) []journal.Key {
	return slices.Concat(b.protectBoard.ErasureKeys(caseID), b.searchKeys(caseID), b.comparedKeys(caseID))
}
