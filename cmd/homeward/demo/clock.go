package demo

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that can be set while history is being written, and that
// tells the real time otherwise. It is safe for concurrent use.
type Clock struct {
	real func() time.Time
	set  atomic.Pointer[time.Time]
}

// NewClock returns a clock that tells the time of real.
func NewClock(real func() time.Time) *Clock { return &Clock{real: real} }

// Now is the time that was set, or else the real one.
func (c *Clock) Now() time.Time {
	if t := c.set.Load(); t != nil {
		return *t
	}
	return c.real()
}

// stop sets the clock to t until the next stop or run.
func (c *Clock) stop(t time.Time) { c.set.Store(&t) }

// run lets the clock tell the real time again.
func (c *Clock) run() { c.set.Store(nil) }
