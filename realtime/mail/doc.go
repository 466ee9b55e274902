// Package mail sends e-mail through one SMTP server. It is the only home of
// go-mail.
//
// Its promise: a message that Send reports as sent was accepted by the server;
// one that is tried again carries the same message id, so that a reader's
// program shows it once; nothing travels unencrypted beyond this machine; and
// no error names a recipient. Whom to write to, what, and how often to try is
// the caller's business.
//
// It must never import another package of Homeward.
package mail
