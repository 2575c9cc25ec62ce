// Package line serves protocols whose clients send lines of text: WHOIS and the
// protocol of IRRd (specs/29).
//
// It promises that a line is bounded, that it arrives whole within a time or not at
// all, and that a client that takes its answer slowly is dropped. It gives lines no
// meaning.
package line

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// Bounds and times that are not an operator's to set.
const (
	// BytesMax bounds a line without its end: the longest that has a meaning is a
	// search with all its flags.
	BytesMax = 1024
	// Idle is how long a client may take for its next line, from the end of the
	// answer before it.
	Idle = 30 * time.Second
	// writeTimeout is how long a client may take for the next writeBytes of an answer.
	writeTimeout = 20 * time.Second
	writeBytes   = 1 << 20
	// outBytes joins the small parts of an answer.
	outBytes = 4 << 10
	// lingerTime and lingerBytes bound what is read of a client that goes on sending
	// after its last answer: closed at once, it might lose that answer.
	lingerTime  = time.Second
	lingerBytes = 64 << 10
)

// ErrLong reports a line of more than BytesMax bytes.
var ErrLong = fmt.Errorf("line: more than %d bytes", BytesMax)

// Conn is one client.
type Conn struct {
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer // nil before an answer of several parts
	idle time.Duration
	more bool // the client has sent what nobody reads
}

func newConn(c net.Conn) *Conn {
	return &Conn{conn: c, in: bufio.NewReaderSize(c, BytesMax+2), idle: Idle}
}

// SetIdle changes how long the client may take for its next line.
func (c *Conn) SetIdle(d time.Duration) { c.idle = d }

// Remote is the client's address.
func (c *Conn) Remote() net.Addr { return c.conn.RemoteAddr() }

// Read is the next line without its end, LF or CRLF. What ends without an end is no
// line: io.ErrUnexpectedEOF. What it gives holds until the next call.
//
// specs/29 LINE-1: A line of more than 1,024 bytes MUST be refused, and ends the
// connection; so does one that has not arrived whole after 30 seconds.
func (c *Conn) Read() ([]byte, error) {
	if err := c.conn.SetReadDeadline(time.Now().Add(c.idle)); err != nil {
		return nil, err
	}
	raw, err := c.in.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		c.more = true
		return nil, ErrLong
	case errors.Is(err, io.EOF) && len(raw) > 0:
		return nil, io.ErrUnexpectedEOF
	case err != nil:
		return nil, err
	}
	raw = bytes.TrimSuffix(raw[:len(raw)-1], []byte("\r"))
	if len(raw) > BytesMax {
		c.more = true
		return nil, ErrLong
	}
	return raw, nil
}

// Write writes the parts of an answer, which are not changed.
func (c *Conn) Write(parts ...[]byte) error {
	if len(parts) == 1 {
		_, err := timed{c.conn}.Write(parts[0])
		return err
	}
	if c.out == nil {
		c.out = bufio.NewWriterSize(timed{c.conn}, outBytes)
	}
	for _, part := range parts {
		if _, err := c.out.Write(part); err != nil {
			return err
		}
	}
	return c.out.Flush()
}

// timed gives a client so long for each piece.
//
// specs/29 LINE-2: A client that takes more than 20 seconds for a mebibyte of an
// answer MUST be dropped.
type timed struct{ net.Conn }

func (t timed) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		if err = t.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
			return n, err
		}
		var wrote int
		wrote, err = t.Conn.Write(b[n:min(len(b), n+writeBytes)])
		n += wrote
	}
	return n, err
}

// end closes the connection; what the client sent beyond the last line that was read
// is taken first, a little of it, so that the answer reaches it.
func (c *Conn) end() {
	defer c.conn.Close()
	half, ok := c.conn.(interface{ CloseWrite() error })
	if !c.more && c.in.Buffered() == 0 || !ok || half.CloseWrite() != nil {
		return
	}
	if c.conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
		_, _ = io.CopyN(io.Discard, c.conn, lingerBytes) // whatever ends it, it is the end
	}
}
