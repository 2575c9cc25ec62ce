package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
	"ipledger/node/serve/rdap"
)

// rdapFigures are by the standard library's client, and by one that costs next to
// nothing: what is measured then is the two servers.
type rdapFigures struct {
	lineFigures
	Plain lineFigures `json:"plain"`
}

// rdapBench asks RDAP by both clients, on connections that stay.
func rdapBench() (any, error) {
	d := newTitled()
	room := rdap.New(rdap.Config{ChainID: "load", View: func() rdap.View { return rdap.View{State: d.state, Height: 1, Time: nowTitled} }})
	queries := make([]string, askedInAll)
	for i := range queries {
		queries[i] = rdap.Root + "ip/" + d.blocks[i].String()
		if d.blocks[i].Family == wire.ASN {
			queries[i] = rdap.Root + "autnum/" + strconv.FormatUint(uint64(inr.ASNumber(d.blocks[i])), 10)
		}
	}
	b := lineBench{name: "rdap", unit: "queries/s, connections that stay", room: overHTTP(room), queries: queries, ask: askHTTP, bare: bareHTTP}
	usual, err := b.run(len(d.blocks))
	if err != nil {
		return nil, err
	}
	b.name, b.ask = "rdap, a plain client", askPlain
	plain, err := b.run(len(d.blocks))
	if err != nil {
		return nil, err
	}
	return rdapFigures{usual.(lineFigures), plain.(lineFigures)}, nil
}

// askPlain is askHTTP with no more than it takes: a request on a line, and of the
// answer its status and length.
func askPlain(addr string, queries []string, took []float64) (total int, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	in := bufio.NewReaderSize(c, 64<<10)
	for i, q := range queries {
		begun := time.Now()
		if _, err := io.WriteString(c, "GET "+q+" HTTP/1.1\r\nHost: "+addr+"\r\n\r\n"); err != nil {
			return total, err
		}
		n, err := skipAnswer(in)
		if err != nil {
			return total, fmt.Errorf("%s: %w", q, err)
		}
		took[i], total = time.Since(begun).Seconds(), total+n
	}
	return total, nil
}

// skipAnswer reads an answer, and gives the length of its body.
func skipAnswer(in *bufio.Reader) (length int, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil || !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return 0, fmt.Errorf("%q: %w", line, errors.Join(err, errAnswer))
	}
	for length = -1; ; {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, err
		}
		if len(line) == 2 {
			break
		}
		if digits, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(digits)))
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("no length: %w", errAnswer)
	}
	return in.Discard(length)
}

var errAnswer = errors.New("not an answer to read")

// overHTTP serves a handler, and nothing beside it.
func overHTTP(h http.Handler) func(context.Context, net.Listener) error {
	return func(_ context.Context, l net.Listener) error { return http.Serve(l, h) }
}

// bareHTTP answers anything with the same bytes.
func bareHTTP(answer []byte) func(context.Context, net.Listener) error {
	length := strconv.Itoa(len(answer))
	return overHTTP(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(answer) // a client that has gone shows it
	}))
}

// askHTTP asks each query after the answer before, on one connection.
func askHTTP(addr string, queries []string, took []float64) (total int, err error) {
	client := http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	defer client.CloseIdleConnections()
	for i, q := range queries {
		begun := time.Now()
		r, err := client.Get("http://" + addr + q)
		if err != nil {
			return total, err
		}
		n, err := io.Copy(io.Discard, r.Body)
		if err = errors.Join(err, r.Body.Close()); err != nil || r.StatusCode != http.StatusOK {
			return total, fmt.Errorf("%s: status %d, %w", q, r.StatusCode, err)
		}
		took[i], total = time.Since(begun).Seconds(), total+int(n)
	}
	return total, nil
}
