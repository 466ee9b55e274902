// Package search finds places by name and by position in the embedded
// gazetteer, and by name in lists of streets and places of the operator's own,
// which it also reads.
//
// Its promise: what a caller at a hotline types or hears finds the town, in
// either alphabet, with or without diacritics, half typed or slightly wrong.
// It needs no network, so nobody outside learns where a child is looked for.
//
// It is pure, safe for concurrent use, and imports nothing but geo.
package search
