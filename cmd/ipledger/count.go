package main

import (
	"strconv"

	"ipledger/ledger/wire"
)

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// parseCount reads a decimal count of a node's answer.
func parseCount(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fail(exitFailed, "the node's answer has %q where a number stands", said(text))
	}
	return n, nil
}

// parseID reads the id of an act, with or without 0x.
func parseID(text string) (wire.Hash, error) {
	var id wire.Hash
	if len(text) == 66 && text[:2] == "0x" {
		text = text[2:]
	}
	if err := id.UnmarshalText([]byte(text)); err != nil {
		return id, usage("%q is no id of an act: 64 lower-case hexadecimal digits", text)
	}
	return id, nil
}
