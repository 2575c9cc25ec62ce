// What the validators sign: headers, validator sets, certificates, and proofs
// of inclusion (chapter 06).
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { big, bytes, equal, fixed, hash, join, list, number, plain, read, refuse, struct, u64, zero } from './wire.js';

const year1 = -62135596800n, year9999 = 253402300799n, two64 = 1n << 64n;
const time = struct({ seconds: u64, nanos: u64 });
const blockID = struct({ hash, parts: u64, root: hash });
const headerFields = {
  version: struct({ block: u64, app: u64 }), chainID: bytes, height: u64, time, last: blockID, lastCommit: hash, data: hash,
  validators: hash, nextValidators: hash, consensus: hash, app: hash, lastResults: hash, evidence: hash, proposer: fixed(20),
};
const validator = struct({ alg: u64, key: hash, power: u64 });
const slot = struct({ flag: u64, time, signature: bytes });
const certificate = struct({ height: u64, round: u64, block: blockID, slots: list(slot) });

// Protobuf, as far as hashes and signatures need it.
function varint(v) {
  const out = [];
  for (; v > Number.MAX_SAFE_INTEGER; v >>= 7n) out.push(Number(v & 127n) | 128);
  let n = Number(v);
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
  return Uint8Array.from(out);
}
const nothing = new Uint8Array(0);
const pNumber = (field, v) => (BigInt(v) === 0n ? nothing : join(Uint8Array.of(field * 8), varint(v)));
const pMessage = (field, raw) => join(Uint8Array.of(field * 8 + 2), varint(raw.length), raw);
const pBytes = (field, raw) => (raw.length ? pMessage(field, raw) : nothing);
const pFixed = (field, v) => (BigInt(v) === 0n ? nothing : join(Uint8Array.of(field * 8 + 1), big(8, v).reverse()));
const pTime = (t) => join(pNumber(1, t.seconds), pNumber(2, t.nanos));
const noBlock = (b) => zero(b.hash) && b.parts === 0n && zero(b.root);
const pBlock = (b) => noBlock(b) ? Uint8Array.of(0x12, 0) : join(pBytes(1, b.hash), pMessage(2, join(pNumber(1, b.parts), pBytes(2, b.root))));

// listHash is the Merkle tree hash of RFC 6962 (CHAIN-13).
export function listHash(leaves) {
  if (leaves.length === 0) return sha256(nothing);
  if (leaves.length === 1) return leafHash(leaves[0]);
  const k = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return parent(listHash(leaves.slice(0, k)), listHash(leaves.slice(k)));
}
export const leafHash = (leaf) => plain(Uint8Array.of(0), leaf);
const parent = (l, r) => plain(Uint8Array.of(1), l, r);

const named = (b) => !zero(b.hash) && !zero(b.root) && b.parts >= 1n;

// decodeHeader reads a header and checks CHAIN-1 and CHAIN-4; it gives the
// header with its hash (CHAIN-2).
export function decodeHeader(raw, rule) {
  const h = read(raw, struct(headerFields), rule, 512);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let id;
  try { id = text.decode(h.chainID); } catch { refuse(rule, 'the chain id is not UTF-8'); }
  if (h.version.block !== 11n || h.chainID.length < 1 || h.chainID.length > 50 || h.height < 1n || h.height >= 1n << 63n ||
    h.time.seconds > year9999 || h.time.nanos > 999999999n || !(named(h.last) || noBlock(h.last))) refuse(rule, 'a header is out of its bounds');
  const leaves = [
    join(pNumber(1, h.version.block), pNumber(2, h.version.app)), pBytes(1, h.chainID), pNumber(1, h.height), pTime(h.time), pBlock(h.last),
    ...[h.lastCommit, h.data, h.validators, h.nextValidators, h.consensus, h.app, h.lastResults, h.evidence, h.proposer].map((x) => pBytes(1, x)),
  ];
  return { ...h, id, hash: listHash(leaves) };
}

// decodeSet reads a validator set and checks CHAIN-5; it gives the validators
// and their hash (CHAIN-6).
export function decodeSet(raw, rule) {
  const set = read(raw, list(validator, 200, 1), rule, 8808);
  let total = 0n;
  for (let i = 0; i < set.length; i++) {
    const v = set[i];
    v.address = sha256(v.key).slice(0, 20);
    total += v.power;
    if (v.alg !== 1n || v.power < 1n || (i > 0 && !ordered(set[i - 1], v))) refuse(rule, 'a validator set is out of order or of another kind');
  }
  if (new Set(set.map((v) => v.key.join())).size !== set.length || total >= 1n << 60n) refuse(rule, 'a validator set has a key twice, or too much power');
  const hashed = listHash(set.map((v) => join(pMessage(1, pBytes(1, v.key)), pNumber(2, v.power))));
  return { list: set, total, hash: hashed };
}
function ordered(a, b) {
  if (a.power !== b.power) return a.power > b.power;
  for (let i = 0; i < 20; i++) if (a.address[i] !== b.address[i]) return a.address[i] < b.address[i];
  return true; // one address twice is one key twice
}

// decodeCertificate reads a certificate and checks CHAIN-7.
export function decodeCertificate(raw, rule) {
  const c = read(raw, certificate, rule, 16928);
  if (c.height < 1n || c.height >= 1n << 63n || c.round >= 1n << 31n || !named(c.block) || c.slots.length < 1 || c.slots.length > 200) refuse(rule, 'a certificate is out of its bounds');
  for (const s of c.slots) {
    const t = s.time.seconds >= 1n << 63n ? s.time.seconds - two64 : s.time.seconds;
    const absent = s.flag === 1n && s.time.seconds === 0n && s.time.nanos === 0n && s.signature.length === 0;
    const voted = (s.flag === 2n || s.flag === 3n) && s.signature.length === 64 && t >= year1 && t <= year9999 && s.time.nanos <= 999999999n;
    if (!absent && !voted) refuse(rule, 'a slot is neither absent nor a vote');
  }
  return c;
}

// signBytes is what a validator signs (CHAIN-9).
function signBytes(chainID, c, s) {
  const vote = join(pNumber(1, 2), pFixed(2, c.height), pFixed(3, c.round), s.flag === 2n ? pMessage(4, pBlock(c.block)) : nothing,
    pMessage(5, pTime(s.time)), pBytes(6, chainID));
  return join(varint(vote.length), vote);
}

function good(signature, message, key) {
  try { return ed25519.verify(signature, message, key, { zip215: true }); } catch { return false; }
}

const twoThirds = (part, all) => 3n * part > 2n * all;

// verify checks that a set made a header final (CHAIN-8 to CHAIN-11). It gives
// the number of validators that voted for the block.
export function verify(id, set, h, c, rule) {
  if (h.id !== id || !equal(h.validators, set.hash) || c.height !== h.height || !equal(c.block.hash, h.hash) || c.slots.length !== set.list.length) {
    refuse(rule, 'header, set and certificate do not belong together');
  }
  let power = 0n, votes = 0;
  c.slots.forEach((s, i) => {
    if (s.flag === 1n) return;
    if (!good(s.signature, signBytes(h.chainID, c, s), set.list[i].key)) refuse(rule, `the signature of validator ${i} does not verify`);
    if (s.flag === 2n) { power += set.list[i].power; votes++; }
  });
  if (!twoThirds(power, set.total)) refuse(rule, `validators of power ${power} of ${set.total} voted for it`);
  return votes;
}

// trusting checks the second half of CHAIN-12: those of a trusted set who voted
// for the block have more than two thirds of its power.
export function trusting(trusted, set, c, rule) {
  let power = 0n;
  c.slots.forEach((s, i) => {
    const known = s.flag === 2n && trusted.list.find((v) => equal(v.key, set.list[i].key));
    if (known) power += known.power;
  });
  if (!twoThirds(power, trusted.total)) refuse(rule, `validators of power ${power} of ${trusted.total} in the trusted set voted for it`);
}

// least is the smallest number of leaves of which a leaf has the same path as of size
// (PRF-12): no root says how many it is over.
function least(index, size) {
  let sum = 0n;
  while (size > 1n) {
    let left = 1n;
    while (left * 2n < size) left *= 2n;
    if (index < left) return sum + left + 1n;
    [sum, index, size] = [sum + left, index - left, size - left];
  }
  return sum + 1n;
}

// included checks an inclusion proof (CHAIN-16) and gives the leaf's index.
export function included(raw, leaf, root, rule) {
  const p = read(raw, struct({ index: u64, size: number((1n << 63n) - 1n), path: list(hash, 64) }), rule, 2144);
  if (p.index >= p.size) refuse(rule, 'an index behind the end');
  const climb = (index, size, n) => {
    if (size === 1n) { if (n !== 0) refuse(rule, 'a path is too long'); return leafHash(leaf); }
    if (n === 0) refuse(rule, 'a path is too short');
    let k = 1n;
    while (k * 2n < size) k *= 2n;
    const last = p.path[n - 1];
    return index < k ? parent(climb(index, k, n - 1), last) : parent(last, climb(index - k, size - k, n - 1));
  };
  if (!equal(climb(p.index, p.size, p.path.length), root)) refuse(rule, 'the inclusion proof leads to another root');
  if (p.size !== least(p.index, p.size)) refuse(rule, 'a smaller size has the same path');
  return p.index;
}

// result is what a receipt is hashed as (CHAIN-15).
export const result = (code, data) => join(pNumber(1, code), pBytes(2, data));
