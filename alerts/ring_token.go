package alerts

import "crypto/cipher"

// SealToken returns a small authenticated token that tells its holder nothing.
// Any node of the installation opens it, also after the master key was
// replaced.
func (r *Ring) SealToken(plain []byte) []byte {
	return sealBytes(r.tokens(), []byte("token"), plain)
}

// OpenToken returns what a token holds, or an error for one that is not ours.
func (r *Ring) OpenToken(sealed []byte) ([]byte, error) {
	return openBytes(r.tokens(), nil, []byte("token"), sealed)
}

func (r *Ring) tokens() cipher.AEAD {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.token == nil {
		a, err := newAEAD(deriveKey(r.self, "token"))
		if err != nil {
			panic(err) // only for an impossible key length
		}
		r.token = a
	}
	return r.token
}
