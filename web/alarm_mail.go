package web

import "strings"

// AlarmMail tells a duty officer that alerts are stuck, or get out again.
func (s *Server) AlarmMail(language, address string, red bool, reason string) (subject, text string) {
	p := &Page{s: s, Lang: mailLanguage([]string{language}), Now: s.Now(), Zone: s.zone()}
	key := "mail.alarm_green"
	if red {
		key = "mail.alarm_red"
	}
	subject = p.T(key+"_subject", "Organisation", p.Organisation())
	return subject, strings.TrimSpace(p.T(key+"_text", "Reason", reason, "Link", address+"/desk")) + "\n"
}
