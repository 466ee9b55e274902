package geo

// Shares tells whether both shapes name the same region, by whatever code, or
// one around it. It looks at no boundary: neighbours do not share, nor do parts
// of one country.
func (s Shape) Shares(o Shape) bool {
	_, ok := s.sharedCode(o)
	return ok
}
