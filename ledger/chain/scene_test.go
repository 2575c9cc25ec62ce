package chain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"math/big"
	"slices"

	"ipledger/ledger/wire"
)

const testChain = "ipledger-test"

// scene is a block with all that its verification needs, and the keys.
type scene struct {
	chainID string
	set     ValidatorSet
	keys    map[[32]byte]ed25519.PrivateKey
	header  Header
	cert    Certificate
	trusted ValidatorSet
}

func hashOf(text string) wire.Hash { return wire.Hash(sha256.Sum256([]byte(text))) }

func key(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("validator " + name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func validator(name string, power uint64) Validator {
	return Validator{Alg: Ed25519, PubKey: [32]byte(key(name).Public().(ed25519.PublicKey)), Power: power}
}

// newScene is block 1000 with one validator a power, none of whom has voted.
func newScene(powers ...uint64) *scene {
	s := &scene{chainID: testChain, keys: map[[32]byte]ed25519.PrivateKey{}}
	for i, power := range powers {
		name := fmt.Sprint(i)
		v := validator(name, power)
		s.set, s.keys[v.PubKey] = append(s.set, v), key(name)
	}
	s.sort()
	s.header = Header{
		Version: Version{Block: BlockVersion, App: 1}, ChainID: testChain, Height: 1000,
		Time:           Time{Seconds: 1800000000, Nanos: 123456789},
		LastBlock:      BlockID{Hash: hashOf("last block"), Total: 1, Parts: hashOf("last parts")},
		LastCommitHash: hashOf("last commit"), DataHash: hashOf("data"),
		ValidatorsHash: s.set.Hash(), NextValidatorsHash: s.set.Hash(), ConsensusHash: hashOf("consensus"),
		AppHash: hashOf("app"), LastResultsHash: hashOf("results"), EvidenceHash: Root(nil),
		Proposer: s.set[0].Address(),
	}
	s.name()
	return s
}

func (s *scene) sort() {
	slices.SortFunc(s.set, func(a, b Validator) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
}

// name gives the certificate the header's name, and empty slots.
func (s *scene) name() {
	s.cert = Certificate{
		Height: s.header.Height,
		Block:  BlockID{Hash: s.header.Hash(), Total: 1, Parts: hashOf("parts")},
		Slots:  make([]Slot, len(s.set)),
	}
	for i := range s.cert.Slots {
		s.cert.Slots[i] = Slot{Flag: Absent, Sig: []byte{}}
	}
}

// vote lets each slot vote as flags say: c for the block, n for none, - absent.
func (s *scene) vote(flags string) *scene {
	for i, f := range flags {
		switch f {
		case 'c':
			s.sign(i, Committed)
		case 'n':
			s.sign(i, VotedNil)
		}
	}
	return s
}

func (s *scene) sign(i int, flag uint8) {
	at := Time{Seconds: s.header.Time.Seconds + 1, Nanos: uint32(i) * 1000}
	s.cert.Slots[i] = Slot{Flag: flag, Time: at}
	s.resign(i)
}

func (s *scene) resign(i int) {
	s.cert.Slots[i].Sig = ed25519.Sign(s.keys[s.set[i].PubKey], s.cert.SignBytes(s.chainID, i))
}

// four is four validators of equal power who all voted for the block.
func four() *scene { return newScene(1, 1, 1, 1).vote("cccc") }

// order is L, the order of ed25519's base point.
var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

func fromLittle(raw []byte) *big.Int {
	raw = slices.Clone(raw)
	slices.Reverse(raw)
	return new(big.Int).SetBytes(raw)
}

func toLittle(n *big.Int) []byte {
	raw := n.FillBytes(make([]byte, 32))
	slices.Reverse(raw)
	return raw
}

// plusOrder is the same signature with L added to its S.
func plusOrder(sig []byte) []byte {
	return append(slices.Clone(sig[:32]), toLittle(new(big.Int).Add(fromLittle(sig[32:]), order))...)
}

// signWithR signs with a nonce of zero and the given R of small order: under
// ZIP 215 any encoding of any such point will do.
func signWithR(k ed25519.PrivateKey, r, message []byte) []byte {
	expanded := sha512.Sum512(k.Seed())
	expanded[0] &= 248
	expanded[31] = expanded[31]&127 | 64
	h := sha512.New()
	h.Write(r)
	h.Write(k.Public().(ed25519.PublicKey))
	h.Write(message)
	s := new(big.Int).Mul(fromLittle(h.Sum(nil)), fromLittle(expanded[:32]))
	return append(slices.Clone(r), toLittle(s.Mod(s, order))...)
}
