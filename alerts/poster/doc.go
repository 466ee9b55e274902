// Package poster draws the poster of an appeal: an A4 page as PDF for printing,
// and a square and an upright picture as PNG for sharing. All three come from
// one description of the page, so that they say the same.
//
// The promises: nothing runs off the page or over its neighbour, however long
// the names; a letter that the fonts lack is refused and never dropped in
// silence; every poster carries where to call, until when it is valid, and a
// code that leads to the live page, which says so once the search has ended;
// the same content gives the same bytes.
//
// It is given words and a picture and decides nothing about who may see them.
// It does no I/O, never reads the clock, and imports paper of ours only.
package poster
