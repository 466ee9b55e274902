package main

import (
	"context"

	"homeward/cmd/homeward/demo"
	"homeward/web"
)

// loadDemo fills an empty world with the demonstration's data, and returns what
// the first page offers and a partner's token. The world tells the time by
// clock, which is set back meanwhile, so that the history looks like one.
func loadDemo(ctx context.Context, w *world, clock *demo.Clock) (web.Demo, string, error) {
	loaded, err := demo.Load(ctx, demo.Parts{Desk: w.desk, Door: w.door, Clock: clock})
	if err != nil {
		return web.Demo{}, "", err
	}
	streets, err := demo.Streets()
	if err != nil {
		return web.Demo{}, "", err
	}
	if _, err := w.places.add(ctx, placeFile{name: "demonstration", credit: "Homeward demo (invented, izmišljeno)", content: streets}); err != nil {
		return web.Demo{}, "", err
	}
	var out web.Demo
	for _, l := range loaded.Links {
		out.Links = append(out.Links, web.DemoLink{Role: string(l.Role), Name: l.Name, Code: l.Code})
	}
	out.FollowCode = loaded.FollowCode
	return out, loaded.Token, nil
}
