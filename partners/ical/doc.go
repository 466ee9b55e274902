// Package ical writes calendars as RFC 5545 has them.
//
// Its promise: every line ends in CR LF and is at most 75 octets long without a
// character cut in two, every text is escaped, times are in UTC and days are
// days, and the same calendar gives the same bytes. What stands in a calendar is
// the caller's business.
//
// It must never import another package of Homeward.
package ical
