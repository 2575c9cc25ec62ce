// Text as statements have it: resources, times, and quoted bytes (chapters 01, 12).
import { clean, hex } from './wire.js';

// show is the canonical text of a resource (RES-2).
export function show({ family, bits, addr }) {
  if (family === 0) return `${addr.join('.')}/${bits}`;
  if (family === 1) return `${colons(addr)}/${bits}`;
  const first = addr.reduce((n, b) => n * 256 + b, 0);
  return bits === 32 ? `AS${first}` : `AS${first}-AS${first + 2 ** (32 - bits) - 1}`;
}

// colons is RFC 5952: the longest run of two or more zero groups, the first of
// equals, becomes "::".
function colons(addr) {
  const groups = Array.from({ length: 8 }, (_, i) => addr[2 * i] * 256 + addr[2 * i + 1]);
  let from = -1, size = 1;
  for (let i = 0, run = 0; i < 8; i++) {
    run = groups[i] === 0 ? run + 1 : 0;
    if (run > size) { size = run; from = i - run + 1; }
  }
  const text = (list) => list.map((g) => g.toString(16)).join(':');
  return from < 0 ? text(groups) : `${text(groups.slice(0, from))}::${text(groups.slice(from + size))}`;
}

// clock writes Unix seconds, a BigInt, in UTC.
export function clock(seconds) {
  if (seconds > 253402300799n) return `second ${seconds}`;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

// quoted is bytes in double quotes: UTF-8 as it is, what would end or hide the text
// escaped.
export function quoted(raw) {
  let out = '"';
  for (let i = 0; i < raw.length;) {
    const n = sequence(raw, i), b = raw[i];
    if (n === 0 || b < 0x20 || b === 0x7f) out += `\\x${hex([b])}`;
    else if (b === 0x22 || b === 0x5c) out += `\\${String.fromCharCode(b)}`;
    else out += new TextDecoder('utf-8', { ignoreBOM: true }).decode(raw.subarray(i, i + n));
    i += n || 1;
  }
  return `${out}"`;
}

// sequence is how many bytes the UTF-8 character at i has, 0 if there is none.
function sequence(raw, i) {
  const b = raw[i], n = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
  if (n === 0 || i + n > raw.length) return 0;
  for (let k = 1; k < n; k++) if (raw[i + k] >> 6 !== 2) return 0;
  const second = raw[i + 1];
  if ((b === 0xe0 && second < 0xa0) || (b === 0xed && second > 0x9f) || (b === 0xf0 && second < 0x90) || (b === 0xf4 && second > 0x8f)) return 0;
  return n;
}

// parse reads the canonical text of a resource, or gives null.
export function parse(text) {
  const read = /^AS/.test(text) ? numbers(text) : prefix(text);
  return read && clean(read.addr, read.bits) && show(read) === text ? read : null;
}

function numbers(text) {
  const m = /^AS(\d{1,10})(?:-AS(\d{1,10}))?$/.exec(text);
  if (!m) return null;
  const first = Number(m[1]), last = Number(m[2] ?? m[1]), size = Math.log2(last - first + 1);
  if (last > 4294967295 || !Number.isInteger(size)) return null;
  return { family: 2, bits: 32 - size, addr: Uint8Array.of(first >>> 24, first >>> 16, first >>> 8, first) };
}

function prefix(text) {
  const m = /^([0-9a-f.:]{2,39})\/(\d{1,3})$/.exec(text);
  if (!m) return null;
  const addr = m[1].includes(':') ? six(m[1]) : four(m[1]);
  return addr && Number(m[2]) <= addr.length * 8 ? { family: addr.length === 4 ? 0 : 1, bits: Number(m[2]), addr } : null;
}

function four(text) {
  const parts = text.split('.').map(Number);
  return parts.length === 4 && parts.every((p) => Number.isInteger(p) && p <= 255) ? Uint8Array.from(parts) : null;
}

function six(text) {
  const halves = text.split('::').map((h) => (h === '' ? [] : h.split(':').map((g) => parseInt(g, 16))));
  const n = halves.flat().length;
  if (halves.length > 2 || (halves.length === 1 ? n !== 8 : n > 7) || !halves.flat().every((g) => g >= 0 && g <= 0xffff)) return null;
  const groups = halves.length === 1 ? halves[0] : [...halves[0], ...Array(8 - n).fill(0), ...halves[1]];
  return Uint8Array.from(groups.flatMap((g) => [g >> 8, g & 255]));
}
