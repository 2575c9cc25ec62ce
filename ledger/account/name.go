package account

import (
	"sort"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CheckName reports whether an account may call itself so. The empty name is
// allowed: natural persons need none.
func CheckName(name string) error {
	// specs/03 ACC-4: A name MUST be at most 128 bytes of UTF-8 in Normalization
	// Form C and Stream-Safe Text Format.
	if len(name) > NameBytesMax {
		return formError("ACC-4", "name", "%d bytes, at most %d", len(name), NameBytesMax)
	}
	if !utf8.ValidString(name) || !norm.NFC.IsNormalString(name) {
		return formError("ACC-4", "name", "not UTF-8 in normalization form C")
	}
	// specs/03 ACC-5: A name MUST have characters of the repertoire alone, no
	// space at either end and no two together.
	last := ' '
	for _, r := range name {
		if !inRepertoire(r) {
			return formError("ACC-5", "name", "character %U is not one a name may have", r)
		}
		if r == ' ' && last == ' ' {
			return formError("ACC-5", "name", "a space stands at the start or beside another")
		}
		last = r
	}
	if name != "" && last == ' ' {
		return formError("ACC-5", "name", "a space stands at the end")
	}
	return nil
}

// CheckJurisdiction reports whether code has the form of a jurisdiction.
//
// specs/03 ACC-6: A jurisdiction MUST be two letters from A to Z, meant as the
// alpha-2 codes of ISO 3166-1; whether a code is assigned is not looked at.
func CheckJurisdiction(code string) error {
	if len(code) != 2 || code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z' {
		return formError("ACC-6", "jurisdiction", "%q is not two letters from A to Z", code)
	}
	return nil
}

// inRepertoire finds the first pair that does not end before r.
func inRepertoire(r rune) bool {
	i := 2 * sort.Search(len(repertoire)/2, func(i int) bool { return repertoire[2*i+1] >= r })
	return i < len(repertoire) && repertoire[i] <= r
}
