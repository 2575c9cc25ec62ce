// Proofs of the state tree (chapter 05): a point proof shows every value at a key
// that covers the query, and whether anything stands beneath it.
import { bit, big, clean, equal, join, refuse, starts, sum } from './wire.js';

const subtreeWidth = [32, 128, 32, 160, 256, 256, 256, 328];
export const ACCOUNTS = 3;

// verifyPoint gives {values: [{bits, value}], more} for the key {subtree, bits,
// addr} under a root (TREE-8, TREE-9, TREE-12).
export function verifyPoint(root, key, proof, rule) {
  if (proof.length > 12288 || proof.length < 3 || proof[0] !== 1) refuse(rule, 'no point proof');
  const n = proof[1] * 256 + proof[2], from = 3 + 32 * n;
  if (n < 3 || from > proof.length) refuse(rule, 'a point proof without its hashes');
  const hashes = (i) => proof.subarray(3 + 32 * i, 35 + 32 * i);
  const p = { key, rule, width: subtreeWidth[key.subtree], hashes, n, used: 3, bits: proof.subarray(from), at: 0, values: [], more: false };
  const top = climb(key.subtree, node(p, new Uint8Array(p.width / 8), 0, true), hashes);
  if (p.used !== n || p.bits.length !== Math.ceil(p.at / 8) || !clean(p.bits, p.at)) refuse(rule, 'a proof has something that is not read');
  if (!equal(top, root)) refuse(rule, 'the proof leads to another root');
  return { values: p.values, more: p.more };
}

// climb goes from a subtree's root to the state's (TREE-6).
function climb(subtree, h, sibling) {
  for (let level = 0; level < 3; level++) {
    const pair = (subtree >> level) & 1 ? [sibling(level), h] : [h, sibling(level)];
    h = sum(0x60, Uint8Array.of(level), ...pair);
  }
  return h;
}

const nextHash = (p) => { if (p.used >= p.n) refuse(p.rule, 'a hash is missing'); return p.hashes(p.used++); };
const nextBit = (p) => { if (p.at >= p.bits.length * 8) refuse(p.rule, 'a bit is missing'); return bit(p.bits, p.at++); };

// node reads the node at a key that covers the query or was placed, and gives its
// hash (TREE-5).
function node(p, addr, bits, isRoot) {
  const full = bits === p.width;
  const onPath = bits <= p.key.bits && starts(addr, p.key.addr, bits);
  const listed = p.key.subtree > 2 || full ? full : nextBit(p) === 1;
  const value = listed ? nextHash(p) : null;
  if (value && onPath) p.values.push({ bits, addr, value });
  const children = [null, null];
  if (!full) for (const half of [0, 1]) children[half] = child(p, addr, bits, half, isRoot || listed);
  if (!value && !isRoot && !(children[0] && children[1])) refuse(p.rule, 'a node that need not be there');
  const tag = 0x50 + (value ? 1 : 0) + (children[0] ? 2 : 0) + (children[1] ? 4 : 0);
  return sum(tag, join(Uint8Array.of(p.key.subtree), big(2, bits), addr, ...[value, ...children].filter(Boolean)));
}

// child is the hash of the child in a half of a node, or null for none. A point's
// window is one key: a half is across if it covers the query, else outside.
function child(p, addr, bits, half, optional) {
  const across = bits < p.key.bits && starts(addr, p.key.addr, bits) && bit(p.key.addr, bits) === half;
  const after = comesAfter(p, addr, bits, half);
  if (optional && nextBit(p) === 0) return null;
  if (!across) {
    if (after) p.more = true;
    return nextHash(p);
  }
  const at = place(p, addr, bits, half);
  const beneath = at.bits > p.key.bits && starts(at.addr, p.key.addr, p.key.bits);
  if (beneath) p.more = true;
  return node(p, at.addr, at.bits, false);
}

// comesAfter reports whether a half that is outside lies beneath the query.
const comesAfter = (p, addr, bits, _half) => bits >= p.key.bits && starts(addr, p.key.addr, p.key.bits);

// place reads where a child stands whose half covers the query.
function place(p, parent, bits, half) {
  const own = nextBit(p) === 0;
  let zeros = 0;
  while (nextBit(p) === 0) if (++zeros > 9) refuse(p.rule, 'a length is too long');
  let step = 1;
  for (let i = 0; i < zeros; i++) step = step * 2 + nextBit(p);
  const length = bits + step;
  if (length > p.width) refuse(p.rule, 'a child is longer than its subtree is wide');
  const addr = parent.slice();
  const set = (i, v) => { if (v) addr[i >> 3] |= 128 >> (i & 7); else addr[i >> 3] &= ~(128 >> (i & 7)); };
  set(bits, half);
  for (let i = bits + 1; i < length; i++) set(i, own ? (i < p.key.bits ? bit(p.key.addr, i) : 0) : nextBit(p));
  const on = length <= p.key.bits && starts(addr, p.key.addr, length);
  if (own !== on) refuse(p.rule, 'a child is not placed as it says');
  return { addr, bits: length };
}
