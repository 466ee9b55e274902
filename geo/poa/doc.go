// Package poa answers where a search should go next: how probable it is that
// the child is in a segment (POA), how probable it is that a sweep would have
// found them there (POD), and what a sweep that found nothing changes.
//
// Its promise: the probabilities of all segments and of the rest of the world
// always add up to one, and the rest of the world is a segment like any other
// that no update takes away. What is known is the first estimate and the list
// of sweeps; everything else is computed from these two, so that no sweep is
// ever counted twice and taking one back leaves what was there before.
//
// The formulas are those of search theory: Koopman's exponential detection
// function, Mattson's consensus, and Bayes' rule. Areas are square metres,
// lengths metres, probabilities from 0 to 1.
//
// It is pure: no clock, no randomness, no I/O. It imports nothing of Homeward.
package poa
