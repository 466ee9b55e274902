package web

import (
	"slices"
	"strings"

	"homeward/partners"
)

// PartnerMail is an e-mail to a person of a partner organisation.
type PartnerMail struct {
	Language, Subject, Text string
}

// PartnerMail writes an e-mail in the language of whoever gets it. It holds
// level, country and a link, and nothing of a child; the link's code stands
// after the #, which is never sent to a server. address is the installation's.
func (s *Server) PartnerMail(d partners.Dispatch, address string) PartnerMail {
	p := &Page{s: s, Lang: mailLanguage(d.Languages), Now: s.Now(), Zone: s.zone()}
	m := PartnerMail{Language: p.Lang}
	where := p.CountryNames(d.Countries)
	link := address + "/partner/link#" + d.Code
	switch d.Kind {
	case partners.KindTest:
		m.Subject = p.T("mail.test_subject", "Organisation", p.Organisation())
		m.Text = p.T("mail.test_text", "Organisation", p.Organisation())
	case partners.KindDuty:
		m.Subject = p.T("mail.duty_subject", "Organisation", p.Organisation(), "Level", p.Word("level", d.Level), "Countries", where)
		m.Text = p.T("mail.duty_text", "Level", p.Word("level", d.Level), "Countries", where, "Link", address+"/desk/silence")
	case partners.KindReferral, partners.KindReferralReminder:
		urgency := p.Word("referral_urgency", d.Urgency)
		m.Subject = p.T("mail."+d.Kind+"_subject", "Organisation", p.Organisation(), "Urgency", urgency, "Countries", where)
		m.Text = p.T("mail."+d.Kind+"_text", "Organisation", p.Organisation(), "Urgency", urgency, "Countries", where, "Link", address+"/partner/referrals/"+d.ReferralID)
	case partners.KindConference, partners.KindConferenceChanged, partners.KindConferenceOff:
		m.Subject = p.T("mail."+d.Kind+"_subject", "Organisation", p.Organisation(), "Countries", where)
		m.Text = p.T("mail."+d.Kind+"_text", "Organisation", p.Organisation(), "Countries", where, "Link", address+"/partner/conferences/"+d.ConferenceID)
	case partners.KindHandover:
		m.Subject = p.T("mail.handover_subject", "Organisation", p.Organisation(), "Level", p.Word("level", d.Level), "Countries", where)
		m.Text = p.T("mail.handover_text", "Organisation", p.Organisation(), "Level", p.Word("level", d.Level), "Countries", where, "Link", link)
	case partners.KindWithdrawal:
		end := "mail.end"
		if d.Item.Reason == partners.ReasonNotAddressed {
			end = "mail.leaving" // the search goes on: it must not be said to be over
		}
		m.Subject = p.T(end+"_subject", "Organisation", p.Organisation(), "Countries", where)
		m.Text = p.T(end+"_text", "Link", link)
	default:
		m.Subject = p.T("mail.alert_subject", "Organisation", p.Organisation(), "Level", p.Word("level", d.Level), "Countries", where)
		m.Text = p.T("mail.alert_text", "Organisation", p.Organisation(), "Level", p.Word("level", d.Level), "Countries", where, "Link", link)
	}
	if d.Drill {
		m.Subject = p.T("mail.drill_subject", "Subject", m.Subject)
		m.Text = p.T("mail.drill_text", "Text", m.Text)
	}
	m.Text = strings.TrimSpace(m.Text) + "\n"
	return m
}

// mailLanguage is the first of somebody's languages that there are texts in.
// Readers of the neighbouring standards get Serbian Latin rather than English.
func mailLanguage(wanted []string) string {
	for _, w := range wanted {
		if slices.Contains(languages(), w) {
			return w
		}
		switch base, _, _ := strings.Cut(w, "-"); base {
		case "sr", "bs", "hr", "cnr", "sh":
			return SerbianLatin
		case "en":
			return English
		}
	}
	return English
}
