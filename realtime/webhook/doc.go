// Package webhook sends messages to other organisations' programs in the form of
// Standard Webhooks (https://www.standardwebhooks.com).
//
// Its promise: a message is signed and carries the same id at each attempt; it
// never reaches an address inside the operator's own networks unless the
// operator has named that network, whatever a name resolves to; no redirect is
// followed; and what the other side answers is bounded in size and time. What to
// send, to whom, and how often to try is the caller's business.
//
// It must never import another package of Homeward.
package webhook
