package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"

	"ipledger/ledger/light"
)

// verifyLogged checks log files, and proof files by a quorum of witnesses; done
// is false for what neither is asked of.
func (s *session) verifyLogged(raw []byte, member string, untrusted bool) (done bool, err error) {
	trust, err := s.witnessTrust()
	if err != nil {
		return true, err
	}
	if untrusted {
		trust = nil
	}
	logFile := bytes.Contains(raw[:min(len(raw), 64)], []byte(light.LogFormat))
	switch {
	case logFile && trust != nil:
		v, err := trust.VerifyLog(raw)
		if err != nil {
			return true, err
		}
		return true, s.tellLogged(v, true)
	case logFile:
		v, err := light.VerifyLog(raw)
		if err != nil {
			return true, err
		}
		return true, s.tellLogged(v, false)
	case trust == nil && member != "":
		return true, usage("--log goes with a trust file that names witnesses (ipledger-trust/2)")
	case trust == nil:
		return false, nil
	case member == "":
		return true, usage("%s names witnesses: give --log FILE, which shows that the proof's header is in the block log", s.trust).
			hint("ipledger log member HEIGHT --out FILE, for the height after the proof's")
	}
	shown, err := readSmall(member, light.LogBytesMax)
	if err != nil {
		return true, err
	}
	v, err := light.VerifyWitnessed(raw, shown, trust)
	if err != nil {
		return true, err
	}
	return true, s.tellVerified(v, true)
}

// witnessTrust is the trust file if it is of the second format, else nil.
func (s *session) witnessTrust() (*light.WitnessTrust, error) {
	if s.trust == "" {
		return nil, nil
	}
	raw, err := os.ReadFile(s.trust)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("there is no trust file %s", s.trust)
	}
	if err != nil || !light.IsWitnessTrust(raw) {
		return nil, err
	}
	return light.WitnessTrustFromBytes(raw)
}

func (s *session) tellLogged(v *light.Logged, trusted bool) error {
	basis := "it holds together; who signed the checkpoints was not compared with anything you trust"
	switch {
	case trusted:
		basis = "a quorum of the witnesses that you trust cosigned the checkpoint"
	case v.Kind == light.KindSplit:
		basis = "the keys that it names signed both checkpoints; no log can have both"
	}
	if s.json {
		return s.out.json(map[string]any{"verified": trusted || v.Kind == light.KindSplit, "kind": v.Kind, "statement": v.Statement, "basis": basis})
	}
	s.out.field("kind", "%s", v.Kind)
	s.out.field("statement", "%s", said(v.Statement))
	s.out.field("basis", "%s", basis)
	return nil
}
