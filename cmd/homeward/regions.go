package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"homeward/geo"
	"homeward/store"
)

// sideRegions is the kind of side record that holds an imported regions file.
const sideRegions = "regions"

// loadRegions returns the built-in regions and those imported before.
func loadRegions(ctx context.Context, s store.Store) (*geo.Regions, error) {
	r, err := geo.Builtin()
	if err != nil {
		return nil, err
	}
	err = s.EachSide(ctx, sideRegions, func(id string, data []byte) error {
		if _, err := r.Import(data); err != nil {
			return fmt.Errorf("imported regions %s: %w", id, err)
		}
		return nil
	})
	return r, err
}

// importRegions checks a GeoJSON file, keeps it in the store and puts its
// regions into use. Other nodes have them after their next start.
func (w *world) importRegions(ctx context.Context, file []byte) (int, error) {
	added, err := w.regions.Import(file)
	if err != nil {
		return 0, err
	}
	// Areas that name a region without a boundary match by it from now on.
	w.desk.PartnerBoard().Reindex()
	sum := sha256.Sum256(file)
	return len(added), w.store.PutSide(ctx, sideRegions, hex.EncodeToString(sum[:16]), time.Time{}, file)
}

type regionsCommand struct {
	Import regionsImport `cmd:"" help:"Add regions from a GeoJSON FeatureCollection with the properties code, parent and name."`
	List   regionsList   `cmd:"" help:"List the regions that are built in."`
}

type regionsImport struct {
	storeFlags
	Offline bool   `help:"Open the store itself; the server must not be running."`
	File    string `arg:"" help:"GeoJSON file." type:"existingfile"`
}

// Run imports regions, through the running server or offline.
func (r *regionsImport) Run(c *console, ctx context.Context) error {
	if err := r.settle(); err != nil {
		return err
	}
	file, err := os.ReadFile(r.File)
	if err != nil {
		return err
	}
	if !r.Offline {
		return operate(ctx, c.out, r.State, http.MethodPost, "/regions", bytes.NewReader(file))
	}
	w, err := openWorld(ctx, r.storeFlags, worldOptions{}, timeNow, c.log)
	if err != nil {
		return err
	}
	defer w.close()
	n, err := w.importRegions(ctx, file)
	if err != nil {
		return err
	}
	return tellImported(c.out, n)
}

func tellImported(out io.Writer, n int) error {
	_, err := fmt.Fprintf(out, "%d regions imported.\n", n)
	return err
}

type regionsList struct{}

// Run prints code, kind and English name of each built-in region.
func (regionsList) Run(c *console) error {
	r, err := geo.Builtin()
	if err != nil {
		return err
	}
	for _, region := range r.All() {
		if _, err := fmt.Fprintf(c.out, "%s\t%s\n", region.Code, region.Names.In("en")); err != nil {
			return err
		}
	}
	return nil
}
