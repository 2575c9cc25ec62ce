package whois

import (
	"fmt"
	"net"
	"strings"
)

// fault is an answer that is an error, as RIPE's server numbers them.
type fault struct {
	number int
	title  string
	says   []string // further lines
	ends   bool     // the connection
}

// bytes is the answer.
func (f *fault) bytes() []byte {
	b := fmt.Appendf(nil, "%%ERROR:%d: %s\n%%\n", f.number, f.title)
	for _, line := range f.says {
		b = append(append(append(b, "% "...), clean(line)...), '\n')
	}
	return append(b, "\n\n"...)
}

// none says that there are no entries, and of what.
func none(what string) *fault {
	return &fault{number: 101, title: "no entries found", says: []string{"No entries found in source " + Source + ".", what}}
}

func unknownSource(name string) *fault {
	return &fault{number: 102, title: "unknown source", says: []string{quoted(name) + " is not a known source; " + Source + " is."}}
}

func unknownType(name string) *fault {
	return &fault{number: 103, title: "unknown object type", says: []string{quoted(name) + " is not a known type; these are: " + strings.Join(classes, ", ") + "."}}
}

func unknownAttribute(name string) *fault {
	return &fault{number: 104, title: "unknown attribute", says: []string{quoted(name) + " is not searched by; these are: " + strings.Join(inverseAttributes, ", ") + "."}}
}

func noKey() *fault {
	return &fault{number: 106, title: "no search key specified", says: []string{"Ask for an address, a prefix, a range, an AS number, an account or a reverse zone."}}
}

func tooLong() *fault {
	return &fault{number: 107, title: "input line too long", says: []string{"A query has at most 1,024 bytes."}, ends: true}
}

func together(a, b byte) *fault {
	return &fault{number: 109, title: "invalid combination of flags passed", says: []string{fmt.Sprintf("The flags \"-%c\" and \"-%c\" cannot be used together.", a, b)}}
}

func twice(letter byte) *fault {
	return &fault{number: 110, title: "multiple use of flag", says: []string{fmt.Sprintf("The flag \"-%c\" cannot be used multiple times.", letter)}}
}

func unknownFlag(text string) *fault {
	return &fault{number: 111, title: "invalid option supplied", says: []string{quoted("-"+text) + " is not a known option; chapter 29 has them all."}}
}

func invalidKey(why string) *fault {
	return &fault{number: 115, title: "invalid search key", says: []string{"Search key was invalid: " + why + "."}}
}

func denied(who net.Addr) *fault {
	host, _, err := net.SplitHostPort(who.String())
	if err != nil {
		host = who.String()
	}
	return &fault{number: 201, title: "access denied for " + host, says: []string{
		"Queries from your address have passed its share for now.", "Ask again in a while, run a node of your own, or ask the operator to raise requests_per_second."}, ends: true}
}

func unready() *fault {
	return &fault{number: 301, title: "no verified state yet", says: []string{"This node has no block yet; ask again soon."}}
}

// broken is what a client is told of a defect; what happened the log has.
func broken() *fault {
	return &fault{number: 100, title: "internal software error", says: []string{"Ask another node, and tell the operator of this one."}, ends: true}
}

func quoted(text string) string { return `"` + text + `"` }
