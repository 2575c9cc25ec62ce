package rtr

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"ipledger/node/serve/servetest"
)

// FuzzSession_RTR3_RTR4 lets a router send anything: the session ends, and all it
// says are whole PDUs.
func FuzzSession_RTR3_RTR4(f *testing.F) {
	f.Add(appendHeader(nil, 1, typeResetQuery, 0, 0))
	f.Add(appendSerial(appendHeader(nil, 2, typeSerialQuery, 7, 4), 9))
	f.Add(appendError(nil, &fault{0, 1, "why", []byte{1}}))
	var c cache
	c.update(one.of('T'))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			return
		}
		ours, theirs := net.Pipe()
		_ = theirs.SetDeadline(time.Now().Add(servetest.Patience))
		ended := make(chan error, 1)
		go func() { ended <- newSession(&c, ours).run(t.Context()) }()
		go func() {
			_, _ = theirs.Write(raw) // the session may end before all is read
			// Whatever PDU is under way becomes whole, and the next has no length.
			_, _ = theirs.Write(bytes.Repeat([]byte{0xff}, 2*pduBytesMax))
		}()
		said, err := io.ReadAll(theirs)
		if err != nil && !bytes.Contains([]byte(err.Error()), []byte("closed")) {
			t.Fatal(err)
		}
		for r := bytes.NewReader(said); r.Len() > 0; {
			if _, err := readPDU(r); err != nil {
				t.Fatalf("said %x: %v", said, err)
			}
		}
		<-ended
	})
}
