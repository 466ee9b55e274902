package web

import "slices"

// consoleRoutes are the pages of the desk and those around its alerts.
func (s *Server) consoleRoutes() []route {
	return slices.Concat(s.casePages(), s.sightingPages(), s.contactPages(), s.mapPages(), s.caseWorkRoutes(), s.pictureRoutes(), s.callPages(), s.alertingRoutes(), s.retentionPages())
}

// casePages are the desk itself and the pages about cases.
func (s *Server) casePages() []route {
	return []route{
		{"GET", "/desk", s.deskPage},
		{"GET", "/desk/cases", s.casesPage},
		{"GET", "/desk/cases/new", s.caseNewPage},
		{"GET", "/desk/intake", s.intakesPage},
		{"POST", "/desk/intake", s.intakeSaved},
		{"POST", "/desk/intake/:id/drop", s.intakeDropped},
		{"POST", "/desk/cases/new", s.caseOpened},
		{"GET", "/desk/cases/:id", s.caseOverview},
		{"GET", "/desk/cases/:id/edit", s.caseEditPage},
		{"POST", "/desk/cases/:id/edit", s.caseEdited},
		{"GET", "/desk/cases/:id/timeline", s.caseTimeline},
		{"GET", "/desk/cases/:id/sightings", s.caseSightings},
		{"GET", "/desk/cases/:id/map", s.caseMap},
		{"GET", "/desk/cases/:id/alerts", s.caseAlerts},
		{"GET", "/desk/cases/:id/matters", s.caseMatters},
		{"GET", "/desk/cases/:id/people", s.casePeople},
		{"POST", "/desk/cases/:id/team", s.caseTeamChanged},
		{"POST", "/desk/cases/:id/consents", s.caseConsentGiven},
		{"POST", "/desk/cases/:id/consents/:consent/withdraw", s.caseConsentWithdrawn},
		{"POST", "/desk/cases/:id/decisions", s.caseDecided},
		{"GET", "/desk/cases/:id/photos", s.casePhotosPage},
		{"POST", "/desk/cases/:id/photos", s.casePhotoAdded},
		{"GET", "/desk/cases/:id/close", s.caseClosePage},
		{"POST", "/desk/cases/:id/close", s.caseClosed},
		{"POST", "/desk/cases/:id/confirm", s.caseConfirmed},
		{"GET", "/desk/cases/:id/merge", s.caseMergePage},
		{"POST", "/desk/cases/:id/merge", s.caseMerged},
		{"POST", "/desk/cases/:id/unmerge", s.caseUnmerged},
		{"GET", "/desk/cases/:id/reopen", s.caseReopenPage},
		{"POST", "/desk/cases/:id/reopen", s.caseReopened},
		{"GET", "/desk/cases/:id/hold", s.caseHoldPage},
		{"POST", "/desk/cases/:id/step", s.caseStepped},
	}
}

// sightingPages are the pages about sightings.
func (s *Server) sightingPages() []route {
	return []route{
		{"GET", "/desk/sightings", s.sightingsPage},
		{"GET", "/desk/sightings/new", s.sightingNewPage},
		{"POST", "/desk/sightings/new", s.sightingRecorded},
		{"GET", "/desk/sightings/:id", s.sightingPage},
		{"POST", "/desk/sightings/:id/screen", s.sightingScreened},
		{"POST", "/desk/sightings/:id/assess", s.sightingAssessed},
		{"POST", "/desk/sightings/:id/link", s.sightingLinked},
		{"POST", "/desk/sightings/:id/duplicate", s.sightingRepeats},
		{"POST", "/desk/sightings/:id/handover", s.sightingHandedOver},
		{"POST", "/desk/sightings/:id/take", s.sightingTaken},
		{"POST", "/desk/sightings/:id/free", s.sightingFreed},
		{"POST", "/desk/sightings/:id/group", s.sightingGrouped},
		{"POST", "/desk/sightings/:id/undo", s.sightingUndone},
		{"POST", "/desk/sightings/:id/message", s.sightingMessaged},
	}
}

// contactPages are the pages about contacts and what is known already.
func (s *Server) contactPages() []route {
	return []route{
		{"POST", "/desk/known", s.knownPart},
		{"GET", "/desk/contacts", s.contactsPage},
		{"GET", "/desk/contacts/new", s.contactNewPage},
		{"POST", "/desk/contacts/new", s.contactRecorded},
		{"GET", "/desk/contacts/:id", s.contactPage},
		{"POST", "/desk/contacts/:id", s.contactChanged},
		{"POST", "/desk/contacts/:id/message", s.contactMessaged},
		{"POST", "/desk/contacts/:id/check", s.parentChecked},
		{"POST", "/desk/contacts/:id/uncheck", s.parentUnchecked},
		{"POST", "/desk/contacts/:id/objections/:objection", s.objectionDecided},
	}
}

// mapPages are the pages about the map.
func (s *Server) mapPages() []route {
	return []route{
		{"GET", "/desk/map", s.mapPage},
		{"GET", "/desk/map/export.:format", s.exportSightings},
		{"GET", "/desk/map/print", s.mapPrint},
	}
}
