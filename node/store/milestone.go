package store

import (
	"slices"
	"sync"

	"ipledger/ledger/tree"
)

const (
	// milestoneChanges is how many changes lie between two milestones: half a
	// second's work to take back.
	milestoneChanges = 1 << 16
	// MilestonesMax bounds the milestones, each of which keeps in memory what has
	// changed since: together at most as much as UndoneMax changes replaced.
	MilestonesMax = UndoneMax/milestoneChanges + 1
)

// milestone is a state of the past, checked against its root.
type milestone struct {
	height uint64
	state  tree.State
}

// milestones are states of the past that the way back to an older one begins at.
// They are in memory alone: after a start the first way back lays them anew.
type milestones struct {
	mu    sync.Mutex
	all   []milestone // ascending, at most MilestonesMax
	since int         // changes after the last
}

// passed notes a block that was committed with so many changes; every so many
// there is a milestone.
func (m *milestones) passed(at milestone, changes, every int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.since += changes; m.since >= every {
		m.since = 0
		m.insert(at)
	}
}

// lay adds a state that a way back came through.
func (m *milestones) lay(at milestone) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.insert(at)
}

// insert must be called under mu. Beyond the bound the oldest goes.
func (m *milestones) insert(at milestone) {
	i, known := slices.BinarySearchFunc(m.all, at.height, byHeight)
	if known {
		return
	}
	m.all = slices.Insert(m.all, i, at)
	if len(m.all) > MilestonesMax {
		m.all = slices.Delete(m.all, 0, 1)
	}
}

// over is the lowest milestone at or above height, or else head.
func (m *milestones) over(height uint64, head milestone) milestone {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, _ := slices.BinarySearchFunc(m.all, height, byHeight)
	if i == len(m.all) || m.all[i].height > head.height {
		return head
	}
	return m.all[i]
}

// cut forgets what lies above the height that a rollback went to.
func (m *milestones) cut(height uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = slices.DeleteFunc(m.all, func(at milestone) bool { return at.height > height })
	m.since = 0
}

func byHeight(m milestone, height uint64) int {
	switch {
	case m.height < height:
		return -1
	case m.height > height:
		return 1
	}
	return 0
}
