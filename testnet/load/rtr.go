package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/node/serve/rtr"
	"ipledger/testnet/load/stategen"
)

// rtrSizes are the sets that are served: today's RPKI, and what may come.
var rtrSizes = []int{600_000, 1_000_000}

// rtrFigures are of one size of set. Ours and reference are the seconds that one
// client takes for the whole set and for as many bytes of a bare listener.
type rtrFigures struct {
	Figures
	Payloads     int     `json:"payloads"`
	Bytes        int     `json:"bytes"` // of the whole set on the wire
	OneSeconds   float64 `json:"one_client_seconds"`
	TenSeconds   float64 `json:"ten_clients_seconds"`
	FiftySeconds float64 `json:"fifty_clients_seconds"`
	RoomMiB      float64 `json:"room_mib"` // what the room keeps for the set
	UpdateMillis float64 `json:"update_ms"`
}

// rtrBench serves whole sets to 1, 10 and 50 clients over loopback.
func rtrBench() (any, error) {
	var all []rtrFigures
	for _, n := range rtrSizes {
		f, err := rtrAt(n)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func rtrAt(n int) (f rtrFigures, err error) {
	say("drawing %d payloads", n)
	payloads := make([]vrp.Payload, 0, n)
	for i, r := range stategen.Resources(registerSeed, n*4/5, n-n*4/5) {
		payloads = append(payloads, vrp.Payload{Prefix: r, MaxLength: uint64(r.Len), AS: uint64(1000 + i%80_000), Grade: record.GradeA})
	}
	before := heap()
	room := rtr.New(rtr.Config{})
	begun := time.Now()
	room.Update(rtr.Set{Payloads: payloads})
	f.UpdateMillis = time.Since(begun).Seconds() * 1e3
	addr, stop, err := listening(room.Serve)
	if err != nil {
		return f, err
	}
	defer stop()
	if f.Bytes, err = wholeSet(addr, 0); err != nil {
		return f, err
	}
	f.RoomMiB = float64(heap()-before) / (1 << 20)
	runtime.KeepAlive(payloads) // they are the caller's, on both sides of the difference
	f.Payloads = n
	bare, stopBare, err := listening(bareBytes(make([]byte, f.Bytes)))
	if err != nil {
		return f, err
	}
	defer stopBare()
	took, err := median(
		side{run: clients(bare, 1, f.Bytes)}, side{run: clients(addr, 1, f.Bytes)},
		side{run: clients(addr, 10, f.Bytes)}, side{run: clients(addr, 50, f.Bytes)},
	)
	if err != nil {
		return f, err
	}
	f.OneSeconds, f.TenSeconds, f.FiftySeconds = took[1], took[2], took[3]
	f.Figures = Figures{"rtr", took[1], took[0], took[0] / took[1], "s a whole set", n, machine()}
	return f, nil
}

// listening serves on a port of loopback until stop is called.
func listening(serve func(context.Context, net.Listener) error) (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = serve(ctx, l) }) // it ends when the listener is closed
	return l.Addr().String(), func() { cancel(); _ = l.Close(); all.Wait() }, nil
}

// bareBytes answers anything with the same bytes.
func bareBytes(b []byte) func(context.Context, net.Listener) error {
	return func(_ context.Context, l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go func() {
				defer c.Close()
				var query [8]byte
				if _, err := io.ReadFull(c, query[:]); err == nil {
					_, _ = c.Write(b) // a client that has gone shows it
				}
			}()
		}
	}
}

// clients fetches the whole set by so many clients at once.
func clients(addr string, n, bytes int) func() error {
	return func() error {
		errs := make([]error, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() { _, errs[i] = wholeSet(addr, bytes) })
		}
		all.Wait()
		return errors.Join(errs...)
	}
}

// wholeSet asks for the whole set in version 1 and reads it: so many bytes, or, for
// 0, up to its end.
func wholeSet(addr string, bytes int) (int, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := c.Write([]byte{1, 2, 0, 0, 0, 0, 0, 8}); err != nil {
		return 0, err
	}
	if bytes > 0 {
		got, err := io.CopyN(io.Discard, c, int64(bytes))
		return int(got), err
	}
	return untilEnd(c)
}

// untilEnd reads PDUs up to End of Data.
func untilEnd(r io.Reader) (total int, err error) {
	const endOfData = 7
	var head [8]byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return total, err
		}
		size := int64(binary.BigEndian.Uint32(head[4:]))
		if size < 8 || size > 1<<16 {
			return total, fmt.Errorf("a PDU of %d bytes", size)
		}
		if _, err := io.CopyN(io.Discard, r, size-8); err != nil {
			return total, err
		}
		if total += int(size); head[1] == endOfData {
			return total, nil
		}
	}
}
