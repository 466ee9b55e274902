// Package handon takes the frames of a partner's feed further: to a command, to
// a program that takes webhooks, and to another installation.
//
// It promises that a frame counts as handed on only once the other side has
// taken it: an error means that it was not, and that the same frame has to be
// handed on again. It knows nothing of cursors, and never imports the hub's
// side of the feed.
package handon
