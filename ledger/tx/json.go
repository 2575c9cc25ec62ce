package tx

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// jsonWriter writes JSON in the one layout of act files: two spaces a level, a
// value or a row of a list a line. It is the walker that writes a message.
type jsonWriter struct {
	out   bytes.Buffer
	depth int
	first bool // nothing stands in the innermost list or object yet
}

func newJSON() *jsonWriter { return &jsonWriter{first: true} }

func (j *jsonWriter) done() []byte {
	j.out.WriteByte('\n')
	return j.out.Bytes()
}

// next starts a line, with the key of an object's value, or without in a list.
func (j *jsonWriter) next(key string) {
	if !j.first {
		j.out.WriteByte(',')
	}
	j.first = false
	if j.depth > 0 {
		j.line()
	}
	if key != "" {
		j.out.WriteString(quote(key) + ": ")
	}
}

func (j *jsonWriter) line() { j.out.WriteString("\n" + strings.Repeat("  ", j.depth)) }

func (j *jsonWriter) open(key string, bracket byte) {
	j.next(key)
	j.out.WriteByte(bracket)
	j.depth, j.first = j.depth+1, true
}

func (j *jsonWriter) close(bracket byte) {
	j.depth--
	if !j.first {
		j.line()
	}
	j.out.WriteByte(bracket)
	j.first = false
}

func (j *jsonWriter) raw(key, value string) {
	j.next(key)
	j.out.WriteString(value)
}

func (j *jsonWriter) string(key, value string) { j.raw(key, quote(value)) }

// row is an object of two strings on one line of a list.
func (j *jsonWriter) row(key1, value1, key2, value2 string) {
	j.raw("", "{"+quote(key1)+": "+quote(value1)+", "+quote(key2)+": "+quote(value2)+"}")
}

// typedData writes the four keys that wallets read.
func (j *jsonWriter) typedData(f *File) {
	s := schemas[f.Act.Body.Kind()]
	j.open("types", '{')
	j.members("EIP712Domain", []member{{"name", "string"}, {"version", "string"}, {"salt", "bytes32"}})
	j.members(s.name, s.members)
	j.close('}')
	j.string("primaryType", s.name)
	j.open("domain", '{')
	j.string("name", account.DomainName)
	j.string("version", account.DomainVersion)
	j.string("salt", hexed(f.Salt[:]))
	j.close('}')
	j.open("message", '{')
	f.Act.Body.walk(j)
	f.Act.Header.walk(j)
	j.close('}')
}

func (j *jsonWriter) members(name string, list []member) {
	j.open(name, '[')
	for _, m := range list {
		j.row("name", m.name, "type", m.kind)
	}
	j.close(']')
}

// Terms is the fields of a body as the message of typed data has them.
func Terms(b Body) json.RawMessage {
	j := newJSON()
	j.open("", '{')
	b.walk(j)
	j.close('}')
	return j.done()
}

// Numbers are strings: a bare number beyond 2^53 gives different digests in
// different wallets.
func (j *jsonWriter) number(name string, v *uint64, _ uint64) {
	j.string(name, strconv.FormatUint(*v, 10))
}
func (j *jsonWriter) flag(name string, v *bool)              { j.raw(name, strconv.FormatBool(*v)) }
func (j *jsonWriter) text(name string, v *string, _ int)     { j.string(name, *v) }
func (j *jsonWriter) bytes(name string, v *[]byte, _ int)    { j.string(name, hexed(*v)) }
func (j *jsonWriter) address(name string, v *wire.Address)   { j.string(name, hexed(v[:])) }
func (j *jsonWriter) hash(name string, v *wire.Hash)         { j.string(name, hexed(v[:])) }
func (j *jsonWriter) resource(name string, v *wire.Resource) { j.string(name, v.String()) }
func (j *jsonWriter) keys(name string, v *[]account.Key)     { j.string(name, account.Keys(*v)) }

// quote is a JSON string that escapes no more than JSON must.
func quote(text string) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // a string always has JSON
	}
	return strings.TrimSuffix(out.String(), "\n")
}
