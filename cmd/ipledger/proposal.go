package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/pem"
	"strconv"
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// reading is how a word of a proposal becomes a field of it.
type reading func(ctx context.Context, s *session, b *tx.Propose, text string) error

// proposeArgs reads the arguments of proposals by their names in usage lines.
var proposeArgs = map[string]reading{
	"ACCOUNT": func(_ context.Context, s *session, b *tx.Propose, text string) (err error) {
		b.Subject, err = s.book.id(text)
		return err
	},
	"MEMBER": func(ctx context.Context, s *session, b *tx.Propose, text string) (err error) {
		b.Key, err = s.memberNamed(ctx, text)
		return err
	},
	"ANCHOR": hashInto(func(b *tx.Propose) *wire.Hash { return &b.Key }),
	"ACT":    hashInto(func(b *tx.Propose) *wire.Hash { return &b.Key }),
	"REGISTRY": func(_ context.Context, _ *session, b *tx.Propose, text string) error {
		b.Name = text
		if _, ok := record.RegistryOf(text); !ok {
			return usage("%q is no registry: afrinic, apnic, arin, lacnic or ripencc", text)
		}
		return nil
	},
	"PARAMETER": func(_ context.Context, _ *session, b *tx.Propose, text string) error {
		b.Name = text
		if record.ParameterOf(text) == nil {
			return usage("%q is no parameter", text).hint("ipledger gov parameters   # lists them")
		}
		return nil
	},
	"VALUE": func(_ context.Context, _ *session, b *tx.Propose, text string) (err error) {
		b.Value, err = parseValue(b.Name, text)
		return err
	},
	"VERSION": func(_ context.Context, _ *session, b *tx.Propose, text string) (err error) {
		b.Value, err = typedNumber(text)
		return err
	},
	"RESOURCE": func(_ context.Context, _ *session, b *tx.Propose, text string) error {
		r, err := strict(text)
		b.Block = r.String()
		return err
	},
	"KEYFILE": func(_ context.Context, _ *session, b *tx.Propose, text string) (err error) {
		b.Material, err = keyInfoIn(text)
		return err
	},
}

func hashInto(field func(*tx.Propose) *wire.Hash) reading {
	return func(_ context.Context, _ *session, b *tx.Propose, text string) (err error) {
		if *field(b), err = parseID(text); err != nil {
			err = usage("%q is not 64 lower-case hexadecimal digits", text)
		}
		return err
	}
}

func textInto(field func(*tx.Propose) *string) reading {
	return func(_ context.Context, _ *session, b *tx.Propose, text string) error {
		*field(b) = text
		return nil
	}
}

// proposeFlag is a flag of a proposal.
type proposeFlag struct {
	help     string
	optional bool
	read     reading
}

var proposeFlags = map[string]proposeFlag{
	"validator-key": {"its validator's ed25519 key, 64 digits, as ipledgerd keys shows it", false, hashInto(func(b *tx.Propose) *wire.Hash { return &b.Key })},
	"operator":      {"who runs it, as text", false, textInto(func(b *tx.Propose) *string { return &b.Name })},
	"organisation":  {"its organisation, as text", false, textInto(func(b *tx.Propose) *string { return &b.Organisation })},
	"hosting":       {"who hosts it: a cloud's name or an AS number", false, textInto(func(b *tx.Propose) *string { return &b.Hosting })},
	"jurisdiction": {"its jurisdiction, two letters of ISO 3166-1", false, func(_ context.Context, _ *session, b *tx.Propose, text string) error {
		b.Jurisdiction = strings.ToUpper(text)
		return nil
	}},
	"reason": {"file with the published cause, or its SHA-256", false, func(_ context.Context, _ *session, b *tx.Propose, text string) (err error) {
		b.Reason, err = digestOf(text)
		return err
	}},
	"height": {"height from which it is in force, at the earliest (default: as soon as notice has run)", true, func(ctx context.Context, s *session, b *tx.Propose, text string) (err error) {
		if text != "" {
			b.Height, err = typedNumber(text)
			return err
		}
		chain, err := s.status(ctx)
		if err == nil {
			b.Height = chain.Height + 1
		}
		return err
	}},
}

// parseValue reads a parameter's value: a number, or of what counts seconds also a
// duration.
func parseValue(name, text string) (uint64, error) {
	if n, err := typedNumber(text); err == nil {
		return n, nil
	}
	if strings.HasSuffix(name, "_seconds") {
		if n, err := parseSpan(text); err == nil {
			return n, nil
		}
		return 0, usage("%q is neither a number of seconds nor a duration such as 30d or 12h", text)
	}
	return typedNumber(text)
}

func typedNumber(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, usage("%q is no number", text)
	}
	return n, nil
}

// keyInfoIn is the SubjectPublicKeyInfo in a file, in DER, base64 of it or PEM.
func keyInfoIn(path string) ([]byte, error) {
	raw, err := readSmall(path, 8*record.AnchorBytesMax)
	if err != nil {
		return nil, err
	}
	if block, _ := pem.Decode(raw); block != nil {
		return block.Bytes, nil
	}
	if der, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(raw), nil))); err == nil {
		return der, nil
	}
	return raw, nil
}
