// Bytes: hexadecimal text, tagged hashes, and the one encoding of chapter 02.
// A reader here accepts exactly the bytes that a writer would make (WIRE-1): it
// refuses every other spelling as it goes, so nothing has to be written again.
import { sha256 } from '@noble/hashes/sha2.js';

// Refused is what every check throws: the rule, and what was met.
export class Refused extends Error {
  constructor(rule, what) { super(`${rule}: ${what}`); this.rule = rule; }
}
export const refuse = (rule, what) => { throw new Refused(rule, what); };

// pairs has the two digits of each byte; digit has the value of each digit by its code.
const pairs = Array.from({ length: 256 }, (_, b) => b.toString(16).padStart(2, '0'));
const digit = new Int8Array(128).fill(-1);
[...'0123456789abcdef'].forEach((c, i) => { digit[c.charCodeAt(0)] = i; });

export const hex = (raw) => { let s = ''; for (let i = 0; i < raw.length; i++) s += pairs[raw[i]]; return s; };

// unhex reads lower-case digits, of n bytes where n is given.
export function unhex(text, rule, n) {
  const wrong = () => refuse(rule, 'not the lower-case hexadecimal digits that are wanted');
  if (typeof text !== 'string' || text.length % 2 || (n !== undefined && text.length !== 2 * n)) wrong();
  const raw = new Uint8Array(text.length / 2);
  for (let i = 0; i < raw.length; i++) {
    const high = digit[text.charCodeAt(2 * i)], low = digit[text.charCodeAt(2 * i + 1)]; // undefined beyond 127
    if (!(high >= 0 && low >= 0)) wrong();
    raw[i] = high * 16 + low;
  }
  return raw;
}

export function join(...parts) {
  let n = 0;
  for (const p of parts) n += p.length;
  const raw = new Uint8Array(n);
  n = 0;
  for (const p of parts) { raw.set(p, n); n += p.length; }
  return raw;
}
export function equal(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
export function zero(raw) {
  for (let i = 0; i < raw.length; i++) if (raw[i]) return false;
  return true;
}

// sum is SHA-256 of a tag and the parts behind it (WIRE-3).
export const sum = (tag, ...parts) => sha256(join(Uint8Array.of(tag), ...parts));
export const plain = (...parts) => sha256(join(...parts));

// big is an unsigned number of n bytes, the most significant first.
export function big(n, value) {
  const raw = new Uint8Array(n);
  for (let v = BigInt(value), i = n - 1; i >= 0; i--, v >>= 8n) raw[i] = Number(v & 255n);
  return raw;
}

// cursor stands in bytes that are read from front to back.
const cursor = (raw, rule) => ({ raw, rule, at: 0, end: raw.length });

// take reads one item's head and gives its content; kind is 0x80 for a string
// and 0xc0 for a list.
function take(c, kind) {
  if (c.at >= c.end) refuse(c.rule, 'bytes are missing');
  const head = c.raw[c.at];
  if (kind === 0x80 && head < 0x80) { c.at++; return [c.at - 1, c.at]; }
  if (head < kind || (kind === 0x80 && head >= 0xc0)) refuse(c.rule, kind === 0x80 ? 'a string is wanted' : 'a list is wanted');
  let size = head - kind, from = c.at + 1;
  if (size > 55) {
    const digits = size - 55;
    if (from + digits > c.end || c.raw[from] === 0 || digits > 4) refuse(c.rule, 'a length is not in its one form');
    size = 0;
    for (let i = 0; i < digits; i++) size = size * 256 + c.raw[from + i];
    from += digits;
    if (size <= 55) refuse(c.rule, 'a length is longer than it need be');
  }
  if (from + size > c.end) refuse(c.rule, 'content ends behind its list');
  if (kind === 0x80 && size === 1 && c.raw[from] < 0x80) refuse(c.rule, 'a small byte stands behind a head');
  c.at = from + size;
  return [from, from + size];
}

// The fields that records are made of. Each is a function of a cursor.
export const bytes = (c) => { const [a, b] = take(c, 0x80); return c.raw.slice(a, b); };
export const number = (most) => (c) => {
  const raw = bytes(c);
  if (raw.length > 8 || raw[0] === 0) refuse(c.rule, 'a number is not in its one form');
  let v = 0n;
  for (const b of raw) v = (v << 8n) | BigInt(b);
  if (v > most) refuse(c.rule, `${v} is more than ${most}`);
  return v;
};
export const u64 = number((1n << 64n) - 1n);
export const u8 = (c) => Number(number(255n)(c));
export const flag = (c) => number(1n)(c) === 1n;
export const fixed = (n) => (c) => { const raw = bytes(c); if (raw.length !== n) refuse(c.rule, `${raw.length} bytes, ${n} wanted`); return raw; };
export const hash = fixed(32), address = fixed(20);
export const resource = (c) => checkResource(bytes(c), c.rule);
export const list = (field, most = Infinity, least = 0) => (c) => inside(c, () => {
  const out = [];
  while (c.at < c.end) out.push(field(c));
  if (out.length > most || out.length < least) refuse(c.rule, `a list of ${out.length}`);
  return out;
});

// struct is a list of named fields, all there and in order.
export const struct = (fields) => (c) => inside(c, () => {
  const out = {};
  for (const name in fields) out[name] = fields[name](c);
  return out;
});

function inside(c, read) {
  const end = c.end, [from, to] = take(c, 0xc0);
  [c.at, c.end] = [from, to];
  const out = read();
  if (c.at !== c.end) refuse(c.rule, 'fields are too many');
  [c.at, c.end] = [to, end];
  return out;
}

// read reads all of raw, at most so many bytes, by a field; rule is what a fault
// is reported under.
export function read(raw, field, rule, most) {
  if (raw.length > most) refuse(rule, `${raw.length} bytes, at most ${most}`);
  const c = cursor(raw, rule), out = field(c);
  if (c.at !== c.end) refuse(rule, 'bytes follow the end');
  return out;
}

// A resource is {family, bits, addr}: addr has the family's width, zeros behind
// its length (WIRE-4). Families: 0 IPv4, 1 IPv6, 2 AS numbers.
export const widths = [32, 128, 32];

function checkResource(raw, rule) {
  const [family, bits] = raw;
  if (raw.length < 2 || family > 2 || bits > widths[family] || raw.length !== 2 + Math.ceil(bits / 8)) refuse(rule, 'no resource');
  const addr = new Uint8Array(widths[family] / 8);
  addr.set(raw.subarray(2));
  if (!clean(addr, bits)) refuse(rule, 'a resource has bits behind its length');
  return { family, bits, addr };
}

export const bit = (addr, i) => (addr[i >> 3] >> (7 - (i & 7))) & 1;

// clean reports whether no bit from n on is set.
export function clean(addr, n) {
  for (let i = n; i < addr.length * 8; i++) if (bit(addr, i)) return false;
  return true;
}

// starts reports whether the first n bits of two addresses are the same.
export function starts(a, b, n) {
  for (let i = 0; i < n; i++) if (bit(a, i) !== bit(b, i)) return false;
  return true;
}
export const covers = (a, b) => a.family === b.family && a.bits <= b.bits && starts(a.addr, b.addr, a.bits);
export const overlaps = (a, b) => covers(a, b) || covers(b, a);
