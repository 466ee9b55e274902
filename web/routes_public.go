package web

// publicRoutes are the pages that anybody may open, and what maps need.
func (s *Server) publicRoutes() []route {
	return []route{
		{"GET", "/", s.homePage},
		{"GET", "/appeals/:slug", s.appealPage},
		{"GET", "/appeals/:slug/photo", s.appealPhoto},
		{"GET", "/report/sighting", s.sightingForm},
		{"POST", "/report/sighting", s.sightingSent},
		{"GET", "/report/child", s.childForm},
		{"POST", "/report/child", s.childSent},
		{"GET", "/follow", s.followForm},
		{"POST", "/follow", s.followed},
		{"GET", "/try", s.tryPage},
		{"GET", "/map/tiles/:z/:x/:y", s.mapTile},
	}
}
