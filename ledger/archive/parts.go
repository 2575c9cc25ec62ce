package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
)

// parter writes a file of parts: a line, each part as its length and its bytes,
// and at the end a length of 0, the number of parts and a hash over all before.
type parter struct {
	w     io.Writer
	both  io.Writer // w and whole
	whole hash.Hash
	count uint64
}

func newParter(w io.Writer, magic string) (*parter, error) {
	p := &parter{w: w, whole: sha256.New()}
	p.both = io.MultiWriter(w, p.whole)
	_, err := io.WriteString(p.both, magic)
	return p, err
}

// put writes a part, which must not be empty.
func (p *parter) put(raw []byte) error {
	p.count++
	_, err := p.both.Write(append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(raw)), uint32(len(raw))), raw...))
	return err
}

func (p *parter) close() error {
	if _, err := p.both.Write(binary.BigEndian.AppendUint64(make([]byte, 4), p.count)); err != nil {
		return err
	}
	_, err := p.w.Write(p.whole.Sum(nil))
	return err
}

// parts reads what parter writes. What it meets breaks rule.
type parts struct {
	r     io.Reader
	whole hash.Hash
	count uint64
	rule  string
}

func newParts(r io.Reader, magic, rule string) (*parts, error) {
	p := &parts{r: r, whole: sha256.New(), rule: rule}
	if got, err := p.take(len(magic)); err != nil || string(got) != magic {
		return nil, errors.Join(malformed(rule, "it does not begin with %q", magic), err)
	}
	return p, nil
}

// next is the next part, of at most max bytes; more is false after the last,
// when the end has been checked.
func (p *parts) next(max int) (raw []byte, more bool, err error) {
	head, err := p.take(4)
	if err != nil {
		return nil, false, err
	}
	n := binary.BigEndian.Uint32(head)
	switch {
	case n == 0:
		return nil, false, p.end()
	case n > uint32(max):
		return nil, false, malformed(p.rule, "part %d has %d bytes, at most %d", p.count, n, max)
	}
	p.count++
	raw, err = p.take(int(n))
	return raw, err == nil, err
}

func (p *parts) end() error {
	count, err := p.take(8)
	if err != nil {
		return err
	}
	want := p.whole.Sum(nil)
	got, err := p.take(len(want))
	if err != nil {
		return err
	}
	if binary.BigEndian.Uint64(count) != p.count || !bytes.Equal(got, want) {
		return malformed(p.rule, "its end does not match what comes before")
	}
	if n, err := io.ReadFull(p.r, make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return errors.Join(malformed(p.rule, "something follows its end"), err)
	}
	return nil
}

// take reads n bytes, which a bound of this room limits.
func (p *parts) take(n int) ([]byte, error) {
	out := make([]byte, n)
	if _, err := io.ReadFull(p.r, out); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, malformed(p.rule, "it is cut short")
		}
		return nil, err
	}
	p.whole.Write(out)
	return out, nil
}
