package web

// accountRoutes are the accounts of people and programs, and the pages with
// which people come in and go.
func (s *Server) accountRoutes() []route {
	return append(s.accountPages(),
		api("GET", "/me", s.me),
		api("POST", "/accounts", s.createAccount),
		api("GET", "/accounts", s.listAccounts),
		api("GET", "/accounts/:id", s.readAccount),
		api("POST", "/accounts/:id/disable", s.disableAccount),
		api("POST", "/accounts/:id/invite", s.inviteAccount),
		api("POST", "/accounts/:id/tokens", s.createToken),
		api("DELETE", "/accounts/:id/tokens/:token", s.revokeToken),
	)
}
