// Package pfif writes persons as People Finder Interchange Format 1.4, for
// partners that are named for it.
//
// The promises: elements stand in the order of the specification and times in
// its form; a record without an expiry is not written; once a search has ended a
// record is a placeholder, with its number and dates and nothing of the child,
// so that copies know to empty theirs; what cannot stand in XML is refused.
//
// PFIF knows no restricted record: who gets an export is decided before it gets
// here. The package does no I/O, never reads the clock, and imports nothing of
// ours.
package pfif
