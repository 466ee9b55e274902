package alerts

// Class is a privacy class, P0 (public card) to P10 (audit and technical).
type Class string
