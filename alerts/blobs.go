package alerts

import (
	"context"
	"fmt"
	"time"
)

// KeepFile seals a file with an erasure unit's key and stores it under the
// record it belongs to. It is on disk before the change that names it; what no
// record names is swept, unless a keeper added with KeepAlso knows it.
func (d *Desk) KeepFile(ctx context.Context, unit, record, id string, content []byte) error {
	return coded(d.keepPicture(ctx, unit, blobName(record, id), content))
}

// File returns a file that KeepFile stored.
func (d *Desk) File(ctx context.Context, unit, record, id string) ([]byte, error) {
	return d.openPicture(ctx, unit, blobName(record, id))
}

// DropFile removes a file for good. One that is gone already is no error.
func (d *Desk) DropFile(ctx context.Context, record, id string) error {
	if err := d.Blobs.DropBlob(ctx, blobName(record, id)); err != nil {
		return coded(fmt.Errorf("drop a file: %w", err))
	}
	return nil
}

// KeepAlso adds somebody who knows of files that no record of this package
// names. It is called while parts are wired, before anything is swept.
func (d *Desk) KeepAlso(named func(blob string, now time.Time) bool) {
	d.keepers = append(d.keepers, named)
}
