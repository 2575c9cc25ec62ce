package genesis

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Format is the tag of a genesis file.
const Format = "ipledger-genesis/1"

// FileBytesMax bounds a genesis file: 200 members of at most 1 kB, 256 other
// bodies of at most 1 kB, 64 keys of at most 750 bytes, and the rest.
const FileBytesMax = 768 << 10

// ErrFile reports bytes that are no genesis file.
var ErrFile = errors.New("genesis: not a genesis file")

// Genesis is the genesis file: what a network is, in a few kilobytes. Its hash
// names the network; the state file it names holds the first state.
type Genesis struct {
	Format       string         `json:"format"`
	ChainID      string         `json:"chain_id"`
	Test         bool           `json:"test"`
	Time         uint64         `json:"genesis_time,string"` // Unix seconds
	Rules        uint64         `json:"rules_version,string"`
	Members      []MemberFile   `json:"members"`    // by public key
	Registrars   []BodyFile     `json:"registrars"` // by account
	Adjudicators []BodyFile     `json:"adjudicators"`
	Parameters   ParametersFile `json:"parameters"`
	TrustAnchors []AnchorFile   `json:"trust_anchors"` // by key
	RegistryCAs  []AnchorFile   `json:"registry_cas"`
	State        StateRef       `json:"state"`
	Log          LogRef         `json:"log"`
	AppHash      wire.Hash      `json:"app_hash"` // of the state and the empty log
}

// MemberFile is a member in the genesis file.
type MemberFile struct {
	Operator     string `json:"operator"`
	Organisation string `json:"organisation"`
	Jurisdiction string `json:"jurisdiction"`
	Hosting      string `json:"hosting"`
	PublicKey    string `json:"public_key"`
	Power        string `json:"power"`
	// Account votes for it; zero on a test network where it has none.
	Account wire.Address `json:"account"`
}

// StateRef names the state file by its hash and says what it holds.
type StateRef struct {
	SHA256  wire.Hash `json:"sha256"` // of the file
	Root    wire.Hash `json:"root"`   // of the state
	Bytes   uint64    `json:"bytes,string"`
	Records uint64    `json:"records,string"`
}

// Name is the state file's name: it stands beside the genesis file.
func (r StateRef) Name() string { return "state-" + r.SHA256.String()[:32] + ".bin" }

// LogRef is the block log before the first block: empty.
type LogRef struct {
	Size uint64    `json:"size,string"`
	Root wire.Hash `json:"root"`
}

func sum(raw []byte) wire.Hash { return sha256.Sum256(raw) }

// Encode is the genesis file.
//
// specs/08 GEN-21: A genesis file MUST be this JSON on one line, keys in this
// order, 64-bit numbers as decimal strings, and one newline at the end.
func (g *Genesis) Encode() []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(g); err != nil {
		panic(err) // the type holds nothing that JSON cannot say
	}
	return out.Bytes()
}

// Hash is the genesis hash: the salt of every signature of the network.
//
// specs/08 GEN-22: The genesis hash is SHA-256 of the genesis file's bytes.
func (g *Genesis) Hash() wire.Hash { return sum(g.Encode()) }

// Decode reads a genesis file, and nothing else.
func Decode(raw []byte) (*Genesis, error) {
	if len(raw) > FileBytesMax {
		return nil, fmt.Errorf("%w: %d bytes, at most %d (GEN-21)", ErrFile, len(raw), FileBytesMax)
	}
	g := new(Genesis)
	if err := json.Unmarshal(raw, g); err != nil {
		return nil, fmt.Errorf("%w: %v (GEN-21)", ErrFile, err)
	}
	if !bytes.Equal(g.Encode(), raw) {
		return nil, fmt.Errorf("%w: a byte differs from the one encoding of what it says (GEN-21)", ErrFile)
	}
	if err := g.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	return g, nil
}

// check holds a genesis file to the rules that need no state.
func (g *Genesis) check() error {
	if g.Format != Format || g.Rules != record.Rules {
		return fmt.Errorf("format %q, rules version %d; this program reads %q, %d (GEN-21)", clip(g.Format), g.Rules, Format, record.Rules)
	}
	if err := checkChainID(g.ChainID); err != nil {
		return err
	}
	if g.Time == 0 || g.Time > timeMax {
		return fmt.Errorf("genesis_time %d is not between 1 and %d (GEN-14)", g.Time, timeMax)
	}
	if g.State.Bytes > StateBytesMax {
		return fmt.Errorf("a state file beyond %d bytes (GEN-21)", StateBytesMax)
	}
	if g.Log != (LogRef{Root: chain.Frontier{}.Root()}) || g.AppHash != chain.AppHash(g.State.Root, g.Log.Root) {
		return errors.New("log and app_hash are not those of the state and an empty log (GEN-21)")
	}
	if err := checkNumbers(g.parametersOf()); err != nil {
		return err
	}
	if err := g.checkRoll(); err != nil {
		return err
	}
	return g.checkMembers()
}

// timeMax is 2200-01-01: a later genesis is a slip of the unit.
const timeMax uint64 = 7258118400

func (g *Genesis) checkMembers() error {
	ms := Members{List: make([]Member, len(g.Members))}
	if g.Test {
		ms.Minimum = 1
	}
	for i, m := range g.Members {
		if i > 0 && g.Members[i-1].PublicKey >= m.PublicKey {
			return errors.New("members are not ascending by public_key (GEN-21)")
		}
		if m.Power != strconv.Itoa(1) {
			return fmt.Errorf("member %d has power %q, not 1 (GEN-12)", i, clip(m.Power))
		}
		if m.Account.IsZero() && !g.Test {
			return fmt.Errorf("member %d has no account to vote with (GEN-26)", i)
		}
		ms.List[i] = Member{Operator: m.Operator, Organisation: m.Organisation, Jurisdiction: m.Jurisdiction,
			Hosting: m.Hosting, PublicKey: m.PublicKey, Power: 1}
	}
	return ms.checkMembers(g.Test)
}

// Validators is the first validator set.
func (g *Genesis) Validators() chain.ValidatorSet {
	var set chain.ValidatorSet
	for _, m := range g.members() {
		set = append(set, chain.Validator{Alg: m.Alg, PubKey: m.PubKey, Power: m.Power})
	}
	return ordered(set)
}

// ordered puts validators of equal power in the order of their addresses.
func ordered(set chain.ValidatorSet) chain.ValidatorSet {
	slices.SortFunc(set, func(a, b chain.Validator) int {
		x, y := a.Address(), b.Address()
		return bytes.Compare(x[:], y[:])
	})
	return set
}
