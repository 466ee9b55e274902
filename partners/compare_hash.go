package partners

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/alerts/names"
)

// secretCode begins every shared secret, compareToken every key that follows
// from one, so that scanners of public code find one that got out.
const (
	secretCode   = "hwcs_"
	compareToken = "hwc_"
	compareLabel = "homeward compare v1"
)

// The kinds of a hash: by the day of birth, or by the year where no day is
// known.
const (
	compareDay  = "day"
	compareYear = "year"
)

// bytesCode is the alphabet of secrets and tokens.
func bytesCode() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

func writeSecret(seed []byte) string {
	return secretCode + strings.ToLower(bytesCode().EncodeToString(seed))
}

// readSecret returns the bytes of a shared secret as somebody typed it.
func readSecret(s string) ([]byte, bool) {
	code, ok := strings.CutPrefix(strings.ToLower(strings.Join(strings.Fields(s), "")), secretCode)
	if !ok {
		return nil, false
	}
	seed, err := bytesCode().DecodeString(strings.ToUpper(code))
	return seed, err == nil && len(seed) == sha256.Size
}

// compareKeys are what follows from a shared secret: the key of the hashes and
// the token that opens comparing.
func compareKeys(secret string) (key []byte, token string, ok bool) {
	seed, ok := readSecret(secret)
	if !ok {
		return nil, "", false
	}
	sum := macOf(seed, compareLabel+" token")
	return macOf(seed, compareLabel+" hashes"), compareToken + strings.ToLower(bytesCode().EncodeToString(sum)), true
}

func macOf(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// compareHash is what is sent of a child: nobody without the secret can tell
// what it was made of.
func compareHash(key []byte, kind, name, born string) string {
	return base64.RawURLEncoding.EncodeToString(macOf(key, strings.Join([]string{compareLabel, kind, name, born}, "\n")))
}

// childKeys are the keys of a child's names, whether its birth date names the
// day, and the date as it is hashed; none when it cannot be compared.
func childKeys(c *alerts.Child) (keys []string, day bool, born string) {
	_, err := time.Parse(time.DateOnly, c.BirthDate)
	day = err == nil
	switch {
	case day:
		born = c.BirthDate
	case len(c.BirthDate) >= 4:
		born = c.BirthDate[:4]
	default:
		return nil, false, ""
	}
	for _, n := range c.Names {
		keys = append(keys, names.Read(n.Given, n.Family).Compared()...)
	}
	slices.Sort(keys)
	return slices.Compact(keys), day, born
}

// CompareToken is the key that follows from a shared secret; false when it is no
// such secret. It opens nothing but comparing.
func CompareToken(secret string) (string, bool) {
	_, token, ok := compareKeys(secret)
	return token, ok
}

// CompareHashes are the hashes that an organisation with the secret sends for a
// child; none when the name or the birth date is not known well enough.
func CompareHashes(secret string, c alerts.Child) []string {
	key, _, ok := compareKeys(secret)
	if !ok {
		return nil
	}
	return asking(key, &c)
}

// asking are the hashes that we send for a child: by day where it is known, else
// by year.
func asking(key []byte, c *alerts.Child) []string {
	names, day, born := childKeys(c)
	kind := compareYear
	if day {
		kind = compareDay
	}
	out := make([]string, 0, len(names))
	for _, n := range names {
		out = append(out, compareHash(key, kind, n, born))
	}
	return out
}

// heldUnder are the hashes under which we hold a child: by year also where the
// day is known here, because the asker may know the year only.
func heldUnder(key []byte, c *alerts.Child) map[string]string {
	names, day, born := childKeys(c)
	out := make(map[string]string, 2*len(names))
	for _, n := range names {
		if day {
			out[compareHash(key, compareDay, n, born)] = compareDay
		}
		out[compareHash(key, compareYear, n, born[:4])] = compareYear
	}
	return out
}
