package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestHelp holds that every command says what it does, with an example that
// starts as it does.
func TestHelp(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if !strings.Contains(c.Example, "ipledger ") || c.Short == "" {
			t.Errorf("%s: example %q, short %q", c.CommandPath(), c.Example, c.Short)
		}
		if c.RunE == nil {
			t.Errorf("%s does nothing", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRoot(&session{}))
}

// TestContract holds the names that scripts rely on.
func TestContract(t *testing.T) {
	root := newRoot(&session{})
	for _, path := range []string{
		"key new", "key list", "key import", "key export", "account open", "account show", "account policy",
		"transfer offer", "transfer accept", "transfer cancel", "split", "merge",
		"grant offer", "grant accept", "grant notice", "grant giveup", "origin add", "origin withdraw",
		"transfer release", "surrender", "list", "listings", "offers", "bundle",
		"lease offer", "lease accept", "lease cancel", "lease consent", "lease renew", "lease notice", "lease end", "lease sublet", "lease assign", "lease suspend", "lease answer",
		"charge propose", "charge accept", "charge cancel", "charge consent", "charge release", "charge enforce", "charge contest", "charge redeem", "charge list",
		"account delay", "account guardians", "account rename", "account provider", "account holdings", "account offers",
		"account recover start", "account recover show", "account recover veto", "account recover finish", "account recover revoke",
		"providers set", "contacts set", "contacts erase", "reverse set", "geofeed set",
		"inspect", "preflight", "sign", "attach-signature", "submit", "lookup", "history", "watch", "verify", "version",
	} {
		found, rest, err := root.Find(strings.Fields(path))
		if err != nil || len(rest) > 0 || found.CommandPath() != "ipledger "+path {
			t.Errorf("%q is not a command: %v", path, err)
		}
	}
	for _, flag := range []string{"node", "keystore", "password-file", "json", "yes", "account", "lane", "expires", "testnet", "trust"} {
		if root.PersistentFlags().Lookup(flag) == nil {
			t.Errorf("there is no flag --%s", flag)
		}
	}
}
