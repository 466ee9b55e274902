package web

// publicRoutes are the pages that anybody may open, and what maps need.
func (s *Server) publicRoutes() []route {
	return []route{
		{"GET", "/", s.homePage},
		{"GET", "/report/sighting", s.sightingForm},
		{"POST", "/report/sighting", s.sightingSent},
		{"GET", "/report/child", s.childForm},
		{"POST", "/report/child", s.childSent},
		{"GET", "/follow", s.followForm},
		{"POST", "/follow", s.followed},
		{"GET", "/card", s.childCardPage},
		{"GET", "/try", s.tryPage},
		{"GET", "/map/tiles/:z/:x/:y", s.mapTile},
		{"GET", "/calendar/:token.ics", s.calendarFeed},
	}
}

// openRoutes answer everybody alike: nobody is asked who they are, and what is
// answered may be kept by whoever passes it on.
func (s *Server) openRoutes() []route {
	return []route{
		{"GET", "/appeals/:slug", s.appealPage},
		{"GET", "/appeals/:slug/photo", s.appealPhoto},
		{"GET", "/appeals/:slug/poster.pdf", s.appealPaper},
		{"GET", "/appeals/:slug/square.png", s.appealPaper},
		{"GET", "/appeals/:slug/portrait.png", s.appealPaper},
		{"GET", "/map/base.pmtiles", s.baseFile},
	}
}
