package tx

import (
	"fmt"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// writer is the walker that writes the bytes of an act. It checks nothing:
// what may not be said is refused by Check and by Verify.
type writer struct{ buf rlp.EncoderBuffer }

// Encode gives the bytes of the act on the wire, with the signatures it has.
// It panics on a resource that is none, as wire.Encode does.
//
// specs/04 ACT-3: An act MUST be the list of its kind, the list of its body's
// fields, the list of its header's fields and the list of its signatures.
func (a *Act) Encode() []byte {
	w := writer{rlp.NewEncoderBuffer(nil)}
	act := w.buf.List()
	w.buf.WriteUint64(uint64(a.Body.Kind()))
	w.list(a.Body.walk)
	w.list(a.Header.walk)
	w.signatures(a.Signatures)
	w.buf.ListEnd(act)
	raw := w.buf.ToBytes()
	_ = w.buf.Flush() // gives the buffer back; there is no writer that could fail
	return raw
}

func (w *writer) list(walk func(walker)) {
	i := w.buf.List()
	walk(w)
	w.buf.ListEnd(i)
}

func (w *writer) signatures(sigs []account.Signature) {
	all := w.buf.List()
	for i := range sigs {
		one := w.buf.List()
		w.buf.WriteUint64(uint64(sigs[i].Alg))
		w.buf.WriteBytes(sigs[i].Signer[:])
		w.buf.WriteBytes(sigs[i].Sig[:])
		w.buf.ListEnd(one)
	}
	w.buf.ListEnd(all)
}

func (w *writer) number(_ string, v *uint64, _ uint64) { w.buf.WriteUint64(*v) }
func (w *writer) flag(_ string, v *bool)               { w.buf.WriteBool(*v) }
func (w *writer) text(_ string, v *string, _ int)      { w.buf.WriteString(*v) }
func (w *writer) address(_ string, v *wire.Address)    { w.buf.WriteBytes(v[:]) }
func (w *writer) hash(_ string, v *wire.Hash)          { w.buf.WriteBytes(v[:]) }

func (w *writer) resource(name string, v *wire.Resource) {
	if !v.Valid() {
		panic(fmt.Sprintf("tx: %s of an act is no resource: %+v", name, *v))
	}
	w.buf.WriteBytes(v.Key())
}

func (w *writer) keys(_ string, v *[]account.Key) {
	all := w.buf.List()
	for _, k := range *v {
		one := w.buf.List()
		w.buf.WriteUint64(uint64(k.Alg))
		w.buf.WriteBytes(k.Addr[:])
		w.buf.ListEnd(one)
	}
	w.buf.ListEnd(all)
}
