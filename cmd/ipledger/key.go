package main

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ipledger/node/keystore"
)

func keyCommand(s *session) *cobra.Command {
	return family("key", "Make and keep keys", "  ipledger key new alice\n  ipledger key list",
		keyNew(s), keyList(s), keyImport(s), keyExport(s))
}

func keyNew(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "new NAME", Short: "Make a key and keep it under a name",
		Long: `Make a secp256k1 key and keep it as a Web3 version 3 file, NAME.json, in the
keystore. Its password is asked for twice, or is the first line of --password-file.`,
		Example: "  ipledger key new alice\n  ipledger key new alice --password-file pw.txt",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			password, err := s.password("password of the new key "+args[0], true)
			if err != nil {
				return err
			}
			e, err := s.keys().Create(args[0], password)
			if err != nil {
				return keyError(err)
			}
			return s.tellKey(e)
		},
	}
}

func (s *session) tellKey(e keystore.Entry) error {
	if s.json {
		return s.out.json(e)
	}
	s.out.field("key", "%s", e.Name)
	s.out.field("address", "%v", e.Address)
	s.out.field("file", "%s", said(e.Path))
	s.out.field("next", "ipledger account open %s --work", e.Name)
	return nil
}

func keyList(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the keys of the keystore", Example: "  ipledger key list --json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			list, err := s.list()
			if err != nil {
				return err
			}
			if s.json {
				return s.out.json(append([]keystore.Entry{}, list...))
			}
			if len(list) == 0 {
				s.err.linef("no keys in %s; make one with: ipledger key new NAME", said(s.keystore))
			}
			for _, e := range list {
				s.out.field(e.Name, "%v", e.Address)
			}
			return nil
		},
	}
}

func keyImport(s *session) *cobra.Command {
	var secret bool
	c := &cobra.Command{
		Use: "import NAME FILE", Short: "Keep a key that another wallet wrote",
		Long: `Keep the key of another wallet's version 3 file, under the same password.
With --secret the file holds the secret key itself, 64 hexadecimal digits, and
the password is the new one. Secrets are never taken from the command line.`,
		Example: "  ipledger key import alice UTC--2026-01-01T00-00-00Z--5e97…\n  ipledger key import bob bob.hex --secret",
		Args:    cobra.ExactArgs(2),
		RunE: func(_ *cobra.Command, args []string) error {
			raw, err := readSmall(args[1], keystore.FileBytesMax)
			if err != nil {
				return err
			}
			password, err := s.password("password of key "+args[0], secret)
			if err != nil {
				return err
			}
			e, err := s.importKey(args[0], raw, password, secret)
			if err != nil {
				return keyError(err)
			}
			return s.tellKey(e)
		},
	}
	c.Flags().BoolVar(&secret, "secret", false, "the file holds the bare secret key in hexadecimal")
	return c
}

func (s *session) importKey(name string, raw []byte, password string, secret bool) (keystore.Entry, error) {
	if !secret {
		return s.keys().Import(name, raw, password)
	}
	bare, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(raw)), "0x"))
	if err != nil || len(bare) != 32 {
		return keystore.Entry{}, usage("the file does not hold 64 hexadecimal digits")
	}
	defer clear(bare)
	return s.keys().ImportSecret(name, bare, password)
}

func keyExport(s *session) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "export NAME", Short: "Write a key's file for another wallet",
		Long:    "Write the key's version 3 file; its password still protects it.",
		Example: "  ipledger key export alice --out alice.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			raw, err := s.keys().Export(args[0])
			if err != nil {
				return keyError(err)
			}
			if out == "" {
				s.out.linef("%s", raw)
				return nil
			}
			if err := writeFresh(out, raw, 0o600); err != nil {
				return err
			}
			s.out.field("file", "%s", said(out))
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write, which must not exist")
	return c
}

// readSmall reads a file of a bounded size; a pipe, which says of no size, no further.
func readSmall(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("there is no file %s", path)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		err = fail(exitUnverified, "%s has more than %d bytes, such a file has at most as many", path, most)
	}
	return raw, err
}

// writeFresh writes a file that does not exist yet.
func writeFresh(path string, raw []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return usage("%s exists and is not overwritten", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Sync(), f.Close())
}
