package tx

import (
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// writer is the walker that writes the bytes of an act. It checks nothing:
// what may not be said is refused by Check and by Verify.
type writer struct{ wire.Writer }

// Encode gives the bytes of the act on the wire, with the signatures it has.
// It panics on a resource that is none, as wire.Encode does.
//
// specs/04 ACT-3: An act MUST be the list of its kind, the list of its body's
// fields, the list of its header's fields and the list of its signatures.
func (a *Act) Encode() []byte {
	return a.encode(bytesUsual)
}

// bytesUsual is more than most acts with one signature take.
const bytesUsual = 384

// encode is Encode with room for as many bytes.
func (a *Act) encode(room int) []byte {
	w := writer{wire.NewWriter(room)}
	act := w.List()
	w.Uint(uint64(a.Body.Kind()))
	w.list(a.Body.walk)
	w.list(a.Header.walk)
	w.signatures(a.Signatures)
	w.End(act)
	return w.Bytes()
}

func (w *writer) list(walk func(walker)) {
	i := w.List()
	walk(w)
	w.End(i)
}

func (w *writer) signatures(sigs []account.Signature) {
	all := w.List()
	for i := range sigs {
		one := w.List()
		w.Uint(uint64(sigs[i].Alg))
		w.String(sigs[i].Signer[:])
		w.String(sigs[i].Sig[:])
		w.End(one)
	}
	w.End(all)
}

func (w *writer) number(_ string, v *uint64, _ uint64) { w.Uint(*v) }
func (w *writer) flag(_ string, v *bool)               { w.Bool(*v) }
func (w *writer) text(_ string, v *string, _ int)      { w.Text(*v) }
func (w *writer) bytes(_ string, v *[]byte, _ int)     { w.String(*v) }
func (w *writer) address(_ string, v *wire.Address)    { w.String(v[:]) }
func (w *writer) hash(_ string, v *wire.Hash)          { w.String(v[:]) }

func (w *writer) resource(name string, v *wire.Resource) {
	if !v.Valid() {
		panic(fmt.Sprintf("tx: %s of an act is no resource: %+v", name, *v))
	}
	w.Resource(*v)
}

func (w *writer) keys(_ string, v *[]account.Key) {
	all := w.List()
	for _, k := range *v {
		one := w.List()
		w.Uint(uint64(k.Alg))
		w.String(k.Addr[:])
		w.End(one)
	}
	w.End(all)
}
