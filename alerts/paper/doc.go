// Package paper sets documents for printing: A4 pages in PDF with headings,
// paragraphs that wrap, lists of fields, tables, pictures, boxes at a fixed
// place, a contents page and "page x of y". It carries its own letters, Latin,
// Cyrillic and Greek, so that a page looks the same everywhere.
//
// The promises: the same input gives the same bytes; no text runs off the page;
// a letter that cannot be set is shown as a mark and told to the caller, never
// dropped in silence.
//
// It knows nothing of children or of cases and asks nobody what may be printed:
// that is decided before a word gets here. It is the only home of go-pdf/fpdf.
package paper
