package interop_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/testnet/local"
)

// customers are whom AS numbers of the world name as their providers.
var customers = []struct{ holder, as, providers string }{{"nordlicht", "AS219911", "2121"}, {"tulpe", "AS219912", "3356 219911"}}

func nameProviders(n *local.Network) error {
	for _, c := range customers {
		at, err := inr.Parse(c.as)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		_, _, err = n.Do(ctx, full, c.holder, 3, &tx.ProvidersAuthorise{Resource: at, Providers: c.providers})
		if cancel(); err != nil {
			return err
		}
	}
	return nil
}

// filters runs a tool that builds filters, up to the time that it says what is wanted:
// the node tells its rooms of a new state a moment after it has it.
func filters(t *testing.T, name, want string, args ...string) {
	t.Helper()
	args = append([]string{"-h", network.File.Nodes[full].IRR, "-l", "PL"}, args...)
	var got, said bytes.Buffer
	for begun := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		cmd := exec.CommandContext(ctx, name, args...)
		got.Reset()
		said.Reset()
		cmd.Stdout, cmd.Stderr = &got, &said
		err := cmd.Run()
		cancel()
		if err == nil && got.String() == want {
			return
		}
		if time.Since(begun) > patience {
			t.Fatalf("%s %v: %v\n%s%s\nwant:\n%s", name, args, err, &got, &said, want)
		}
	}
}

// cisco is a prefix list as routers of one maker read it.
func cisco(family string, prefixes ...string) string {
	out := fmt.Sprintf("no %s prefix-list PL\n", family)
	for _, p := range prefixes {
		out += fmt.Sprintf("%s prefix-list PL permit %s\n", family, p)
	}
	return out
}

// TestFilters_IRR3_IRR6: bgpq4 and its forebear make exactly the filters that the ledger
// permits, of an AS number and of sets.
func TestFilters_IRR3_IRR6(t *testing.T) {
	const junos = "policy-options {\nreplace:\n prefix-list PL {\n    5.44.0.0/22;\n }\n}\n"
	for _, name := range []string{"bgpq4", "bgpq3"} {
		t.Run(name, func(t *testing.T) {
			tool(t, name)
			filters(t, name, cisco("ip", "5.44.0.0/22"), "-4", "AS2121")
			filters(t, name, cisco("ip", "5.44.0.0/22 le 24"), "-4", "-R", "24", "AS2121")
			filters(t, name, cisco("ipv6", "2a00:f100::/32"), "-6", "AS219911")
			filters(t, name, junos, "-J", "AS2121")
			filters(t, name, "PL = [\n    5.44.0.0/22\n];\n", "-b", "AS2121")
			filters(t, name, cisco("ip", "5.44.0.0/16", "31.20.0.0/17"), "-4", "AS2121:AS-CUSTOMERS")
			filters(t, name, cisco("ip", "5.44.0.0/16", "5.44.0.0/22", "31.20.0.0/17"), "-4", "AS2121:AS-CONE")
			filters(t, name, cisco("ipv6", "2a00:f100::/32", "2a00:f101::/32"), "-6", "-S", "LEDGER", "AS2121:AS-CONE")
		})
	}
}

// TestFilters_empty: an AS number that the ledger knows nothing of gets a filter that
// lets nothing through, at once.
func TestFilters_empty(t *testing.T) {
	for _, name := range []string{"bgpq4", "bgpq3"} {
		t.Run(name, func(t *testing.T) {
			tool(t, name)
			const nothing = "no ip prefix-list PL\n! generated prefix-list PL is empty\nip prefix-list PL deny 0.0.0.0/0\n"
			filters(t, name, nothing, "-4", "AS7777")
			filters(t, name, nothing, "-4", "AS7777:AS-CONE")
		})
	}
}
