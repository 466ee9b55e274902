package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	in := flag.String("in", os.Getenv("GEO_INPUT"), "directory with the unpacked npm packages")
	iso := flag.String("iso", "/usr/share/iso-codes/json", "iso-codes JSON directory")
	locale := flag.String("locale", "/usr/share/locale", "translations of iso-codes")
	own := flag.String("own", "build", "directory with our own tables")
	out := flag.String("out", "data", "where to write")
	flag.Parse()
	if err := run(*in, *iso, *locale, *own, *out); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(in, iso, locale, own, out string) error {
	countries, err := readTable(filepath.Join(own, "countries.csv"))
	if err != nil {
		return err
	}
	world, err := buildWorld(filepath.Join(in, "world-atlas"), countries)
	if err != nil {
		return err
	}
	if err := writeZipped(filepath.Join(out, "world.bin.gz"), world); err != nil {
		return err
	}
	if err := buildRegions(iso, locale, own, countries, filepath.Join(out, "regions.csv")); err != nil {
		return err
	}
	places, err := buildPlaces(in, own)
	if err != nil {
		return err
	}
	return writeZipped(filepath.Join(out, "places.bin.gz"), places)
}

// writeZipped leaves name and time out of the header, so that the same inputs
// give the same bytes.
func writeZipped(path string, data []byte) error {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(data); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %d zipped\n", path, len(data), buf.Len())
	return os.WriteFile(path, buf.Bytes(), 0o644)
}
