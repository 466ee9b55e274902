package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/image/draw"

	"homeward/alerts"
)

// A photo goes to the public no larger than this on its longer side, in pixels:
// enough for a face on paper, and little for a phone on a slow line.
const (
	publicSide    = 1000
	publicQuality = 82
)

// appealPhoto answers the photo of an appeal that is out.
func (s *Server) appealPhoto(c *fiber.Ctx, _ alerts.Actor) error {
	return s.show(c, "photo", &s.shown.pictures, func(c *fiber.Ctx, a appealNow, _ shownKey) (shown, error) {
		b, err := s.smallPhoto(c, a)
		if err == nil && b == nil {
			err = alerts.Errorf(alerts.NotFound, "This appeal has no photo.")
		}
		return shown{status: fiber.StatusOK, kind: "image/jpeg", name: "photo.jpg", body: b}, err
	})
}

// smallPhoto returns the photo of an appeal as the public gets it, nil without
// one.
func (s *Server) smallPhoto(c *fiber.Ctx, a appealNow) ([]byte, error) {
	if a.PhotoID == "" {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), timeout)
	defer cancel()
	b, err := s.Alerts.OpenPhoto(ctx, a.of, a.PhotoID)
	if err != nil {
		return nil, err
	}
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-ctx.Done():
		return nil, alerts.Errorf(alerts.Unavailable, "Too many photos are being opened. Try again in a moment.")
	}
	return smaller(b)
}

// smaller makes a JPEG smaller when it is larger than the public gets it.
func smaller(b []byte) ([]byte, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("read a photo: %w", err)
	}
	long := max(config.Width, config.Height)
	if long <= publicSide {
		return b, nil
	}
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("read a photo: %w", err)
	}
	to := image.NewRGBA(image.Rect(0, 0, max(1, config.Width*publicSide/long), max(1, config.Height*publicSide/long)))
	draw.CatmullRom.Scale(to, to.Bounds(), img, img.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, to, &jpeg.Options{Quality: publicQuality}); err != nil {
		return nil, fmt.Errorf("write a photo: %w", err)
	}
	return out.Bytes(), nil
}
