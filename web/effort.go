package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed" // effort.csv
	"encoding/base64"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed effort.csv
var effortCSV string

// effortLimits are the numbers of effort.csv.
type effortLimits struct {
	life, window        time.Duration
	wave, budget        int
	calm, inWave, storm int
}

func loadEffortLimits() (effortLimits, error) {
	rows, err := csv.NewReader(strings.NewReader(effortCSV)).ReadAll()
	if err != nil {
		return effortLimits{}, fmt.Errorf("read effort.csv: %w", err)
	}
	n := map[string]int{}
	for _, row := range rows[1:] {
		if n[row[0]], err = strconv.Atoi(row[1]); err != nil || n[row[0]] <= 0 || row[3] == "" {
			return effortLimits{}, fmt.Errorf("read effort.csv: the row %s is wrong", row[0])
		}
	}
	if len(n) != 7 || n["bits_storm"] > 24 {
		return effortLimits{}, fmt.Errorf("read effort.csv: a row is missing or asks too much")
	}
	return effortLimits{
		life: time.Duration(n["life"]) * time.Minute, window: time.Duration(n["window"]) * time.Minute, wave: n["wave"], budget: n["budget"],
		calm: n["bits"], inWave: n["bits_wave"], storm: n["bits_storm"],
	}, nil
}

// Lengths of a challenge in bytes: when it was made, how many bits it asks for,
// what makes it the only one, and what proves that we made it.
const (
	effortNonce = 16
	effortBody  = 8 + 1 + effortNonce
	effortMark  = 16
	// effortUsed bounds how many solutions are remembered as used.
	effortUsed = 1 << 16
)

// effort lets a sender's device work a little for a report, so that a machine
// cannot send a flood for nothing. Nothing of who sends is kept: a challenge is
// proven by its mark, and of a used one only its random part is remembered until
// it ends, on this node. Without a solution a report is taken all the same.
type effort struct {
	limits effortLimits
	now    func() time.Time
	mac    func(purpose string, parts ...[]byte) []byte

	mu   sync.Mutex
	used map[[effortNonce]byte]time.Time
	// minutes counts reports by minute, unproven those without a solution in the
	// current one.
	minutes  map[int64]int
	unproven int
	minute   int64
}

func newEffort(now func() time.Time, mac func(string, ...[]byte) []byte) (*effort, error) {
	limits, err := loadEffortLimits()
	return &effort{limits: limits, now: now, mac: mac, used: map[[effortNonce]byte]time.Time{}, minutes: map[int64]int{}}, err
}

// challenge returns a fresh one for a form, with as many bits as the load asks for.
func (e *effort) challenge(form string) (text string, difficulty int) {
	e.mu.Lock()
	load := e.load()
	e.mu.Unlock()
	switch difficulty = e.limits.calm; {
	case load >= 5*e.limits.wave:
		difficulty = e.limits.storm
	case load >= e.limits.wave:
		difficulty = e.limits.inWave
	}
	body := binary.BigEndian.AppendUint64(make([]byte, 0, effortBody+effortMark), uint64(e.now().Unix()))
	body = append(body, byte(difficulty))
	body = body[:effortBody]
	_, _ = rand.Read(body[9:])
	return base64.RawURLEncoding.EncodeToString(append(body, e.mark(form, body)...)), difficulty
}

func (e *effort) mark(form string, body []byte) []byte {
	return e.mac("effort", []byte(form), body)[:effortMark]
}

// proven tells whether an answer solves a challenge that was made here for this
// form, has not ended and was not used before; it is used then.
func (e *effort) proven(form, challenge, answer string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(challenge)
	if err != nil || len(raw) != effortBody+effortMark || len(answer) == 0 || len(answer) > 20 {
		return false
	}
	body := raw[:effortBody]
	if subtle.ConstantTimeCompare(raw[effortBody:], e.mark(form, body)) != 1 {
		return false
	}
	made, now := time.Unix(int64(binary.BigEndian.Uint64(body)), 0), e.now()
	if now.Sub(made) > e.limits.life || made.Sub(now) > time.Minute || !solves(challenge, answer, int(body[8])) {
		return false
	}
	nonce := [effortNonce]byte(body[9:])
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.used) >= effortUsed {
		for k, ends := range e.used {
			if !now.Before(ends) {
				delete(e.used, k)
			}
		}
	}
	if _, again := e.used[nonce]; again || len(e.used) >= effortUsed {
		return false
	}
	e.used[nonce] = made.Add(e.limits.life + time.Second)
	return true
}

// solves tells whether the hash of challenge and answer begins with so many
// zero bits.
func solves(challenge, answer string, want int) bool {
	sum := sha256.Sum256([]byte(challenge + ":" + answer))
	zeros := 0
	for _, b := range sum {
		zeros += bits.LeadingZeros8(b)
		if b != 0 {
			break
		}
	}
	return zeros >= want
}

// enter counts a report and tells whether it has to wait behind the proven ones,
// and, when there are too many like it, after how many seconds to send it again.
func (e *effort) enter(proven bool) (behind bool, wait int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.now()
	minute := now.Unix() / 60
	wave := e.load() >= e.limits.wave
	e.minutes[minute]++
	if proven || !wave {
		return false, 0
	}
	if e.minute != minute {
		e.minute, e.unproven = minute, 0
	}
	if e.unproven >= e.limits.budget {
		return true, int(60 - now.Unix()%60)
	}
	e.unproven++
	return true, 0
}

// load is how many reports came in lately; the caller holds the lock.
func (e *effort) load() int {
	first, n := (e.now().Unix()-int64(e.limits.window.Seconds()))/60, 0
	for minute, count := range e.minutes {
		if minute < first {
			delete(e.minutes, minute)
		} else {
			n += count
		}
	}
	return n
}
