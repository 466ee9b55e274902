package web

import "slices"

// deliveryRoutes are about how alerts reach partners: the silence board, webhooks
// and tests, and what an organisation keeps of itself.
func (s *Server) deliveryRoutes() []route {
	return slices.Concat(s.deliveryPages(), s.deliveryAPI(), s.drillPages(), s.drillAPI())
}

func (s *Server) deliveryPages() []route {
	out := []route{
		{"GET", "/desk/silence", s.silencePage},
		{"POST", "/desk/silence/:id/:partner/:n", s.callAnswered},
		{"GET", "/partner/history", s.partnerHistoryPage},
		{"GET", "/desk/partners/:id/feed", s.feedPage},
		{"GET", "/partner/feed", s.feedPage},
		{"GET", "/partner/organisation", s.partnerOwnPage},
		{"POST", "/partner/organisation", s.partnerOwnSaved},
		{"POST", "/partner/keys/:key/rotate", s.ownKeyRotated},
		{"POST", "/partner/keys/:key/revoke", s.ownKeyRevoked},
	}
	for _, base := range []string{"/desk/partners/:id", "/partner"} {
		out = append(out,
			route{"POST", base + "/webhook", s.webhookMade},
			route{"POST", base + "/webhook/rotate", s.webhookRotated},
			route{"POST", base + "/webhook/enable", s.webhookSwitched(s.Partners.EnableWebhook)},
			route{"POST", base + "/webhook/disable", s.webhookSwitched(s.Partners.DisableWebhook)},
			route{"POST", base + "/tests", s.channelTested},
		)
	}
	return out
}

func (s *Server) deliveryAPI() []route {
	out := []route{
		api("GET", "/silence", s.readSilence),
		api("GET", "/calls", s.listCalls),
		api("POST", "/alerts/:id/deliveries/:partner/calls/:n", s.answerCall),
		api("GET", "/partner/history", s.readOwnHistory),
		api("GET", "/partners/:id/statement", s.readStatement, "cursor", "limit"),
		api("GET", "/partner/statement", s.readStatement, "cursor", "limit"),
		api("GET", "/partner/organisation", s.readOwnOrganisation),
		api("PATCH", "/partner/organisation", s.patchOwnOrganisation),
		api("POST", "/partner/tokens/:token/rotate", s.rotateOwnKey),
		api("DELETE", "/partner/tokens/:token", s.revokeOwnKey),
	}
	for _, base := range []string{"/partners/:id", "/partner"} {
		out = append(out,
			api("POST", base+"/webhook", s.setWebhook),
			api("POST", base+"/webhook/rotate", s.rotateWebhook),
			api("POST", base+"/webhook/enable", s.switchWebhook(s.Partners.EnableWebhook)),
			api("POST", base+"/webhook/disable", s.switchWebhook(s.Partners.DisableWebhook)),
			api("POST", base+"/tests", s.testChannel),
		)
	}
	return out
}
