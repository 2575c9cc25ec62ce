package main

import (
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
)

// session is what every verb works with: whom to ask, whose keys to use and how
// to talk. A setting is its flag, else its environment variable, else what the
// test network's file says, else the default.
type session struct {
	in       io.Reader
	out, err *printer

	node, keystore, passwordFile, trust, testnet, account string
	json, yes                                             bool
	lane                                                  int
	expires                                               span
	timeout                                               time.Duration

	done  <-chan struct{} // closed when the program is interrupted
	book  *book           // names of accounts
	begun bool            // a verb runs; what fails from now on is no mistake of typing
}

const defaultNode = "http://127.0.0.1:8440"

func (s *session) globals(f *pflag.FlagSet) {
	f.StringVar(&s.node, "node", "", "URL of the node to ask (IPLEDGER_NODE; default "+defaultNode+")")
	f.StringVar(&s.keystore, "keystore", "", "folder of keys (IPLEDGER_KEYSTORE; default in the user's configuration)")
	f.StringVar(&s.passwordFile, "password-file", "", "file whose first line is the keys' password (IPLEDGER_PASSWORD_FILE)")
	f.StringVar(&s.testnet, "testnet", "", "testnet.json, for all settings at once (IPLEDGER_TESTNET)")
	f.StringVar(&s.account, "account", "", "account that acts, by name or id (IPLEDGER_ACCOUNT)")
	f.StringVar(&s.trust, "trust", "", "trust file to verify answers against (IPLEDGER_TRUST)")
	f.BoolVar(&s.json, "json", false, "print JSON")
	f.BoolVar(&s.yes, "yes", false, "do not ask before signing")
	f.IntVar(&s.lane, "lane", -1, "lane of the act, 0 to 7 for title keys, 8 to 15 for routing keys")
	s.expires = tx.LifeSecondsUsual
	f.Var(&s.expires, "expires", "how long the act may wait to be applied, at most 30d")
	f.DurationVar(&s.timeout, "timeout", 2*time.Minute, "how long to wait for the act to be final")
}

// settle fills in what no flag gave, and checks what flags gave.
func (s *session) settle(*cobra.Command) error {
	pick(&s.testnet, os.Getenv("IPLEDGER_TESTNET"))
	pick(&s.keystore, os.Getenv("IPLEDGER_KEYSTORE"))
	net, err := readTestnet(s.testnet)
	if err != nil {
		return err
	}
	pick(&s.node, os.Getenv("IPLEDGER_NODE"), net.node(), defaultNode)
	pick(&s.keystore, net.Keystore, usualKeystore())
	pick(&s.passwordFile, os.Getenv("IPLEDGER_PASSWORD_FILE"), net.PasswordFile)
	pick(&s.trust, os.Getenv("IPLEDGER_TRUST"), net.TrustFile)
	pick(&s.account, os.Getenv("IPLEDGER_ACCOUNT"))
	if s.lane < -1 || s.lane >= account.Lanes {
		return usage("--lane %d: lanes are 0 to %d", s.lane, account.Lanes-1)
	}
	if s.expires == 0 || s.expires > tx.LifeSecondsMax {
		return usage("--expires %v: an act lives from 1s to %dd", &s.expires, tx.LifeSecondsMax/86400)
	}
	if s.timeout <= 0 {
		return usage("--timeout %v: give a time to wait", s.timeout)
	}
	s.book, err = openBook(bookFile(s.keystore), net.Accounts)
	return err
}

// pick sets an empty setting to the first that is not.
func pick(setting *string, others ...string) {
	for _, other := range others {
		if *setting == "" {
			*setting = other
		}
	}
}

func usualKeystore() string {
	base, err := os.UserConfigDir()
	if err != nil {
		base = "."
	}
	return filepath.Join(base, "ipledger", "keystore")
}
