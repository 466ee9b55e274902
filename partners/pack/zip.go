package pack

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Part is one file of a bundle as its manifest tells of it.
type Part struct {
	Name string `bson:"name" json:"name"`
	// SHA256 is in hexadecimal, Size in bytes.
	SHA256   string `bson:"sha256" json:"sha256"`
	Size     int    `bson:"size" json:"size"`
	Language string `bson:"language,omitempty" json:"language,omitempty"`
	// State is how far the paper is, in words; Title says what it is.
	State string `bson:"state,omitempty" json:"state,omitempty"`
	Title string `bson:"title" json:"title"`
}

// Sum is the SHA-256 of bytes in hexadecimal.
func Sum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Manifest tells what is in a bundle.
type Manifest struct {
	MadeAt   time.Time `json:"made_at"`
	Case     string    `json:"case"`
	For      string    `json:"for"`
	Language string    `json:"language"`
	Files    []Part    `json:"files"`
}

// Zip packs files with their manifest, once for programs and once for people.
// The same input gives the same bytes.
func Zip(m Manifest, contents [][]byte) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	raw, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write a manifest: %w", err)
	}
	names := []string{"manifest.json", "manifest.txt"}
	all := [][]byte{raw, []byte(m.text())}
	for _, f := range m.Files {
		names = append(names, f.Name)
	}
	for i, content := range append(all, contents...) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: names[i], Method: zip.Deflate, Modified: m.MadeAt.UTC()})
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", names[i], err)
		}
		if _, err := w.Write(content); err != nil {
			return nil, fmt.Errorf("pack %s: %w", names[i], err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack a bundle: %w", err)
	}
	return out.Bytes(), nil
}

func (m *Manifest) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n\n", m.Case, m.For, m.MadeAt.UTC().Format(time.RFC3339))
	for _, f := range m.Files {
		fmt.Fprintf(&b, "%s\n  %s\n  %d bytes", f.Name, f.Title, f.Size)
		for _, more := range []string{f.Language, f.State} {
			if more != "" {
				fmt.Fprintf(&b, ", %s", more)
			}
		}
		fmt.Fprintf(&b, "\n  sha256 %s\n\n", f.SHA256)
	}
	return b.String()
}
