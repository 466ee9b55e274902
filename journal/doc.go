// Package journal puts changes in one order: decide, append, install, wake.
//
// A command is decided by a plain function on what is known now; its outcome,
// never the command itself, is appended as one change at the next number. The
// append succeeds only if nobody else took that number, and it is the commit.
// After it the boards install the new documents, readers wake, and the caller
// is answered, in that order: nothing leaves the process before the store has
// said yes.
//
// The promise: an acknowledged change is on disk, has exactly one place in one
// order that every node shares, and is never half visible.
//
// The package knows nothing of children or of databases. It imports nothing of
// ours and only the standard library.
package journal
