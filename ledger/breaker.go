package ledger

import (
	"fmt"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

const (
	daySeconds = 24 * 3600
	million    = 1_000_000 // the unit of shares
)

// throttled carries out what a body decided: adjudicators, registrars, members, an
// order or a source statement. If that withdraws more authorisations than the
// breaker has room for today, all of it is taken back, room is set aside, and at is
// the header time at which it is to be done, without asking again (postpone); else
// at is 0 and it is done. What do does must not fail.
//
// specs/23 GOV-30: decisions, orders, source statements and acts of registrars and
// members together withdraw at most the room of a day; what exceeds it waits for
// the first day by which room enough was set aside. An authorisation that is narrowed
// counts as withdrawn. Agreed ends and holders' acts never count.
func (b *block) throttled(do func()) (at uint64) {
	mark, before := b.e.Mark(), len(b.tally.log)
	b.tally.watched = true
	do()
	b.tally.watched = false
	n := b.tally.withdrawn(before)
	if n == 0 {
		return 0
	}
	x, today := b.breaker(), b.now.Time/daySeconds
	if x.take(n, today, b.dayRoom()); x.Day > today {
		b.undo(mark)
		at = x.Day * daySeconds
	}
	b.put(record.BreakerKey, wire.Encode((*record.Breaker)(x)))
	return at
}

// postpone queues what throttled put off. id is what it waits under (specs/07
// DUE-2); sort says to dueDeferred what it is.
func (b *block) postpone(at uint64, id wire.Hash, sort deferredSort, d record.Due) {
	d.Rules, d.Kind, d.Sort = record.Rules, record.DueDeferred, uint64(sort)
	b.write(tree.DueKey(at, record.RankGovern, id), &d)
}

// postponed is when something waits to be done, at the start of a day before until, 0
// where it waits no more: whoever asks for it again takes no room again. It looks at
// the days for which room was set aside.
func (b *block) postponed(id wire.Hash, until uint64) (at uint64) {
	for day := b.now.Time/daySeconds + 1; day <= b.breaker().Day && day*daySeconds < until; day++ {
		if _, ok := b.e.Get(tree.DueKey(day*daySeconds, record.RankGovern, id)); ok {
			return day * daySeconds
		}
	}
	return 0
}

// deferredSort says what waits for the breaker's day. The numbers are on the wire.
type deferredSort uint64

// dueDeferred does what waited for the breaker's day.
func (b *block) dueDeferred(d *record.Due) {
	if deferredSort(d.Sort) == deferAward {
		b.dueAward(d)
		return
	}
	panic(fmt.Errorf("%w: a deferred item of sort %d", ErrCorrupt, d.Sort))
}

// breakerRoom is how far the room of days to come is given out.
type breakerRoom record.Breaker

func (b *block) breaker() *breakerRoom {
	if leaf, ok := b.e.Get(record.BreakerKey); ok {
		return (*breakerRoom)(wire.Own[record.Breaker](leaf.Data))
	}
	return &breakerRoom{Rules: record.Rules}
}

// take sets room aside for n, behind all that was set aside before, with room for
// each day; Day is then the day on which n is done.
func (x *breakerRoom) take(n, today, room uint64) {
	if x.Day < today {
		x.Day, x.Used = today, 0
	}
	days := (x.Used + n - 1) / room
	x.Day, x.Used = x.Day+days, x.Used+n-days*room
}

// dayRoom is how many authorisations bodies' acts may withdraw a day.
//
// specs/23 GOV-31: the room is breaker_share of all authorisations, as counted
// before the ledger block, or breaker_least if that is more.
func (b *block) dayRoom() uint64 {
	return max(share(b.chain.Origins, b.params.BreakerShare), b.params.BreakerLeast, 1)
}

// share is so many millionths of n, rounded down.
func share(n, millionths uint64) uint64 {
	return n/million*millionths + n%million*millionths/million
}
