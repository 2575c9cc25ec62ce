package main

import (
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

// rdapBench asks RDAP by the standard library's client, on connections that stay.
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
	return b.run(len(d.blocks))
}

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
