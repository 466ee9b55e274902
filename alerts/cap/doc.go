// Package cap writes alerts as Common Alerting Protocol 1.2 messages and reads
// such messages strictly.
//
// The promises: what is written is valid against the schema of the standard and
// against our profile (a language, an expiry and an area in every alert); a
// Cancel says that the search has ended and nothing of the child; a position is
// latitude first and a radius is in kilometres, as CAP alone wants it. What is
// read has exactly one root and one namespace, no document type, no attribute,
// every element in its place and as often as the standard allows; anything else
// is refused whole.
//
// The package does no I/O and never reads the clock. It imports alerts and geo
// of ours and nothing that stores, serves or sends.
package cap
