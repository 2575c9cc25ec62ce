// Package world is the default world of test networks: fictional holders of
// ordinary numbers in many jurisdictions, registry statistics that fit them,
// and members to validate.
//
// Everything in it is public, its keys included: whoever has this program can
// sign for every account and every member. That is what makes a test network of
// use, and why a genesis of this world is always marked test.
//
// It does not build a genesis; `ipledgerd genesis build` does, from these files.
package world

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"github.com/ethereum/go-ethereum/crypto"
)

//go:embed members.toml holdings.toml stats
var files embed.FS

// Names of the files of the world.
const (
	MembersFile  = "members.toml"
	HoldingsFile = "holdings.toml"
	StatsDir     = "stats"
)

// ChainID is that of a test network that nobody named.
const ChainID = "ipledger-test-1"

// ValidatorsMax is how many members a test network may have: as many processes
// as a large machine runs.
const ValidatorsMax = 32

// Password opens the key files of a test network.
const Password = "test"

// Files is the embedded files: members, holdings and the folder of statistics.
func Files() fs.FS { return files }

// Read is one embedded file.
func Read(name string) []byte {
	raw, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the names are constants of this package
	}
	return raw
}

// Stats lists the embedded statistics files, by name.
func Stats() []string {
	list, err := files.ReadDir(StatsDir)
	if err != nil {
		panic(err)
	}
	var out []string
	for _, f := range list {
		out = append(out, StatsDir+"/"+f.Name())
	}
	return out
}

// Key is the secret key of the account with this name.
func Key(name string) *ecdsa.PrivateKey {
	key, err := crypto.ToECDSA(secret("account", name))
	if err != nil {
		panic(err) // one in 2^128 names
	}
	return key
}

// Validator is the key that the member with this number, from 0, votes with.
func Validator(i int) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(secret("member", fmt.Sprint(i)))
}

func secret(kind, name string) []byte {
	sum := sha256.Sum256([]byte("ipledger test world: everyone knows the key of " + kind + " " + name))
	return sum[:]
}

// Members is a members file with the first n members of the world, its registrars
// and its adjudicators. The file of this package has the first four members; those
// after them are made up by number.
func Members(n int) string {
	var b strings.Builder
	for i := range n {
		m := member(i)
		key := Validator(i).Public().(ed25519.PublicKey)
		fmt.Fprintf(&b, "[[member]]\noperator = %q\norganisation = %q\njurisdiction = %q\nhosting = %q\npublic_key = %q\ntitle_keys = [%q]\n\n",
			m.operator, m.organisation, m.jurisdiction, m.hosting, hex.EncodeToString(key), keyText(m.operator))
	}
	for _, r := range Registrars {
		fmt.Fprintf(&b, "[[registrar]]\n%v\n", r)
	}
	for _, a := range Adjudicators {
		fmt.Fprintf(&b, "[[adjudicator]]\n%v\n", a)
	}
	return b.String()
}

// Operator is the name of the member with this number, from 0, and of the account
// that votes for it.
func Operator(i int) string { return member(i).operator }

// keyText is the key of the account with this name as files have it.
func keyText(name string) string {
	return "secp256k1:0x" + hex.EncodeToString(crypto.PubkeyToAddress(Key(name).PublicKey).Bytes())
}

type seat struct{ operator, organisation, jurisdiction, hosting string }

// seats are four operators that share neither organisation nor law nor host.
var seats = [...]seat{
	{"Registrum Frankfurt", "Nordlicht Stiftung", "DE", "AS219901"},
	{"Registrum Osaka", "Kansai Number Trust", "JP", "AS153901"},
	{"Registrum Montevideo", "Fundacion Rio de la Plata", "UY", "AS274901"},
	{"Registrum Nairobi", "Savanna Exchange Cooperative", "KE", "AS329901"},
}

var lands = [...]string{"NL", "SG", "CA", "ZA", "CH", "AU", "BR", "EG", "FI", "NZ"}

func member(i int) seat {
	if i < len(seats) {
		return seats[i]
	}
	return seat{fmt.Sprintf("Registrum %d", i+1), fmt.Sprintf("Test Organisation %d", i+1), lands[i%len(lands)], fmt.Sprintf("AS%d", 402901+i)}
}
