package alerts

import (
	"sync"
	"time"
)

// limiter counts attempts per key as buckets that refill. What is remembered is
// bounded: when a half is full it becomes the old one, and what was in the one
// before is forgotten, which only ever allows more.
type limiter struct {
	burst int
	every time.Duration // one attempt more after each
	size  int

	mu      sync.Mutex
	recent  map[string]bucket
	earlier map[string]bucket
}

type bucket struct {
	left float64
	at   time.Time
}

func newLimiter(burst int, every time.Duration, size int) *limiter {
	return &limiter{burst: burst, every: every, size: size, recent: map[string]bucket{}, earlier: map[string]bucket{}}
}

// take uses up one attempt of a key and tells whether there was one.
func (l *limiter) take(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.recent[key]
	if !ok {
		b, ok = l.earlier[key]
	}
	if !ok {
		b = bucket{float64(l.burst), now}
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.left = min(float64(l.burst), b.left+float64(passed)/float64(l.every))
		b.at = now
	}
	allowed := b.left >= 1
	if allowed {
		b.left--
	}
	if _, ok := l.recent[key]; !ok && len(l.recent) >= l.size {
		l.recent, l.earlier = map[string]bucket{}, l.recent
	}
	l.recent[key] = b
	return allowed
}

// forgive gives a key its attempts back, after one that was right.
func (l *limiter) forgive(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.recent, key)
	delete(l.earlier, key)
}
