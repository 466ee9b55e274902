package partners

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed institutions.json
var institutionsJSON []byte

// SeedInstitutions returns the entries that a new installation starts with:
// public institutions and networks by name, kind, country, role and source.
// None of them is verified: the organisation checks an entry before relying on
// it.
func SeedInstitutions() ([]NewInstitution, error) {
	var out []NewInstitution
	d := json.NewDecoder(bytes.NewReader(institutionsJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("read institutions.json: %w", err)
	}
	return out, nil
}
