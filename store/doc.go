// Package store gives the journal's changes, documents, keys and photos a home:
// in memory, in embedded files (bbolt) or in MongoDB.
//
// The promise: what a store has said yes to is on disk, in its one place in the
// order, byte for byte, and is still there after the process is killed, the
// power fails or the disk fills up. A write whose fate is not known is called
// unknown, never done. Personal parts arrive here sealed; keys live apart from
// the data and are physically gone when they are dropped.
//
// The package answers no questions but reads by number and by key, knows no
// rules, and logs nothing. Of our packages it imports only journal; it is the
// only home of bbolt and of the MongoDB driver.
//
// Embedded files need a local disk and a Unix system (file locks); a network
// file system is not supported, and one process at a time uses a directory.
package store
