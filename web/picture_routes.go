package web

// pictureRoutes are the pages about the photos and papers of a case, and about
// the pictures of sightings.
func (s *Server) pictureRoutes() []route {
	return []route{
		{"POST", "/desk/cases/:id/photos/:photo", s.casePhotoChanged},
		{"POST", "/desk/cases/:id/photos/:photo/alone", s.casePhotoAlone},
		{"POST", "/desk/cases/:id/photos/:photo/remove", s.casePhotoRemoved},
		{"POST", "/desk/cases/:id/photos/:photo/restore", s.casePhotoRestored},
		{"GET", "/desk/cases/:id/cover", s.coverPage},
		{"POST", "/desk/cases/:id/cover", s.coverPressed},
		{"GET", "/desk/cases/:id/cover/picture.jpg", s.coverPicture},
		{"GET", "/desk/cases/:id/documents", s.caseDocumentsPage},
		{"POST", "/desk/cases/:id/documents", s.caseDocumentAdded},
		{"POST", "/desk/cases/:id/documents/:document/remove", s.caseDocumentRemoved},
		{"GET", "/desk/sightings/:id/photos/:photo/blurred.jpg", s.blurredPhoto},
		{"POST", "/desk/sightings/:id/photos/:photo/seal", s.pictureSealed},
		{"POST", "/desk/sightings/:id/photos/:photo/viewers", s.pictureViewers},
		{"POST", "/desk/sightings/:id/photos/:photo/police", s.pictureHanded},
		{"POST", "/desk/sightings/:id/photos/:photo/unseal", s.pictureUnsealed},
	}
}

// pictureAPI is the same for programs.
func (s *Server) pictureAPI() []route {
	return []route{
		api("POST", "/cases/:id/photos/:photo", onCasePart(s, "photo", nil, s.Alerts.ChangePhoto)),
		api("POST", "/cases/:id/photos/:photo/alone", s.confirmAlone),
		api("POST", "/cases/:id/photos/:photo/cover", s.coverPhoto),
		api("POST", "/cases/:id/photos/:photo/remove", onCasePart(s, "photo", nil, s.Alerts.RemovePhoto)),
		api("POST", "/cases/:id/photos/:photo/restore", s.restorePhoto),
		api("POST", "/sightings/:id/photos/:photo/seal", onCasePart(s, "photo", nil, s.Alerts.SealPicture)),
		api("POST", "/sightings/:id/photos/:photo/viewers", onCasePart(s, "photo", nil, s.Alerts.NameViewers)),
		api("POST", "/sightings/:id/photos/:photo/police", onCasePart(s, "photo", nil, s.Alerts.HandPicture)),
		api("POST", "/sightings/:id/photos/:photo/unseal", onCasePart(s, "photo", nil, s.Alerts.UnsealPicture)),
		api("GET", "/document-slots", s.listDocumentSlots),
		api("POST", "/cases/:id/documents", s.addDocument),
		api("GET", "/cases/:id/documents/:document/versions/:version", s.readDocument),
		api("POST", "/cases/:id/documents/:document/remove", onCasePart(s, "document", nil, s.Alerts.RemoveDocument)),
	}
}
