// Package demo fills an empty installation with a fictional country's worth of
// cases, sightings, partner organisations and abduction matters, so that every
// page has something believable to show.
//
// Its promise: everything goes through the desk's own commands, so that the data
// obeys the same rules as real data; nobody and nothing in it exists, though the
// towns do; and two loads with the same clock tell the same story. Only ids,
// case numbers and codes differ, which are random as always.
//
// It must never import the store or the web, and nothing but the demonstration
// may import it.
package demo
