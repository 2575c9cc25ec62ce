package engine_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtmath "github.com/cometbft/cometbft/libs/math"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/state"
	"github.com/cometbft/cometbft/types"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// These tests hold ledger/chain against the engine: the same headers, sets and
// certificates, valid and tampered with, must meet the same verdict from both.
// The conversions here are the tests' own, so that a slip in the node's cannot
// hide one in the verifier.

const oracleSeed = 6962

type hexBytes []byte

func (b *hexBytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.DecodeString(string(text))
	return err
}

type chainVectors struct {
	Headers    []struct{ Bytes hexBytes }
	Sets       []struct{ Bytes hexBytes }
	Signatures []struct {
		Why                     string
		Key, Message, Signature hexBytes
		Valid                   bool
	}
	Certificates []struct {
		Why                               string
		ChainID                           string `json:"chain_id"`
		Set, Header, Certificate, Trusted hexBytes
		Valid                             bool
	}
	Data []struct {
		Acts []hexBytes
		Hash wire.Hash
	}
	Results []struct {
		Results []struct {
			Code uint32
			Data hexBytes
		}
		Hash wire.Hash
	}
	Commits []struct {
		Why              string
		Set, Certificate hexBytes
	}
	Inclusion, Consistency []struct {
		Why        string
		From, Root wire.Hash
		Proof      hexBytes
		Valid      bool
	}
}

func loadChainVectors(t *testing.T) (v chainVectors) {
	raw, err := fs.ReadFile(specs.Files, "vectors/chain.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Certificates) < 60 || len(v.Signatures) < 30 {
		t.Fatalf("only %d certificates and %d signatures", len(v.Certificates), len(v.Signatures))
	}
	return v
}

func engineTime(t chain.Time) time.Time { return time.Unix(int64(t.Seconds), int64(t.Nanos)).UTC() }

func ourTime(t time.Time) chain.Time {
	return chain.Time{Seconds: uint64(t.Unix()), Nanos: uint32(t.Nanosecond())}
}

func engineBlockID(b chain.BlockID) types.BlockID {
	if b == (chain.BlockID{}) {
		return types.BlockID{}
	}
	return types.BlockID{Hash: b.Hash[:], PartSetHeader: types.PartSetHeader{Total: b.Total, Hash: b.Parts[:]}}
}

func ourBlockID(b types.BlockID) chain.BlockID {
	return chain.BlockID{Hash: ourHash(b.Hash), Total: b.PartSetHeader.Total, Parts: ourHash(b.PartSetHeader.Hash)}
}

func ourHash(raw []byte) (h wire.Hash) {
	copy(h[:], raw)
	return h
}

func engineHeader(h chain.Header) *types.Header {
	return &types.Header{
		Version: cmtversion.Consensus{Block: h.Version.Block, App: h.Version.App},
		ChainID: h.ChainID, Height: int64(h.Height), Time: engineTime(h.Time), LastBlockID: engineBlockID(h.LastBlock),
		LastCommitHash: h.LastCommitHash[:], DataHash: h.DataHash[:],
		ValidatorsHash: h.ValidatorsHash[:], NextValidatorsHash: h.NextValidatorsHash[:],
		ConsensusHash: h.ConsensusHash[:], AppHash: h.AppHash[:], LastResultsHash: h.LastResultsHash[:],
		EvidenceHash: h.EvidenceHash[:], ProposerAddress: h.Proposer[:],
	}
}

func ourHeader(h *types.Header) chain.Header {
	return chain.Header{
		Version: chain.Version{Block: h.Version.Block, App: h.Version.App},
		ChainID: h.ChainID, Height: uint64(h.Height), Time: ourTime(h.Time), LastBlock: ourBlockID(h.LastBlockID),
		LastCommitHash: ourHash(h.LastCommitHash), DataHash: ourHash(h.DataHash),
		ValidatorsHash: ourHash(h.ValidatorsHash), NextValidatorsHash: ourHash(h.NextValidatorsHash),
		ConsensusHash: ourHash(h.ConsensusHash), AppHash: ourHash(h.AppHash), LastResultsHash: ourHash(h.LastResultsHash),
		EvidenceHash: ourHash(h.EvidenceHash), Proposer: wire.Address(h.ProposerAddress),
	}
}

// engineSet keeps the order given; the engine's constructor would mend it.
func engineSet(s chain.ValidatorSet) *types.ValidatorSet {
	set := &types.ValidatorSet{}
	for _, v := range s {
		set.Validators = append(set.Validators, types.NewValidator(ed25519.PubKey(v.PubKey[:]), int64(v.Power)))
	}
	set.Proposer = set.Validators[0]
	return set
}

func ourSet(s *types.ValidatorSet) (out chain.ValidatorSet) {
	for _, v := range s.Validators {
		out = append(out, chain.Validator{Alg: chain.Ed25519, PubKey: [32]byte(v.PubKey.Bytes()), Power: uint64(v.VotingPower)})
	}
	return out
}

// engineCommit gives each slot the address of its place in the set.
func engineCommit(c chain.Certificate, set chain.ValidatorSet) *types.Commit {
	out := &types.Commit{Height: int64(c.Height), Round: int32(c.Round), BlockID: engineBlockID(c.Block)}
	for i, s := range c.Slots {
		sig := types.NewCommitSigAbsent()
		if s.Flag != chain.Absent {
			address := make(crypto.Address, crypto.AddressSize)
			if i < len(set) {
				a := set[i].Address()
				copy(address, a[:])
			}
			sig = types.CommitSig{BlockIDFlag: types.BlockIDFlag(s.Flag), ValidatorAddress: address, Timestamp: engineTime(s.Time), Signature: s.Sig}
		}
		out.Signatures = append(out.Signatures, sig)
	}
	return out
}

func ourCertificate(c *types.Commit) chain.Certificate {
	out := chain.Certificate{Height: uint64(c.Height), Round: uint32(c.Round), Block: ourBlockID(c.BlockID)}
	for _, s := range c.Signatures {
		slot := chain.Slot{Flag: uint8(s.BlockIDFlag), Sig: bytes.Clone(s.Signature)}
		if slot.Flag != chain.Absent {
			slot.Time = ourTime(s.Timestamp)
		}
		out.Slots = append(out.Slots, slot)
	}
	return out
}

// engineVerdict is all that the engine's light client asks of one block, with
// every signature checked, and of a step from a trusted set if one is given.
func engineVerdict(chainID string, trusted, set *types.ValidatorSet, header *types.Header, commit *types.Commit) error {
	block := types.LightBlock{SignedHeader: &types.SignedHeader{Header: header, Commit: commit}, ValidatorSet: set}
	if err := block.ValidateBasic(chainID); err != nil {
		return err
	}
	if err := set.VerifyCommit(chainID, commit.BlockID, header.Height, commit); err != nil {
		return err
	}
	if trusted == nil {
		return nil
	}
	return trusted.VerifyCommitLightTrustingAllSignatures(chainID, commit, cmtmath.Fraction{Numerator: 2, Denominator: 3})
}

func TestOracleVectors_CHAIN2_CHAIN6(t *testing.T) {
	v := loadChainVectors(t)
	for i, raw := range v.Headers {
		h, err := chain.DecodeHeader(raw.Bytes)
		if err != nil || ourHash(engineHeader(h).Hash()) != h.Hash() {
			t.Errorf("header %d: %v, the engine has %v, we %v", i, err, engineHeader(h).Hash(), h.Hash())
		}
	}
	for i, raw := range v.Sets {
		s, err := chain.DecodeValidatorSet(raw.Bytes)
		if err != nil || ourHash(engineSet(s).Hash()) != s.Hash() {
			t.Errorf("set %d: %v, the engine has %x, we %v", i, err, engineSet(s).Hash(), s.Hash())
		}
	}
}

func TestOracleVectors_CHAIN10(t *testing.T) {
	for _, v := range loadChainVectors(t).Signatures {
		one := ed25519.PubKey(v.Key).VerifySignature(v.Message, v.Signature)
		batch := ed25519.NewBatchVerifier()
		good := ed25519.GenPrivKeyFromSecret([]byte("batch"))
		sig, _ := good.Sign(v.Message)
		_ = batch.Add(good.PubKey(), v.Message, sig)
		err := batch.Add(ed25519.PubKey(v.Key), v.Message, v.Signature)
		all, _ := batch.Verify()
		if together := err == nil && all; one != v.Valid || together != v.Valid {
			t.Errorf("%s: the engine alone says %v, in a batch %v, want %v", v.Why, one, together, v.Valid)
		}
	}
}

func TestOracleVectors_CHAIN8_CHAIN11_CHAIN12(t *testing.T) {
	for _, v := range loadChainVectors(t).Certificates {
		set, err := chain.DecodeValidatorSet(v.Set)
		if err != nil {
			t.Fatal(v.Why, err)
		}
		header, err := chain.DecodeHeader(v.Header)
		if err != nil {
			t.Fatal(v.Why, err)
		}
		cert, err := chain.DecodeCertificate(v.Certificate)
		if err != nil {
			t.Fatal(v.Why, err)
		}
		var trusted *types.ValidatorSet
		if len(v.Trusted) > 0 {
			s, err := chain.DecodeValidatorSet(v.Trusted)
			if err != nil {
				t.Fatal(v.Why, err)
			}
			trusted = engineSet(s)
		}
		err = engineVerdict(v.ChainID, trusted, engineSet(set), engineHeader(header), engineCommit(cert, set))
		if v.Valid != (err == nil) {
			t.Errorf("%s: the engine says %v, want valid %v", v.Why, err, v.Valid)
		}
	}
}

func TestOracleVectors_CHAIN14_CHAIN15(t *testing.T) {
	v := loadChainVectors(t)
	for _, d := range v.Data {
		var txs types.Txs
		for _, a := range d.Acts {
			txs = append(txs, types.Tx(a))
		}
		if got := ourHash(txs.Hash()); got != d.Hash {
			t.Errorf("%d acts: the engine has %v, want %v", len(txs), got, d.Hash)
		}
	}
	for _, r := range v.Results {
		var results []*abci.ExecTxResult
		for _, x := range r.Results {
			results = append(results, &abci.ExecTxResult{Code: x.Code, Data: x.Data, Log: "not hashed", Info: "nor this", Codespace: "nor this"})
		}
		if got := ourHash(types.NewResults(results).Hash()); got != r.Hash {
			t.Errorf("%d results: the engine has %v, want %v", len(results), got, r.Hash)
		}
	}
}

// TestOracleCommits_CHAIN21_CHAIN22 asks the engine for the hash of a commit and
// for the time that follows from it.
func TestOracleCommits_CHAIN21_CHAIN22(t *testing.T) {
	for _, v := range loadChainVectors(t).Commits {
		set, err := chain.DecodeValidatorSet(v.Set)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := chain.DecodeCertificate(v.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		commit := engineCommit(cert, set)
		if got, want := cert.CommitHash(set), ourHash(commit.Hash()); got != want {
			t.Errorf("%s: hash %v, the engine's is %v", v.Why, got, want)
		}
		at, err := state.MedianTime(commit, engineSet(set))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := cert.MedianTime(set), ourTime(at); got != want {
			t.Errorf("%s: time %v, the engine's is %v", v.Why, got, want)
		}
	}
}

func paths(path []wire.Hash) (out [][]byte) {
	for _, h := range path {
		out = append(out, h[:])
	}
	return out
}

// TestOracleLog_CHAIN16_CHAIN19 asks a library of transparency logs.
func TestOracleLog_CHAIN16_CHAIN19(t *testing.T) {
	v := loadChainVectors(t)
	for _, p := range v.Inclusion {
		in, err := chain.DecodeInclusion(p.Proof)
		if err == nil {
			err = proof.VerifyInclusion(rfc6962.DefaultHasher, in.Index, in.Size, p.From[:], paths(in.Path), p.Root[:])
		}
		if p.Valid != (err == nil) {
			t.Errorf("%s: the library says %v, want valid %v", p.Why, err, p.Valid)
		}
	}
	for _, p := range v.Consistency {
		c, err := chain.DecodeConsistency(p.Proof)
		if err == nil && c.Old == 0 {
			continue // the library does not look at the root of a log of none
		}
		if err == nil {
			err = proof.VerifyConsistency(rfc6962.DefaultHasher, c.Old, c.New, paths(c.Path), p.From[:], p.Root[:])
		}
		if p.Valid != (err == nil) {
			t.Errorf("%s: the library says %v, want valid %v", p.Why, err, p.Valid)
		}
	}
}

// TestOracleDifferences_CHAIN1_CHAIN5_CHAIN7 holds the list in specs/06 of
// what the engine would accept and a verifier refuses: no real block has it.
func TestOracleDifferences_CHAIN1_CHAIN5_CHAIN7(t *testing.T) {
	for _, tc := range []struct {
		why    string
		change func(b *block)
	}{
		{"a header before 1970", func(b *block) { b.header.Time = time.Unix(-1, 0).UTC() }},
		{"an application hash of 31 bytes", func(b *block) { b.header.AppHash = b.header.AppHash[:31] }},
		{"a set out of order", func(b *block) {
			v := b.set.Validators
			v[0], v[len(v)-1] = v[len(v)-1], v[0]
			b.header.ValidatorsHash = b.set.Hash()
		}},
		{"a set of 201", func(b *block) {
			for range chain.ValidatorsMax {
				v := types.NewValidator(ed25519.GenPrivKey().PubKey(), 1)
				b.set.Validators = append(b.set.Validators, v)
			}
			b.set = types.NewValidatorSet(b.set.Validators)
			b.header.ValidatorsHash = b.set.Hash()
		}},
		{"a block without parts", func(b *block) { b.commit.BlockID.PartSetHeader = types.PartSetHeader{} }},
	} {
		b := four()
		tc.change(b)
		b.signAll()
		if err := engineVerdict(b.chainID, nil, b.set, b.header, b.commit); err != nil {
			t.Errorf("%s: the engine refuses it: %v", tc.why, err)
		}
		if ours := chain.Verify(b.chainID, ourSet(b.set), ourHeader(b.header), ourCertificate(b.commit)); ours == nil {
			t.Errorf("%s: we accept it", tc.why)
		}
	}
}

// four is a block that four validators of different power have signed.
func four() *block {
	r := rand.New(rand.NewPCG(oracleSeed, 4))
	b := randomBlock(r)
	b.keys, b.trusted = map[string]ed25519.PrivKey{}, nil
	var members []*types.Validator
	for power := range int64(4) {
		k := ed25519.GenPrivKeyFromSecret(randomBytes(r, 8))
		b.keys[string(k.PubKey().Address())] = k
		members = append(members, types.NewValidator(k.PubKey(), 1000+power))
	}
	b.set = types.NewValidatorSet(members)
	b.header.ValidatorsHash = b.set.Hash()
	return b
}

// signAll names the block anew and lets all whose key is known vote for it.
func (b *block) signAll() {
	b.commit.BlockID.Hash, b.commit.Signatures = b.header.Hash(), nil
	for _, v := range b.set.Validators {
		sig := types.NewCommitSigAbsent()
		if _, known := b.keys[string(v.Address)]; known {
			sig = types.CommitSig{BlockIDFlag: types.BlockIDFlagCommit, ValidatorAddress: v.Address, Timestamp: b.header.Time}
		}
		b.commit.Signatures = append(b.commit.Signatures, sig)
	}
	for i, v := range b.set.Validators {
		if k, known := b.keys[string(v.Address)]; known {
			b.commit.Signatures[i].Signature, _ = k.Sign(b.commit.VoteSignBytes(b.chainID, int32(i)))
		}
	}
}

// block is a random block of the engine's own making.
type block struct {
	chainID      string
	keys         map[string]ed25519.PrivKey
	set, trusted *types.ValidatorSet
	header       *types.Header
	commit       *types.Commit
}

func randomBytes(r *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

func randomBlock(r *rand.Rand) *block {
	b := &block{chainID: "chain-" + hex.EncodeToString(randomBytes(r, 1+r.IntN(20))), keys: map[string]ed25519.PrivKey{}}
	var members, before []*types.Validator
	for range 1 + r.IntN(12) {
		k := ed25519.GenPrivKeyFromSecret(randomBytes(r, 8))
		power := 1 + r.Int64N([]int64{1, 3, 1000, 1 << 50}[r.IntN(4)])
		v := types.NewValidator(k.PubKey(), power)
		b.keys[string(v.Address)] = k
		members = append(members, v)
		if r.IntN(8) > 0 {
			before = append(before, types.NewValidator(k.PubKey(), 1+r.Int64N(power)))
		}
	}
	for range r.IntN(3) {
		before = append(before, types.NewValidator(ed25519.GenPrivKeyFromSecret(randomBytes(r, 8)).PubKey(), 1+r.Int64N(3)))
	}
	b.set = types.NewValidatorSet(members)
	if len(before) > 0 && r.IntN(2) == 0 {
		b.trusted = types.NewValidatorSet(before)
	}
	id := types.BlockID{Hash: randomBytes(r, 32), PartSetHeader: types.PartSetHeader{Total: 1 + r.Uint32N(9), Hash: randomBytes(r, 32)}}
	b.header = &types.Header{
		Version: cmtversion.Consensus{Block: 11, App: r.Uint64N(3)}, ChainID: b.chainID, Height: 1 + r.Int64N(1<<(1+r.IntN(61))),
		Time: time.Unix(r.Int64N(1<<33), r.Int64N(2)*r.Int64N(1e9)).UTC(), LastBlockID: id,
		LastCommitHash: randomBytes(r, 32), DataHash: randomBytes(r, 32), ValidatorsHash: b.set.Hash(), NextValidatorsHash: randomBytes(r, 32),
		ConsensusHash: randomBytes(r, 32), AppHash: randomBytes(r, 32), LastResultsHash: randomBytes(r, 32), EvidenceHash: randomBytes(r, 32),
		ProposerAddress: randomBytes(r, 20),
	}
	if r.IntN(4) == 0 {
		b.header.LastBlockID = types.BlockID{}
	}
	b.vote(r)
	return b
}

// vote signs with the engine's own bytes; about one in six does not vote.
func (b *block) vote(r *rand.Rand) {
	b.commit = &types.Commit{
		Height: b.header.Height, Round: r.Int32N(2) * r.Int32N(1<<20),
		BlockID:    types.BlockID{Hash: b.header.Hash(), PartSetHeader: types.PartSetHeader{Total: 1 + r.Uint32N(5), Hash: randomBytes(r, 32)}},
		Signatures: make([]types.CommitSig, b.set.Size()),
	}
	for i, v := range b.set.Validators {
		flag := []types.BlockIDFlag{1, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}[r.IntN(12)]
		if flag == types.BlockIDFlagAbsent {
			b.commit.Signatures[i] = types.NewCommitSigAbsent()
			continue
		}
		at := time.Unix(r.Int64N(1<<34)-1<<32, r.Int64N(2)*r.Int64N(1e9)).UTC()
		b.commit.Signatures[i] = types.CommitSig{BlockIDFlag: flag, ValidatorAddress: v.Address, Timestamp: at}
		sig, _ := b.keys[string(v.Address)].Sign(b.commit.VoteSignBytes(b.chainID, int32(i)))
		b.commit.Signatures[i].Signature = sig
	}
}

// tamper changes one thing that the engine's types can say.
func (b *block) tamper(r *rand.Rand) string {
	slot := &b.commit.Signatures[r.IntN(len(b.commit.Signatures))]
	voted := slot.BlockIDFlag != types.BlockIDFlagAbsent
	v := b.set.Validators[r.IntN(b.set.Size())]
	flip := func(raw []byte) { raw[r.IntN(len(raw))] ^= 1 << r.IntN(8) }
	switch r.IntN(14) {
	case 0:
		b.chainID += "x"
		return "chain id asked"
	case 1:
		b.header.ChainID += "x"
		return "header's chain id"
	case 2:
		b.header.Height++
		return "header's height"
	case 3:
		b.header.Time = b.header.Time.Add(1)
		return "header's time"
	case 4:
		fields := [][]byte{b.header.LastCommitHash, b.header.DataHash, b.header.ValidatorsHash, b.header.NextValidatorsHash, b.header.ConsensusHash,
			b.header.AppHash, b.header.LastResultsHash, b.header.EvidenceHash, b.header.ProposerAddress}
		flip(fields[r.IntN(len(fields))])
		return "header's hash"
	case 5:
		b.commit.Height++
		return "certificate's height"
	case 6:
		b.commit.Round++
		return "round"
	case 7:
		flip(b.commit.BlockID.Hash)
		return "block hash"
	case 8:
		b.commit.BlockID.PartSetHeader.Total++
		return "parts"
	case 9:
		flip(b.commit.BlockID.PartSetHeader.Hash)
		return "parts' root"
	case 10:
		if voted {
			flip(slot.Signature)
		}
		return "signature"
	case 11:
		if voted {
			slot.Timestamp = slot.Timestamp.Add(time.Second)
		}
		return "vote's time"
	case 12:
		if voted {
			slot.BlockIDFlag ^= 1 // for the block and for none
		}
		return "flag"
	}
	v.VotingPower++
	return "power"
}

// TestOracleRandom_CHAIN9_CHAIN12 makes blocks with the engine's types and
// signatures, half of them tampered with, and wants one verdict from both.
func TestOracleRandom_CHAIN9_CHAIN12(t *testing.T) {
	r := rand.New(rand.NewPCG(oracleSeed, 1))
	accepted, refused := 0, 0
	for i := range 600 {
		b := randomBlock(r)
		what := "untouched"
		if i%2 == 1 {
			what = b.tamper(r)
		}
		theirs := engineVerdict(b.chainID, b.trusted, b.set, b.header, b.commit)
		ours := ourVerdict(t, b)
		if (theirs == nil) != (ours == nil) {
			t.Errorf("block %d, %s: the engine says %v, we say %v", i, what, theirs, ours)
		}
		if ours == nil {
			accepted++
		} else {
			refused++
		}
	}
	t.Logf("%d accepted, %d refused", accepted, refused)
	if accepted < 100 || refused < 200 {
		t.Errorf("%d accepted and %d refused say too little", accepted, refused)
	}
}

// ourVerdict takes the block through our encoding, as a verifier gets it.
func ourVerdict(t *testing.T, b *block) error {
	h, c := ourHeader(b.header), ourCertificate(b.commit)
	header, err := chain.DecodeHeader(h.Bytes())
	if err != nil {
		t.Fatalf("a header of the engine is refused: %v", err)
	}
	cert, err := chain.DecodeCertificate(c.Bytes())
	if err != nil {
		t.Fatalf("a certificate of the engine is refused: %v", err)
	}
	set := ourSet(b.set)
	if b.trusted != nil {
		return chain.VerifyTrusting(b.chainID, ourSet(b.trusted), set, header, cert)
	}
	return chain.Verify(b.chainID, set, header, cert)
}

// TestOracleOurs_CHAIN9 goes the other way: certificates signed over our bytes
// are good for the engine.
func TestOracleOurs_CHAIN9(t *testing.T) {
	r := rand.New(rand.NewPCG(oracleSeed, 2))
	for i := range 200 {
		b := randomBlock(r)
		set, header, cert := ourSet(b.set), ourHeader(b.header), ourCertificate(b.commit)
		for k := range cert.Slots {
			cert.Slots[k] = chain.Slot{Flag: chain.Committed, Time: chain.Time{Seconds: uint64(r.Int64N(1<<34) - 1<<32), Nanos: r.Uint32N(1e9)}}
			sig, _ := b.keys[string(b.set.Validators[k].Address)].Sign(cert.SignBytes(b.chainID, k))
			cert.Slots[k].Sig = sig
		}
		if err := chain.Verify(b.chainID, set, header, cert); err != nil {
			t.Errorf("block %d: %v", i, err)
		}
		if err := engineVerdict(b.chainID, nil, engineSet(set), engineHeader(header), engineCommit(cert, set)); err != nil {
			t.Errorf("block %d: the engine refuses what we signed: %v", i, err)
		}
	}
}

// TestOracleBodies_CHAIN14_CHAIN15 compares the roots and proofs of random
// acts and results; the engine's proofs are ours, hash for hash.
func TestOracleBodies_CHAIN14_CHAIN15(t *testing.T) {
	r := rand.New(rand.NewPCG(oracleSeed, 3))
	for range 200 {
		n := 1 + r.IntN(40)
		var txs types.Txs
		var acts [][]byte
		var theirs []*abci.ExecTxResult
		var ours []chain.Result
		var actLeaves, resultLeaves []wire.Hash
		for range n {
			act, data, code := randomBytes(r, r.IntN(300)), randomBytes(r, r.IntN(200)), r.Uint32N(2)*r.Uint32()
			txs, acts = append(txs, act), append(acts, act)
			theirs = append(theirs, &abci.ExecTxResult{Code: code, Data: data, Log: "not hashed"})
			ours = append(ours, chain.Result{Code: code, Data: data})
			actLeaves, resultLeaves = append(actLeaves, chain.ActLeaf(act)), append(resultLeaves, ours[len(ours)-1].Leaf())
		}
		results, i := types.NewResults(theirs), r.IntN(n)
		sameProof(t, "acts", txs.Proof(i).Proof.Aunts, chain.ProveInclusion(actLeaves, uint64(i)), actLeaves[i], chain.DataHash(acts), txs.Hash())
		sameProof(t, "results", results.ProveResult(i).Aunts, chain.ProveInclusion(resultLeaves, uint64(i)), resultLeaves[i], chain.ResultsHash(ours), results.Hash())
	}
}

func sameProof(t *testing.T, what string, aunts [][]byte, p chain.Inclusion, leaf, root wire.Hash, engineRoot []byte) {
	t.Helper()
	if root != ourHash(engineRoot) {
		t.Errorf("%s: the engine has root %x, we %v", what, engineRoot, root)
	}
	if !bytes.Equal(bytes.Join(aunts, nil), bytes.Join(paths(p.Path), nil)) {
		t.Errorf("%s: the engine proves leaf %d of %d by other hashes", what, p.Index, p.Size)
	}
	if err := p.Verify(leaf, root); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}
