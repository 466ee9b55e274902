package partners

import (
	"fmt"
	"strings"
	"time"
)

// cells reads the cells of one row into an entry. A column that the file does
// not have leaves what there is.
type cells struct {
	*importing
	row, line int
}

func (c *cells) take(i *Institution) {
	for name, into := range map[string]*string{"name": &i.Name, "kind": &i.Kind, "country": &i.Country, "area": &i.Area, "hours": &i.Hours, "time_zone": &i.TimeZone, "source": &i.Source} {
		if s, ok := c.table.cell(c.row, name); ok {
			*into = strings.TrimSpace(s)
		}
	}
	for name, into := range map[string]*[]string{"regions": &i.Regions, "roles": &i.Roles, "languages": &i.Languages} {
		if s, ok := c.table.cell(c.row, name); ok {
			*into = splitList(s)
		}
	}
	if s, ok := c.table.cell(c.row, "channels"); ok {
		i.Channels = c.channels(s)
	}
	if s, ok := c.table.cell(c.row, "people"); ok && (strings.TrimSpace(s) != "" || c.desk.seesPeople(c.actor)) {
		i.People = c.people(s)
	}
	if s, ok := c.table.cell(c.row, "verified_at"); ok {
		c.verified(i, strings.TrimSpace(s))
	}
	switch s, ok := c.table.cell(c.row, "fictional"); {
	case !ok:
	case s == "yes" || s == "":
		i.Fictional = s == "yes"
	default:
		c.wrong(c.line, "fictional", "yes_or_no", "Write yes, or nothing.")
	}
}

func splitList(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// lines are the lines of a cell that say something.
func lines(s string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		if strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

func (c *cells) channels(s string) []Channel {
	var out []Channel
	for _, line := range lines(s) {
		p := append(splitParts(line), "", "", "", "")
		if len(p) > 9 {
			c.wrong(c.line, "channels", "parts", "A line has kind | value | secure | source | date.")
			continue
		}
		ch := Channel{Kind: p[0], Value: p[1], Source: p[3], AsOf: p[4]}
		switch p[2] {
		case "yes", "no":
			secure := p[2] == "yes"
			ch.Secure = &secure
		case "":
		default:
			c.wrong(c.line, "channels", "yes_or_no", "Whether a channel is secure is yes, no, or nothing.")
		}
		out = append(out, ch)
	}
	return out
}

func (c *cells) people(s string) []InstitutionPerson {
	var out []InstitutionPerson
	for _, line := range lines(s) {
		parts := append(splitParts(line), "")
		p := InstitutionPerson{Name: parts[0], Function: parts[1]}
		for _, part := range parts[2:] {
			kind, value, ok := strings.Cut(part, ":")
			if part != "" && !ok {
				c.wrong(c.line, "people", "parts", "After name | function comes how to reach them, such as phone: +381 11 000 0001.")
			} else if part != "" {
				p.Channels = append(p.Channels, Reach{Kind: strings.TrimSpace(kind), Value: strings.TrimSpace(value)})
			}
		}
		out = append(out, p)
	}
	return out
}

// verified reads when an entry was checked. What did not change keeps who
// checked it.
func (c *cells) verified(i *Institution, s string) {
	if s == "" {
		i.verify(time.Time{}, c.actor)
		return
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		if t, err = time.ParseInLocation(time.DateOnly, s, c.zone); err != nil {
			c.wrong(c.line, "verified_at", "date", fmt.Sprintf("%q is no date; write one such as 2026-05-02.", s))
			return
		}
	}
	if !t.Truncate(time.Millisecond).Equal(i.VerifiedAt) {
		i.verify(t, c.actor)
	}
}
