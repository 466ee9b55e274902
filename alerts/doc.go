// Package alerts is the domain: cases and their children, hotline contacts,
// sightings, authority decisions and alerts, with the accounts, roles and the
// matrix that say who may see and do what, the projections that are all a
// reader ever gets, and the sealing of personal data.
//
// The promises: nothing is public before an authority's decision is recorded
// and a second person releases it; a reader gets what the matrix allows and
// every read of restricted data is recorded before it leaves; when a child is
// found everything is withdrawn at once.
//
// Rules are plain functions over plain values: time and randomness are passed
// in. The package imports only journal and geo of ours. It never imports a
// database, a web framework, or the packages that use it.
package alerts
