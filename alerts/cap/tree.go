package cap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// The limits of a message that is read.
const (
	MaxBytes    = 256 << 10
	maxDepth    = 32
	maxElements = 15_000
)

// node is one element as it was read.
type node struct {
	name     string
	text     strings.Builder
	children []*node
}

// treeReader takes a message apart token by token. It resolves nothing, opens
// nothing, and stops at the first thing that a plain message does not hold.
type treeReader struct {
	root     *node
	open     []*node
	elements int
	begun    bool // something other than the declaration has come
}

func readTree(data []byte) (*node, error) {
	if len(data) > MaxBytes {
		return nil, invalid("larger than 256 KiB")
	}
	if !utf8.Valid(data) {
		return nil, invalid("not UTF-8")
	}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) { return nil, invalid("the encoding is not UTF-8") }
	t := &treeReader{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, invalid("%s", err)
		}
		if err := t.take(token); err != nil {
			return nil, err
		}
	}
	if t.root == nil {
		return nil, invalid("there is no element")
	}
	return t.root, nil
}

func (t *treeReader) take(token xml.Token) error {
	switch v := token.(type) {
	case xml.StartElement:
		return t.start(v)
	case xml.EndElement:
		t.open = t.open[:len(t.open)-1]
	case xml.CharData:
		return t.chars(v)
	case xml.ProcInst:
		if v.Target != "xml" || t.begun {
			return invalid("a processing instruction")
		}
	case xml.Comment:
		if len(t.open) > 0 && strings.TrimSpace(t.open[len(t.open)-1].text.String()) != "" {
			return invalid("a comment inside a text")
		}
	default:
		return invalid("a document type or directive")
	}
	t.begun = true
	return nil
}

func (t *treeReader) start(v xml.StartElement) error {
	t.elements++
	switch {
	case v.Name.Space != Namespace:
		return invalid("an element of another namespace than CAP 1.2")
	case t.elements > maxElements || len(t.open) >= maxDepth:
		return invalid("too many elements")
	case len(t.open) == 0 && t.root != nil:
		return invalid("a second root")
	}
	for _, a := range v.Attr {
		if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
			return invalid("an attribute")
		}
	}
	n := &node{name: v.Name.Local}
	if len(t.open) == 0 {
		t.root = n
	} else {
		up := t.open[len(t.open)-1]
		up.children = append(up.children, n)
	}
	t.open = append(t.open, n)
	return nil
}

func (t *treeReader) chars(v xml.CharData) error {
	if len(t.open) == 0 {
		if strings.TrimSpace(string(v)) != "" {
			return invalid("text outside the message")
		}
		return nil
	}
	t.open[len(t.open)-1].text.Write(v)
	return nil
}

// follows holds a node against its line of the schema: children in order, no
// one too often or too seldom, text only in leaves.
func (n *node) follows(e element) error {
	if e.children == nil {
		if len(n.children) > 0 {
			return invalid("%s holds elements", e.name)
		}
		return nil
	}
	if strings.TrimSpace(n.text.String()) != "" {
		return invalid("%s holds text", e.name)
	}
	at := 0
	for _, c := range e.children {
		count := 0
		for at < len(n.children) && n.children[at].name == c.name {
			if err := n.children[at].follows(c); err != nil {
				return err
			}
			at++
			count++
		}
		if count < c.min || (c.max > 0 && count > c.max) {
			return invalid("%s comes %d times in %s", c.name, count, e.name)
		}
	}
	if at < len(n.children) {
		return invalid("an element of %s is unknown or out of order", e.name)
	}
	return nil
}

// get returns the text of the only child of a name, "" without one.
func (n *node) get(name string) string {
	for _, c := range n.children {
		if c.name == name {
			return c.value()
		}
	}
	return ""
}

func (n *node) value() string { return strings.TrimSpace(n.text.String()) }

func (n *node) all(name string) []*node {
	var out []*node
	for _, c := range n.children {
		if c.name == name {
			out = append(out, c)
		}
	}
	return out
}

func (n *node) list(name string) []string {
	var out []string
	for _, c := range n.all(name) {
		out = append(out, c.value())
	}
	return out
}
