package partners

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"homeward/alerts"
	"homeward/journal"
	"homeward/partners/pack"
)

// LetterAsk says which letter is wanted.
type LetterAsk struct {
	Template string `json:"template"`
	// Recipient is one of the template's, by default its first.
	Recipient     string `json:"recipient,omitempty"`
	InstitutionID string `json:"institution_id,omitempty"`
	Language      string `json:"language"`
}

// LetterDraft is a letter as it is proposed: nothing has been made yet.
type LetterDraft struct {
	LetterAsk
	Addressee string `json:"addressee"`
	Subject   string `json:"subject"`
	Body      string `json:"body"`
	// Missing are facts that the letter names and that are not known, or must
	// stay here.
	Missing  []string `json:"missing"`
	Source   string   `json:"source"`
	Link     string   `json:"link"`
	Verified bool     `json:"verified"`
}

// NewLetter is a letter to be kept as it stands.
type NewLetter struct {
	LetterAsk
	Addressee string `json:"addressee"`
	Subject   string `json:"subject"`
	Body      string `json:"body"`
	// Replaces is the number of the version before it, 0 for a new letter.
	Replaces int `json:"replaces,omitempty"`
	// BasisChecked says that whoever makes the letter has checked its legal
	// basis, where the data has not.
	BasisChecked bool `json:"basis_checked,omitempty"`
}

// LetterItem is a letter in a list.
type LetterItem struct {
	N               int       `json:"n"`
	Template        string    `json:"template"`
	Recipient       string    `json:"recipient"`
	InstitutionName string    `json:"institution_name,omitempty"`
	Language        string    `json:"language"`
	Edition         int       `json:"edition"`
	Replaces        int       `json:"replaces,omitempty"`
	BasisChecked    bool      `json:"basis_checked"`
	By              string    `json:"by,omitempty"`
	At              time.Time `json:"at"`
}

// MadeLetter is a letter that was made.
type MadeLetter struct {
	LetterItem
	MatterID      string `json:"matter_id"`
	InstitutionID string `json:"institution_id,omitempty"`
	Addressee     string `json:"addressee"`
	Subject       string `json:"subject"`
	Body          string `json:"body"`
	Source        string `json:"source"`
	Link          string `json:"link"`
	// Date is the day of the letter in its language.
	Date string `json:"date"`
	// Stale says that something was hidden from a reader of the letter since it
	// was made, so that it cannot be printed any more.
	Stale bool `json:"stale,omitempty"`
}

// letterwork is paperwork for one letter.
func (d *Desk) letterwork(a alerts.Actor, matterID string, ask *LetterAsk) (*paperwork, *pack.Template, error) {
	data, err := d.board.pack()
	if err != nil {
		return nil, nil, err
	}
	t, ok := data.Template(ask.Template)
	if ok && ask.Recipient == "" {
		ask.Recipient = t.Recipients[0]
	}
	w, err := d.paperwork(a, matterID, ask.Recipient, ask.Language)
	switch {
	case err != nil && alerts.CodeOf(err) != alerts.Invalid:
		return nil, nil, err
	case !ok:
		return nil, nil, unknownChoice("template")
	case err != nil:
		return nil, nil, err
	case !slices.Contains(t.Recipients, ask.Recipient):
		return nil, nil, unknownChoice("recipient")
	}
	return w, t, w.address(ask.InstitutionID)
}

// address finds the entry of the directory that papers go to.
func (w *paperwork) address(institution string) error {
	if institution == "" {
		return nil
	}
	i, ok := w.desk.board.Institution(institution)
	var f alerts.Fields
	switch {
	case !ok:
		f.Add("institution_id", "unknown_institution", "There is no such institution in the directory.")
	case !slices.Contains(w.gate.To.Kinds, i.Kind):
		f.Add("institution_id", "wrong_kind", "This institution is of another kind than the recipient.")
	}
	w.to = i
	return f.Err()
}

// addressee is how a letter begins: the name and, where one is known, the
// address by post.
func (w *paperwork) addressee() string {
	if w.to == nil {
		return w.gate.To.In(w.lang)
	}
	lines := []string{w.to.Name}
	for _, c := range w.to.Channels {
		if c.Kind == "post" {
			lines = append(lines, c.Value)
			break
		}
	}
	return strings.Join(append(lines, w.country(w.to.Country)), "\n")
}

// LetterLanguage is the language in which an institution is written to when
// nobody chose one: the first of its own that there are letters in, else that of
// its country. Reader is the language of whoever asks: it is taken where no
// institution is known, and of the two scripts of Serbian it decides which.
func (d *Desk) LetterLanguage(institutionID, reader string) string {
	to, ok := d.board.Institution(institutionID)
	if !ok {
		return reader
	}
	for _, l := range append(slices.Clone(to.Languages), "und-"+to.Country) {
		base, _ := language.Make(l).Base()
		switch base.String() {
		case "sr", "hr", "bs", "cnr", "sh":
			switch {
			case strings.HasPrefix(reader, "sr-"):
				return reader
			case slices.Contains(pack.Languages(), l):
				return l
			}
			return pack.Latin
		case "en":
			return pack.English
		}
	}
	return pack.English
}

// DraftLetter writes a letter from its template and what is known. Office is
// what the organisation is called.
func (d *Desk) DraftLetter(ctx context.Context, a alerts.Actor, matterID string, ask LetterAsk, office string) (LetterDraft, error) {
	w, t, err := d.letterwork(a, matterID, &ask)
	if err != nil {
		return LetterDraft{}, err
	}
	if err := d.Reads.Record(ctx, a, "matters/"+matterID+"/letters", w.seen(alerts.P0, alerts.P1, alerts.P2, alerts.P3)...); err != nil {
		return LetterDraft{}, err
	}
	text := t.Write(ask.Language, w.facts(office))
	return LetterDraft{
		LetterAsk: ask, Addressee: w.addressee(), Subject: text.Subject, Body: text.Body, Missing: list(text.Missing),
		Source: t.Source, Link: t.Link, Verified: t.Verified,
	}, nil
}

// MakeLetter keeps a letter as it stands. It is refused when it tells a party
// who will read it what that party must not learn.
func (d *Desk) MakeLetter(ctx context.Context, a alerts.Actor, matterID string, in NewLetter, r alerts.Request) (MadeLetter, error) {
	w, t, err := d.letterwork(a, matterID, &in.LetterAsk)
	if err != nil {
		return MadeLetter{}, err
	}
	id := entryID(r, d)
	_, err = d.Do(ctx, a, "matter.letter", r, func(v *journal.View) (journal.Outcome, error) {
		of, err := d.folder(a, v, matterID)
		if err != nil {
			return journal.Outcome{}, err
		}
		c := newChecker(v.Now, w.zone)
		now := w.gate
		now.Hidden = of.of.Hidden
		in.check(c, &now)
		l := &Letter{
			Head: journal.Head{ID: id}, CaseID: of.matter.CaseID, MatterID: matterID, N: 1, Edition: 1, Template: in.Template, Recipient: in.Recipient,
			InstitutionID: in.InstitutionID, Language: in.Language, Addressee: in.Addressee, Subject: in.Subject, Body: in.Body,
			Replaces: in.Replaces, BasisChecked: t.Verified || in.BasisChecked, By: a.ID, At: v.Now,
		}
		d.numberLetter(v, l, c)
		return journal.Outcome{Documents: []journal.Document{l}}, c.Err()
	})
	if err != nil {
		return MadeLetter{}, err
	}
	for _, l := range d.board.Letters(matterID) {
		if l.ID == id {
			return d.LetterOf(ctx, a, matterID, l.N)
		}
	}
	return MadeLetter{}, missing("letter of matter " + matterID)
}

func (in *NewLetter) check(c *checker, g *pack.Gate) {
	c.text("addressee", in.Addressee, lineLength*5, true)
	c.line("subject", in.Subject, true)
	c.text("body", in.Body, 4*textLength, true)
	for field, text := range map[string]string{"addressee": in.Addressee, "subject": in.Subject, "body": in.Body} {
		if len(g.Told(text)) > 0 {
			c.Add(field, "hidden_fact", "This tells something that is hidden from a party who will read it.")
		}
	}
}

// numberLetter gives a letter its number within the matter, and its edition
// when it takes the place of another.
func (d *Desk) numberLetter(v *journal.View, l *Letter, c *checker) {
	others := d.board.Letters(l.MatterID)
	for _, p := range v.Pending("letters") {
		if o, ok := p.(*Letter); ok && o.MatterID == l.MatterID {
			others = append(others, o)
		}
	}
	found := l.Replaces == 0
	for _, o := range others {
		l.N = max(l.N, o.N+1)
		if o.N == l.Replaces && l.Replaces != 0 {
			l.Edition, found = o.Edition+1, true
		}
	}
	if !found {
		c.Add("replaces", "unknown_letter", "There is no letter with this number.")
	}
}

func (w *paperwork) letterItems() []LetterItem {
	out := []LetterItem{}
	for _, l := range w.desk.board.Letters(w.matter.ID) {
		out = append(out, w.letterItem(l))
	}
	return out
}

func (w *paperwork) letterItem(l *Letter) LetterItem {
	return LetterItem{
		N: l.N, Template: l.Template, Recipient: l.Recipient, InstitutionName: w.desk.institutionName(l.InstitutionID), Language: l.Language,
		Edition: l.Edition, Replaces: l.Replaces, BasisChecked: l.BasisChecked, By: shownTo(w.gate.Sees(alerts.P10), l.By), At: l.At,
	}
}

// letter finds a letter of a matter that the actor may read.
func (d *Desk) letter(ctx context.Context, a alerts.Actor, matterID string, n int) (*paperwork, *Letter, error) {
	if _, err := d.paperwork(a, matterID, "", pack.English); err != nil {
		return nil, nil, err
	}
	for _, l := range d.board.Letters(matterID) {
		if l.N != n {
			continue
		}
		w, err := d.paperwork(a, matterID, l.Recipient, l.Language)
		if err != nil {
			return nil, nil, err
		}
		if !w.gate.Sees(alerts.P1) {
			break
		}
		return w, l, d.Reads.Record(ctx, a, fmt.Sprintf("matters/%s/letters/%d", matterID, n), alerts.P1, alerts.P3)
	}
	return nil, nil, missing(fmt.Sprintf("letter %d of matter %s", n, matterID))
}

// LetterOf returns a letter. Its reading is recorded.
func (d *Desk) LetterOf(ctx context.Context, a alerts.Actor, matterID string, n int) (MadeLetter, error) {
	w, l, err := d.letter(ctx, a, matterID, n)
	if err != nil {
		return MadeLetter{}, err
	}
	v := MadeLetter{
		LetterItem: w.letterItem(l), MatterID: matterID, InstitutionID: l.InstitutionID, Addressee: l.Addressee, Subject: l.Subject, Body: l.Body,
		Date: w.dayOf(l.At), Stale: w.stale(l.At),
	}
	if t, ok := w.data.Template(l.Template); ok {
		v.Source, v.Link = t.Source, t.Link
	}
	return v, nil
}
