package observed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// asNumber is an AS number as a number or as text.
type asNumber uint64

func (n *asNumber) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if text[0] == '"' {
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
	}
	as, err := readAS(text)
	*n = asNumber(as)
	return err
}

// roaShape is a payload as rpki-client, Routinator and OctoRPKI write it.
type roaShape struct {
	AS        *asNumber `json:"asn"`
	Prefix    string    `json:"prefix"`
	MaxLength *uint64   `json:"maxLength"`
	Expires   uint64    `json:"expires"`
}

// aspaShape is a provider authorisation in the two spellings there are.
type aspaShape struct {
	Customer  *asNumber  `json:"customer"`
	CustomerN *asNumber  `json:"customer_asid"`
	Providers []asNumber `json:"providers"`
	Expires   uint64     `json:"expires"`
}

type metaShape struct {
	BuildTime     string `json:"buildtime"`     // rpki-client
	GeneratedTime string `json:"generatedTime"` // Routinator
	Generated     any    `json:"generated"`     // Unix seconds, of either
}

// readJSON reads one object, key by key and row by row: the file is never in memory
// whole.
func (e *Export) readJSON(r io.Reader) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if _, err := d.Token(); err != nil { // the brace
		return broken(err)
	}
	seen, roas := map[string]bool{}, false
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return broken(err)
		}
		key, _ := t.(string)
		if seen[key] {
			return fmt.Errorf("%w: key %q twice (FILE-2)", ErrExport, clip(key))
		}
		if len(seen) < 64 {
			seen[key] = true
		}
		roas = roas || key == "roas"
		if err := e.value(d, key); err != nil {
			return broken(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return broken(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows the object (FILE-2)", ErrExport)
	}
	if !roas && !seen["aspas"] {
		return fmt.Errorf("%w: neither roas nor aspas (FILE-2)", ErrExport)
	}
	return nil
}

// value reads what stands under a key of the file.
func (e *Export) value(d *json.Decoder, key string) error {
	switch key {
	case "metadata":
		var m metaShape
		if err := d.Decode(&m); err != nil {
			return err
		}
		e.Built = m.time()
		return nil
	case "roas":
		return each(d, e.roa)
	case "aspas":
		return each(d, e.aspa)
	}
	return skip(d)
}

func (m metaShape) time() uint64 {
	for _, text := range []string{m.BuildTime, m.GeneratedTime} {
		if t, ok := readClock(text); ok {
			return t
		}
	}
	n, _ := m.Generated.(json.Number)
	t, _ := strconv.ParseUint(n.String(), 10, 63)
	return t
}

// each reads a list, one element at a time.
func each(d *json.Decoder, one func(*json.Decoder) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.Join(err, fmt.Errorf("%w: a list was expected (FILE-2)", ErrExport))
	}
	for n := 1; d.More(); n++ {
		if err := one(d); err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
	}
	_, err := d.Token()
	return err
}

func (e *Export) roa(d *json.Decoder) error {
	var s roaShape
	if err := d.Decode(&s); err != nil {
		return err
	}
	if s.AS == nil {
		return fmt.Errorf("%w: a payload without asn (FILE-2)", ErrExport)
	}
	return e.row(s.Prefix, s.MaxLength, uint64(*s.AS), s.Expires)
}

func (e *Export) aspa(d *json.Decoder) error {
	var s aspaShape
	if err := d.Decode(&s); err != nil {
		return err
	}
	customer := s.Customer
	if customer == nil {
		customer = s.CustomerN
	}
	if customer == nil {
		return fmt.Errorf("%w: providers without a customer (FILE-2)", ErrExport)
	}
	if e.Rows += 1 + len(s.Providers); e.Rows > PayloadsMax {
		return fmt.Errorf("%w: more than %d rows (FILE-1)", ErrExport, PayloadsMax)
	}
	p := Providers{Customer: uint64(*customer), Expires: s.Expires}
	for _, as := range s.Providers {
		p.List = append(p.List, uint64(as))
	}
	e.Providers = append(e.Providers, p)
	return nil
}

// skip passes over a value that nobody here asks for.
func skip(d *json.Decoder) error {
	depth := 0
	for {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// broken is what the decoder could not read.
func broken(err error) error {
	if errors.Is(err, ErrExport) {
		return err
	}
	return fmt.Errorf("%w: %w (FILE-2)", ErrExport, err)
}
