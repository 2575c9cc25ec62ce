package account

import "math/bits"

// Credit is what an account may still spend on acts: an amount as it stood at
// a time. It refills lazily: nothing is written until something is spent.
type Credit struct {
	Amount uint64
	At     uint64 // header time, Unix seconds
}

// Tariff is the parameters of credit.
type Tariff struct {
	Cap    uint64 // before holdings: 100
	Refill uint64 // a minute, before holdings: 1
}

// Now is the amount at time now, for an account with these holdings.
//
// specs/03 CRED-1: Credit grows by refill x (1 + h) each whole minute up to
// cap x (1 + h), h being the base-two logarithm of the units held, rounded down.
func (c Credit) Now(now uint64, t Tariff, held Holdings) uint64 {
	full := t.Cap * (1 + held.log2())
	if now <= c.At {
		return min(c.Amount, full)
	}
	minutes := (now - c.At) / 60
	hi, gain := bits.Mul64(minutes, t.Refill*(1+held.log2()))
	if sum, carry := bits.Add64(c.Amount, gain, 0); hi == 0 && carry == 0 {
		return min(sum, full)
	}
	return full
}

// Spend takes cost from what there is at time now; ok is false, and nothing is
// taken, when that is less. The seconds of a begun minute are kept.
func (c Credit) Spend(cost, now uint64, t Tariff, held Holdings) (Credit, bool) {
	have := c.Now(now, t, held)
	if have < cost {
		return c, false
	}
	at := c.At
	if now > at {
		at += (now - at) / 60 * 60
	}
	return Credit{Amount: have - cost, At: at}, true
}

// Owe is Spend for what is done whether there is enough or not: what is lacking puts
// the time from which credit grows ahead. owed says that there was less than the cost.
//
// specs/03 CRED-4: what credit lacks MUST be owed: the amount is 0, and its time is
// later by as many whole minutes as it takes to refill what is lacking.
func (c Credit) Owe(cost, now uint64, t Tariff, held Holdings) (left Credit, owed bool) {
	if left, ok := c.Spend(cost, now, t, held); ok {
		return left, false
	}
	lacking, gain := cost-c.Now(now, t, held), max(1, t.Refill*(1+held.log2()))
	at := c.At
	if now > at {
		at += (now - at) / 60 * 60
	}
	return Credit{At: at + (lacking+gain-1)/gain*60}, true
}

// log2 is the base-two logarithm of the units held, rounded down; 0 for none.
func (h Holdings) log2() uint64 {
	sum, c1 := bits.Add64(h.V4, h.V6, 0)
	sum, c2 := bits.Add64(sum, h.AS, 0)
	if c1|c2 != 0 {
		return 63
	}
	if sum == 0 {
		return 0
	}
	return uint64(bits.Len64(sum) - 1)
}
