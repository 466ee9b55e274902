package web

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// BaseFile is the operator's own map with streets, which browsers read by
// ranges from this server alone. The file stays open: one that is put in its
// place is read from the next start on.
type BaseFile struct {
	geo.TileFile
	Reader   io.ReaderAt
	Size     int64
	Modified time.Time
}

// tag names this very content: size and time of the last change.
func (b *BaseFile) tag() string {
	return fmt.Sprintf(`"%x-%x"`, b.Size, b.Modified.UnixNano())
}

// MapBase is what the map's script needs to draw the operator's own map.
type MapBase struct {
	URL    string     `json:"url"`
	Schema string     `json:"schema"`
	Bounds [4]float64 `json:"bounds"`
	// MinZoom and MaxZoom are those of its tiles.
	MinZoom int    `json:"min_zoom"`
	MaxZoom int    `json:"max_zoom"`
	Credit  string `json:"credit"`
	// Reader is where the script is that reads such files.
	Reader string `json:"reader"`
}

// mapBase is the operator's own map for a page, nil where there is none.
func (p *Page) mapBase() *MapBase {
	b := p.s.BaseFile
	if b == nil {
		return nil
	}
	return &MapBase{
		URL: "/map/base.pmtiles?v=" + strings.Trim(b.tag(), `"`), Schema: b.Schema, Credit: b.Credit, Reader: p.Asset("vendor/pmtiles/pmtiles.js"),
		Bounds: [4]float64{b.Box.West, b.Box.South, b.Box.East, b.Box.North}, MinZoom: b.MinZoom, MaxZoom: b.MaxZoom,
	}
}

// BaseCredit names who made the operator's own map, "" without one.
func (p *Page) BaseCredit() string {
	if p.s.BaseFile == nil {
		return ""
	}
	return p.s.BaseFile.Credit
}

// baseFile serves the operator's own map, or the part of it that is asked for,
// byte by byte as it is: a range of something packed would be of no use.
func (s *Server) baseFile(c *fiber.Ctx, _ alerts.Actor) error {
	b := s.BaseFile
	if b == nil {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderETag, b.tag())
	c.Set(fiber.HeaderAcceptRanges, "bytes")
	c.Set(fiber.HeaderContentType, "application/octet-stream")
	c.Set(fiber.HeaderLastModified, b.Modified.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"))
	c.Set(fiber.HeaderCacheControl, "public, no-cache")
	if c.Query("v") == strings.Trim(b.tag(), `"`) {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable, no-transform")
	}
	if c.Get(fiber.HeaderIfNoneMatch) == b.tag() {
		return c.SendStatus(fiber.StatusNotModified)
	}
	asked := c.Get(fiber.HeaderRange)
	if tag := c.Get(fiber.HeaderIfRange); tag != "" && tag != b.tag() {
		asked = "" // of another file
	}
	from, length, part := rangeOf(asked, b.Size)
	switch {
	case part && length == 0:
		c.Set(fiber.HeaderContentRange, "bytes */"+strconv.FormatInt(b.Size, 10))
		return c.SendStatus(fiber.StatusRequestedRangeNotSatisfiable)
	case part:
		c.Status(fiber.StatusPartialContent)
		c.Set(fiber.HeaderContentRange, fmt.Sprintf("bytes %d-%d/%d", from, from+length-1, b.Size))
	}
	return c.SendStream(io.NewSectionReader(b.Reader, from, length), int(length))
}

// rangeOf reads the header Range of RFC 9110 for a file of a size. part is false
// where the whole is meant: without the header, for what cannot be read, and for
// several ranges at once, which nobody has to answer. A length of 0 is a range
// that the file does not have.
func rangeOf(header string, size int64) (from, length int64, part bool) {
	spec, ok := strings.CutPrefix(strings.TrimSpace(header), "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok || !dash || strings.Contains(spec, ",") {
		return 0, size, false
	}
	if first == "" { // the last so many bytes
		n, err := position64(last)
		if err != nil {
			return 0, size, false
		}
		n = min(n, size)
		return size - n, n, true
	}
	from, err := position64(first)
	if err != nil {
		return 0, size, false
	}
	to := size - 1
	if last != "" {
		end, err := position64(last)
		if err != nil || end < from {
			return 0, size, false
		}
		to = min(end, to)
	}
	if from >= size {
		return 0, 0, true
	}
	return from, to - from + 1, true
}

// position64 reads digits alone: no sign, no spaces.
func position64(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("read a position: %w", err)
	}
	return int64(n), nil
}
