package main

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// startRoom is how many bytes of garbage a start may leave lying before they
// are collected. What a start loads stays, so that collecting along the way
// would go through the same documents again and again for little.
const startRoom = 256 << 20

// workRoom is how many bytes of garbage a running server may leave lying.
const workRoom = 128 << 20

// withRoom runs a start with that room, which is given back afterwards. It is for
// a process that starts once: the room belongs to the whole process. A
// memory limit of the environment holds all the same.
func withRoom(start func() error) error {
	was := debug.SetGCPercent(-1)
	defer debug.SetGCPercent(was)
	if was < 0 {
		return start() // the operator wants no collection
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		keepRoom(done, startRoom, 25, 5*time.Millisecond)
	}()
	defer func() {
		close(done)
		<-ended
	}()
	return start()
}

// roomy leaves a running server workRoom of garbage where little is in use: a
// small installation would otherwise spend a quarter of its time under load on
// going through the same few documents again. It returns when done is closed,
// and is for a process that serves once.
func roomy(done <-chan struct{}) {
	was := debug.SetGCPercent(-1)
	defer debug.SetGCPercent(was)
	if was >= 0 {
		keepRoom(done, workRoom, was, 5*time.Second)
	}
}

// keepRoom sets the heap's growth, which is a share of what is in use, so that
// it comes to so many bytes of room, but never to less than least per cent of
// what is in use. It looks at what is in use every so often until done is closed.
func keepRoom(done <-chan struct{}, room, least int, every time.Duration) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	look := time.NewTicker(every)
	defer look.Stop()
	for now, known := -1, 0; ; known = now {
		metrics.Read(live)
		const smallest = 4 << 20 // what the runtime takes a smaller heap for
		if now = max(least, room*100/max(smallest, int(live[0].Value.Uint64()))); now != known {
			debug.SetGCPercent(now)
		}
		select {
		case <-done:
			return
		case <-look.C:
		}
	}
}
