package store

import (
	"context"
	"runtime"
	"sync"
)

// spread has tasks run on as many goroutines as there are processors. Produce
// hands them over; the first error, its own or a task's, ends everything.
func spread(ctx context.Context, produce func(ctx context.Context, do func(task func() error) error) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	tasks := make(chan func() error, 2*runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for task := range tasks {
				if ctx.Err() != nil {
					continue
				}
				if err := task(); err != nil {
					stop(err)
				}
			}
		})
	}
	err := produce(ctx, func(task func() error) error {
		select {
		case tasks <- task:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	close(tasks)
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
