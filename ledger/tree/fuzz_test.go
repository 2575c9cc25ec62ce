package tree

import (
	"bytes"
	"math/rand"
	"testing"
)

// The fuzz targets hold a state against bytes from anyone: what is accepted is
// what the state itself would have written.

func FuzzVerifyPoint_TREE9(f *testing.F) {
	r := rand.New(rand.NewSource(18))
	s, o := randomState(f, r, 60)
	for range 30 {
		q := randomQuery(r)
		if r.Intn(2) == 0 {
			q = o.any(r)
		}
		f.Add(q.Bytes(), s.Prove(q))
	}
	f.Fuzz(func(t *testing.T, key, raw []byte) {
		q, err := ParseKey(key)
		if err != nil {
			return
		}
		if p, err := VerifyPoint(s.Root(), q, raw); err == nil && (!bytes.Equal(raw, s.Prove(q)) || !samePoint(p, o.point(q))) {
			t.Fatalf("%v: accepted %x as %+v", q, raw, p)
		}
	})
}

func FuzzVerifyRange_TREE10(f *testing.F) {
	r := rand.New(rand.NewSource(19))
	s, o := randomState(f, r, 60)
	for range 30 {
		under := o.any(r)
		under = under.cut(r.Intn(int(under.Len) + 1))
		limit := 1 + r.Intn(5)
		_, raw := s.ProveRange(under, under, limit)
		f.Add(under.Bytes(), under.Bytes(), byte(limit), raw)
	}
	f.Fuzz(func(t *testing.T, asked, start []byte, limit byte, raw []byte) {
		under, err := ParseKey(asked)
		if err != nil {
			return
		}
		from, err := ParseKey(start)
		if err != nil || !under.Covers(from) {
			return
		}
		leaves, want := s.ProveRange(under, from, int(limit))
		if _, err := VerifyRange(s.Root(), under, from, pairs(leaves), raw); (err == nil) != bytes.Equal(raw, want) {
			t.Fatalf("%v from %v: %x: %v", under, from, raw, err)
		}
	})
}

func FuzzOpenChunk_TREE11(f *testing.F) {
	s := valued(f, rand.New(rand.NewSource(20)), 60, 20)
	for _, raw := range chunks(s) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := OpenChunk(s.Root(), raw, valueOf)
		if err != nil {
			return
		}
		// A chunk may be shorter than those that the state cuts, never other.
		next, more := c.Next()
		want := collect(s, RootKey(c.From.Subtree), c.From)
		if len(c.Leaves) > len(want) || !equalLeaves(c.Leaves, want[:len(c.Leaves)]) {
			t.Fatalf("chunk from %v lies", c.From)
		}
		if end := len(c.Leaves) == len(want); end == (more && next.Subtree == c.From.Subtree) {
			t.Fatalf("chunk from %v goes on at %v, %v", c.From, next, more)
		}
	})
}
