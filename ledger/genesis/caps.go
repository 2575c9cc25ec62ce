package genesis

// caps holds the caps of governance for a network that is not marked test.
//
// specs/08 GEN-16: No organisation may have more than a tenth of the members,
// or one if that is more; no jurisdiction and no host a third or more.
func (ms *Members) caps() error {
	n := len(ms.List)
	orgs, lands, hosts := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range ms.List {
		m := &ms.List[i]
		orgs[m.Organisation]++
		lands[m.Jurisdiction]++
		hosts[m.Hosting]++
		switch {
		case orgs[m.Organisation] > max(n/10, 1):
			return m.refuse("GEN-16", "organisation %q has %d of %d members, at most %d", m.Organisation, orgs[m.Organisation], n, max(n/10, 1))
		case 3*lands[m.Jurisdiction] >= n:
			return m.refuse("GEN-16", "jurisdiction %s has a third of %d members or more", m.Jurisdiction, n)
		case 3*hosts[m.Hosting] >= n:
			return m.refuse("GEN-16", "%q hosts a third of %d members or more", m.Hosting, n)
		}
	}
	return nil
}
