package main

import (
	"context"
	"time"
)

// compareEvery is how often it is looked for what is due to be compared.
const compareEvery = 10 * time.Second

// compare asks the other installations that it is agreed with, until ctx ends.
func (w *world) compare(ctx context.Context) {
	tick := time.NewTicker(compareEvery)
	defer tick.Stop()
	for {
		if err := w.desk.CompareDue(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("compare with other installations", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
