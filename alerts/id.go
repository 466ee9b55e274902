package alerts

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
)

// NewID returns 128 random bits in lower-case base32, 26 characters. It panics
// when the source of randomness fails: nothing can be kept safe without one.
func NewID(r io.Reader) string {
	var b [16]byte
	readRandom(r, b[:])
	return idOf(b[:])
}

func readRandom(r io.Reader, b []byte) {
	if _, err := io.ReadFull(r, b); err != nil {
		panic(fmt.Sprintf("the source of randomness failed: %v", err))
	}
}

// signs are the characters of case numbers and codes: digits and capitals
// without 0, O, 1, I and L, which people confuse. There are 31, a prime.
const signs = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

const (
	caseNumberLength = 8
	codeLength       = 20 // 19 random signs, 94 bits, and a check sign
	codeGroup        = 4
)

// NewCaseNumber returns seven random characters and a check character. It
// panics when the source of randomness fails.
func NewCaseNumber(r io.Reader) string {
	out := make([]byte, 0, caseNumberLength)
	var b [1]byte
	for len(out) < caseNumberLength-1 {
		// 248 is the largest multiple of 31 in a byte: above it the first signs
		// would come up more often.
		if readRandom(r, b[:]); b[0] < 248 {
			out = append(out, signs[b[0]%31])
		}
	}
	return string(append(out, checkSign(out)))
}

// NormalCaseNumber returns the number as it is stored, whatever case, spaces
// and hyphens it was typed with. It is false when this is not a case number.
func NormalCaseNumber(s string) (string, bool) {
	return normal(s, caseNumberLength)
}

// NewCode returns the follow-up code of a secret seed: five groups of four
// characters, 94 bits and a check character. The same seed gives the same code.
func NewCode(seed []byte) string {
	out := make([]byte, 0, codeLength)
	for block := byte(0); len(out) < codeLength-1; block++ {
		for _, b := range sha256.Sum256(append([]byte{block}, seed...)) {
			if b < 248 && len(out) < codeLength-1 {
				out = append(out, signs[b%31])
			}
		}
	}
	out = append(out, checkSign(out))
	var groups []string
	for i := 0; i < codeLength; i += codeGroup {
		groups = append(groups, string(out[i:i+codeGroup]))
	}
	return strings.Join(groups, "-")
}

// NormalCode returns a code as it is hashed, whatever case, spaces and hyphens
// it was typed with, and "" when this cannot be a code.
func NormalCode(s string) string {
	code, _ := normal(s, codeLength)
	return code
}

// HashSecret returns what is kept of a token or of a code in its normal form.
// Both are random and long, so that a plain hash says nothing about them.
func HashSecret(secret string) []byte {
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// checkSign makes the weighted sum of all signs 0 modulo 31, the weight of a
// sign being its place from 1, as ISBN-10 does modulo 11. As 31 is prime and
// the weights differ, one wrong sign, or any two signs changed over, always
// give another sum.
func checkSign(s []byte) byte {
	sum := 0
	for i, c := range s {
		sum += (i + 1) * strings.IndexByte(signs, c)
	}
	last := len(s) + 1
	for i := range len(signs) {
		if (sum+last*i)%31 == 0 {
			return signs[i]
		}
	}
	panic("unreachable: 31 is prime")
}

func normal(s string, length int) (string, bool) {
	out := make([]byte, 0, length)
	for _, r := range s {
		if r == ' ' || r == '-' || r == '\u00a0' {
			continue
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		if r > 'Z' || strings.IndexByte(signs, byte(r)) < 0 || len(out) == length {
			return "", false
		}
		out = append(out, byte(r))
	}
	if len(out) != length || checkSign(out[:length-1]) != out[length-1] {
		return "", false
	}
	return string(out), true
}
