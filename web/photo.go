package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

// Limits of photos. The memory is that of one picture being decoded.
const (
	photoBytes    = 12 << 20
	photoPixels   = 40_000_000
	photoMemory   = 256 << 20
	photoScans    = 32
	photoQuality  = 88
	decodesAtOnce = 2
	decodeWait    = 15 * time.Second
)

// pictureIn reads the photo in a field of a form, clean. It is nil when there is
// none; one that cannot be used is an Invalid error about the field.
func (s *Server) pictureIn(c *fiber.Ctx, field string) (*alerts.Picture, error) {
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return nil, nil
	}
	m, err := c.MultipartForm()
	if err != nil {
		return nil, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	files := m.File[field]
	if len(files) == 0 || files[0].Size == 0 {
		return nil, nil
	}
	b, err := readPart(files[0])
	if err != nil {
		return nil, err
	}
	p, err := s.picture(c.UserContext(), field, b)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

// readPart reads one file of a form. Forms are small enough to be in memory.
func readPart(h *multipart.FileHeader) ([]byte, error) {
	f, err := h.Open()
	if err != nil {
		return nil, fmt.Errorf("open a part: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read a part: %w", err)
	}
	return b, nil
}

// picture makes a clean JPEG of what was sent: checked by its header before
// anything is unpacked, turned upright, written anew without any metadata. At
// most two are worked on at once.
func (s *Server) picture(ctx context.Context, field string, b []byte) (alerts.Picture, error) {
	if len(b) > photoBytes {
		return alerts.Picture{}, &alerts.Error{Code: alerts.TooLarge, Message: "A photo may have up to 12 MB.",
			Fields: []alerts.FieldError{{Field: field, Code: "photo_too_large", Message: "A photo may have up to 12 MB."}}}
	}
	if code, message := photoFault(b); code != "" {
		var f alerts.Fields
		f.Add(field, code, message)
		return alerts.Picture{}, f.Err()
	}
	wait, cancel := context.WithTimeout(ctx, decodeWait)
	defer cancel()
	select {
	case s.decoding <- struct{}{}:
		defer func() { <-s.decoding }()
	case <-wait.Done():
		return alerts.Picture{}, alerts.Errorf(alerts.Unavailable, "Too many photos are coming in. Nothing was saved; send it again in a moment.")
	}
	clean, size, err := cleanPhoto(b)
	if err != nil {
		var f alerts.Fields
		f.Add(field, "broken_photo", "This picture is damaged. Send another one.")
		return alerts.Picture{}, f.Err()
	}
	return alerts.Picture{JPEG: clean, Width: size.X, Height: size.Y}, nil
}

// photoFault judges a picture by its header: code and sentence of what is wrong
// with it, both empty when nothing is.
func photoFault(b []byte) (code, message string) {
	var config image.Config
	var err error
	memory := 0
	switch {
	case isJPEG(b):
		config, err = jpeg.DecodeConfig(bytes.NewReader(b))
	case isPNG(b):
		config, err = png.DecodeConfig(bytes.NewReader(b))
	default:
		return "unknown_photo_type", "Send a JPEG or PNG picture."
	}
	if err != nil || config.Width <= 0 || config.Height <= 0 {
		return "broken_photo", "This picture is damaged. Send another one."
	}
	// The sides are bounded first, so that their product cannot overflow.
	if config.Width > photoPixels || config.Height > photoPixels || config.Width*config.Height > photoPixels {
		return "photo_too_many_pixels", "A picture may have up to 40 megapixels."
	}
	if isPNG(b) {
		memory = config.Width * config.Height * pngBytesPerPixel(config.ColorModel)
	} else {
		scans := 0
		if scans, memory = jpegCost(b); scans > photoScans {
			return "photo_too_complex", "This picture is put together in an unusual way. Save it again as an ordinary JPEG."
		}
	}
	if memory > photoMemory {
		return "photo_too_many_pixels", "This picture is too large to be opened here. Make it smaller."
	}
	return "", ""
}

func isJPEG(b []byte) bool { return bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}) }

func isPNG(b []byte) bool { return bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")) }

// cleanPhoto decodes a picture and writes it anew, upright. Nothing but pixels
// goes over.
func cleanPhoto(b []byte) ([]byte, image.Point, error) {
	decode := jpeg.Decode
	if isPNG(b) {
		decode = png.Decode
	}
	img, err := decode(bytes.NewReader(b))
	if err != nil {
		return nil, image.Point{}, fmt.Errorf("decode a photo: %w", err)
	}
	upright := turn(img, orientationOf(b))
	var out bytes.Buffer
	if err := jpeg.Encode(&out, upright, &jpeg.Options{Quality: photoQuality}); err != nil {
		return nil, image.Point{}, fmt.Errorf("write a photo: %w", err)
	}
	return out.Bytes(), upright.Bounds().Size(), nil
}

// sendPicture answers a photo. It is shown in a page of ours or saved, and can
// never become a page itself.
func sendPicture(c *fiber.Ctx, jpeg []byte) error {
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="photo.jpg"`)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	return c.Send(jpeg)
}
