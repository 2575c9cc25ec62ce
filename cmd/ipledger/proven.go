package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"time"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// sourced is an answer about a resource and what stands behind it.
type sourced struct {
	resourceAnswer
	raw      []byte // the answer as JSON
	file     []byte // the proof file, if one was fetched
	verified bool
	basis    string // what was checked
}

// trustFile reads the trust file; it is nil where none is set.
func (s *session) trustFile() (*light.Trust, error) {
	if s.trust == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(s.trust)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("there is no trust file %s", s.trust)
	}
	if err != nil {
		return nil, err
	}
	if light.IsWitnessTrust(raw) {
		return nil, usage("%s names witnesses: ipledger verify FILE --log FILE takes it, and nothing else does", s.trust).
			hint("name a trust file of the first format, or none with --trust \"\"")
	}
	return light.TrustFromBytes(raw)
}

// look asks what stands at a resource, now or at a height or date. Where a trust
// file is set, the answer is the one that the proof proves, and the node is not
// believed.
func (s *session) look(ctx context.Context, r wire.Resource, at string, proof bool) (*sourced, error) {
	trust, err := s.trustFile()
	if err != nil {
		return nil, err
	}
	query := url.Values{}
	if at != "" {
		query.Set("at", at)
	}
	if trust != nil || proof {
		query.Set("proof", "1")
	}
	path := "/v1/resources/" + r.String()
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	raw, err := s.client().raw(ctx, path)
	if err != nil {
		return nil, err
	}
	out := &sourced{raw: raw, basis: "NOT verified: no trust file is set; the node is believed"}
	if trust != nil || proof {
		if raw, trust, err = s.lead(ctx, raw, trust); err != nil {
			return nil, err
		}
		if err := out.prove(raw, r, at, trust); err != nil {
			return nil, err
		}
	}
	return out, readAnswer(out.raw, &out.resourceAnswer)
}

// prove takes the answer out of a proof file.
func (a *sourced) prove(file []byte, r wire.Resource, at string, trust *light.Trust) error {
	var v *light.Verified
	var err error
	if trust != nil {
		v, err = light.Verify(file, trust)
	} else {
		v, err = light.Inspect(file)
	}
	if err != nil {
		return err
	}
	if v.Resource == nil || v.Resource.Resource != r {
		return fail(exitUnverified, "the node proved something else than %v; ask another", r)
	}
	if err := asOf(v, at); err != nil {
		return err
	}
	a.file, a.verified, a.basis = file, trust != nil, v.Basis
	a.raw, err = json.Marshal(v.Resource)
	return err
}

// asOf reports whether a proof is of the height or the time that was asked for, or
// of any where none was.
//
// specs/26 LIGHT-9: Who asks a node for the state at a time MUST refuse a proof of a block
// that is after that time, or whose next header is not after it; the latter but for times
// less than 300 seconds before the reader's clock or after it.
func asOf(got *light.Verified, at string) error {
	if asked, ok := heightOf(at); ok && asked != got.Height {
		return fail(exitUnverified, "the node proved height %d, not %d; ask another", got.Height, asked)
	}
	asked, err := time.Parse(time.RFC3339, at)
	switch {
	case err != nil:
	case int64(got.Time) > asked.Unix():
		return fail(exitUnverified, "the node proved the state of %s, after the time asked for; ask another", instant(got.Time))
	case int64(got.Signed) <= asked.Unix() && time.Since(asked) >= staleAfter:
		return fail(exitUnverified, "the node proved the state of %s, which is not the last before the time asked for: block %d came at %s; ask another",
			instant(got.Time), got.Height+1, instant(got.Signed))
	}
	return nil
}
