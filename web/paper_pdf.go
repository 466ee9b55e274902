package web

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"
)

// Limits of the look into a PDF.
const (
	pdfStreams  = 5000
	pdfUnpacked = 64 << 20
)

// isPDF tells whether bytes begin as a PDF does. Some writers put a few bytes
// before the mark.
func isPDF(b []byte) bool { return bytes.Contains(b[:min(len(b), 1024)], []byte("%PDF-")) }

// pdfFault judges a PDF: code and sentence of what is wrong with it, both empty
// when nothing is. It refuses what runs by itself when somebody opens the file,
// and what cannot be looked into.
func pdfFault(b []byte) (code, message string) {
	if !bytes.Contains(b[max(0, len(b)-4096):], []byte("%%EOF")) {
		return "broken_pdf", "This PDF is damaged. Save it again and send that."
	}
	found, err := pdfNames(b)
	switch {
	case err != nil:
		return "complex_pdf", "This PDF cannot be looked into. Print it to a new PDF and send that."
	case found["Encrypt"]:
		return "locked_pdf", "This PDF is protected with a password. Save it without one and send that."
	case found["JavaScript"], found["Launch"], found["EmbeddedFile"], found["RichMedia"], found["SubmitForm"], found["ImportData"],
		found["GoToR"], found["GoToE"], found["XFA"] && found["AcroForm"], found["EmbeddedFiles"] && found["Filespec"]:
		return "active_pdf", "This PDF holds a program or another file. Print it to a new PDF and send that."
	}
	return "", ""
}

// errPDF is returned for a PDF that would unpack to more than is looked at.
var errPDF = errors.New("the PDF has too much in it")

// pdfNames returns the names that stand in a PDF, also in objects that are
// packed into streams. Streams are not left out of the first look, as a fake one
// could hide the rest: a short name may stand in packed data by chance, so none
// of up to three letters is enough by itself.
func pdfNames(b []byte) (map[string]bool, error) {
	found := map[string]bool{}
	noteNames(found, b)
	left, streams := pdfUnpacked, 0
	for rest := b; ; {
		start := bytes.Index(rest, []byte("stream"))
		if start < 0 {
			return found, nil
		}
		head := rest[max(0, start-1024):start]
		rest = bytes.TrimLeft(rest[start+len("stream"):], "\r\n")
		// Only streams of objects hold names; pictures and fonts are not opened.
		if at := bytes.LastIndex(head, []byte("obj")); at >= 0 {
			head = head[at:]
		}
		if !namesIn(head)["ObjStm"] {
			continue
		}
		if streams++; streams > pdfStreams {
			return found, errPDF
		}
		z, err := zlib.NewReader(bytes.NewReader(rest))
		if err != nil {
			return found, errPDF // packed in a way that we do not open
		}
		plain, err := io.ReadAll(io.LimitReader(z, int64(left)+1))
		if len(plain) > left {
			return found, errPDF
		}
		left -= len(plain)
		if err != nil && len(plain) == 0 {
			return found, errPDF
		}
		noteNames(found, plain)
	}
}

// pdfName is a name as PDF writes it; any letter may be written as # and two
// digits.
var pdfName = regexp.MustCompile(`/(?:[A-Za-z]|#[0-9A-Fa-f]{2}){2,40}`)

func noteNames(into map[string]bool, b []byte) {
	for name := range namesIn(b) {
		into[name] = true
	}
}

func namesIn(b []byte) map[string]bool {
	found := map[string]bool{}
	for _, m := range pdfName.FindAll(b, -1) {
		name := make([]byte, 0, len(m))
		for i := 1; i < len(m); i++ {
			if m[i] == '#' {
				name = append(name, unhex(m[i+1])<<4|unhex(m[i+2]))
				i += 2
				continue
			}
			name = append(name, m[i])
		}
		found[string(name)] = true
	}
	return found
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
