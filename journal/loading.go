package journal

import "sync"

// loading gathers what a start reads; several goroutines bring it.
type loading struct {
	boards []Board

	mu       sync.Mutex
	all      Installed // but for rows
	rows     []Document
	standing []standing
}

// standing is at which change a document stands.
type standing struct {
	key    Key
	number uint64
}

// rowsAtOnce is how many rows are installed together.
const rowsAtOnce = 4096

func (l *loading) forgotten(one Loaded) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Forgotten = append(l.all.Forgotten, one.Key)
	l.standing = append(l.standing, standing{one.Key, one.Number})
}

func (l *loading) document(d Document, number uint64, row bool) {
	key := KeyOf(d)
	l.mu.Lock()
	l.standing = append(l.standing, standing{key, number})
	if !row {
		l.all.Documents = append(l.all.Documents, d)
		l.mu.Unlock()
		return
	}
	var full []Document
	if l.rows = append(l.rows, d); len(l.rows) == rowsAtOnce {
		full, l.rows = l.rows, make([]Document, 0, rowsAtOnce)
	}
	l.mu.Unlock()
	l.install(full)
}

// install puts rows on the boards, where each is found once and in no order.
func (l *loading) install(rows []Document) {
	if len(rows) == 0 {
		return
	}
	for _, b := range l.boards {
		b.Install([]Installed{{Documents: rows}})
	}
}
