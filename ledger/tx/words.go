package tx

import (
	"fmt"
	"slices"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// checkWords keeps specs/04 ACT-24: A price, an operator of record and a
// governing law MUST be text as names are (ACC-4, ACC-5).
func checkWords(field, text string) error {
	if err := account.CheckName(text); err != nil {
		return Refuse("ACT-24", field, "%v", err)
	}
	return nil
}

// checkParty keeps specs/04 ACT-25: A lease MUST name its operator of record and
// the operator's abuse contact.
func checkParty(operator, abuse string) error {
	if operator == "" {
		return Refuse("ACT-25", "operator", "no operator of record")
	}
	if err := checkWords("operator", operator); err != nil {
		return err
	}
	if abuse == "" {
		return Refuse("ACT-25", "abuse", "no abuse contact")
	}
	return CheckContact("abuse", abuse)
}

// CheckContact keeps specs/04 ACT-26: A contact MUST be a mailbox
// (local@domain) or begin with https://, in printable ASCII without spaces and
// quotes.
func CheckContact(field, text string) error {
	for _, c := range []byte(text) {
		if c <= ' ' || c > '~' || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return Refuse("ACT-26", field, "%q has a character that a contact may not have", text)
		}
	}
	if strings.HasPrefix(text, "https://") && len(text) > len("https://") {
		return nil
	}
	local, domain, ok := strings.Cut(text, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
		return Refuse("ACT-26", field, "%q is neither a mailbox nor an https URL", text)
	}
	return nil
}

// Bounds of lists that are one text of an act, so that messages stay flat.
const (
	OriginsBytesMax = 1024 // of first authorisations
	FirstOriginsMax = 16
	ListBytesMax    = 1024 // of accounts, AS numbers, name servers
)

// FirstOrigin is an authorisation that an offer carries for the other party.
type FirstOrigin struct {
	Resource  wire.Resource
	MaxLength uint64
	AS        uint64
}

// ParseOrigins reads the first authorisations of an offer.
//
// specs/04 ACT-27: First authorisations MUST be at most 16 of the form
// PREFIX-MAXLENGTH=AS, such as 192.0.2.0/24-24=64496, ascending by prefix,
// length and AS, distinct, joined by single spaces.
func ParseOrigins(text string) ([]FirstOrigin, error) {
	if text == "" {
		return nil, nil
	}
	items := strings.Split(text, " ")
	if len(items) > FirstOriginsMax {
		return nil, Refuse("ACT-27", "origins", "%d authorisations, at most %d", len(items), FirstOriginsMax)
	}
	out := make([]FirstOrigin, len(items))
	for i, item := range items {
		if err := out[i].parse(item); err != nil {
			return nil, err
		}
		if i > 0 && out[i-1].compare(out[i]) >= 0 {
			return nil, Refuse("ACT-27", "origins", "%q does not come after %q", item, items[i-1])
		}
	}
	return out, nil
}

// FirstOrigins writes what ParseOrigins reads, in its order, each once.
func FirstOrigins(list []FirstOrigin) string {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b FirstOrigin) int { return a.compare(b) })
	var items []string
	for _, o := range slices.Compact(sorted) {
		items = append(items, fmt.Sprintf("%v-%d=%d", o.Resource, o.MaxLength, o.AS))
	}
	return strings.Join(items, " ")
}

func (o *FirstOrigin) parse(item string) error {
	prefix, rest, ok := strings.Cut(item, "-")
	most, as, ok2 := strings.Cut(rest, "=")
	var err error
	if o.Resource, err = inr.Parse(prefix); err != nil || !ok || !ok2 || o.Resource.Family == wire.ASN {
		return Refuse("ACT-27", "origins", "%q is not PREFIX-MAXLENGTH=AS", item)
	}
	if o.MaxLength, ok = decimal(most, 128); !ok {
		return Refuse("ACT-27", "origins", "%q is no length", most)
	}
	if o.AS, ok = decimal(as, 1<<32-1); !ok {
		return Refuse("ACT-27", "origins", "%q is no AS number", as)
	}
	return checkLength(int(o.Resource.Len), o.MaxLength, o.Resource.Family.Bits())
}

func (o *FirstOrigin) compare(x FirstOrigin) int {
	if c := inr.Compare(o.Resource, x.Resource); c != 0 {
		return c
	}
	if o.MaxLength != x.MaxLength {
		return compareNumbers(o.MaxLength, x.MaxLength)
	}
	return compareNumbers(o.AS, x.AS)
}

func compareNumbers(x, y uint64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// decimal reads a number of at most most without sign or leading zeros.
func decimal(text string, most uint64) (n uint64, ok bool) {
	if text == "" || len(text) > 10 || len(text) > 1 && text[0] == '0' {
		return 0, false
	}
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + uint64(c-'0')
	}
	return n, n <= most
}

func textOrigins(text string) []string {
	if text == "" {
		return nil
	}
	return []string{"First authorisations, entering at the start: " + text + "."}
}

// ProvidersMax is how many providers one AS may authorise: as many as a message
// holds as text.
const ProvidersMax = 64

// ParseProviders reads the AS numbers of a provider authorisation.
//
// specs/04 ACT-28: Providers MUST be at most 64 AS numbers in decimal, ascending,
// distinct, joined by single spaces; 0 only alone.
func ParseProviders(text string) ([]uint64, error) {
	if text == "" {
		return nil, nil
	}
	items := strings.Split(text, " ")
	if len(items) > ProvidersMax {
		return nil, Refuse("ACT-28", "providers", "%d providers, at most %d", len(items), ProvidersMax)
	}
	out := make([]uint64, len(items))
	for i, item := range items {
		as, ok := decimal(item, 1<<32-1)
		if !ok {
			return nil, Refuse("ACT-28", "providers", "%q is no AS number in decimal", item)
		}
		if i > 0 && as <= out[i-1] || as == 0 && len(items) > 1 {
			return nil, Refuse("ACT-28", "providers", "%q is out of order, twice there, or AS0 beside others", item)
		}
		out[i] = as
	}
	return out, nil
}

// ParseAccounts reads the accounts of a list of guardians.
//
// specs/04 ACT-29: Guardians MUST be at most 8 account ids as text, ascending,
// distinct, joined by single spaces.
func ParseAccounts(text string) ([]wire.Address, error) {
	if text == "" {
		return nil, nil
	}
	items := strings.Split(text, " ")
	if len(items) > account.GuardiansMax {
		return nil, Refuse("ACT-29", "guardians", "%d guardians, at most %d", len(items), account.GuardiansMax)
	}
	out := make([]wire.Address, len(items))
	for i, item := range items {
		if err := out[i].UnmarshalText([]byte(item)); err != nil || out[i].String() != item {
			return nil, Refuse("ACT-29", "guardians", "%q is no account id", item)
		}
		if i > 0 && string(out[i-1][:]) >= string(out[i][:]) {
			return nil, Refuse("ACT-29", "guardians", "%q does not come after %q", item, items[i-1])
		}
	}
	return out, nil
}
