package files

import (
	"fmt"
	"io"
	"strings"
	"time"

	"ipledger/ledger/inr"
)

// source is what stands where validators name the trust anchor.
const source = "ipledger"

// writeJSON writes route payloads as validators write them: Routinator's roas and
// rpki-client's aspas.
//
// specs/30 FILE-9: The lists of payloads MUST have one row a line in the order of
// API-8, and the same bytes for the same state and set.
func writeJSON(w io.Writer, chain string, r *Routes) error {
	clock := time.Unix(int64(r.Time), 0).UTC().Format(time.RFC3339)
	fmt.Fprintf(w, "{\n \"metadata\": {\"chain_id\": %q, \"height\": \"%d\", \"generated\": %d, \"generatedTime\": %q, \"buildtime\": %q, \"vrps\": %d, \"aspas\": %d},\n \"roas\": [",
		chain, r.Height, r.Time, clock, clock, len(r.Payloads), len(r.Providers))
	sep := "\n"
	for _, p := range r.Payloads {
		fmt.Fprintf(w, "%s  {\"asn\": \"AS%d\", \"prefix\": %q, \"maxLength\": %d, \"ta\": %q, \"grade\": %q}", sep, p.AS, p.Prefix, p.MaxLength, source, p.Grade)
		sep = ",\n"
	}
	io.WriteString(w, "\n ]")
	// An empty list would make old readers refuse the whole file.
	if len(r.Providers) > 0 {
		io.WriteString(w, ",\n \"aspas\": [")
		sep = "\n"
		for _, a := range r.Providers {
			fmt.Fprintf(w, "%s  {\"customer_asid\": %d, \"providers\": [%s], \"grade\": %q}", sep, a.Customer, numbers(a.List), a.Grade)
			sep = ",\n"
		}
		io.WriteString(w, "\n ]")
	}
	_, err := io.WriteString(w, "\n}\n")
	return err
}

func numbers(list []uint64) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = fmt.Sprint(n)
	}
	return strings.Join(out, ", ")
}

// writeCSV writes route payloads in Routinator's columns.
func writeCSV(w io.Writer, _ string, r *Routes) error {
	_, err := io.WriteString(w, "ASN,IP Prefix,Max Length,Trust Anchor\n")
	for _, p := range r.Payloads {
		_, err = fmt.Fprintf(w, "AS%d,%s,%d,%s\n", p.AS, p.Prefix, p.MaxLength, source)
	}
	return err
}

// writeSLURM writes what a validator needs to take the ledger's payloads in beside
// the RPKI's (RFC 8416).
//
// specs/30 FILE-10: Local exceptions MUST be of version 1, with an assertion for each
// payload that is exported, and a filter by prefix and AS number for each payload of
// the supplied set that those contradict, which there is only where the operator asks
// for what contradicts it.
func writeSLURM(w io.Writer, _ string, r *Routes) error {
	io.WriteString(w, "{\n \"slurmVersion\": 1,\n \"validationOutputFilters\": {\n  \"prefixFilters\": [")
	sep := "\n"
	for i, p := range r.Overruled {
		if i > 0 && p.Prefix == r.Overruled[i-1].Prefix && p.AS == r.Overruled[i-1].AS {
			continue // a filter is for all lengths
		}
		fmt.Fprintf(w, "%s   {\"prefix\": %q, \"asn\": %d, \"comment\": \"the ledger says otherwise\"}", sep, p.Prefix, p.AS)
		sep = ",\n"
	}
	io.WriteString(w, "\n  ],\n  \"bgpsecFilters\": []\n },\n \"locallyAddedAssertions\": {\n  \"prefixAssertions\": [")
	sep = "\n"
	for _, p := range r.Payloads {
		if !inr.Registrable(p.Prefix) {
			continue
		}
		fmt.Fprintf(w, "%s   {\"asn\": %d, \"prefix\": %q, \"maxPrefixLength\": %d, \"comment\": \"ipledger, grade %v\"}", sep, p.AS, p.Prefix, p.MaxLength, p.Grade)
		sep = ",\n"
	}
	_, err := io.WriteString(w, "\n  ],\n  \"bgpsecAssertions\": []\n }\n}\n")
	return err
}
