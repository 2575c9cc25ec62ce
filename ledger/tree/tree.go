// Package tree is the authenticated map of everything the ledger decides on:
// what is held, its root, and proof of it.
//
// It implements specs/05. The map has eight subtrees, each a binary prefix
// tree over keys that are not hashed: a node IS a prefix, so the path to an
// address IS its chain of delegations, and one proof shows every value that
// covers a key, the value at the key, and whether anything lies beneath it. A
// State is a value: an Editor makes a new one and leaves the old one readable.
//
// It does not know what data mean, how a value is made of them (specs/14), or
// where anything is stored.
package tree

import "errors"

// ErrKey reports bytes that are no key, or a key that cannot hold a value.
var ErrKey = errors.New("tree: not a key")

// ErrOrder reports leaves that do not ascend strictly by key.
var ErrOrder = errors.New("tree: keys do not ascend")

// ErrSize reports a proof, chunk or list beyond its named bound (TREE-12).
var ErrSize = errors.New("tree: too large")

// ErrProof reports a proof that is not the one proof of its question, or that
// does not lead to the root. Ask another source: this one is broken or lies.
var ErrProof = errors.New("tree: proof refused")

// DataBytesMax bounds the data of one leaf: the largest record is evidence of
// 64 KiB with what surrounds it; eight times that leaves room for rules to come
// and lets any leaf travel in one chunk.
const DataBytesMax = 512 << 10
