package rdap

import (
	"net/http"

	"ipledger/ledger/directory"
	"ipledger/ledger/light"
)

// everything is what each bootstrap file names: the ledger has a place for every
// number.
var everything = map[string][]string{
	"asn":  {"0-4294967295"},
	"dns":  {directory.InAddr, directory.IP6},
	"ipv4": {"0.0.0.0/0"},
	"ipv6": {"::/0"},
}

// bootstrap answers with a file that leads clients here (RFC 9224).
//
// specs/28 RDAP-16: The bootstrap files MUST name this node for all addresses, AS
// numbers and reverse zones, by the address that the client used.
func (a *answer) bootstrap(q *question) error {
	if a.base == Root {
		return fail(http.StatusBadRequest, "a bootstrap file names the host that was asked; the request has no Host that can be written down")
	}
	p := &a.page
	p.object(func() {
		p.text("version", "1.0")
		p.text("publication", light.Clock(a.view.Time))
		p.text("description", "What "+a.ChainID+" registers")
		p.list("services", func() {
			p.array(func() {
				p.array(func() { each(p, everything[q.file]) })
				p.array(func() { p.item(a.base) })
			})
		})
	})
	return nil
}
