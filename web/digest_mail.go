package web

import (
	"strings"

	"homeward/partners"
)

// digestLines is how many deadlines an e-mail lists of each kind; the page has
// the rest.
const digestLines = 25

// DigestMail writes a daily e-mail in a language: counts, numbers, days, and
// links that need a sign-in. It holds no name, no place and no institution,
// because e-mail is read by many on its way. origin is the address that links
// begin with.
func (s *Server) DigestMail(lang, origin string, a partners.Agenda) (subject, text string) {
	p := s.noticePage(lang)
	var b strings.Builder
	b.WriteString(p.T("digest.greeting", "Name", p.Organisation(), "Date", p.Date(p.Now)) + "\n")
	for _, part := range []struct {
		key   string
		items []partners.DeadlineItem
	}{{"digest.overdue", a.Overdue}, {"digest.today", a.Today}, {"digest.soon", a.Soon}} {
		if len(part.items) == 0 {
			continue
		}
		b.WriteString("\n" + p.N(part.key, len(part.items)) + "\n")
		for i := range part.items {
			if i == digestLines {
				b.WriteString("  " + p.N("digest.more", len(part.items)-i) + " " + origin + "/desk/deadlines\n")
				break
			}
			it := &part.items[i]
			b.WriteString("  " + p.noticeNumber(it) + "  " + p.noticeDue(it) + "\n    " + origin + p.DeadlineHref(*it) + "\n")
		}
	}
	b.WriteString("\n" + p.T("digest.end", "Link", origin+"/account") + "\n")
	return p.T("digest.subject", "Overdue", p.Number(len(a.Overdue)), "Today", p.Number(len(a.Today)), "Soon", p.Number(len(a.Soon))), b.String()
}

func (p *Page) noticeDue(it *partners.DeadlineItem) string {
	if it.DueAt != nil {
		return p.Date(*it.DueAt) + " " + p.Clock(*it.DueAt)
	}
	return p.Day(*it.Due)
}
