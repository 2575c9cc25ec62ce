// Proofs of the state tree (chapter 05): a point proof shows every value at a key
// that covers the query, and whether anything stands beneath it; a range proof
// shows that a list is all that stands beneath a key, from another on.
//
// A key is {bits, addr}, addr as wide as its subtree. Both proofs lay a window of
// keys open, from lo to hi in the order of TREE-4.
import { bit, big, clean, equal, join, refuse, starts, sum } from './wire.js';

const subtreeWidth = [32, 128, 32, 160, 256, 256, 256, 328];
export const ACCOUNTS = 3;
const POINT = 1, WHOLE = 2, PAGE = 3, entriesMax = 65536;

// compare is the order of TREE-4: a key comes before all that it covers.
export function compare(a, b) {
  for (let i = 0; i < a.addr.length; i++) if (a.addr[i] !== b.addr[i]) return a.addr[i] - b.addr[i];
  return a.bits - b.bits;
}
const covers = (a, b) => a.bits <= b.bits && starts(a.addr, b.addr, a.bits);

// longer is a key and one bit more.
function longer(k, half) {
  const addr = k.addr.slice();
  if (half) addr[k.bits >> 3] |= 128 >> (k.bits & 7);
  return { bits: k.bits + 1, addr };
}

// last is the last key at or beneath another: ones to the full width.
function last(k, width) {
  const addr = k.addr.slice();
  for (let i = k.bits; i < width; i++) addr[i >> 3] |= 128 >> (i & 7);
  return { bits: width, addr };
}

// after is the key after another: one 0 longer or, at full width, without its
// trailing ones and with its last 0 turned to 1.
export function after(k, width) {
  if (k.bits < width) return longer(k, 0);
  const addr = k.addr.slice();
  let bits = width;
  while (bits > 0 && bit(addr, bits - 1)) { bits--; addr[bits >> 3] &= ~(128 >> (bits & 7)); }
  if (bits > 0) addr[(bits - 1) >> 3] |= 128 >> ((bits - 1) & 7);
  return { bits, addr };
}

// verifyPoint gives {values: [{bits, addr, value}], more} for a key of a subtree
// under a root (TREE-8, TREE-9, TREE-12).
export function verifyPoint(root, subtree, key, proof, rule) {
  const p = open(subtree, proof, 12288, [POINT], rule);
  Object.assign(p, { lo: key, hi: key, under: key, list: null, query: key });
  finish(p, root);
  return { values: p.values, more: p.more };
}

// verifyRange checks that entries [{bits, addr, value}] are all that stands at or
// beneath a key, from another on, as far as they go (TREE-10); it gives whether
// more follows, and where.
export function verifyRange(root, subtree, under, from, entries, proof, rule) {
  const p = open(subtree, proof, 24576, [WHOLE, PAGE], rule), n = entries.length;
  if (n > entriesMax || !covers(under, from) || (p.kind === PAGE && n === 0)) refuse(rule, 'a page that cannot be');
  entries.forEach((e, i) => {
    if (!covers(under, e) || compare(e, from) < 0 || (i > 0 && compare(entries[i - 1], e) >= 0)) refuse(rule, 'an entry is not in its place');
  });
  Object.assign(p, { lo: from, hi: p.kind === PAGE ? entries[n - 1] : last(under, p.width), under, list: entries });
  finish(p, root);
  if (p.more !== (p.kind === PAGE)) refuse(rule, 'the proof says otherwise whether more follows');
  return { more: p.more, next: p.more ? after(entries[n - 1], p.width) : null };
}

// open reads what comes before the nodes of a proof.
function open(subtree, proof, most, kinds, rule) {
  if (proof.length > most || proof.length < 3 || !kinds.includes(proof[0])) refuse(rule, 'no proof of this kind');
  const n = proof[1] * 256 + proof[2], from = 3 + 32 * n;
  if (n < 3 || from > proof.length) refuse(rule, 'a proof without its hashes');
  const hashes = (i) => proof.subarray(3 + 32 * i, 35 + 32 * i);
  return { kind: proof[0], subtree, rule, width: subtreeWidth[subtree], hashes, n, used: 3, bits: proof.subarray(from), at: 0, values: [], more: false };
}

// finish reads the nodes, and demands that nothing is left and the root is right.
function finish(p, root) {
  let h = node(p, { bits: 0, addr: new Uint8Array(Math.ceil(p.width / 8)) }, true);
  if (p.used !== p.n || p.bits.length !== Math.ceil(p.at / 8) || !clean(p.bits, p.at)) refuse(p.rule, 'a proof has something that is not read');
  for (let level = 0; level < 3; level++) { // TREE-6
    const pair = (p.subtree >> level) & 1 ? [p.hashes(level), h] : [h, p.hashes(level)];
    h = sum(0x60, Uint8Array.of(level), ...pair);
  }
  if (!equal(h, root)) refuse(p.rule, 'the proof leads to another root');
}

const nextHash = (p) => { if (p.used >= p.n) refuse(p.rule, 'a hash is missing'); return p.hashes(p.used++); };
const nextBit = (p) => { if (p.at >= p.bits.length * 8) refuse(p.rule, 'a bit is missing'); return bit(p.bits, p.at++); };
const within = (p, k) => compare(k, p.lo) >= 0 && compare(k, p.hi) <= 0;

// hashNode is TREE-5.
function hashNode(p, k, value, children) {
  const tag = 0x50 + (value ? 1 : 0) + (children[0] ? 2 : 0) + (children[1] ? 4 : 0);
  return sum(tag, join(Uint8Array.of(p.subtree), big(2, k.bits), k.addr, ...[value, ...children].filter(Boolean)));
}

// node reads the node at a key and gives its hash.
function node(p, k, isRoot) {
  const value = valueAt(p, k), children = [null, null];
  if (value && p.query && covers(k, p.query)) p.values.push({ ...k, value });
  if (k.bits < p.width) for (const half of [0, 1]) children[half] = child(p, k, longer(k, half), isRoot || value !== null);
  if (!value && !isRoot && !(children[0] && children[1])) refuse(p.rule, 'a node that need not be there');
  return hashNode(p, k, value, children);
}

// valueAt is a node's value: from the list where that holds the key, else from the
// proof.
function valueAt(p, k) {
  if (p.list && within(p, k)) return p.list.find((e) => compare(e, k) === 0)?.value ?? null;
  const there = p.subtree > 2 || k.bits === p.width ? k.bits === p.width : nextBit(p) === 1;
  return there ? nextHash(p) : null;
}

// child is the hash of the child in a half of a node, or null for none.
function child(p, parent, half, optional) {
  const end = last(half, p.width), covered = covers(half, p.query ?? half);
  if (p.list && within(p, half) && within(p, end)) {
    const inside = p.list.filter((e) => covers(half, e));
    return inside.length ? built(p, inside) : null;
  }
  if (optional && nextBit(p) === 0) return null;
  const outside = p.list ? compare(end, p.lo) < 0 || compare(half, p.hi) > 0 : !covered;
  if (outside) {
    follows(p, half);
    return nextHash(p);
  }
  const k = place(p, parent, half);
  follows(p, k);
  return node(p, k, false);
}

// follows notes that something stands beneath what was asked for, after the window.
function follows(p, k) {
  if (k.bits > p.under.bits && covers(p.under, k) && compare(k, p.hi) > 0) p.more = true;
}

// place reads where a child stands that the window meets only in part.
function place(p, parent, half) {
  const guide = compare(half, p.lo) < 0 ? p.lo : p.hi, own = nextBit(p) === 0;
  let zeros = 0;
  while (nextBit(p) === 0) if (++zeros > 9) refuse(p.rule, 'a length is too long');
  let step = 1;
  for (let i = 0; i < zeros; i++) step = step * 2 + nextBit(p);
  const k = { bits: parent.bits + step, addr: half.addr.slice() };
  if (k.bits > p.width) refuse(p.rule, 'a child is longer than its subtree is wide');
  for (let i = half.bits; i < k.bits; i++) {
    const v = own ? (i < guide.bits ? bit(guide.addr, i) : 0) : nextBit(p);
    if (v) k.addr[i >> 3] |= 128 >> (i & 7);
  }
  if (own !== covers(k, guide)) refuse(p.rule, 'a child is not placed as it says');
  return k;
}

// built is the hash of the tree of listed entries alone (TREE-7).
function built(p, list) {
  const first = list[0].addr, end = list[list.length - 1];
  let bits = Math.min(list[0].bits, end.bits);
  while (!starts(first, end.addr, bits)) bits--;
  const k = { bits, addr: first.slice() };
  for (let i = bits; i < p.width; i++) k.addr[i >> 3] &= ~(128 >> (i & 7));
  const value = list[0].bits === bits ? list[0].value : null, rest = value ? list.slice(1) : list;
  const children = [0, 1].map((half) => { const part = rest.filter((e) => bit(e.addr, bits) === half); return part.length ? built(p, part) : null; });
  return hashNode(p, k, value, children);
}
