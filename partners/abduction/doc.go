// Package abduction knows the clocks and deadlines of cross-border child
// abduction matters: when one year since the wrongful date is over, when six
// weeks of proceedings are, when a child turns sixteen, and by when an
// institution has to answer. It knows which instrument is in force between which
// states (Routes.Find), and the steps of a matter on each legal route.
//
// The promises: rules are data (law.json, deadlines.json, holidays.json,
// routes.json, procedure.json and others beside them), each with its source,
// its country, the time it is in force and whether somebody has checked it; a
// date, a state or an acceptance that is not known is never guessed; a clock never runs late because of a
// time zone, a month's end or a leap year.
//
// Everything here is a plain function over civil dates. The package imports
// nothing of ours, never reads the clock, and does no I/O.
package abduction
