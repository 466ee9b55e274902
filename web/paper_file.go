package web

import (
	"context"
	"mime/multipart"
	"path"
	"strings"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/partners"
)

// paperIn reads a scan that was sent: as the body itself, or as the one file of
// a form. What it is called is kept without its path.
func (s *Server) paperIn(c *fiber.Ctx) (partners.NewFile, error) {
	if !isMultipart(c) {
		kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case "application/pdf", "image/jpeg", "image/png":
			return s.paperFile(c.UserContext(), "", c.Request().Body())
		}
		return partners.NewFile{}, fiber.NewError(fiber.StatusUnsupportedMediaType, "Send application/pdf, image/jpeg or image/png, or a form with the field file.")
	}
	m, err := c.MultipartForm()
	if err != nil {
		return partners.NewFile{}, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	var all []*multipart.FileHeader
	for _, parts := range m.File {
		all = append(all, parts...)
	}
	if len(all) != 1 || all[0].Size == 0 {
		var f alerts.Fields
		f.Add("file", "required", "Send one PDF, or one picture in JPEG or PNG.")
		return partners.NewFile{}, f.Err()
	}
	b, err := readPart(all[0])
	if err != nil {
		return partners.NewFile{}, err
	}
	return s.paperFile(c.UserContext(), all[0].Filename, b)
}

// paperFile looks at what was sent, whatever it is called: a picture is written
// anew without metadata, a PDF is refused when it could do something.
func (s *Server) paperFile(ctx context.Context, name string, b []byte) (partners.NewFile, error) {
	out := partners.NewFile{Kind: "pdf", Name: plainName(name), Content: b}
	var f alerts.Fields
	switch {
	case isPDF(b):
	case !isJPEG(b) && !isPNG(b):
		f.Add("file", "unknown_file_type", "Send a PDF, or a picture in JPEG or PNG.")
		return out, f.Err()
	default:
		p, err := s.picture(ctx, "file", b)
		if err != nil {
			return out, err
		}
		return partners.NewFile{Kind: "jpeg", Name: out.Name, Content: p.JPEG, Width: p.Width, Height: p.Height}, nil
	}
	code, message := pdfFault(b)
	if len(b) > photoBytes {
		return out, &alerts.Error{Code: alerts.TooLarge, Message: "A file may have up to 12 MB.",
			Fields: []alerts.FieldError{{Field: "file", Code: "file_too_large", Message: "A file may have up to 12 MB."}}}
	}
	if code != "" {
		f.Add("file", code, message)
	}
	return out, f.Err()
}

// plainName is a file's name as it is kept: one line without a path.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name)
	if name == "." || name == "/" {
		return ""
	}
	if letters := []rune(name); len(letters) > 120 {
		return string(letters[:120])
	}
	return name
}

// sendFile answers a file that is saved and never shown in a page of ours.
func sendFile(c *fiber.Ctx, kind, name string, content []byte) error {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(content)
}
