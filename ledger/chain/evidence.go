package chain

import (
	"encoding/binary"
	"errors"
)

// Misbehaviour is what evidence in a block says of one validator.
type Misbehaviour struct {
	Validator [20]byte // its address
	Height    uint64
	Time      uint64 // Unix seconds of that height's header
	Kind      uint64 // TwoVotes or LightAttack
}

// The kinds of misbehaviour, by the engine's numbers.
const (
	TwoVotes    = 1 // a validator voted for two blocks of one height and round
	LightAttack = 2 // validators signed a header to deceive light clients
)

// ErrEvidence reports bytes that are no evidence of a known kind.
var ErrEvidence = errors.New("chain: not evidence of a known kind")

// Misbehaviours reads what the engine's bytes of a block's evidence say, in order.
// That the bytes are the block's, its header's evidence hash shows (EvidenceHash).
//
// specs/06 CHAIN-24: evidence says of each validator that it names its address,
// the height and time, and 1 for two votes or 2 for an attack on light clients.
func Misbehaviours(evidence [][]byte) (out []Misbehaviour, err error) {
	for _, raw := range evidence {
		list, err := misbehaviours(raw)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func misbehaviours(raw []byte) ([]Misbehaviour, error) {
	m, err := readFields(raw)
	if err != nil {
		return nil, err
	}
	time, err := readFields(m.last(5))
	if err != nil {
		return nil, err
	}
	seconds := max(0, int64(time.number(1)))
	// An attack has its height in field 2, where two votes have the second of them.
	if len(m.bytes[2]) > 0 {
		return twoVotes(m, uint64(seconds))
	}
	return lightAttack(m, uint64(seconds))
}

func twoVotes(m fields, seconds uint64) ([]Misbehaviour, error) {
	vote, err := readFields(m.last(1))
	if err != nil {
		return nil, err
	}
	x := Misbehaviour{Height: vote.number(2), Time: seconds, Kind: TwoVotes}
	return []Misbehaviour{x}, x.of(vote.last(6))
}

func lightAttack(m fields, seconds uint64) (out []Misbehaviour, err error) {
	for _, raw := range m.bytes[3] {
		validator, err := readFields(raw)
		if err != nil {
			return nil, err
		}
		x := Misbehaviour{Height: m.number(2), Time: seconds, Kind: LightAttack}
		if err := x.of(validator.last(1)); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// of writes whose misbehaviour it is.
func (x *Misbehaviour) of(address []byte) error {
	if copy(x.Validator[:], address) != len(x.Validator) || len(address) != len(x.Validator) {
		return ErrEvidence
	}
	return nil
}

// fields are those of a protobuf message, by number from 1 to 15.
type fields struct {
	numbers [16]uint64
	bytes   [16][][]byte
}

func (f *fields) number(field int) uint64 { return f.numbers[field] }

// last is the last value of a field of bytes; empty where there is none.
func (f *fields) last(field int) []byte {
	if n := len(f.bytes[field]); n > 0 {
		return f.bytes[field][n-1]
	}
	return nil
}

// readFields reads a protobuf message of varints, fixed numbers of 8 bytes and
// byte strings with field numbers below 16.
func readFields(raw []byte) (out fields, err error) {
	for len(raw) > 0 {
		head := raw[0]
		field, rest := int(head>>3), raw[1:]
		if head >= 0x80 || field == 0 {
			return out, ErrEvidence
		}
		switch head & 7 {
		case 0, 2:
			v, n := binary.Uvarint(rest)
			if n <= 0 {
				return out, ErrEvidence
			}
			if rest = rest[n:]; head&7 == 0 {
				out.numbers[field] = v
				break
			}
			if v > uint64(len(rest)) {
				return out, ErrEvidence
			}
			out.bytes[field], rest = append(out.bytes[field], rest[:v]), rest[v:]
		case 1:
			if len(rest) < 8 {
				return out, ErrEvidence
			}
			rest = rest[8:]
		default:
			return out, ErrEvidence
		}
		raw = rest
	}
	return out, nil
}
