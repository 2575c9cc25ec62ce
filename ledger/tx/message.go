package tx

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// messageReader is the walker that reads the message of typed data. After its
// first error it reads nothing more.
type messageReader struct {
	fields map[string]json.RawMessage
	err    error
}

func (m *messageReader) fail(rule, name, format string, args ...any) {
	if m.err == nil {
		m.err = Refuse(rule, name, format, args...)
	}
}

func (m *messageReader) string(name string) string {
	var text string
	if err := json.Unmarshal(m.fields[name], &text); err != nil {
		m.fail("ACT-19", name, "not a JSON string")
	}
	return text
}

func (m *messageReader) number(name string, v *uint64, most uint64) {
	text := m.string(name)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		m.fail("ACT-19", name, "%q is not a decimal number of 64 bits", text)
	}
	if n > most {
		m.fail("ACT-4", name, "%d, at most %d", n, most)
	}
	*v = n
}

func (m *messageReader) flag(name string, v *bool) {
	if err := json.Unmarshal(m.fields[name], v); err != nil {
		m.fail("ACT-19", name, "neither true nor false")
	}
}

func (m *messageReader) text(name string, v *string, bytesMax int) {
	*v = m.string(name)
	if len(*v) > bytesMax {
		m.fail("ACT-4", name, "%d bytes, at most %d", len(*v), bytesMax)
	}
}

func (m *messageReader) bytes(name string, v *[]byte, most int) {
	digits, ok := strings.CutPrefix(m.string(name), "0x")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil {
		m.fail("ACT-19", name, "not 0x and hexadecimal digits")
		return
	}
	if len(raw) > most {
		m.fail("ACT-4", name, "%d bytes, at most %d", len(raw), most)
		return
	}
	*v = nil
	if len(raw) > 0 {
		*v = raw
	}
}

func (m *messageReader) address(name string, v *wire.Address) { m.unhex(name, m.string(name), v[:]) }
func (m *messageReader) hash(name string, v *wire.Hash)       { m.unhex(name, m.string(name), v[:]) }

func (m *messageReader) resource(name string, v *wire.Resource) {
	r, err := inr.Parse(m.string(name))
	if err != nil {
		m.fail("RES-2", name, "%v", err)
		return
	}
	*v = r
}

func (m *messageReader) keys(name string, v *[]account.Key) {
	keys, err := account.ParseKeys(m.string(name))
	if err != nil && m.err == nil {
		m.err = ruled(err)
	}
	*v = keys
}

func (m *messageReader) signature(key, signature string) account.Signature {
	var s account.Signature
	k, err := account.ParseKey(key)
	if err != nil && m.err == nil {
		m.err = ruled(err)
	}
	s.Alg, s.Signer = k.Alg, k.Addr
	m.unhex("signature", signature, s.Sig[:])
	return s
}

// unhex reads 0x and exactly the digits of dst. That they are lower-case is
// found when the file is written again.
func (m *messageReader) unhex(name, text string, dst []byte) {
	digits, ok := strings.CutPrefix(text, "0x")
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != len(dst) {
		m.fail("ACT-19", name, "not 0x and %d hexadecimal digits", 2*len(dst))
		return
	}
	copy(dst, raw)
}
