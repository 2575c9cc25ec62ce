package irr

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"ipledger/node/serve/line"
)

// idleMax bounds the time between queries that a client may ask for.
const idleMax = 5 * time.Minute

// talk is one client's connection.
type talk struct {
	server *Server
	conn   *line.Conn
	many   bool // queries follow
}

// errQuit is a client that said that it goes.
var errQuit = errors.New("irr: the client quits")

// next reads and answers one query.
//
// specs/29 IRR-7: A client that asks more than its address's share MUST be made to
// wait; no answer may be left out.
func (t *talk) next(ctx context.Context) error {
	raw, err := t.conn.Read()
	if errors.Is(err, line.ErrLong) {
		return errors.Join(err, t.conn.Write(failed("a query has at most %d bytes", line.BytesMax).parts()...))
	} else if err != nil {
		return err
	}
	if err := t.server.Wait(ctx, t.conn.Remote()); err != nil {
		return err
	}
	a, err := t.answer(string(raw))
	if err != nil {
		return err
	}
	return t.conn.Write(a.parts()...)
}

// answer is what a query gets.
func (t *talk) answer(query string) (answer, error) {
	name, rest := command(query)
	switch name {
	case "!":
		t.many = true
		return silence, nil
	case "q":
		return silence, errQuit
	case "t":
		return t.timeout(rest), nil
	}
	one := commands[name]
	if one == nil {
		return failed("unrecognised query; see chapter 29 for those there are"), nil
	}
	now := t.server.newest.Load()
	// specs/29 IRR-4: A server without a verified state MUST answer F, and never D.
	if now == nil && !independent[name] {
		return failed("no verified state yet; ask again soon"), nil
	}
	return one(t.server, now, rest), nil
}

// command cuts a query into its letter, in lower case, and the rest.
func command(query string) (name, rest string) {
	query = strings.TrimSpace(query)
	if len(query) < 2 || query[0] != '!' {
		return "", ""
	}
	return strings.ToLower(query[1:2]), query[2:]
}

// timeout takes the time between queries that the client asks for.
func (t *talk) timeout(text string) answer {
	seconds, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	if err != nil || seconds < 1 || seconds > 1000 {
		return failed("a time is 1 to 1000 seconds")
	}
	t.conn.SetIdle(min(time.Duration(seconds)*time.Second, idleMax))
	return done
}

// answer is one answer: its first character, and the parts of its data or its words.
type answer struct {
	mark byte // A, C, D, F; 0 says nothing
	data [][]byte
	text string
}

// Answers without data: nothing at all, done, no such key.
var (
	silence = answer{}
	done    = answer{mark: 'C'}
	absent  = answer{mark: 'D'}
)

func failed(format string, args ...any) answer {
	return answer{mark: 'F', text: fmt.Sprintf(format, args...)}
}

// found is an answer with data; D if there is none.
func found(data ...[]byte) answer {
	if size(data) == 0 {
		return absent
	}
	return answer{mark: 'A', data: data}
}

func size(data [][]byte) (n int) {
	for _, part := range data {
		n += len(part)
	}
	return n
}

// parts is the answer's bytes.
//
// specs/29 IRR-1: Data MUST stand between A, their length in bytes with the line end
// after them, and C.
func (a answer) parts() [][]byte {
	switch a.mark {
	case 0:
		return nil
	case 'A':
		head := strconv.AppendInt([]byte{'A'}, int64(size(a.data)+1), 10)
		out := append(make([][]byte, 0, len(a.data)+2), append(head, '\n'))
		return append(append(out, a.data...), []byte("\nC\n"))
	case 'F':
		return [][]byte{[]byte("F " + a.text + "\n")}
	}
	return [][]byte{{a.mark, '\n'}}
}
