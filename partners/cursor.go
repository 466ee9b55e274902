package partners

import (
	"encoding/base64"
	"encoding/json"

	"homeward/alerts"
)

// sealCursor makes an opaque cursor of a place in an order.
func sealCursor(place []string) string {
	b, err := json.Marshal(place)
	if err != nil {
		return "" // strings always marshal
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// openCursor reads a cursor; "" is the start.
func openCursor(s string) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	var place []string
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &place)
	}
	if err != nil || len(place) == 0 {
		var f alerts.Fields
		f.Add("cursor", "bad_cursor", "This cursor does not belong to this list. Start from the first page.")
		return nil, f.Err()
	}
	return place, nil
}

// pageLimit bounds the length of a page.
func pageLimit(n int) int {
	if n <= 0 {
		return 50
	}
	return min(n, 200)
}
