package main

import "github.com/spf13/cobra"

func signCommand(s *session) *cobra.Command {
	var signers []string
	c := &cobra.Command{
		Use: "sign FILE", Short: "Sign an act file with keys of the keystore, without any network",
		Long: `Show an act file, ask, and add the signatures of keys to it. Several people sign
one file in turn; each signs the same digest.`,
		Example: "  ipledger sign offer.act.json --signer alice",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := readAct(args[0])
			if err != nil {
				return err
			}
			names, err := s.signersFor(signers)
			if err != nil {
				return err
			}
			show := *s
			show.out, show.json = s.err, false
			if err := show.tellFile(file); err != nil {
				return err
			}
			if err := s.agree(); err != nil {
				return err
			}
			if err := s.signWith(names, file); err != nil {
				return err
			}
			if err := updateAct(args[0], file); err != nil {
				return err
			}
			return s.tellSigned(args[0], len(file.Act.Signatures))
		},
	}
	c.Flags().StringSliceVar(&signers, "signer", nil, "key that signs, by name; several at once are possible (default: the only key there is)")
	return c
}

// signersFor is the keys asked for, or the one there is.
func (s *session) signersFor(asked []string) ([]string, error) {
	var names []string
	for _, text := range asked {
		e, err := s.keyNamed(text)
		if err != nil {
			return nil, err
		}
		names = append(names, e.Name)
	}
	if len(names) > 0 {
		return names, nil
	}
	list, err := s.list()
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, usage("the keystore has %d keys: say which signs", len(list)).hint("--signer NAME").hint("ipledger key list")
	}
	return []string{list[0].Name}, nil
}

func (s *session) tellSigned(path string, n int) error {
	s.out.field("file", "%s", said(path))
	s.out.field("signatures", "%d", n)
	s.out.field("next", "ipledger submit %s", said(path))
	return nil
}
