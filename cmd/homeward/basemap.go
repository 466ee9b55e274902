package main

import (
	"errors"
	"fmt"
	"os"

	"homeward/geo"
	"homeward/web"
)

// openBaseFile opens the operator's own map and makes sure that it can be drawn;
// nil where none is named. The file stays open until the process ends.
func openBaseFile(name string) (*web.BaseFile, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // none is named
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("--basemap: %w", err)
	}
	base, err := readBaseFile(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--basemap %s: %w", name, err), f.Close())
	}
	return base, nil
}

func readBaseFile(f *os.File) (*web.BaseFile, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("this is no file")
	}
	tiles, err := geo.ReadTileFile(f, info.Size())
	if err != nil {
		return nil, err
	}
	return &web.BaseFile{TileFile: tiles, Reader: f, Size: info.Size(), Modified: info.ModTime()}, nil
}
