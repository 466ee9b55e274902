package web

// callRoutes are what a telephone exchange tells, the calls that came of it, and
// nuisance callers.
func (s *Server) callRoutes() []route {
	return []route{
		api("POST", "/calls", s.hearCall),
		api("GET", "/incoming-calls", s.listIncoming, paged("state", "waiting")...),
		api("GET", "/incoming-calls/:id", s.readIncoming),
		api("POST", "/incoming-calls/:id/take", s.takeIncoming),
		api("POST", "/incoming-calls/:id/contact", s.recordIncoming),
		api("POST", "/incoming-calls/:id/back", s.callIncomingBack),
		api("GET", "/caller-blocks", s.listBlocks, "ended"),
		api("POST", "/caller-blocks", s.blockCaller),
		api("POST", "/caller-blocks/:id/confirm", s.confirmBlock),
		api("POST", "/caller-blocks/:id/end", s.endBlock),
		api("GET", "/exchanges", s.listExchanges),
		api("POST", "/exchanges", s.makeExchange),
		api("POST", "/exchanges/:id/rotate", s.rotateExchange),
		api("POST", "/exchanges/:id/revoke", s.revokeExchangeKey),
	}
}

// callPages are the pages about calls, blocks and exchanges.
func (s *Server) callPages() []route {
	return []route{
		{"GET", "/desk/calls", s.callsPage},
		{"POST", "/desk/calls/:id/take", s.callTakenHere},
		{"POST", "/desk/calls/:id/back", s.callBackNoted},
		{"GET", "/desk/caller-blocks", s.blocksPage},
		{"GET", "/desk/caller-blocks/new", s.blockNewPage},
		{"POST", "/desk/caller-blocks/new", s.blockMade},
		{"POST", "/desk/caller-blocks/:id/confirm", s.blockConfirmed},
		{"POST", "/desk/caller-blocks/:id/end", s.blockEnded},
		{"GET", "/desk/exchanges", s.exchangesPage},
		{"POST", "/desk/exchanges", s.exchangeMade},
		{"POST", "/desk/exchanges/:id/rotate", s.exchangeRotated},
		{"POST", "/desk/exchanges/:id/revoke", s.exchangeKeyRevoked},
	}
}
