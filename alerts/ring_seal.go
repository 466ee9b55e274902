package alerts

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// wrapper wraps unit keys under one master key.
type wrapper struct {
	aead cipher.AEAD
}

func newWrapper(master []byte) (wrapper, error) {
	if len(master) != keySize {
		return wrapper{}, fmt.Errorf("the master key has %d bytes, it must have %d", len(master), keySize)
	}
	a, err := newAEAD(deriveKey(master, "wrap"))
	return wrapper{a}, err
}

// wrap binds the key to its unit, so that two units cannot be swapped.
func (w wrapper) wrap(unit string, key []byte) []byte {
	return sealBytes(w.aead, []byte("unit "+unit), key)
}

func (w wrapper) unwrap(unit string, wrapped []byte) ([]byte, bool) {
	key, err := openBytes(w.aead, nil, []byte("unit "+unit), wrapped)
	return key, err == nil && len(key) == keySize
}

// seal returns nonce, ciphertext and tag. The nonce is random: one key seals far
// fewer than the 2^32 parts that random nonces are good for.
func sealBytes(a cipher.AEAD, aad, plain []byte) []byte {
	out := make([]byte, nonceSize, nonceSize+len(plain)+tagSize)
	readRandom(rand.Reader, out)
	return a.Seal(out, out, plain, aad)
}

// openBytes appends what is sealed to dst.
func openBytes(a cipher.AEAD, dst, aad, sealed []byte) ([]byte, error) {
	if len(sealed) < nonceSize+tagSize {
		return nil, errSealed
	}
	plain, err := a.Open(dst, sealed[:nonceSize], sealed[nonceSize:], aad)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

// MAC returns an HMAC-SHA256 over parts, each with its length, under a key of
// its own for this purpose. It does not change when the master key does.
func (r *Ring) MAC(purpose string, parts ...[]byte) []byte {
	r.mu.Lock()
	key, ok := r.macs[purpose]
	if !ok {
		key = deriveKey(r.self, "mac "+purpose)
		r.macs[purpose] = key
	}
	r.mu.Unlock()
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}

// derive returns a key of 32 bytes for one use of secret.
func deriveKey(secret []byte, use string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "homeward "+use, keySize)
	if err != nil {
		panic(fmt.Sprintf("derive a key: %v", err)) // only for impossible lengths
	}
	return key
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("unit key: %w", err)
	}
	return cipher.NewGCM(block)
}
