package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
)

// release is what this program is.
type release struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Modified bool   `json:"modified"` // built from files that differ from the commit
	Go       string `json:"go"`
	Rules    uint64 `json:"rules_version"`
	Genesis  string `json:"genesis_format"`
}

func version() release {
	r := release{Version: "unknown", Commit: "unknown", Go: runtime.Version(), Rules: record.Rules, Genesis: genesis.Format}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return r
	}
	r.Version = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			r.Commit = s.Value
		case "vcs.modified":
			r.Modified = s.Value == "true"
		}
	}
	return r
}

// String is short enough for one line of an answer.
func (r release) String() string { return "ipledgerd " + r.Version }

func versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "version", Short: "Say what this program is", Args: cobra.NoArgs, Example: "  ipledgerd version --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := version()
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(r)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "ipledgerd %s\ncommit    %s\nbuilt by  %s\nrules     version %d\ngenesis   %s\n",
				r.Version, r.Commit, r.Go, r.Rules, r.Genesis)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
