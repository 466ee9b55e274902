package alerts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"homeward/journal"
)

// RumourState is where an entry of the rumour desk is.
type RumourState string

// The states of an entry. What was published and is wrong is retracted, never
// changed in silence.
const (
	RumourDraft     RumourState = "draft"
	RumourPublished RumourState = "published"
	RumourRetracted RumourState = "retracted"
)

// Rumour says of an appeal that goes round that it is false, old or solved. It
// names no case and belongs to none: what stands here must not tell anybody
// whether a child is known. It has an erasure unit of its own.
type Rumour struct {
	journal.Head `bson:",inline"`
	State        RumourState `bson:"state" class:"ref"`
	// Verdict is false, old or solved.
	Verdict string `bson:"verdict" class:"P0"`
	// Since is the day, YYYY-MM-DD, since which the verdict is known to hold.
	Since string `bson:"since" class:"P0"`
	// Texts say what goes round (headline) and what is true of it.
	Texts []Text `bson:"texts" class:"P0,sealed"`
	// Links are where it was seen. They stay on the desk: outside only their
	// hashes are told, as a link would pass the appeal on.
	Links []string `bson:"links,omitempty" class:"P5,sealed"`
	// Files are SHA-256 hashes of pictures or files that go round, in hex.
	Files       []string  `bson:"files,omitempty" class:"P0"`
	ContentHash string    `bson:"content_hash" class:"ref"`
	Author      string    `bson:"author" class:"P10"`
	WrittenAt   time.Time `bson:"written_at" class:"ref"`
	ApprovedBy  string    `bson:"approved_by,omitempty" class:"P10"`
	ApprovedAt  time.Time `bson:"approved_at,omitempty" class:"ref"`
	RetractedBy string    `bson:"retracted_by,omitempty" class:"P10"`
	RetractedAt time.Time `bson:"retracted_at,omitempty" class:"ref"`
	// Reason is why it was retracted; it stays on the desk.
	Reason string `bson:"reason,omitempty" class:"P5,sealed"`
}

// Collection is "rumours".
func (*Rumour) Collection() string { return "rumours" }

// Unit is the entry's own.
func (r *Rumour) Unit(string) string { return "rumours/" + r.ID }

// Verdicts are the words that an entry may say of an appeal.
func Verdicts() []string { return []string{"false", "old", "solved"} }

// NewRumour is an entry as it is written.
type NewRumour struct {
	Verdict string               `json:"verdict"`
	Since   string               `json:"since"`
	Texts   map[string]DraftText `json:"texts"`
	Links   []string             `json:"links,omitempty"`
	Files   []string             `json:"files,omitempty"`
}

const maxRumourMarks = 50

// rumour makes the content of an entry and names what is wrong with it.
func (in *NewRumour) rumour(now time.Time) (Rumour, Fields) {
	var f Fields
	r := Rumour{Verdict: in.Verdict, Since: strings.TrimSpace(in.Since), Texts: draftTexts(in.Texts)}
	if !slices.Contains(Verdicts(), r.Verdict) {
		f.Add("verdict", "unknown_value", "The verdict is false, old or solved.")
	}
	if day, err := time.Parse(time.DateOnly, r.Since); err != nil {
		f.Add("since", "date", "Write the day as YYYY-MM-DD.")
	} else if day.After(now) {
		f.Add("since", "future", "This day lies ahead.")
	}
	for i := range r.Texts {
		t := &r.Texts[i]
		t.Headline, t.Description, t.Instruction = tidyText(t.Headline), tidyText(t.Description), tidyText(t.Instruction)
		for part, text := range map[string]string{"headline": t.Headline, "description": t.Description, "instruction": t.Instruction} {
			if namesCase(text) {
				f.Add("texts."+t.Language+"."+part, "case_number", "Leave case numbers out: an entry must not tell whether a child is known.")
			}
		}
	}
	languageFields(&f, r.Texts)
	r.Links, r.Files = rumourMarks(&f, in)
	return r, f
}

func rumourMarks(f *Fields, in *NewRumour) (links, files []string) {
	if len(in.Links)+len(in.Files) > maxRumourMarks {
		f.Add("links", "too_many", "At most 50 links and files.")
		return nil, nil
	}
	for _, l := range in.Links {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		if _, ok := NormalLink(l); !ok || len(l) > maxLine*10 {
			f.Add("links", "bad_link", "This is not a web address.")
		}
		links = append(links, l)
	}
	hash := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for _, h := range in.Files {
		if h = strings.ToLower(strings.TrimSpace(h)); h == "" {
			continue
		}
		if !hash.MatchString(h) {
			f.Add("files", "bad_hash", "A hash is SHA-256 in 64 hexadecimal digits.")
		}
		files = append(files, h)
	}
	return links, files
}

// namesCase tells whether a text holds what could be one of our case numbers,
// whether there is such a case or not.
func namesCase(text string) bool {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-')
	}) {
		if _, ok := NormalCaseNumber(word); ok && strings.ContainsAny(word, "0123456789") {
			return true
		}
	}
	return false
}

// NormalLink writes a web address in the one form whose SHA-256 is published:
// host and path, without scheme, "www.", fragment, last slash and what only
// tells who passed it on. It is false for what is no web address.
func NormalLink(link string) (string, bool) {
	link = strings.TrimSpace(link)
	if !strings.Contains(link, "://") {
		link = "https://" + link
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || !strings.Contains(u.Hostname(), ".") {
		return "", false
	}
	q := u.Query()
	for k := range q {
		if strings.HasPrefix(k, "utm_") || slices.Contains([]string{"fbclid", "gclid", "igshid", "igsh", "si", "ref"}, k) {
			q.Del(k)
		}
	}
	out := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") + strings.TrimSuffix(u.EscapedPath(), "/")
	if len(q) > 0 {
		out += "?" + q.Encode()
	}
	return out, true
}

// LinkHash is the SHA-256 of a link in its normal form, in hex; "" for what is
// no web address.
func LinkHash(link string) string {
	normal, ok := NormalLink(link)
	if !ok {
		return ""
	}
	sum := sha256.Sum256([]byte(normal))
	return hex.EncodeToString(sum[:])
}

// rumourHash covers what an approval lets out.
func rumourHash(r *Rumour) string {
	raw, err := json.Marshal([]any{r.ID, r.Verdict, r.Since, r.Texts, r.Links, r.Files})
	if err != nil {
		return "" // matches no approval; strings always can be written
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
