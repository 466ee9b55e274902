package alerts

import (
	"encoding/base32"
	"strings"
)

// idOf writes the first 128 bits of a keyed hash as an id.
func idOf(mac []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac[:16]))
}
