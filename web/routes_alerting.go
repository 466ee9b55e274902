package web

import "slices"

// alertingRoutes are the pages of the desk about alerts and around them:
// partners, institutions, abduction matters, deadlines and accounts.
func (s *Server) alertingRoutes() []route {
	return slices.Concat(s.alertPages(), s.organisationPages(), s.matterPages(), s.logPages(), s.protectPages(), s.referralPages(), s.comparePages(), s.conferencePages(), s.paperPages(), s.searchPages(), s.staffPages())
}

func (s *Server) alertPages() []route {
	return []route{
		{"GET", "/desk/alerts", s.alertsPage},
		{"GET", "/desk/cases/:id/alerts/new", s.alertNewPage},
		{"POST", "/desk/cases/:id/alerts/new", s.alertDrafted},
		{"GET", "/desk/alerts/:id", s.alertPage},
		{"GET", "/desk/alerts/:id/edit", s.alertEditPage},
		{"POST", "/desk/alerts/:id/edit", s.alertEdited},
		{"POST", "/desk/alerts/:id/release", s.alertReleased},
		{"POST", "/desk/alerts/:id/cancel", s.alertCancelled},
		{"POST", "/desk/alerts/:id/review", s.alertReviewed},
	}
}

// organisationPages are about those whom alerts go to and those who owe answers.
func (s *Server) organisationPages() []route {
	return []route{
		{"GET", "/desk/partners", s.partnersPage},
		{"GET", "/desk/partners/new", s.partnerNewPage},
		{"POST", "/desk/partners/new", s.partnerEntered},
		{"GET", "/desk/partners/:id", s.partnerPage},
		{"GET", "/desk/partners/:id/edit", s.partnerEditPage},
		{"POST", "/desk/partners/:id/edit", s.partnerEdited},
		{"POST", "/desk/partners/:id/approve", s.partnerVetted},
		{"POST", "/desk/partners/:id/suspend", s.partnerStep(s.Partners.SuspendPartner)},
		{"POST", "/desk/partners/:id/keys", s.partnerKeyMade},
		{"POST", "/desk/partners/:id/keys/:key/revoke", s.partnerKeyRevoked},
		{"GET", "/desk/institutions", s.institutionsPage},
		{"GET", "/desk/institutions/check", s.institutionsToCheckPage},
		{"GET", "/desk/institutions/import", s.institutionsImportPage},
		{"POST", "/desk/institutions/import", s.institutionsImported},
		{"GET", "/desk/institutions/new", s.institutionNewPage},
		{"POST", "/desk/institutions/new", s.institutionEntered},
		{"GET", "/desk/institutions/:id", s.institutionPage},
		{"GET", "/desk/institutions/:id/edit", s.institutionEditPage},
		{"POST", "/desk/institutions/:id/edit", s.institutionEdited},
		{"POST", "/desk/institutions/:id/verify", s.institutionVerified},
		{"POST", "/desk/institutions/:id/forget-people", s.institutionPeopleForgotten},
		{"GET", "/desk/barometer", s.barometerPage},
	}
}

func (s *Server) matterPages() []route {
	return []route{
		{"GET", "/desk/cases/:id/abduction", s.matterNewPage},
		{"POST", "/desk/cases/:id/abduction", s.matterOpened},
		{"GET", "/desk/abductions", s.mattersPage},
		{"GET", "/desk/abductions/:id", s.matterPage},
		{"GET", "/desk/abductions/:id/facts", s.matterFactsPage},
		{"GET", "/desk/abductions/:id/procedure", s.matterProcedurePage},
		{"GET", "/desk/abductions/:id/edit", s.matterEditPage},
		{"POST", "/desk/abductions/:id/edit", s.matterEdited},
		{"POST", "/desk/abductions/:id/route", s.matterRouteDecided},
		{"GET", "/desk/abductions/:id/facts/:section", s.matterSectionPage},
		{"POST", "/desk/abductions/:id/facts/:section", s.matterSectionSaved},
		{"GET", "/desk/abductions/:id/procedure/:step", s.matterStepPage},
		{"POST", "/desk/abductions/:id/procedure/:step", s.matterStepRecorded},
		{"GET", "/desk/deadlines", s.deadlinesPage},
	}
}

func (s *Server) staffPages() []route {
	return []route{
		{"GET", "/desk/statistics", s.statisticsPage},
		{"GET", "/desk/accounts", s.accountsPage},
		{"GET", "/desk/accounts/new", s.accountNewPage},
		{"POST", "/desk/accounts/new", s.accountMade},
		{"GET", "/desk/accounts/:id", s.accountPage},
		{"POST", "/desk/accounts/:id/invite", s.accountInvited},
		{"POST", "/desk/accounts/:id/disable", s.accountDisabled},
		{"POST", "/desk/accounts/:id/tokens", s.accountTokenMade},
		{"POST", "/desk/accounts/:id/tokens/:token/revoke", s.accountTokenRevoked},
	}
}
