package chain

import "encoding/binary"

// proto is a protobuf message being written: the few shapes that the engine
// hashes and signs (specs/06, "Protobuf"). As proto3 wants it, a number or
// byte string that is zero or empty is left out; message is always written.
type proto []byte

func (p proto) varint(field byte, v uint64) proto {
	if v == 0 {
		return p
	}
	return binary.AppendUvarint(append(p, field<<3), v)
}

func (p proto) fixed64(field byte, v uint64) proto {
	if v == 0 {
		return p
	}
	return binary.LittleEndian.AppendUint64(append(p, field<<3|1), v)
}

func (p proto) bytes(field byte, v []byte) proto {
	if len(v) == 0 {
		return p
	}
	return p.message(field, v)
}

func (p proto) message(field byte, v []byte) proto {
	p = binary.AppendUvarint(append(p, field<<3|2), uint64(len(v)))
	return append(p, v...)
}
