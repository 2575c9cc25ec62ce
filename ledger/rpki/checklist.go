package rpki

import (
	"golang.org/x/crypto/cryptobyte/asn1"

	"ipledger/ledger/wire"
)

// Bounds on a checklist.
const (
	FilesMax         = 1024 // more statements than anyone signs at once; a file has 36 bytes or more
	fileNameBytesMax = 255  // what file systems allow
)

// File is an entry of a checklist.
type File struct {
	Name   string    // empty where the entry has none
	Digest wire.Hash // SHA-256 of the file's bytes
}

// checklist is the content of a signed checklist: RFC 9323, Section 4.
type checklist struct {
	resources Resources
	files     []File
}

// parseChecklist reads the content of a signed checklist.
//
// specs/19 RPKI-13: A checklist MUST have the form of RFC 9323, Section 4, of
// version 0, with digests of SHA-256; no name stands twice.
func parseChecklist(raw []byte) (*checklist, *Refusal) {
	r := newReader(raw, "RPKI-13")
	c := new(checklist)
	in := r.into(asn1.SEQUENCE, "the checklist")
	r.end("the checklist")
	c.resources = in.into(asn1.SEQUENCE, "the resources").resourceBlock()
	in.sha256("the digest algorithm")
	c.entries(in.into(asn1.SEQUENCE, "the files"))
	in.end("the checklist")
	return c, r.fault.refusal
}

// resourceBlock takes the AS numbers and the addresses of which at least one stands.
func (r *reader) resourceBlock() Resources {
	var c claim
	w := who{limit: ChecklistSpansMax}
	either := false
	if r.peek(tag0) {
		in := r.into(tag0, "the AS numbers")
		in.numbers(&c, w)
		in.end("the AS numbers")
		either = true
	}
	if r.peek(tag1) || !either {
		in := r.into(tag1, "the addresses")
		in.addresses(&c, w)
		in.end("the addresses")
	}
	r.end("the resources")
	return c.set
}

func (c *checklist) entries(r *reader) {
	names := map[string]bool{} // only ever asked
	for first := true; first || r.more(); first = false {
		f := r.into(asn1.SEQUENCE, "a file").file()
		if r.ok() && names[f.Name] {
			r.refuse("RPKI-13", "the name %s stands twice", f.Name)
		}
		names[f.Name] = f.Name != ""
		if c.files = append(c.files, f); len(c.files) > FilesMax {
			r.refuse("RPKI-13", "there are more than %d files", FilesMax)
		}
	}
}

func (r *reader) file() (f File) {
	if r.peek(asn1.IA5String) {
		name := r.take(asn1.IA5String, "a file's name")
		if r.ok() && !portable(name) {
			r.refuse("RPKI-13", "the file name %q has other than 1 to %d of a-z A-Z 0-9 . _ -", head(name), fileNameBytesMax)
		}
		f.Name = string(name)
	}
	digest := r.take(asn1.OCTET_STRING, "a file's digest")
	r.end("a file")
	if r.ok() && len(digest) != len(f.Digest) {
		r.refuse("RPKI-13", "a digest has %d bytes, not %d", len(digest), len(f.Digest))
	}
	copy(f.Digest[:], digest)
	return f
}

// portable reports whether name is a portable file name: RFC 9323, Section 4.4.1.
func portable(name []byte) bool {
	for _, c := range name {
		if !letterOrDigit(c) && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return len(name) > 0 && len(name) <= fileNameBytesMax
}
