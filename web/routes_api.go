package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"homeward/alerts"
)

const apiPrefix = "/api/v1"

// api makes a route of the JSON API with the query parameters that it takes.
// Any other parameter is refused by name.
func api(method, path string, h handler, parameters ...string) route {
	return route{method, apiPrefix + path, func(c *fiber.Ctx, a alerts.Actor) error {
		if err := knownQuery(c, parameters); err != nil {
			return err
		}
		return h(c, a)
	}}
}

// paged are parameters of a list, with those of its own.
func paged(own ...string) []string { return append(own, "cursor", "limit") }

// apiRoutes is the JSON API but for accounts.
func (s *Server) apiRoutes() []route {
	return slices.Concat(s.openAPIRoutes(), s.listFileRoutes(), s.caseRoutes(), s.pictureAPI(), s.caseWorkAPI(), s.contactRoutes(), s.alikeRoutes(), s.callRoutes(), s.sightingRoutes(), s.alertRoutes(),
		s.directoryRoutes(), s.statisticsRoutes(), s.organisationRoutes(), s.matterRoutes(), s.logRoutes(), s.protectRoutes(), s.referralRoutes(), s.compareAPI(), s.conferenceRoutes(), s.paperRoutes(), s.searchRoutes(), s.retentionAPI())
}

func (s *Server) openAPIRoutes() []route {
	return []route{
		api("GET", "/openapi.json", s.openAPI),
		api("GET", "/asyncapi.json", s.asyncAPI),
		api("POST", "/public/sightings", s.reportSighting),
		api("POST", "/public/reports", s.reportChild),
		api("POST", "/public/photos", s.uploadPhoto, "read_position"),
		api("POST", "/public/follow", s.followReport),
	}
}

func (s *Server) caseRoutes() []route {
	return []route{
		api("POST", "/cases", s.openCase),
		api("GET", "/cases", s.listCases, paged("state", "category", "q", "sort")...),
		api("GET", "/cases/:id", s.readCase),
		api("PATCH", "/cases/:id", s.patchCase),
		api("POST", "/cases/:id/submit", s.submitCase),
		api("POST", "/cases/:id/hold", s.holdCase),
		api("POST", "/cases/:id/resume", s.resumeCase),
		api("POST", "/cases/:id/close", s.closeCase),
		api("POST", "/cases/:id/confirm", s.confirmCase),
		api("POST", "/cases/:id/reopen", s.reopenCase),
		api("POST", "/cases/:id/finish", s.finishCase),
		api("POST", "/cases/:id/merge", s.mergeCase),
		api("POST", "/cases/:id/unmerge", s.unmergeCase),
		api("POST", "/cases/:id/consents", s.addConsent),
		api("DELETE", "/cases/:id/consents/:consent", s.withdrawConsent),
		api("POST", "/cases/:id/photos", s.addPhoto),
		api("GET", "/cases/:id/photos/:photo", s.casePhoto),
		api("POST", "/cases/:id/decisions", s.recordDecision),
		api("POST", "/cases/:id/alerts", s.draftAlert),
		api("POST", "/cases/:id/abduction", s.openMatter),
	}
}

func (s *Server) contactRoutes() []route {
	return []route{
		api("POST", "/contacts", s.recordContact),
		api("GET", "/contacts", s.listContacts, paged("case", "kind", "channel", "language", "taken_by", "open", "unreferred", "promised", "sort")...),
		api("GET", "/known", s.knownAlready, "given", "family", "birth_date", "place", "phone", "caller", "except", "of"),
		api("GET", "/contacts/:id", s.readContact),
		api("PATCH", "/contacts/:id", s.patchContact),
		api("POST", "/contacts/:id/case", s.caseFromReport),
		api("POST", "/contacts/:id/messages", s.messageReporter),
		api("POST", "/contacts/:id/check", s.checkParent),
		api("POST", "/contacts/:id/uncheck", s.uncheckParent),
		api("POST", "/contacts/:id/objections/:objection", s.decideObjection),
	}
}

// sightingFilters are the parameters that lists and tiles of sightings share.
func sightingFilters() []string { return []string{"case", "from", "to", "state", "min_grade"} }

func (s *Server) sightingRoutes() []route {
	filters := sightingFilters()
	return []route{
		api("POST", "/sightings", s.recordSighting),
		api("GET", "/sightings", s.listSightings, paged(append(filters, "bbox")...)...),
		api("GET", "/triage", s.triageSightings, paged(append(filters, "bbox", "order")...)...),
		api("GET", "/sightings/:id", s.readSighting),
		api("GET", "/sightings/:id/group", s.readSightingGroup),
		api("GET", "/sightings/:id/held-back", s.checkHeldBack),
		api("GET", "/cases/:id/track", s.caseTrack),
		api("POST", "/sightings/:id/group", s.groupSighting),
		api("POST", "/sightings/:id/undo", s.undoSighting),
		api("POST", "/sightings/:id/lease", s.takeSighting),
		api("DELETE", "/sightings/:id/lease", s.giveBackSighting),
		api("GET", "/sightings/:id/photos/:photo", s.sightingPhoto),
		api("POST", "/sightings/:id/screen", s.screenSighting),
		api("POST", "/sightings/:id/assess", s.assessSighting),
		api("POST", "/sightings/:id/link", s.linkSighting),
		api("POST", "/sightings/:id/handover", s.handOverSighting),
		api("POST", "/sightings/:id/messages", s.messageTipster),
		api("GET", "/tiles/sightings/:z/:x/:y.mvt", s.sightingTile, filters...),
		api("GET", "/sightings-heat", s.sightingsHeat, append(filters, "bbox")...),
		api("GET", "/places", s.places, "q"),
	}
}

func (s *Server) alertRoutes() []route {
	return []route{
		api("GET", "/alerts", s.listAlerts, paged("case", "state", "drafts", "sort")...),
		api("GET", "/alerts/:id", s.readAlert),
		api("GET", "/alerts/:id/audience", s.audience),
		api("GET", "/alerts/:id/deliveries", s.deliveries),
		api("POST", "/alerts/:id/release", s.releaseAlert),
		api("POST", "/alerts/:id/update", s.updateAlert),
		api("POST", "/alerts/:id/cancel", s.cancelAlert),
		api("POST", "/alerts/:id/review", s.reviewAlert),
		api("GET", "/alerts/:id/cap.xml", s.capAlert, "revision"),
		api("GET", "/alerts/:id/cancel.xml", s.capCancel),
		api("GET", "/alerts/:id/photo", s.alertPhoto),
		api("GET", "/feeds/alerts.atom", s.atomFeed, "lang"),
		api("GET", "/partner/alerts", s.partnerAlerts),
		api("GET", "/partner/alerts/:id", s.partnerAlert),
		api("POST", "/partner/alerts/:id/opened", s.partnerAct(s.Partners.Opened)),
		api("POST", "/partner/alerts/:id/answer", s.partnerAct(s.Partners.Answer)),
		api("POST", "/partner/alerts/:id/done", s.partnerAct(s.Partners.Done)),
		api("POST", "/partner/alerts/:id/removed", s.partnerAct(s.Partners.Removed)),
		api("POST", "/partner/alerts/:id/handover", s.handToColleague),
	}
}

func (s *Server) organisationRoutes() []route {
	return []route{
		api("POST", "/partners", s.createPartner),
		api("GET", "/partners", s.listPartners, paged()...),
		api("GET", "/partners-to-look-after", s.partnersToLookAfter),
		api("GET", "/partners/:id", s.readPartner),
		api("PATCH", "/partners/:id", s.patchPartner),
		api("POST", "/partners/:id/approve", s.approvePartner),
		api("POST", "/partners/:id/suspend", s.suspendPartner),
		api("POST", "/partners/:id/tokens", s.createKey),
		api("DELETE", "/partners/:id/tokens/:token", s.revokeKey),
		api("POST", "/institutions", s.createInstitution),
		api("GET", "/institutions", s.listInstitutions, paged("kind", "country", "region", "role", "language", "q", "freshness")...),
		api("GET", "/institutions/:id", s.readInstitution),
		api("PATCH", "/institutions/:id", s.patchInstitution),
	}
}

func (s *Server) matterRoutes() []route {
	return []route{
		api("GET", "/abductions", s.listMatters, paged("state", "sort")...),
		api("GET", "/abductions/:id", s.readMatter),
		api("PATCH", "/abductions/:id", s.patchMatter),
		api("GET", "/abductions/:id/clocks", s.clocks),
		api("GET", "/abductions/:id/route", s.matterRoute),
		api("POST", "/abductions/:id/route", s.decideMatterRoute),
		api("GET", "/abductions/:id/procedure", s.matterProcedure),
		api("POST", "/abductions/:id/steps/:step", s.recordMatterStep),
		api("GET", "/deadlines", s.listDeadlines, paged("person", "institution", "case", "kind", "state", "until")...),
	}
}
