// Package web is the HTTP face: the JSON API, the public pages, the console and
// the partner console, with their embedded templates, texts and assets.
//
// A handler parses a request into a command, calls one method with the actor,
// and renders the view it gets. It never sees a document, decides no rule, and
// shows no raw error: one place turns errors into answers.
//
// The promises: every route stands in the matrix with who may use it; pages
// work without script; nothing is loaded from elsewhere; what a refused form
// held is still there.
//
// It is the only home of Fiber and of HTML. It imports journal, geo, alerts and
// partners of ours, never a store and never realtime, which it reaches through
// the interface Feeds.
package web
