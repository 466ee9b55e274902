package realtime

import (
	"bytes"
	"testing"
)

// The headers are those of RFC 6455 section 5.7.
func TestTextFrame(t *testing.T) {
	t.Parallel()
	for length, want := range map[int][]byte{
		0:         {0x81, 0},
		125:       {0x81, 125},
		126:       {0x81, 126, 0, 126},
		256:       {0x81, 126, 1, 0},
		1<<16 - 1: {0x81, 126, 0xff, 0xff},
		1 << 16:   {0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0},
	} {
		text := bytes.Repeat([]byte("x"), length)
		if got := textFrame(text); !bytes.Equal(got, append(want, text...)) {
			t.Errorf("%d bytes: the frame begins with % x, want % x", length, got[:len(want)], want)
		}
	}
}
