package alerts

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Optional is a field of a patch: one that was not sent leaves what there is,
// null empties it, and anything else replaces it. With "omitzero" in its tag it
// is left out when it is written unset.
type Optional[T any] struct {
	Set   bool
	Value T
}

// Some returns an optional field that is set.
func Some[T any](v T) Optional[T] { return Optional[T]{true, v} }

// IsZero tells whether the field was not sent.
func (o Optional[T]) IsZero() bool { return !o.Set }

// UnmarshalJSON notes that the field was sent. Unknown fields inside are an
// error, as they are outside.
func (o *Optional[T]) UnmarshalJSON(data []byte) error {
	var zero T
	o.Set, o.Value = true, zero
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&o.Value); err != nil {
		return fmt.Errorf("read an optional field: %w", err)
	}
	return nil
}

// MarshalJSON writes the value.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// into writes a field that was sent into its place and tells whether it did.
func (o Optional[T]) into(to *T) bool {
	if o.Set {
		*to = o.Value
	}
	return o.Set
}
