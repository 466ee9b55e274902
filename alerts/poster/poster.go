package poster

import (
	"errors"
	"fmt"
	"time"

	"homeward/alerts/paper"
)

// ErrLetters says that a text has letters that cannot be printed.
var ErrLetters = errors.New("the fonts lack letters of this text")

// Content is what stands on a poster in one language, ready worded. Empty parts
// are left out; Missing, Link and Numbers are always there.
type Content struct {
	// Lang is the BCP 47 tag of the texts.
	Lang string
	// Missing is the word across the top.
	Missing string
	// Who names the children, one line each.
	Who []string
	// Photo is a JPEG; PhotoNote says how old it is.
	Photo     []byte
	PhotoNote string
	// Seen says where and when the child was last seen.
	Seen        string
	Headline    string
	Description string
	Instruction string
	Facts       []Fact
	// Call says what to do, and Numbers whom to call.
	Call    string
	Numbers []Number
	// Link is the address in the code, Scan what it is for, Address the same
	// for people to type.
	Link, Scan, Address string
	// Until says how long the poster is valid and what to do afterwards.
	Until string
	// From is who issued it, with the case's public number.
	From string
	// Mark is printed across a poster that is not to be used, such as a preview.
	Mark string
	// At dates the document.
	At time.Time
}

// Fact is one thing to look for.
type Fact struct{ Name, Value string }

// Number is a telephone number and whose it is.
type Number struct{ Number, Name string }

// Format is the shape of a share image.
type Format struct{ Width, Height int }

// Square and Portrait are the shapes that networks show whole, in pixels.
func Square() Format { return Format{1080, 1080} }

// Portrait is the upright shape.
func Portrait() Format { return Format{1080, 1350} }

// texts are all texts that the fonts must hold.
func (c *Content) texts() []string {
	out := append([]string{c.Missing, c.PhotoNote, c.Seen, c.Headline, c.Description, c.Instruction, c.Call, c.Scan, c.Address, c.Until, c.From, c.Mark}, c.Who...)
	for _, f := range c.Facts {
		out = append(out, f.Name, f.Value)
	}
	for _, n := range c.Numbers {
		out = append(out, n.Number, n.Name)
	}
	return out
}

// CanSet tells whether a poster can be drawn in these letters.
func (c *Content) CanSet() bool {
	for _, t := range c.texts() {
		if !paper.CanSet(t) {
			return false
		}
	}
	return true
}

func (c *Content) check() error {
	switch {
	case c.Missing == "" || c.Link == "" || len(c.Numbers) == 0:
		return errors.New("a poster says that a child is missing, whom to call, and where it can be checked")
	case !c.CanSet():
		return fmt.Errorf("poster in %s: %w", c.Lang, ErrLetters)
	}
	return nil
}
