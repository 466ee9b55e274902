package web

import (
	"context"

	"homeward/alerts"
	"homeward/partners"
)

// partCommand is a command on one entry of a prevention record.
type partCommand[In any] func(context.Context, alerts.Actor, string, string, In, alerts.Request) (partners.PreventionView, error)

// protectPages are the pages about what is hidden from a party, mediation,
// prevention, and the notices that people get.
func (s *Server) protectPages() []route {
	return []route{
		{"GET", "/desk/cases/:id/hidden", s.caseHidden},
		{"POST", "/desk/cases/:id/hidden", s.caseFactsHidden},
		{"POST", "/desk/cases/:id/hidden/parties", s.casePartyAdded},
		{"POST", "/desk/cases/:id/hidden/:hiding/lift", s.caseHidingLifted},
		{"GET", "/desk/abductions/:id/protection", s.matterProtectionPage},
		{"POST", "/desk/abductions/:id/mediations", s.matterMediationOffered},
		{"GET", "/desk/mediations", s.mediationsPage},
		{"GET", "/desk/mediations/:id", s.mediationPage},
		{"POST", "/desk/mediations/:id", s.mediationChanged},
		{"POST", "/desk/mediations/:id/inside", s.mediationInside},
		{"GET", "/desk/preventions", s.preventionsPage},
		{"GET", "/desk/preventions/new", s.preventionNewPage},
		{"POST", "/desk/preventions/new", s.preventionOpened},
		{"GET", "/desk/preventions/:id", s.preventionPage},
		{"POST", "/desk/preventions/:id", s.preventionChanged},
		{"POST", "/desk/preventions/:id/factors", preventionPart(s, "factors", s.factorsFrom, s.Partners.MarkFactors)},
		{"POST", "/desk/preventions/:id/measures", preventionPart(s, "measures", measureFrom, s.Partners.AddMeasure)},
		{"POST", "/desk/preventions/:id/measures/:part", preventionEntry(s, "measures", measureFrom, s.Partners.ChangeMeasure)},
		{"POST", "/desk/preventions/:id/consents", preventionPart(s, "consents", permissionFrom, s.Partners.AddPermission)},
		{"POST", "/desk/preventions/:id/consents/:part", preventionEntry(s, "consents", permissionEndFrom, s.Partners.EndPermission)},
		{"POST", "/desk/preventions/:id/journeys", preventionPart(s, "journeys", journeyFrom, s.Partners.AddJourney)},
		{"POST", "/desk/preventions/:id/journeys/:part", preventionEntry(s, "journeys", journeyStepFrom, s.Partners.StepJourney)},
		{"POST", "/desk/preventions/:id/told", preventionPart(s, "told", tellingFrom, s.Partners.AddTelling)},
		{"POST", "/account/digest", s.ownDigest},
		{"POST", "/account/calendar", s.ownCalendar},
		{"POST", "/account/calendar/revoke", s.ownCalendarRevoked},
		{"GET", "/desk/digests", s.digestsPage},
	}
}
