// Package partners knows who is told and who owes an answer: partner
// organisations with their coverage and keys, what each was told and answered,
// institutions, and the cross-border abduction matters with their contact log.
//
// The promises: told is committed before it is true and never shortened; a
// withdrawal is owed to everyone who was told until each confirms removal; one
// partner's answer never silences another; a promise that is not kept turns
// overdue by itself.
//
// Rules are plain functions over plain values: time and randomness are passed
// in. The package imports journal, geo and alerts of ours. It never imports a
// database, a web framework, or realtime.
package partners
