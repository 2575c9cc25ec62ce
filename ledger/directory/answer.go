package directory

import (
	"ipledger/ledger/light"
	"ipledger/ledger/record"
)

// Statuses of an entry, in words that IANA registered for RDAP.
const (
	Active   = "active"           // allocated or assigned to somebody
	Inactive = "inactive"         // its registry has it to give out
	Reserved = "reserved"         // its registry keeps it back
	Locked   = "locked"           // its title does not move: frozen or contested
	Transfer = "pending transfer" // on hold for a transfer that was accepted, or claimed
)

// Status is the statuses of the block that an answer is of.
//
// specs/28 DIR-5: An entry is active, unless its registry has it to give out
// (inactive) or keeps it back (reserved); it is locked while a freeze or a contest
// binds any of it, and in pending transfer while a hold or a claim does.
func Status(a *light.Answer) []string {
	list := []string{kept(a)}
	var locked, moving bool
	for _, x := range a.Holds {
		locked = locked || x.Kind.Binding()
		moving = moving || x.Kind == record.Hold || x.Kind == record.Claimed
	}
	if locked {
		list = append(list, Locked)
	}
	if moving {
		list = append(list, Transfer)
	}
	return list
}

func kept(a *light.Answer) string {
	if a.Title != nil && len(a.Estates) == 0 {
		switch a.Title.State {
		case record.Available:
			return Inactive
		case record.Reserved:
			return Reserved
		}
	}
	return Active
}

// Contact is who answers for a block: the operator of record of its innermost
// lease that names one, and the mailbox for abuse. Either may be empty.
type Contact struct{ Operator, Abuse string }

// ContactOf is the contact that an answer shows.
//
// specs/28 DIR-6: The operator of record is that of the innermost live lease. The
// abuse contact is the one stated at the smallest block, in a lease or as a
// service; at one block, the service's.
func ContactOf(a *light.Answer) (c Contact) {
	length := -1
	for i := range a.Estates {
		if e := &a.Estates[i]; len(e.Lease) > 0 {
			c.Operator = e.Lease[0].Operator
			if e.Lease[0].Abuse != "" {
				c.Abuse, length = e.Lease[0].Abuse, int(e.At.Len)
			}
		}
	}
	for i := range a.Services {
		if s := &a.Services[i]; s.Abuse != "" && int(s.At.Len) >= length {
			c.Abuse, length = s.Abuse, int(s.At.Len)
		}
	}
	return c
}

// Divergence is what the source registry says of the title, where that is
// otherwise than the ledger; nil where it is not.
func Divergence(a *light.Answer) *light.Restriction {
	for i := range a.Holds {
		if a.Holds[i].Kind == record.Diverges {
			return &a.Holds[i]
		}
	}
	return nil
}

// Registered is since when an entry is registered as it is, in Unix seconds; 0 for
// unknown.
//
// specs/28 DIR-8: ... since its innermost estate began; without one, since its title
// came to its holder, or else since the day of its source row.
func Registered(a *light.Answer) uint64 {
	if e := Innermost(a); e != nil {
		return e.Start
	}
	switch {
	case a.Title == nil:
		return 0
	case a.Title.Since != 0:
		return a.Title.Since
	}
	return record.Midnight(uint32(a.Title.Source.Date))
}
