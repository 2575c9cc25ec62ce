package tx

import (
	"fmt"
	"strings"

	"ipledger/ledger/wire"
)

// ProvidersAuthorise replaces the set of providers of an AS (ASPA).
type ProvidersAuthorise struct {
	Resource  wire.Resource // one AS number
	Providers string        // AS numbers, see ParseProviders; empty takes the set away
}

// Kind is KindProvidersAuthorise.
func (*ProvidersAuthorise) Kind() Kind { return KindProvidersAuthorise }

func (b *ProvidersAuthorise) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("providers", &b.Providers, ListBytesMax)
}

func (b *ProvidersAuthorise) check(*Header) error {
	_, err := ParseProviders(b.Providers)
	return err
}

func (b *ProvidersAuthorise) text() []string {
	if b.Providers == "" {
		return []string{fmt.Sprintf("Withdraw the provider authorisation of %v.", b.Resource)}
	}
	return []string{fmt.Sprintf("State that the providers of %v are the AS numbers %s and no others.", b.Resource, b.Providers)}
}

// ReverseSet replaces the delegation of a prefix's reverse zone.
type ReverseSet struct {
	Resource wire.Resource
	Servers  string // name servers, see ParseServers; empty takes the delegation away
	DS       string // DS records as "tag algorithm type digest", joined by "; "
}

// Kind is KindReverseSet.
func (*ReverseSet) Kind() Kind { return KindReverseSet }

func (b *ReverseSet) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("servers", &b.Servers, ListBytesMax)
	w.text("ds", &b.DS, ListBytesMax)
}

func (b *ReverseSet) check(*Header) error {
	servers, err := ParseServers(b.Servers)
	if err != nil {
		return err
	}
	if len(servers) == 0 && b.DS != "" {
		return Refuse("ACT-34", "ds", "DS records without a delegation")
	}
	_, err = ParseDS(b.DS)
	return err
}

func (b *ReverseSet) text() []string {
	if b.Servers == "" {
		return []string{fmt.Sprintf("Take away the reverse delegation of %v.", b.Resource)}
	}
	lines := []string{fmt.Sprintf("Delegate the reverse zone of %v to %s.", b.Resource, b.Servers)}
	return appendIf(lines, b.DS != "", "DS: "+b.DS)
}

// Bounds of a reverse delegation.
const (
	ServersMax = 8
	DSMax      = 4
)

// ParseServers reads the name servers of a reverse delegation.
//
// specs/04 ACT-33: Name servers MUST be at most 8 host names of lower-case
// letters, digits and hyphens, ascending, distinct, joined by single spaces.
func ParseServers(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	items := strings.Split(text, " ")
	if len(items) > ServersMax {
		return nil, Refuse("ACT-33", "servers", "%d name servers, at most %d", len(items), ServersMax)
	}
	for i, item := range items {
		if !hostName(item) {
			return nil, Refuse("ACT-33", "servers", "%q is no host name", item)
		}
		if i > 0 && item <= items[i-1] {
			return nil, Refuse("ACT-33", "servers", "%q does not come after %q", item, items[i-1])
		}
	}
	return items, nil
}

// hostName reports whether a name has at least two labels of letters, digits and
// hyphens (RFC 1123, Section 2.1; RFC 1035, Section 2.3.4).
func hostName(name string) bool {
	labels := strings.Split(name, ".")
	if len(name) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, c := range []byte(l) {
			if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
				return false
			}
		}
	}
	return true
}

// ParseDS reads the DS records of a reverse delegation.
//
// specs/04 ACT-34: DS records MUST be at most 4 of key tag, algorithm, digest
// type and lower-case digest (RFC 4034, Section 5.3), joined by "; ", with
// digests of 64 or 96 digits, and only beside name servers.
func ParseDS(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	items := strings.Split(text, "; ")
	if len(items) > DSMax {
		return nil, Refuse("ACT-34", "ds", "%d DS records, at most %d", len(items), DSMax)
	}
	for _, item := range items {
		if !dsRecord(strings.Split(item, " ")) {
			return nil, Refuse("ACT-34", "ds", "%q is no DS record", item)
		}
	}
	return items, nil
}

// dsRecord knows the digest types in use: 2, SHA-256, and 4, SHA-384.
func dsRecord(fields []string) bool {
	if len(fields) != 4 {
		return false
	}
	_, tag := decimal(fields[0], 1<<16-1)
	_, algorithm := decimal(fields[1], 1<<8-1)
	digits := map[string]int{"2": 64, "4": 96}[fields[2]]
	return tag && algorithm && digits > 0 && len(fields[3]) == digits && strings.Trim(fields[3], "0123456789abcdef") == ""
}

// GeofeedSet names where a prefix's geofeed is (RFC 8805, RFC 9632).
type GeofeedSet struct {
	Resource wire.Resource
	URL      string // https; empty takes it away
}

// Kind is KindGeofeedSet.
func (*GeofeedSet) Kind() Kind { return KindGeofeedSet }

func (b *GeofeedSet) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("url", &b.URL, TextBytesMax)
}

// check keeps specs/04 ACT-35: A geofeed MUST be an https URL.
func (b *GeofeedSet) check(*Header) error {
	if b.URL == "" {
		return nil
	}
	if !strings.HasPrefix(b.URL, "https://") || CheckContact("url", b.URL) != nil {
		return Refuse("ACT-35", "url", "%q is no https URL", b.URL)
	}
	return nil
}

func (b *GeofeedSet) text() []string {
	if b.URL == "" {
		return []string{fmt.Sprintf("Take away the geofeed of %v.", b.Resource)}
	}
	return []string{fmt.Sprintf("State that the geofeed of %v is at %s.", b.Resource, b.URL)}
}

// ContactsSet states a block's public abuse contact, and the salted hash by
// which other contact data can be fetched from the holder's node.
type ContactsSet struct {
	Resource wire.Resource
	Abuse    string    // a role mailbox or a URL, never a person's; empty for none
	Private  wire.Hash // salted hash of data kept elsewhere; zero for none
}

// Kind is KindContactsSet.
func (*ContactsSet) Kind() Kind { return KindContactsSet }

func (b *ContactsSet) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("abuse", &b.Abuse, RoleBytesMax)
	w.hash("private", &b.Private)
}

func (b *ContactsSet) check(*Header) error {
	if b.Abuse == "" {
		return nil
	}
	return CheckContact("abuse", b.Abuse)
}

func (b *ContactsSet) text() []string {
	lines := []string{fmt.Sprintf("State the abuse contact of %v: %q. It is public for good; name a role, no person.", b.Resource, b.Abuse)}
	return appendIf(lines, !b.Private.IsZero(), fmt.Sprintf("Other contact data have the salted hash %v.", b.Private))
}

// ContactsErase asks every node to forget contact data it fetched by a hash.
type ContactsErase struct {
	Resource wire.Resource
	Private  wire.Hash
}

// Kind is KindContactsErase.
func (*ContactsErase) Kind() Kind { return KindContactsErase }

func (b *ContactsErase) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("private", &b.Private)
}

func (b *ContactsErase) text() []string {
	return []string{fmt.Sprintf("Erase the contact data of %v with the salted hash %v, on every node.", b.Resource, b.Private)}
}
