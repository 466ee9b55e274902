// Package cover makes people on a picture unrecognisable, for good.
//
// The promises: a covered place depends only on the rounded mean colours of a
// few patches of it, so that nothing finer can be got back out of the new
// picture; every pixel of a rectangle is covered, and a little around it; the
// result is written anew, without metadata; the same picture and rectangles
// give the same bytes.
//
// It is given a JPEG that was checked when it came in, and rectangles that were
// checked. It decides nothing about who may see what, does no I/O, and never
// reads the clock.
package cover
