package main

import (
	"os"

	"ipledger/ledger/tx"
)

// readAct reads an act file, which is taken whole or not at all.
func readAct(path string) (*tx.File, error) {
	raw, err := readSmall(path, tx.LargestFileBytesMax)
	if err != nil {
		return nil, err
	}
	file, err := tx.ReadFile(raw)
	if err != nil {
		return nil, actFileError(path, err)
	}
	return file, nil
}

// actFileError says whether a file is malformed, or says something that a rule refuses.
func actFileError(path string, err error) error {
	f := fail(exitUnverified, "%s is not an act file that can be relied on: %w", path, err)
	return f.hint("ask for the file again; it is refused if a single byte is not what the act gives")
}

// writeAct writes a new act file, unsigned, and says what can be done with it.
func (s *session) writeAct(path string, file *tx.File) error {
	if err := writeFresh(path, file.Bytes(), 0o644); err != nil {
		return err
	}
	s.out.field("file", "%s", said(path))
	s.out.field("act", "%v", file.Act.ID(file.Salt))
	s.out.field("expires", "%v", instant(file.Act.Expires))
	s.out.field("next", "ipledger inspect %s", said(path))
	s.out.field("next", "ipledger sign %s --signer NAME   # or ipledger attach-signature %s 0x…", said(path), said(path))
	s.out.field("next", "ipledger submit %s", said(path))
	return nil
}

// updateAct replaces an act file by one with more signatures.
func updateAct(path string, file *tx.File) error {
	if err := writeWhole(path, file.Bytes()); err != nil {
		return err
	}
	return os.Chmod(path, 0o644)
}
