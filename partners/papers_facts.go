package partners

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"homeward/alerts"
	"homeward/partners/abduction"
	"homeward/partners/pack"
)

// paperwork is everything that papers for one matter are made of, as it stands
// now, seen by one person and meant for one recipient.
type paperwork struct {
	desk   *Desk
	actor  alerts.Actor
	matter *Matter
	of     *alerts.Case
	folder *Papers
	data   *pack.Data
	gate   pack.Gate
	lang   string
	today  abduction.Date
	zone   *time.Location
	// To is the entry of the directory that it goes to, nil for none.
	to *Institution
}

// paperwork gathers what papers are made of. The recipient decides what may go
// in; without one it is the desk itself.
func (d *Desk) paperwork(a alerts.Actor, matterID, recipient, lang string) (*paperwork, error) {
	m, c, err := d.visibleMatter(a, matterID)
	if err != nil {
		return nil, err
	}
	sees := func(class alerts.Class) bool { return d.Matrix.May(a, class, c.State, d.onMatter(a, c, m)) }
	if !sees(alerts.P3) {
		return nil, missing("papers of matter " + matterID)
	}
	data, err := d.board.pack()
	if err != nil {
		return nil, err
	}
	_, zone, err := d.board.rules()
	if err != nil {
		return nil, err
	}
	to, ok := pack.Desk(), true
	if recipient != "" {
		to, ok = data.Recipient(recipient)
	}
	if !ok {
		return nil, unknownChoice("recipient")
	}
	w := &paperwork{
		desk: d, actor: a, matter: m, of: c, folder: d.board.Papers(m.ID), data: data, lang: lang, zone: zone,
		today: abduction.DateOf(d.Now(), zone), gate: pack.Gate{To: to, Sees: sees, Hidden: c.Hidden},
	}
	return w, knownLanguage(lang)
}

func knownLanguage(lang string) error {
	for _, l := range pack.Languages() {
		if l == lang {
			return nil
		}
	}
	return unknownChoice("language")
}

func unknownChoice(field string) error {
	var f alerts.Fields
	f.Add(field, "unknown_value", "This value is not known.")
	return f.Err()
}

// children are those of the case as headings call them.
func (w *paperwork) children() []pack.Child {
	out := make([]pack.Child, len(w.of.Children))
	for i := range w.of.Children {
		c := &w.of.Children[i]
		n, _ := w.name(c)
		out[i] = pack.Child{ID: c.ID, Name: strings.TrimSpace(n.Given + " " + n.Family)}
	}
	return out
}

// name picks the name that papers carry: from a document or from birth before
// others, in the paper's script before another. The rest are other names.
func (w *paperwork) name(c *alerts.Child) (alerts.Name, []string) {
	rank := func(n alerts.Name) int {
		r := map[string]int{"document": 0, "birth": 2, "used": 4, "alias": 6, "heard": 8, "nickname": 10}[n.Kind]
		if (n.Script == "Cyrl") != (w.lang == pack.Cyrillic) {
			r++
		}
		return r
	}
	best := -1
	for i, n := range c.Names {
		if best < 0 || rank(n) < rank(c.Names[best]) {
			best = i
		}
	}
	if best < 0 {
		return alerts.Name{}, nil
	}
	var others []string
	for i, n := range c.Names {
		if i != best {
			others = append(others, strings.TrimSpace(n.Given+" "+n.Family))
		}
	}
	return c.Names[best], others
}

// known is what case and matter hold, under the lines of the form.
func (w *paperwork) known() pack.Known {
	k, m := pack.Known{}, w.matter
	for i := range w.of.Children {
		w.knownChild(k, &w.of.Children[i])
	}
	w.knownPeople(k)
	k.Set("whereabouts", "", cmp.Or(m.Whereabouts, w.traces("whereabouts")))
	k.Set("wrongful.travel", "", w.traces("route"))
	k.Set("wrongful.contacts", "", w.familyContacts())
	k.Set("wrongful.consents", "", w.travelConsents())
	k.Set("wrongful.kind", "", w.data.Word("kind."+m.Kind, w.lang))
	k.Set("wrongful.date", "", w.day(m.WrongfulDate))
	k.Set("wrongful.basis", "", m.WrongfulDateBasis)
	k.Set("wrongful.states", "", w.country(m.FromState)+" – "+w.country(m.ToState))
	k.Set("wrongful.circumstances", "", w.of.Circumstances)
	k.Set("grounds.custody", "", join("\n", m.CustodyBasis, w.decisions(false)))
	k.Set("proceedings", "", join("\n", w.instances(), w.decisions(true)))
	if p := w.of.Police; !p.ReportedAt.IsZero() {
		k.Set("police", "", join(", ", w.day(abduction.DateOf(p.ReportedAt, w.zone).String()), p.Unit, p.Reference))
	}
	return k
}

func (w *paperwork) knownChild(k pack.Known, c *alerts.Child) {
	n, others := w.name(c)
	k.Set("child.family_name", c.ID, n.Family)
	k.Set("child.given_names", c.ID, n.Given)
	k.Set("child.other_names", c.ID, strings.Join(others, "; "))
	k.Set("child.birth_date", c.ID, w.day(c.BirthDate))
	if c.Sex != "" && c.Sex != "unknown" {
		k.Set("child.sex", c.ID, w.data.Word("sex."+c.Sex, w.lang))
	}
	if born, err := abduction.ParseDate(c.BirthDate); err == nil {
		k.Set("child.turns_16", c.ID, w.day(born.AddMonths(16*12).String()))
	}
	k.Set("child.residence", c.ID, w.matter.HabitualResidence)
	k.Set("child.documents", c.ID, w.documents(func(t *TravelDocument) bool { return t.ChildID == c.ID }))
	k.Set("child.description", c.ID, w.description(&c.Description))
}

func (w *paperwork) description(d *alerts.Description) string {
	var parts []string
	add := func(word, value string) {
		if value != "" {
			parts = append(parts, w.data.Word(word, w.lang)+": "+value)
		}
	}
	if d.HeightCM > 0 {
		add("height", strconv.Itoa(d.HeightCM)+" cm")
	}
	add("build", d.Build)
	add("hair", d.Hair)
	add("eyes", d.Eyes)
	add("marks", d.Marks)
	return strings.Join(parts, "; ")
}

func (w *paperwork) instances() string {
	var out []string
	for n, i := range w.matter.Instances {
		line := join(", ", w.desk.institutionName(i.InstitutionID), w.data.Word("instance.started", w.lang)+" "+w.day(i.StartedAt))
		if i.DecidedAt != "" {
			line += ", " + w.data.Word("instance.decided", w.lang) + " " + w.day(i.DecidedAt)
		}
		out = append(out, fmt.Sprintf("%d. %s", n+1, line))
	}
	return strings.Join(out, "\n")
}

// fill fills the form for the recipient.
func (w *paperwork) fill() *pack.Filled {
	return w.data.Fill(w.lang, w.children(), w.known(), w.folder.answers(), &w.gate)
}

// facts are what letters may name: the lines of the form, and what the form
// does not hold, each through the gate.
func (w *paperwork) facts(office string) pack.Facts {
	facts := w.data.Facts(w.fill())
	put := func(key, value, hide string, classes ...alerts.Class) {
		var hides []string
		if hide != "" {
			hides = []string{hide}
		}
		if value != "" && w.gate.Bars(classes, hides, value) == "" {
			facts[key] = value
		}
	}
	facts["author"], facts["office"], facts["case.number"] = w.actor.Name, office, w.of.CaseNumber
	put("wrongful.from", w.country(w.matter.FromState), "", alerts.P3)
	put("wrongful.to", w.country(w.matter.ToState), "", alerts.P3)
	if s := w.of.LastSeen; !s.At.IsZero() {
		put("last_seen", join(", ", w.day(abduction.DateOf(s.At, w.zone).String()), s.Label), alerts.HideLastSeen, alerts.P2)
	}
	if n := len(w.matter.Instances); n > 0 && w.matter.Instances[n-1].DecidedAt == "" {
		last := w.matter.Instances[n-1]
		put("instance.started", w.day(last.StartedAt), alerts.HideProceedings, alerts.P3)
		if from, ok := parseDay(last.StartedAt); ok {
			put("instance.days", strconv.Itoa(from.DaysUntil(w.today)), alerts.HideProceedings, alerts.P3)
		}
	}
	w.logged(put)
	put("documents.list", w.listed(), alerts.HideDocuments, alerts.P3)
	return facts
}

// logged adds what the log says of the institution that is written to.
func (w *paperwork) logged(put func(key, value, hide string, classes ...alerts.Class)) {
	if w.to == nil {
		return
	}
	for i := range w.matter.Contacts {
		e := &w.matter.Contacts[i]
		if e.InstitutionID != w.to.ID || e.NoReply || w.confidential(e) {
			continue
		}
		if e.Direction == "out" {
			put("log.date", w.day(abduction.DateOf(e.At, w.zone).String()), alerts.HideInstitution, alerts.P3)
			put("log.request", e.Request, alerts.HideInstitution, alerts.P3)
		}
		put("log.reference", e.Reference, alerts.HideInstitution, alerts.P3)
	}
}

// confidential tells whether an entry of the log must not be told on: never one
// that is the desk's own, and not to the family what the family is not told.
func (w *paperwork) confidential(e *MatterContact) bool {
	return e.Confidential == "staff" || e.Confidential != "" && w.gate.Reaches(alerts.PartyLeftBehind)
}

// listed names the papers that are there and may go.
func (w *paperwork) listed() string {
	var out []string
	for _, p := range w.papers() {
		if len(p.files) > 0 && p.barred == "" {
			out = append(out, "– "+p.title(w.lang))
		}
	}
	return strings.Join(out, "\n")
}

// country is what a state is called, or its code where no names are loaded.
func (w *paperwork) country(code string) string {
	if w.desk.Regions != nil {
		if r, ok := w.desk.Regions.Lookup(code); ok {
			return r.Names.In(w.lang)
		}
	}
	return code
}

// day writes a date as people do; a part of one is left as it is.
func (w *paperwork) day(s string) string {
	d, ok := parseDay(s)
	if !ok {
		return s
	}
	month := strings.Fields(w.data.Word("months", w.lang))[d.Month-1]
	return fmt.Sprintf(w.data.Word("date", w.lang), d.Day, month, d.Year)
}

func join(between string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, between)
}
