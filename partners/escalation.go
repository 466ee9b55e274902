package partners

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
)

// EscalationView is what can be done about an entry that stays without an
// answer: whom to call when a child is in danger now, and the rungs above the
// ones that were taken.
type EscalationView struct {
	Contact   MatterContactView `json:"contact"`
	Emergency EmergencyView     `json:"emergency"`
	Rungs     []RungView        `json:"rungs"`
	// Letter is that of the rung that was asked for, else of the lowest; null
	// when no rung is left.
	Letter *RungLetter `json:"letter"`
}

// EmergencyView is whom to call at once: it skips the ladder.
type EmergencyView struct {
	Phones   []string `json:"phones"`
	Source   string   `json:"source"`
	Verified bool     `json:"verified"`
}

// RungView is one rung that can be taken.
type RungView struct {
	ID         string          `json:"id"`
	Step       int             `json:"step"`
	Source     string          `json:"source"`
	Link       string          `json:"link"`
	Verified   bool            `json:"verified"`
	Note       string          `json:"note"`
	Addressees []AddresseeView `json:"addressees"`
	// Due is the day by which an answer is to be there if it is taken today: by
	// law when DueRule is set, else what the letter asks for.
	Due         string `json:"due"`
	DueRule     string `json:"due_rule,omitempty"`
	DueVerified bool   `json:"due_verified,omitempty"`
	// FileBy is the last day to take the rung, counted from the entry.
	FileBy     string `json:"file_by,omitempty"`
	FilePassed bool   `json:"file_passed,omitempty"`
}

// AddresseeView is an entry of the directory that a rung can go to.
type AddresseeView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Country   string    `json:"country"`
	Freshness Freshness `json:"freshness"`
}

// RungLetter is a proposed letter.
type RungLetter struct {
	Rung          string `json:"rung"`
	InstitutionID string `json:"institution_id"`
	Language      string `json:"language"`
	Subject       string `json:"subject"`
	Text          string `json:"text"`
}

// RungWish chooses the letter to propose. Zero fields choose the lowest rung,
// its first addressee and the addressee's language.
type RungWish struct {
	Rung, InstitutionID, Language string
	// Reader is the language of whoever asks.
	Reader string
	// From is what the organisation is called; Channel names a channel in the
	// letter's language.
	From    string
	Channel func(language, channel string) string
}

// escalating is an entry on its way up, with what the rungs look at.
type escalating struct {
	desk    *Desk
	of      logged
	entry   *MatterContact
	first   *MatterContact // the request that the whole chain is about
	asked   *Institution   // whom it went to
	step    int            // the highest step taken
	ladder  *abduction.Ladder
	letters *abduction.Letters
	law     *abduction.Law
	zone    *time.Location
	today   abduction.Date
}

// escalating looks at the nth entry of a log. An entry that has what was wanted,
// was replaced, taken back, or taken further already is refused.
func (d *Desk) escalating(of logged, n int, now time.Time) (*escalating, error) {
	l := of.log()
	if n < 1 || n > len(l) || l[n-1].Direction != "out" {
		return nil, missing("contact " + strconv.Itoa(n))
	}
	x := &escalating{desk: d, of: of, entry: &l[n-1], first: &l[n-1]}
	var err error
	if x.law, x.zone, err = d.board.rules(); err != nil {
		return nil, err
	}
	if x.ladder, x.letters, err = d.board.escalation(); err != nil {
		return nil, err
	}
	x.today = abduction.DateOf(now, x.zone)
	switch l.standing(n-1, now, x.zone, abduction.Date{}).state {
	case ContactOpen, ContactOverdue, ContactNoReply:
	default:
		return nil, alerts.Errorf(alerts.Conflict, "Nothing is owed on this entry any more.")
	}
	for e := x.entry; ; e = &l[e.Escalates-1] {
		if r, ok := x.ladder.Rung(e.Rung); ok {
			x.step = max(x.step, r.Step)
		}
		x.first = e
		if e.Escalates < 1 || e.Escalates >= e.N {
			break
		}
	}
	known := false
	if x.asked, known = d.board.Institution(x.first.InstitutionID); !known {
		return nil, missing("institution " + x.first.InstitutionID)
	}
	return x, nil
}

func (x *escalating) rungs() []abduction.Rung {
	return x.ladder.Above(abduction.About{
		Country: x.asked.Country, Kind: x.asked.Kind, Matter: x.first.Matter, Route: x.of.route(), On: x.today,
	}, x.step)
}

// Escalation proposes what to do about the nth entry of a log.
func (d *Desk) Escalation(ctx context.Context, a alerts.Actor, of Log, n int, wish RungWish) (EscalationView, error) {
	log, err := d.ContactLog(ctx, a, of)
	if err != nil {
		return EscalationView{}, err
	}
	if n < 1 || n > len(log.Contacts) || log.Contacts[n-1].Withheld {
		return EscalationView{}, missing("contact " + strconv.Itoa(n) + " of " + of.id)
	}
	doc, _, err := d.visibleLog(a, of)
	if err != nil {
		return EscalationView{}, err
	}
	x, err := d.escalating(doc, n, d.Now())
	if err != nil {
		return EscalationView{}, err
	}
	e := x.ladder.Emergency(x.asked.Country)
	v := EscalationView{Contact: log.Contacts[n-1], Emergency: EmergencyView{e.Phones, e.Source, e.Verified}, Rungs: []RungView{}}
	for _, r := range x.rungs() {
		v.Rungs = append(v.Rungs, x.view(r))
		if v.Letter == nil && (wish.Rung == "" || wish.Rung == r.ID) {
			if v.Letter, err = x.letter(a, r, wish); err != nil {
				return EscalationView{}, err
			}
		}
	}
	if v.Letter == nil && wish.Rung != "" {
		return EscalationView{}, missing("rung " + wish.Rung)
	}
	return v, nil
}

func (x *escalating) view(r abduction.Rung) RungView {
	v := RungView{ID: r.ID, Step: r.Step, Source: r.Source, Link: r.Link, Verified: r.Verified, Note: r.Note, Addressees: []AddresseeView{}}
	to := x.addressees(r)
	for _, i := range to {
		v.Addressees = append(v.Addressees, AddresseeView{i.ID, i.Name, i.Country, freshness(i.VerifiedAt, x.desk.Now(), x.zone, x.law.FreshMonths)})
	}
	if len(to) > 0 {
		due, rule := x.due(r, to[0])
		v.Due, v.DueRule = due.String(), rule.Rule
		v.DueVerified = rule.Verified
	}
	if r.FileWithin != "" {
		by, _ := x.law.DeadlineBy(r.FileWithin, x.asked.Country, abduction.DateOf(x.first.At, x.zone))
		v.FileBy, v.FilePassed = by.Due.String(), by.Due.Before(x.today)
	}
	return v
}

// due is the day by which the addressee is to answer, and the rule when it is
// by law.
func (x *escalating) due(r abduction.Rung, to *Institution) (abduction.Date, abduction.Deadline) {
	if r.AskWithin != nil {
		return x.law.Until(*r.AskWithin, to.Country, x.today), abduction.Deadline{}
	}
	d, _ := x.law.Deadline(abduction.Asked{Country: to.Country, Kind: to.Kind, Matter: r.Matter, Route: x.of.route(), On: x.today})
	return d.Due, d
}

// addressees are whom a rung can go to, the best first: with the role that the
// rung asks for, then in the same country. Only some kinds are of use abroad.
func (x *escalating) addressees(r abduction.Rung) []*Institution {
	if r.To.Same {
		return []*Institution{x.asked}
	}
	abroad := r.To.Kind == "lawyer" || r.To.Kind == "consulate" || r.To.Kind == "central_authority"
	all := slices.DeleteFunc(x.desk.board.Institutions(), func(i *Institution) bool {
		return i.Kind != r.To.Kind || i.ID == x.asked.ID || i.Country != x.asked.Country && !abroad
	})
	rank := func(i *Institution) int {
		n := 0
		if r.To.Role != "" && !slices.Contains(i.Roles, r.To.Role) {
			n += 2
		}
		if i.Country != x.asked.Country {
			n++
		}
		return n
	}
	slices.SortStableFunc(all, func(p, q *Institution) int { return cmp.Compare(rank(p), rank(q)) })
	return all
}

// letter fills in the letter of a rung with what the log says.
func (x *escalating) letter(a alerts.Actor, r abduction.Rung, wish RungWish) (*RungLetter, error) {
	v := &RungLetter{Rung: r.ID, Language: wish.Language}
	var addressee *Institution
	for i, to := range x.addressees(r) {
		if i == 0 || to.ID == wish.InstitutionID {
			addressee, v.InstitutionID = to, to.ID
		}
	}
	if v.Language == "" {
		v.Language = x.desk.LetterLanguage(v.InstitutionID, wish.Reader)
	}
	if !slices.Contains(abduction.LetterLanguages(), v.Language) {
		v.Language = abduction.LetterLanguages()[0]
	}
	facts := x.facts(v.Language, wish)
	if addressee != nil {
		due, _ := x.due(r, addressee)
		facts.To, facts.Due = addressee.Name, due.Written(v.Language)
	}
	facts.Author, facts.From = a.Name, wish.From
	var err error
	v.Subject, v.Text, err = x.letters.Write(r.Letter, v.Language, facts)
	return v, err
}

func (x *escalating) facts(lang string, wish RungWish) abduction.LetterFacts {
	e := x.first
	day := func(s string) string {
		d, _ := parseDay(s)
		return d.Written(lang)
	}
	f := abduction.LetterFacts{
		About: x.asked.Name, Asked: x.asked.Name, AskedOn: abduction.DateOf(e.At, x.zone).Written(lang), Channel: e.Channel,
		Request: strings.TrimSpace(e.Request), LegalBasis: e.LegalBasis, TheirReference: e.Reference, OurReference: e.OurReference,
		PromisedOn: day(e.PromisedDate), PromisedBy: e.PromisedBy,
	}
	if wish.Channel != nil {
		f.Channel = wish.Channel(lang, e.Channel)
	}
	if statutory, ok := parseDay(e.StatutoryDate); ok && statutory.Before(x.today) {
		f.StatutoryOn, f.StatutorySource = statutory.Written(lang), x.letters.Cite(e.StatutoryRule, lang)
	}
	if due := e.due(); !due.IsZero() {
		f.Late = max(0, due.DaysUntil(x.today))
	}
	l := x.of.log()
	for i := range l {
		switch o := &l[i]; {
		case o.NoReply && o.InstitutionID == e.InstitutionID && o.N > e.N:
			f.Calls++
		case o.Escalates > 0 && x.inChain(o):
			f.Earlier = append(f.Earlier, abduction.DateOf(o.At, x.zone).Written(lang)+" "+x.desk.institutionName(o.InstitutionID)+x.title(o))
		}
	}
	return f
}

// title is the subject of a letter that was sent.
func (x *escalating) title(e *MatterContact) string {
	if len(e.Documents) == 0 {
		return ""
	}
	return ": " + e.Documents[0].Title
}

// inChain tells whether an entry is one of the steps that led to this one.
func (x *escalating) inChain(o *MatterContact) bool {
	l := x.of.log()
	for e := x.entry; e.Escalates > 0 && e.Escalates < e.N; e = &l[e.Escalates-1] {
		if e.N == o.N {
			return true
		}
	}
	return false
}
