package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// inspectShape is an act file as --json shows it.
type inspectShape struct {
	Kind        string    `json:"kind"`
	Text        []string  `json:"text"`
	DomainHash  wire.Hash `json:"domain_hash"`
	MessageHash wire.Hash `json:"message_hash"`
	Digest      wire.Hash `json:"digest"`
	GenesisHash wire.Hash `json:"genesis_hash"`
	Signers     []string  `json:"signers"`
	Expires     string    `json:"expires"`
}

func inspectCommand(s *session) *cobra.Command {
	var typed bool
	c := &cobra.Command{
		Use: "inspect FILE", Short: "Show what an act file says and what is signed, without any network",
		Long: `Show an act in words, the three hashes that wallets show (domain, message and
digest, all computed here from the act) and who has signed. Compare the hashes
with those on the wallet before you sign.`,
		Example: "  ipledger inspect offer.act.json\n  ipledger inspect offer.act.json --typed-data > for-wallet.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, err := readAct(args[0])
			if err != nil {
				return err
			}
			if typed {
				s.out.linef("%s", bytes.TrimSpace(file.TypedData()))
				return nil
			}
			return s.tellFile(file)
		},
	}
	c.Flags().BoolVar(&typed, "typed-data", false, "print only the EIP-712 typed data, for a wallet")
	return c
}

func (s *session) tellFile(file *tx.File) error {
	domain, message, digest := file.Hashes()
	signers := []string{}
	for _, sig := range file.Act.Signatures {
		signers = append(signers, sig.Signer.String())
	}
	if s.json {
		return s.out.json(inspectShape{
			file.Act.Body.Kind().String(), file.Act.Text(file.Salt), domain, message, digest, file.Salt, signers, instant(file.Act.Expires).String(),
		})
	}
	s.tellWords(s.out, file)
	s.out.field("kind", "%v", file.Act.Body.Kind())
	s.out.field("domain", "0x%v", domain)
	s.out.field("message", "0x%v", message)
	s.out.field("digest", "0x%v", digest)
	s.out.field("expires", "%v", instant(file.Act.Expires))
	for _, signer := range signers {
		s.out.field("signed by", "%s", signer)
	}
	if len(signers) == 0 {
		s.out.field("signed by", "nobody")
	}
	return nil
}
