package local

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"crypto/ed25519"

	"ipledger/ledger/genesis"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/testnet/world"
)

// given is the genesis of the network.
type given struct {
	*genesis.Genesis
	file  string
	hash  wire.Hash
	seats []int // the numbers of the members' keys in package world
}

// validatorsUsual is the smallest network that bears the loss of one.
const validatorsUsual = 4

// genesis is the genesis of the home, made or copied if there is none.
func (o Options) genesis(ctx context.Context) (*given, error) {
	name := filepath.Join(o.Home, "genesis", "genesis.json")
	_, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.Genesis == "":
		err = o.build(ctx, name)
	case errors.Is(err, fs.ErrNotExist):
		err = copyGenesis(o.Genesis, name)
	case err == nil && o.Genesis != "":
		err = sameFile(o.Genesis, name)
	}
	if err != nil {
		return nil, err
	}
	return readGenesis(name)
}

func readGenesis(name string) (*given, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHome, err)
	}
	g, err := genesis.Decode(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out := &given{Genesis: g, file: name, hash: g.Hash()}
	for _, m := range g.Members {
		seat, ok := seatOf(m.PublicKey)
		if !ok {
			return nil, fmt.Errorf("%w: the key of member %q is not one of a test network; build the genesis with the members file of testnet/world",
				ErrOptions, m.Operator)
		}
		out.seats = append(out.seats, seat)
	}
	return out, nil
}

// seatOf is the number of a validator's key in package world.
func seatOf(key string) (int, bool) {
	for i := range world.ValidatorsMax {
		if hex.EncodeToString(world.Validator(i).Public().(ed25519.PublicKey)) == key {
			return i, true
		}
	}
	return 0, false
}

// build makes a genesis of the embedded world as an operator would: with the
// program's own command, from files.
func (o Options) build(ctx context.Context, name string) error {
	n := o.Validators
	if n == 0 {
		n = validatorsUsual
	}
	if n < 1 || n > world.ValidatorsMax {
		return fmt.Errorf("%w: %d validators, 1 to %d can be run", ErrOptions, n, world.ValidatorsMax)
	}
	dir := filepath.Dir(name)
	members := fmt.Sprintf("genesis_time = %s\nminimum = %d\n\n%s", time.Now().UTC().Format(time.RFC3339), n, world.Members(n)+o.Anchors)
	files := map[string][]byte{world.MembersFile: []byte(members), world.HoldingsFile: o.holdings()}
	args := []string{
		"genesis", "build", "--test", "--chain-id", world.ChainID, "--members", filepath.Join(dir, world.MembersFile),
		"--holdings", filepath.Join(dir, world.HoldingsFile), "--out", name, "--report", filepath.Join(dir, "report.json"),
	}
	for _, s := range world.Stats() {
		files[s] = world.Read(s)
		args = append(args, "--stats", filepath.Join(dir, filepath.FromSlash(s)))
	}
	for file, raw := range files {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(file)), raw, 0o600); err != nil {
			return fmt.Errorf("%w: %w", ErrHome, err)
		}
	}
	o.Tell("making a genesis of the embedded world")
	cmd := exec.CommandContext(ctx, o.Binary, args...)
	cmd.Env = environment()
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: genesis build: %w\n%s", ErrStart, err, said)
	}
	return nil
}

// holdings is the embedded holdings file with other parameters.
func (o Options) holdings() []byte {
	more := o.Parameters
	if o.Heartbeat != 0 {
		more = append(more, fmt.Sprintf("heartbeat_seconds = %d", o.Heartbeat))
	}
	head := []byte("[parameters]\n")
	return bytes.Replace(world.Read(world.HoldingsFile), head, append(head, strings.Join(append(more, ""), "\n")...), 1)
}

// copyGenesis copies a genesis file and the state file it names.
func copyGenesis(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOptions, err)
	}
	g, err := genesis.Decode(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	state, err := os.ReadFile(filepath.Join(filepath.Dir(from), g.State.Name()))
	if err != nil {
		return fmt.Errorf("%w: the state file stands beside the genesis file: %w", ErrOptions, err)
	}
	if err := writeFile(filepath.Join(filepath.Dir(to), g.State.Name()), state, 0o600); err != nil {
		return fmt.Errorf("%w: %w", ErrHome, err)
	}
	return writeFile(to, raw, 0o600)
}

func sameFile(asked, have string) error {
	a, err := os.ReadFile(asked)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrOptions, err)
	}
	b, err := os.ReadFile(have)
	if err == nil && !bytes.Equal(a, b) {
		err = fmt.Errorf("%w: the network in this home has another genesis than %s; ask for a fresh start or another home", ErrOptions, asked)
	}
	return err
}

// state is the first state.
func (g *given) state() (tree.State, error) {
	file, err := os.Open(filepath.Join(filepath.Dir(g.file), g.State.Name()))
	if err != nil {
		return tree.State{}, err
	}
	defer file.Close()
	return genesis.DecodeState(g.Genesis, bufio.NewReaderSize(file, 1<<20), func(uint64, uint64) {})
}
