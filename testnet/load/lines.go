package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/node/serve/irr"
	"ipledger/node/serve/whois"
)

// What the benchmarks of line protocols ask.
const (
	askers      = 4   // at once
	askedEach   = 500 // records in a turn, of the room and then of the bare handler
	turns       = 120 // of each, so short that what else the machine does meets both
	askedInAll  = turns * askedEach
	turnsLogged = 20
)

// lineFigures are of queries for records drawn evenly, none asked for twice. Ours and
// reference are queries a second, of the room and of a bare handler that answers as
// many bytes without looking.
type lineFigures struct {
	Figures
	Bytes    int     `json:"bytes"` // of the mean answer
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	BareP99  float64 `json:"bare_p99_ms"`
	Titles   int     `json:"titles"`
	Distinct int     `json:"distinct"` // records that were asked for
}

// whoisBench asks WHOIS, a connection for each query as the protocol has it.
func whoisBench() (any, error) {
	d := newTitled()
	room := whois.New(whois.Config{ChainID: "load", View: func() whois.View { return whois.View{State: d.state, Height: 1, Time: nowTitled} }})
	queries := make([]string, askedInAll)
	for i := range queries {
		queries[i] = d.blocks[i].String()
	}
	b := lineBench{name: "whois", unit: "queries/s, a connection each", room: room.Serve, queries: queries, ask: askWhois}
	return b.run(len(d.blocks))
}

// irrBench asks for the routes of AS numbers, by connections that stay.
func irrBench() (any, error) {
	d := newTitled()
	payloads, err := vrp.List(d.state, light.Moment{Height: 1, Time: nowTitled})
	if err != nil {
		return nil, err
	}
	set := irr.Set{Payloads: payloads}
	for i := range set.Payloads { // as many AS numbers as queries
		set.Payloads[i].AS = uint64(65_536 + i%(askedInAll))
	}
	room := irr.New(irr.Config{})
	room.Update(set, 1)
	queries := make([]string, askedInAll)
	for i, as := range d.random.Perm(len(queries)) {
		queries[i] = "!gas" + strconv.Itoa(65_536+as)
		if set.Payloads[as].Prefix.Family == wire.IPv6 {
			queries[i] = "!6as" + strconv.Itoa(65_536+as)
		}
	}
	b := lineBench{name: "irr", unit: "queries/s, connections that stay", room: room.Serve, queries: queries, ask: askIRR}
	return b.run(len(payloads))
}

// lineBench asks a room and a bare handler in turn.
type lineBench struct {
	name, unit string
	room       func(context.Context, net.Listener) error
	queries    []string
	ask        func(addr string, queries []string, took []float64) (bytes int, err error)
	// bare is a handler that answers so; nil is for a protocol of lines.
	bare func(answer []byte) func(context.Context, net.Listener) error
}

func (b *lineBench) run(titles int) (any, error) {
	addr, stop, err := listening(b.room)
	if err != nil {
		return nil, err
	}
	defer stop()
	sample, err := b.ask(addr, b.queries[:100], make([]float64, 100))
	if err != nil {
		return nil, err
	}
	answer := bytes.Repeat([]byte{'x'}, sample/100-1)
	handler := bareLines(append(answer, '\n'), b.name == "irr")
	if b.bare != nil {
		handler = b.bare(append(answer, '\n'))
	}
	bare, stopBare, err := listening(handler)
	if err != nil {
		return nil, err
	}
	defer stopBare()
	var ours, theirs [turns]float64
	took := [2][]float64{make([]float64, askedInAll), make([]float64, askedInAll)}
	total := 0
	for i := range turns {
		from, to := i*askedEach, (i+1)*askedEach
		n := 0
		if n, ours[i], err = b.turn(addr, from, to, took[0]); err == nil {
			_, theirs[i], err = b.turn(bare, from, to, took[1])
		}
		if err != nil {
			return nil, err
		}
		if total += n; i%turnsLogged == 0 {
			say("turn %d of %d: %.0f queries/s, bare %.0f", i+1, turns, ours[i], theirs[i])
		}
	}
	for _, list := range [][]float64{ours[:], theirs[:], took[0], took[1]} {
		slices.Sort(list)
	}
	at := func(list []float64, share float64) float64 { return list[int(share*float64(len(list)-1))] * 1e3 }
	return lineFigures{
		Figures: Figures{b.name, ours[turns/2], theirs[turns/2], ours[turns/2] / theirs[turns/2], b.unit, askedInAll, machine()},
		Bytes:   total / askedInAll, P50: at(took[0], 0.5), P99: at(took[0], 0.99), BareP99: at(took[1], 0.99), Titles: titles, Distinct: askedInAll,
	}, nil
}

// turn asks a part of the queries by all askers, and gives the answers' bytes and the
// queries a second.
func (b *lineBench) turn(addr string, from, to int, took []float64) (total int, perSecond float64, err error) {
	var all sync.WaitGroup
	sizes, errs := make([]int, askers), make([]error, askers)
	begun := time.Now()
	for i := range askers {
		low, high := from+(to-from)*i/askers, from+(to-from)*(i+1)/askers
		all.Go(func() { sizes[i], errs[i] = b.ask(addr, b.queries[low:high], took[low:high]) })
	}
	all.Wait()
	for _, n := range sizes {
		total += n
	}
	return total, float64(to-from) / time.Since(begun).Seconds(), errors.Join(errs...)
}

// askWhois asks each query by a connection of its own.
func askWhois(addr string, queries []string, took []float64) (total int, err error) {
	buffer := make([]byte, 64<<10)
	for i, q := range queries {
		begun := time.Now()
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return total, err
		}
		if _, err := io.WriteString(c, q+"\r\n"); err != nil {
			return total, err
		}
		n, err := io.ReadFull(c, buffer)
		if _ = c.Close(); !errors.Is(err, io.ErrUnexpectedEOF) {
			return total, fmt.Errorf("%s: %d bytes: %w", q, n, err)
		}
		if bytes.Contains(buffer[:n], []byte("%ERROR")) {
			return total, fmt.Errorf("%s: %s", q, buffer[:n])
		}
		took[i], total = time.Since(begun).Seconds(), total+n
	}
	return total, nil
}

// askIRR asks all queries by one connection.
func askIRR(addr string, queries []string, took []float64) (total int, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	in := bufio.NewReader(c)
	if _, err := io.WriteString(c, "!!\n"); err != nil {
		return 0, err
	}
	for i, q := range queries {
		begun := time.Now()
		if _, err := io.WriteString(c, q+"\n"); err != nil {
			return total, err
		}
		head, err := in.ReadString('\n')
		if err != nil || head[0] != 'A' && head[0] != 'x' {
			return total, fmt.Errorf("%s: %q, %w", q, head, err)
		}
		size := 0
		if head[0] == 'A' {
			if size, err = strconv.Atoi(strings.TrimSpace(head[1:])); err != nil {
				return total, err
			}
			size += len("C\n")
		}
		if _, err := in.Discard(size); err != nil {
			return total, err
		}
		took[i], total = time.Since(begun).Seconds(), total+len(head)+size
	}
	return total, nil
}

// bareLines answers each line with the same bytes; of one line or of all.
func bareLines(answer []byte, all bool) func(context.Context, net.Listener) error {
	return func(_ context.Context, l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go func() {
				defer c.Close()
				for in := bufio.NewReaderSize(c, 1<<10); ; {
					line, err := in.ReadSlice('\n')
					if err != nil || string(line) == "!!\n" && all {
						if err == nil {
							continue
						}
						return
					}
					if _, err := c.Write(answer); err != nil || !all {
						return
					}
				}
			}()
		}
	}
}
