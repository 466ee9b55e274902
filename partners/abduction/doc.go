// Package abduction knows the clocks and deadlines of cross-border child
// abduction matters: when one year since the wrongful date is over, when six
// weeks of proceedings are, when a child turns sixteen, and by when an
// institution has to answer.
//
// The promises: rules are data (law.json, holidays.json), each with its source,
// its country, the time it is in force and whether somebody has checked it; a
// date that is not known is never guessed; a clock never runs late because of a
// time zone, a month's end or a leap year.
//
// Everything here is a plain function over civil dates. The package imports
// nothing of ours, never reads the clock, and does no I/O.
package abduction
