package web

// publicationPages are the pages about what the public reads: the preview of an
// alert, and the rumour desk.
func (s *Server) publicationPages() []route {
	return []route{
		{"GET", "/rumours", s.rumoursPage},
		{"POST", "/rumours", s.rumourChecked},
		{"GET", "/desk/rumours", s.rumourDesk},
		{"GET", "/desk/rumours/new", s.rumourNewPage},
		{"POST", "/desk/rumours/new", s.rumourWritten},
		{"GET", "/desk/rumours/:id", s.rumourPage},
		{"GET", "/desk/rumours/:id/edit", s.rumourEditPage},
		{"POST", "/desk/rumours/:id/edit", s.rumourEdited},
		{"POST", "/desk/rumours/:id/approve", s.rumourApproved},
		{"POST", "/desk/rumours/:id/retract", s.rumourRetracted},
		{"POST", "/desk/alerts/:id/papers", s.paperMade},
		{"POST", "/desk/alerts/:id/papers-gone", s.papersGone},
		{"GET", "/desk/alerts/:id/preview", s.previewPage},
		{"GET", "/desk/alerts/:id/preview/page", s.previewAppeal},
		{"GET", "/desk/alerts/:id/preview/photo", s.previewPhoto},
		{"GET", "/desk/alerts/:id/preview/poster.pdf", s.previewPaper},
		{"GET", "/desk/alerts/:id/preview/square.png", s.previewPaper},
		{"GET", "/desk/alerts/:id/preview/portrait.png", s.previewPaper},
		{"GET", "/desk/alerts/:id/preview/cap.xml", s.previewCAP},
	}
}

// publicationRoutes are the same for programs.
func (s *Server) publicationRoutes() []route {
	return []route{
		api("GET", "/alerts/:id/sources", s.alertSources),
		api("GET", "/alerts/:id/preview", s.previewAlert),
		api("GET", "/alerts/:id/readiness", s.readiness),
		api("GET", "/alerts/:id/recall", s.recall),
		api("POST", "/alerts/:id/papers-gone", s.papersTakenDown),
		api("GET", "/criteria", s.listCriteria),
		api("POST", "/cap", s.takeCAP),
		api("GET", "/partner/pfif.xml", s.partnerPFIF),
		api("GET", "/public/rumours", s.publicRumours),
		api("POST", "/rumours", s.writeRumour),
		api("GET", "/rumours", s.listRumours),
		api("GET", "/rumours/:id", s.readRumour),
		api("POST", "/rumours/:id/update", s.updateRumour),
		api("POST", "/rumours/:id/approve", s.approveRumour),
		api("POST", "/rumours/:id/retract", s.retractRumour),
	}
}
