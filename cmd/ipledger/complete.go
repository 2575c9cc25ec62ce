package main

import "github.com/spf13/cobra"

// completions offers the names that are known here where a name is typed.
func (s *session) completions(root *cobra.Command) {
	accounts := func(cmd *cobra.Command, _ []string, _ string) (names []string, _ cobra.ShellCompDirective) {
		if s.settle(cmd) == nil {
			for _, item := range s.book.items {
				names = append(names, item.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	keys := func(cmd *cobra.Command, _ []string, _ string) (names []string, _ cobra.ShellCompDirective) {
		if s.settle(cmd) == nil {
			list, _ := s.keys().List() // files that are no keys complete nothing
			for _, e := range list {
				names = append(names, e.Name)
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	complete(root, map[string]cobra.CompletionFunc{
		"account": accounts, "sponsor": accounts, "agent": accounts, "to": accounts, "holder": accounts, "signer": keys, "key": keys, "routing-key": keys, "by": keys,
	})
}

// complete registers completions for every flag of a command and those below it.
func complete(c *cobra.Command, flags map[string]cobra.CompletionFunc) {
	for name, f := range flags {
		if c.Flags().Lookup(name) != nil || c.PersistentFlags().Lookup(name) != nil {
			_ = c.RegisterFlagCompletionFunc(name, f) // it fails where there is one already, or no flag
		}
	}
	for _, sub := range c.Commands() {
		complete(sub, flags)
	}
}
