package web

import (
	"context"

	"homeward/alerts"
)

// The width of the picture that is pressed without script: it fits a phone, and
// what is pressed on it is counted in its pixels.
const markedWidth = 320

// decoded waits for its turn to unpack a picture: at most two are at once.
func (s *Server) decoded(ctx context.Context, work func() error) error {
	wait, cancel := context.WithTimeout(ctx, decodeWait)
	defer cancel()
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
		return work()
	case <-wait.Done():
		return alerts.Errorf(alerts.Unavailable, "Too many photos are being opened. Try again in a moment.")
	}
}
