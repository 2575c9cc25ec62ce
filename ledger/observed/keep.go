package observed

import "ipledger/ledger/vrp"

// Keep is the payloads and providers of a ledger that a set does not contradict, and
// how many are left out. A nil set contradicts nothing.
//
// specs/30 FILE-8: What is exported MUST leave out each payload and each provider
// authorisation that contradicts the supplied set.
func Keep(payloads []vrp.Payload, providers []vrp.Providers, set *Export) (p []vrp.Payload, a []vrp.Providers, left int) {
	if set == nil {
		return payloads, providers, 0
	}
	p = without(payloads, Contradicting(plain(payloads), set.Payloads))
	a = without(providers, ProvidersContradicting(plainProviders(providers), set.Providers))
	return p, a, len(payloads) - len(p) + len(providers) - len(a)
}

// Overruled is the payloads of a set that the ledger's contradict: what a validator
// has to leave out where the ledger's word stands over the RPKI's.
func Overruled(payloads []vrp.Payload, set *Export) (out []Payload) {
	if set == nil {
		return nil
	}
	for _, i := range Contradicting(set.Payloads, plain(payloads)) {
		out = append(out, set.Payloads[i])
	}
	return out
}

// without is a list less what stands at some ascending places; the list itself where
// there are none.
func without[T any](list []T, places []int) []T {
	if len(places) == 0 {
		return list
	}
	out := make([]T, 0, len(list)-len(places))
	for i, one := range list {
		if len(places) > 0 && places[0] == i {
			places = places[1:]
			continue
		}
		out = append(out, one)
	}
	return out
}

func plain(list []vrp.Payload) []Payload {
	out := make([]Payload, len(list))
	for i, p := range list {
		out[i] = Payload{Prefix: p.Prefix, MaxLength: p.MaxLength, AS: p.AS}
	}
	return out
}

func plainProviders(list []vrp.Providers) []Providers {
	out := make([]Providers, len(list))
	for i, p := range list {
		out[i] = Providers{Customer: p.Customer, List: p.List}
	}
	return out
}
