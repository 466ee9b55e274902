package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"homeward/cmd/homeward/demo"
	"homeward/web"
)

type demoCommand struct {
	Listen  string `help:"Address to listen on; loopback only." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Basemap string `help:"A map of your own with streets, as a PMTiles file." placeholder:"FILE.pmtiles"`
}

// demoIdle is how long a session of the demonstration may be idle: somebody who
// tries things reads in between.
const demoIdle = 8 * time.Hour

// Run serves fictional data from a directory that is removed at the end.
func (d *demoCommand) Run(c *console, ctx context.Context) (err error) {
	base, err := openBaseFile(d.Basemap)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "homeward-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := storeFlags{Store: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
	f := webFlags{Listen: d.Listen, Name: "Homeward", Sender: "demo.homeward.example.org", Idle: demoIdle, Country: []string{"RS"}}
	if err := errors.Join(s.settle(), f.check()); err != nil {
		return err
	}
	l, err := f.bind()
	if err != nil {
		return err
	}
	clock := demo.NewClock(timeNow)
	fmt.Fprintln(c.out, "Loading a fictional country's worth of cases …")
	var w *world
	var links web.Demo
	var token string
	err = withRoom(func() (err error) {
		if w, err = openWorld(ctx, s, f.world(), clock.Now, c.log); err != nil {
			return err
		}
		if links, token, err = loadDemo(ctx, w, clock); err != nil {
			return errors.Join(fmt.Errorf("load the demonstration: %w", err), w.close())
		}
		return nil
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	w.baseFile = base
	return w.serve(ctx, c, f, l, &links, func(address string) {
		fmt.Fprintf(c.out, "\nEverything in it is invented. What to try:  %s/try\n\nSign in as:\n", address)
		for _, l := range links.Links {
			fmt.Fprintf(c.out, "  %-16s %s/sign-in#%s\n", l.Role, address, l.Code)
		}
		fmt.Fprintf(c.out, "\nA partner's program:\n  go run ./cmd/homeward listen --url %s --token %s\n\nStop with Ctrl-C; everything is removed then.\n", address, token)
	})
}
