package main

import (
	"errors"

	"github.com/spf13/cobra"

	"ipledger/ledger/account"
	"ipledger/node/keystore"
)

func attachCommand(s *session) *cobra.Command {
	var by string
	c := &cobra.Command{
		Use: "attach-signature FILE 0x…", Short: "Add a signature that another wallet made over an act file",
		Long: `Add a wallet's signature (65 bytes: r, s and v of 0, 1, 27 or 28) to an act file.
Any well-formed signature recovers to some address, so the address is shown:
compare it with your wallet's, or give it with --by to have it compared.`,
		Example: "  cast wallet sign --data --from-file offer.act.json --keystore ks\n  ipledger attach-signature offer.act.json 0x5f3c… --by 0x71c7…",
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := readAct(args[0])
			if err != nil {
				return err
			}
			sig, err := keystore.External(file.Act.ID(file.Salt), args[1])
			if err != nil {
				return signatureError(err)
			}
			if by != "" {
				if err := s.sameSigner(by, sig); err != nil {
					return err
				}
			}
			if err := file.Act.Attach(sig, file.Salt); err != nil {
				return err
			}
			if err := updateAct(args[0], file); err != nil {
				return err
			}
			s.out.field("signer", "%v", sig.Signer)
			return s.tellSigned(args[0], len(file.Act.Signatures))
		},
	}
	c.Flags().StringVar(&by, "by", "", "key that signed, by name or address: any other is refused")
	return c
}

// signatureError is usage for what is no signature at all, else a refusal.
func signatureError(err error) error {
	var form *account.FormError
	if errors.As(err, &form) {
		return refusalOf(form)
	}
	return usage("%w", err)
}

func (s *session) sameSigner(by string, sig account.Signature) error {
	key, err := s.keyMeant(by)
	if err == nil && key.Addr != sig.Signer {
		err = fail(exitUnverified, "the signature is of %v, not of %v", sig.Signer, key.Addr).
			hint("the wallet signed something else, or with another key; compare the digest it showed with ipledger inspect")
	}
	return err
}
