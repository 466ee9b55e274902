package web

import (
	"mime/multipart"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
	"homeward/geo"
)

// photosAnHour is how many pictures one network may send in an hour.
const photosAnHour = 300

// uploaded is a picture as it was sent, with the fields beside it.
type uploaded struct {
	bytes  []byte
	fields map[string]string
}

// content is what a repeat of the same upload has in common with it, whatever
// its boundaries.
func (u uploaded) content(c *fiber.Ctx) []byte {
	if isMultipart(c) {
		return nil // request reads the form itself
	}
	return u.bytes
}

func isMultipart(c *fiber.Ctx) bool {
	return strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm)
}

// upload reads a picture: as the body itself, or as the one file of a form with
// fields of known names beside it.
func upload(c *fiber.Ctx, names ...string) (uploaded, error) {
	kind, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "image/jpeg", "image/png":
		return uploaded{c.Request().Body(), nil}, nil
	case fiber.MIMEMultipartForm:
	default:
		return uploaded{}, fiber.NewError(fiber.StatusUnsupportedMediaType, "Send image/jpeg or image/png, or a form with the field photo.")
	}
	m, err := c.MultipartForm()
	if err != nil {
		return uploaded{}, fiber.NewError(fiber.StatusBadRequest, "The form could not be read.")
	}
	u := uploaded{fields: map[string]string{}}
	for name, values := range m.Value {
		if name != keyField && !slices.Contains(names, name) {
			return u, badRequest(name, "unknown_field", "There is no such field.")
		}
		if len(values) > 1 {
			return u, badRequest(name, "repeated_field", "This field is there twice.")
		}
		u.fields[name] = values[0]
	}
	return u, u.readFile(m.File)
}

// readFile takes the form's one file, whatever its field is called.
func (u *uploaded) readFile(files map[string][]*multipart.FileHeader) (err error) {
	if len(files) != 1 {
		return badRequest("photo", "required", "Send one picture, in the field photo.")
	}
	for _, parts := range files {
		if len(parts) != 1 {
			return badRequest("photo", "repeated_field", "Send one picture at a time.")
		}
		u.bytes, err = readPart(parts[0])
	}
	return err
}

func (s *Server) addPhoto(c *fiber.Ctx, a alerts.Actor) error {
	u, err := upload(c, "child", "main", "taken_on", "source", "use", "others")
	if err != nil {
		return err
	}
	main := u.fields["main"]
	if main != "" && main != "true" && main != "false" {
		var f alerts.Fields
		f.Add("main", "unknown_value", "Use true or false.")
		return f.Err()
	}
	p, err := s.picture(c.UserContext(), "photo", u.bytes)
	if err != nil {
		return err
	}
	in := alerts.NewPhoto{Picture: p, Child: u.fields["child"], Main: main == "true", TakenOn: u.fields["taken_on"],
		Source: u.fields["source"], Use: u.fields["use"], Others: u.fields["others"]}
	v, err := s.Alerts.AddPhoto(c.UserContext(), a, c.Params("id"), in, s.request(c, a, u.content(c)))
	if err != nil {
		return err
	}
	return created(c, caseAddress(c.Params("id"))+"/photos/"+v.ID, 0, v)
}

// uploadedView answers an upload. Place is where the picture says that it was
// taken, told only to whoever sent it and asked; it is not kept.
type uploadedView struct {
	alerts.Uploaded
	Place *geo.Point `json:"place,omitempty"`
}

func (s *Server) uploadPhoto(c *fiber.Ctx, a alerts.Actor) error {
	q := queryIn(c)
	ask := q.flag("read_position")
	if err := q.Err(); err != nil {
		return err
	}
	if s.limits.over(s.client(c), "photo", photosAnHour) {
		return tooMany()
	}
	u, err := upload(c)
	if err != nil {
		return err
	}
	p, err := s.picture(c.UserContext(), "photo", u.bytes)
	if err != nil {
		return err
	}
	v, err := s.Alerts.Upload(c.UserContext(), a, p, s.request(c, a, u.content(c)))
	if err != nil {
		return err
	}
	out := uploadedView{Uploaded: v}
	if ask {
		out.Place = placeIn(u.bytes)
	}
	return created(c, "", 0, out)
}
