// Package names tells whether two names may be those of one person.
//
// Its promise: a name gives the same keys in whatever alphabet, spelling and
// order it was written: Serbian Cyrillic and Latin with or without diacritics,
// Hungarian and Albanian spellings, nicknames. A score is a suggestion with its
// reasons; a name alone never proves anything, and a person decides.
//
// It is pure: no clock, no files but the embedded table, no randomness. It
// imports only geo/script of Homeward, never a database or a web framework.
package names
