package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/node/engine"
	"ipledger/node/internal/tiny"
)

// home makes a home of one validator, and the directory its genesis came from.
func home(t *testing.T) (cfg Config, from string) {
	cfg = Default()
	cfg.Home, from = filepath.Join(t.TempDir(), "home"), t.TempDir()
	id, err := MakeKeys(cfg.Home)
	if err != nil {
		t.Fatal(err)
	}
	w, err := tiny.New([][32]byte{id.Validator}, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"genesis.json": w.File, w.StateName: w.StateFile} {
		if err := os.WriteFile(filepath.Join(from, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg.EngineListen, cfg.Listen, cfg.Ballast = tiny.FreePort(), nil, false
	return cfg, from
}

func TestInit_never_overwrites(t *testing.T) {
	cfg, from := home(t)
	file := filepath.Join(from, "genesis.json")
	before, err := ReadIdentity(cfg.Home)
	if err != nil {
		t.Fatal(err)
	}
	after, err := Init(cfg.Home, file)
	if err != nil || after != before {
		t.Fatalf("Init drew other keys: %v, %v", after, err)
	}
	if _, err := Init(cfg.Home, file); !errors.Is(err, ErrHome) {
		t.Errorf("a second Init: %v", err)
	}
	for _, name := range []string{"node_key.json", "priv_validator_key.json", "p2p_key", "data/priv_validator_state.json"} {
		info, err := os.Stat(filepath.Join(cfg.Home, name))
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestInit_refuses_a_damaged_state(t *testing.T) {
	cfg, from := home(t)
	names, _ := filepath.Glob(filepath.Join(from, "state-*.bin"))
	raw, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)/2] ^= 1
	if err := os.WriteFile(names[0], raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Init(cfg.Home, filepath.Join(from, "genesis.json")); !errors.Is(err, ErrHome) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(cfg.Home, "state-*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNew_refuses(t *testing.T) {
	cfg, from := home(t)
	if _, err := New(cfg, nil); !errors.Is(err, ErrHome) {
		t.Errorf("a home without genesis: %v", err)
	}
	if _, err := Init(cfg.Home, filepath.Join(from, "genesis.json")); err != nil {
		t.Fatal(err)
	}
	other := cfg
	other.GenesisHash = strings.Repeat("00", 32)
	if _, err := New(other, nil); !errors.Is(err, ErrConfig) {
		t.Errorf("another genesis hash: %v", err)
	}
	n, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(n.Close(), n.Close()); err != nil {
		t.Errorf("Close: %v", err)
	}
	_, elsewhere := home(t)
	other = cfg
	other.Genesis = filepath.Join(elsewhere, "genesis.json")
	if _, err := New(other, nil); !errors.Is(err, ErrHome) {
		t.Errorf("a home of another genesis: %v", err)
	}
	if err := os.Remove(filepath.Join(cfg.Home, "data", "priv_validator_state.json")); err != nil {
		t.Fatal(err)
	}
	if _, err := New(cfg, nil); !errors.Is(err, engine.ErrKeys) {
		t.Errorf("a validator key without its signing state: %v", err)
	}
}

// TestNew_ENG23 uses no key that other users of the machine can read or change.
func TestNew_ENG23(t *testing.T) {
	cfg, from := home(t)
	if _, err := Init(cfg.Home, filepath.Join(from, "genesis.json")); err != nil {
		t.Fatal(err)
	}
	start := func() error {
		n, err := New(cfg, nil)
		if err != nil {
			return err
		}
		_, err = n.cfg.layout().readIdentity()
		return errors.Join(err, n.Close())
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"node_key.json", "priv_validator_key.json", "p2p_key", "log_key", "data/priv_validator_state.json"} {
		for mode, refused := range map[os.FileMode]bool{0o644: true, 0o602: true, 0o620: true, 0o604: true, 0o640: false} {
			if err := os.Chmod(filepath.Join(cfg.Home, name), mode); err != nil {
				t.Fatal(err)
			}
			if err := start(); refused && (!errors.Is(err, engine.ErrKeys) || !strings.Contains(err.Error(), "chmod 600")) || !refused && err != nil {
				t.Errorf("%s of mode %04o: %v", name, mode, err)
			}
			if err := os.Chmod(filepath.Join(cfg.Home, name), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestConfig_names_each_field(t *testing.T) {
	c := Default()
	c.Home = "somewhere"
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*Config){
		"home":         func(c *Config) { c.Home = "" },
		"genesis_hash": func(c *Config) { c.GenesisHash = "12" },
		"republish":    func(c *Config) { c.Republish = 0 },
		"log_level":    func(c *Config) { c.LogLevel = "loud" },
		"listen":       func(c *Config) { c.EngineListen = "nowhere" },
		"peer":         func(c *Config) { c.EnginePeers = []string{"nobody"} },
	} {
		bad := c
		change(&bad)
		if err := bad.Validate(); !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: got %v", field, err)
		}
	}
}

// TestWatch_ends_the_node before the disk is full.
func TestWatch_ends_the_node(t *testing.T) {
	cfg, from := home(t)
	if _, err := Init(cfg.Home, filepath.Join(from, "genesis.json")); err != nil {
		t.Fatal(err)
	}
	cfg.FreeBytesMin = 1 << 62
	n, err := New(cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer n.Close()
	if err := n.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "free_bytes_min") {
		t.Errorf("got %v", err)
	}
}
