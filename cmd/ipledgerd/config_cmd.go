package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func configCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "config", Short: "Show or check the configuration of a node", Args: cobra.NoArgs, RunE: group,
		Example: "  ipledgerd config show --home DIR --origin\n  ipledgerd config check --home DIR",
	}
	c.AddCommand(configShow(), configCheck())
	return c
}

func configCheck() *cobra.Command {
	c := &cobra.Command{
		Use: "check", Short: "Check the configuration without starting", Args: cobra.NoArgs,
		Long:    "Exit 0 if a node could start with it, 78 if not. Nothing is opened or listened on.",
		Example: "  ipledgerd config check --home DIR",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := load(cmd); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "the configuration is valid")
			return nil
		},
	}
	settingFlags(c.Flags())
	return c
}

// shown is one key as `config show` prints it.
type shown struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

func configShow() *cobra.Command {
	var origin, asJSON bool
	c := &cobra.Command{
		Use: "show", Short: "Show every setting, and where it comes from", Args: cobra.NoArgs,
		Example: "  ipledgerd config show --home DIR --origin\n  ipledgerd config show --home DIR --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := load(cmd)
			if err != nil {
				return err
			}
			list := l.list()
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			for _, s := range list {
				fmt.Fprintf(w, "%s = %s", s.Key, tomlValue(s.Value))
				if origin {
					fmt.Fprintf(w, "\t# %s", s.Origin)
				}
				fmt.Fprintln(w)
			}
			return w.Flush()
		},
	}
	settingFlags(c.Flags())
	c.Flags().BoolVar(&origin, "origin", false, "say whether each comes from a flag, the environment, the file or the default")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// list is every setting as it holds.
func (l *loaded) list() (out []shown) {
	for _, s := range settingsOf(reflect.ValueOf(l.settings)) {
		out = append(out, shown{s.key, s.value, l.origin[s.key]})
	}
	return out
}
