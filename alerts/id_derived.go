package alerts

import "encoding/base32"

var idLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// idOf writes the first 128 bits of a keyed hash as an id.
func idOf(mac []byte) string {
	var id [26]byte
	idLetters.Encode(id[:], mac[:16])
	return string(id[:])
}
