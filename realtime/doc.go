// Package realtime carries the live feeds. A connection is a reader with its
// own cursor; it is only woken. Catching up and live are one loop: read what is
// owed after the cursor, render it as it stands now, write it with a deadline,
// wait. There is no queue to overflow and nothing to merge, so nothing can be
// lost or overtaken between history and live. What wakes thousands at once also
// writes for them, under the connection's lock and from its cursor, where one
// frame is owed and there is room for it now; nothing waits for a slow peer.
//
// The promises: order per partner is kept; a frame may repeat after a reconnect
// and never goes missing; a withdrawal is never overtaken; a slow or silent
// connection is cut and finds everything when it comes back; a revoked key
// closes its sockets at once. A self-test goes the whole way again and again, and
// says when nothing would come out.
//
// It is the only home of gorilla/websocket and imports journal, alerts and
// partners of ours. It never imports a store, web, or Fiber.
package realtime
