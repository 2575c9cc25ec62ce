package rdap

// notices writes what is to be known of every answer.
func (a *answer) notices() { a.noticesOf(false) }

func (a *answer) noticesOf(cut bool) {
	p := &a.page
	p.list("notices", func() {
		if cut {
			p.object(func() {
				p.text("title", "Not all results")
				p.text("type", "result set truncated due to excessive load")
				p.list("description", func() { p.item("There are more objects than an answer has: ask for smaller blocks.") })
			})
		}
		p.object(func() {
			p.text("title", "What this is")
			p.list("description", func() {
				p.item("What the ledger says after block ", a.height, ". The proof that ipledger_record names verifies offline; this answer proves nothing.")
			})
			help := a.base + "help"
			p.list("links", func() { a.linkOf(help, "help", MediaType, help) })
		})
	})
}

// help answers what is answered here (RFC 9082, Section 3.1.6).
func (a *answer) help() error {
	p := &a.page
	p.object(func() {
		a.conformance(used{true, true, true, true}, ips, ipResults, asns, asResults)
		p.list("notices", func() {
			for _, n := range helpText {
				p.object(func() {
					p.text("title", n.title)
					p.list("description", func() { each(p, n.text) })
				})
			}
		})
	})
	return nil
}

var helpText = [...]struct {
	title string
	text  []string
}{
	{"Questions", []string{
		"ip/ADDRESS and ip/PREFIX: the smallest entry that covers the whole of it. A prefix has no bits beyond its length.",
		"autnum/NUMBER, entity/ACCOUNT, domain/REVERSE-ZONE, bootstrap/{asn,dns,ipv4,ipv6}.json (RFC 9224).",
		"ips?handle=, ips?name=, autnums?handle=, autnums?name=: an asterisk may stand at the end, after whole bytes or groups.",
		"ips/rirSearch1/RELATION/ADDRESS or PREFIX, autnums/rirSearch1/RELATION/AS-NUMBER: RELATION is rdap-up, rdap-down, rdap-top or rdap-bottom; ?status=active (RFC 9910).",
		"domains/rirSearch1/RELATION/REVERSE-ZONE: stated zones around and inside it.",
		"Other questions of RFC 9082 are answered by 501.",
	}},
	{"ipledger_record", []string{
		"chain, height, time: the state that the answer is of. proof: where the proof file of it is; verify it with ipledger verify.",
		"state, grade, stale: how the title stands and on what evidence. holder: of the title; possessor: of the innermost right; lessee: of the innermost lease; operator: of record.",
		"divergence: null, or since when the source registry says otherwise, and what.",
	}},
	{"ipledger_party", []string{
		"rights: holder, lessee, grantee, operator of record, abuse contact. declared: attested by a registrar (attestedBy) or self-declared.",
	}},
	{"Limits", []string{
		"An answer has at most 100 objects. Too many requests are answered by 429 with Retry-After.",
		"Whoever wants everything reads it at once and with proof: /v1/genesis/state, /v1/archive.",
	}},
}
