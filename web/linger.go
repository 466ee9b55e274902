package web

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// How much of a body that was refused by its length is read away after the
// answer, and for how long.
const (
	lingerBytes = 64 << 20
	lingerTime  = 30 * time.Second
)

// hearOut makes the server hear out whoever sends more than is taken. A
// connection that is closed while its other side still sends is reset, and a
// browser then shows that instead of the answer, which says how large a photo
// may be.
func hearOut(server *fasthttp.Server) {
	answer := server.ErrorHandler
	server.ErrorHandler = func(ctx *fasthttp.RequestCtx, err error) {
		answer(ctx, err)
		if !errors.Is(err, fasthttp.ErrBodyTooLarge) {
			return
		}
		conn := ctx.Conn()
		if t, ok := conn.(*tls.Conn); ok {
			conn = t.NetConn()
		}
		if c, ok := conn.(*counted); ok {
			c.linger.Store(true)
		}
	}
}

// drain ends what the server says and reads what the other side still sends,
// without keeping it.
func drain(c net.Conn) {
	half, ok := c.(interface{ CloseWrite() error })
	if !ok || half.CloseWrite() != nil || c.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c, lingerBytes) // whatever stops it, the connection is closed next
}
