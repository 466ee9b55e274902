// Package pack holds what an application for the return of a child is made of:
// the list of papers for each route and state, the headings of the model form,
// the recipients with what may reach them, and the letters in Serbian and
// English. All of it is embedded data; each row of law names its source and
// tells whether it was checked against it.
//
// The promises: nothing is invented, so what is not known is listed as missing;
// a fact goes into a form, letter or bundle only through Gate; the same facts
// give the same text and the same bytes.
//
// Rules here are plain functions over plain values: no clock, no store, no
// randomness. The package imports alerts for classes and alerts/paper for
// printing; it never imports partners.
package pack
