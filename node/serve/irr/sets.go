package irr

import (
	"slices"
	"strconv"
	"strings"
)

// Names of the sets there are, after the AS number and a colon.
const (
	customersName = "AS-CUSTOMERS"
	coneName      = "AS-CONE"
)

// setName is the name of a set: of whose network, and whether with itself.
type setName struct {
	as   uint32
	cone bool
}

// readSet reads a set's name, in any case.
func readSet(text string) (setName, bool) {
	number, kind, _ := strings.Cut(strings.ToUpper(text), ":")
	as, ok := readAS(number)
	return setName{as, kind == coneName}, ok && (kind == coneName || kind == customersName)
}

func (s setName) String() string {
	kind := customersName
	if s.cone {
		kind = coneName
	}
	return asText(s.as) + ":" + kind
}

func asText(as uint32) string { return "AS" + strconv.FormatUint(uint64(as), 10) }

// readAS reads an AS number as answers write it, in any case.
func readAS(text string) (uint32, bool) {
	if len(text) < 3 || !strings.EqualFold(text[:2], "AS") || text[2] < '0' || text[2] > '9' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:], 10, 32)
	return uint32(n), err == nil
}

// members is the direct members of a set, ascending by AS number; none if there is no
// such set.
//
// specs/29 IRR-6: AS<n>:AS-CUSTOMERS MUST have as members exactly the AS numbers
// whose possessors name n as a provider, each followed by its own set of that name
// where it has one; AS<n>:AS-CONE has AS n and the AS-CONE of each of those.
func (x *index) members(s setName) (list []string) {
	n := x.networks[s.as]
	if n == nil {
		return nil
	}
	if s.cone {
		list = append(list, asText(s.as))
	}
	for _, as := range n.customers {
		if s.cone {
			list = append(list, setName{as, true}.String())
			continue
		}
		if list = append(list, asText(as)); len(x.networks[as].customers) > 0 {
			list = append(list, setName{as, false}.String())
		}
	}
	return list
}

// expanded is all AS numbers of a set and of the sets in it, ascending, each once.
// Loops of customers end where they meet themselves; the network is in its own
// AS-CUSTOMERS if it is a customer of a customer of its own.
func (x *index) expanded(s setName) (list []uint32) {
	if x.networks[s.as] == nil {
		return nil
	}
	seen, queue := map[uint32]bool{}, []uint32{s.as}
	if s.cone {
		seen[s.as] = true
	}
	for looked := map[uint32]bool{s.as: true}; len(queue) > 0; queue = queue[1:] {
		for _, as := range x.networks[queue[0]].customers {
			seen[as] = true
			if !looked[as] {
				looked[as] = true
				queue = append(queue, as)
			}
		}
	}
	for as := range seen {
		list = append(list, as)
	}
	slices.Sort(list)
	return list
}
