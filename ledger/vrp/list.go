package vrp

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// ListedMax bounds a list that is read: three times as many payloads as the
// registries' RPKI has.
const ListedMax = 2 << 20

// listedBytesMax bounds its bytes: the longest entry has 105, the rest few more.
const listedBytesMax = 128 * ListedMax

// ErrListed reports text that is no list of payloads as a node gives it, or one
// beyond the bound.
var ErrListed = errors.New("vrp: not a node's list of payloads")

// Listed is all payloads of a state, as a node gives them (specs/31 DRIFT-12).
type Listed struct {
	Height uint64
	Time   string    // of the state's header, as the node writes it
	List   []Payload // ascending by prefix
}

// AppendJSON appends a payload as lists have it.
func (p Payload) AppendJSON(b []byte) []byte {
	b = append(b, `{"prefix":"`...)
	b = p.Prefix.AppendTo(b)
	b = append(b, `","max_length":`...)
	b = strconv.AppendUint(b, p.MaxLength, 10)
	b = append(b, `,"as":"`...)
	b = strconv.AppendUint(b, p.AS, 10)
	b = append(b, `","grade":"`...)
	b = append(b, p.Grade.String()...)
	return append(b, `"}`...)
}

// ReadListed reads a list as it comes, never as a whole. An error wraps ErrListed.
func ReadListed(r io.Reader) (*Listed, error) {
	d, out := json.NewDecoder(io.LimitReader(r, listedBytesMax)), new(Listed)
	err := expect(d, '{')
	for err == nil && d.More() {
		var key json.Token
		if key, err = d.Token(); err == nil {
			err = out.value(d, key)
		}
	}
	if err == nil {
		_, err = d.Token()
	}
	if err == nil && out.Height == 0 {
		err = errors.New("it names no height")
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrListed, err)
	}
	return out, nil
}

func expect(d *json.Decoder, mark json.Delim) error {
	t, err := d.Token()
	if err == nil && t != mark {
		err = fmt.Errorf("%v where %v begins", t, mark)
	}
	return err
}

// value reads what stands under a key of a list.
func (l *Listed) value(d *json.Decoder, key json.Token) error {
	switch key {
	case "height":
		var text string
		err := d.Decode(&text)
		if err == nil {
			l.Height, err = strconv.ParseUint(text, 10, 64)
		}
		return err
	case "time":
		return d.Decode(&l.Time)
	case "payloads":
		return l.payloads(d)
	}
	return d.Decode(new(json.RawMessage))
}

func (l *Listed) payloads(d *json.Decoder) error {
	if err := expect(d, '['); err != nil {
		return err
	}
	for n := len(l.List); d.More(); n++ {
		var x payloadShape
		if err := d.Decode(&x); err != nil {
			return err
		}
		one, err := x.payload()
		if err != nil {
			return err
		}
		if n >= ListedMax || n > 0 && (inr.Compare(l.List[n-1].Prefix, one.Prefix) > 0 || l.List[n-1] == one) {
			return fmt.Errorf("entry %d: out of order, or more than %d", n+1, ListedMax)
		}
		l.List = append(l.List, one)
	}
	_, err := d.Token()
	return err
}

// payloadShape is what AppendJSON writes.
type payloadShape struct {
	Prefix    string `json:"prefix"`
	MaxLength uint64 `json:"max_length"`
	AS        string `json:"as"`
	Grade     string `json:"grade"`
}

func (x *payloadShape) payload() (p Payload, err error) {
	if p.Prefix, err = inr.Parse(x.Prefix); err != nil {
		return p, err
	}
	if p.AS, err = strconv.ParseUint(x.AS, 10, 32); err != nil {
		return p, err
	}
	if x.MaxLength < uint64(p.Prefix.Len) || x.MaxLength > uint64(p.Prefix.Family.Bits()) || p.Prefix.Family == wire.ASN {
		return p, fmt.Errorf("%v down to /%d is nothing that can be announced", p.Prefix, x.MaxLength)
	}
	p.MaxLength = x.MaxLength
	for _, g := range []record.Grade{record.GradeNone, record.GradeA, record.GradeB, record.GradeC, record.GradeT} {
		if x.Grade == g.String() {
			p.Grade = g
			return p, nil
		}
	}
	return p, fmt.Errorf("grade %.10q", x.Grade)
}
