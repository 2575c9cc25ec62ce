package main

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
)

// versionShape is what the program is and which forms it reads and writes.
type versionShape struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Go      string `json:"go"`
	Rules   uint64 `json:"rules"`
	Act     string `json:"act_format"`
	Proof   string `json:"proof_format"`
}

func versionCommand(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell version, commit and formats", Example: "  ipledger version --json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v := readVersion()
			if s.json {
				return s.out.json(v)
			}
			s.out.field("ipledger", "%s", v.Version)
			s.out.field("commit", "%s", v.Commit)
			s.out.field("go", "%s", v.Go)
			s.out.field("rules", "version %d", v.Rules)
			s.out.field("formats", "%s, %s", v.Act, v.Proof)
			return nil
		},
	}
}

func readVersion() versionShape {
	v := versionShape{Version: "unknown", Commit: "unknown", Rules: tx.RulesVersion, Act: tx.FileFormat, Proof: light.Format}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Version, v.Go = info.Main.Version, info.GoVersion
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			v.Commit = setting.Value
		}
	}
	return v
}
