package account

import "ipledger/ledger/wire"

// Signature is one key's consent to a digest.
type Signature struct {
	Alg    uint8
	Signer wire.Address
	Sig    [65]byte // r, s, v; s in the lower half, v 0 or 1
}
