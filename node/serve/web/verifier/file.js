// The two forms of a proof file, and the trust file (chapter 12): their size, their one
// spelling and the types of their fields, and nothing of what they say.
import { address, bytes, equal, hash, hex, list, read, refuse, struct, u64, unhex } from './wire.js';

const fileMax = 2097152, trustMax = 1024, stepsMax = 8;
const roots = ['state_root', 'log_root'], entry = ['at', 'record'];
const parts = {
  resource: [...roots, 'query', 'proof', 'records'],
  account: [...roots, 'id', 'proof', 'record'],
  act: ['act', 'receipt', 'inclusion'],
  title: [...roots, 'query', 'proof', 'records', 'past'],
  beneath: [...roots, 'query', 'from', 'proof', 'entries'],
  holdings: [...roots, 'id', 'proof', 'record', 'titles', 'estates'],
  authorisation: [...roots, 'query', 'proof', 'records', 'as', 'max_length', 'as_proof', 'as_records'],
};
const step = ['header', 'certificate', 'validators'];
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }), encoder = new TextEncoder();

// canonical reads a JSON file that is written in its one form (PRF-1, PRF-2): the
// keys that shape gives, two spaces a level, one newline at the end.
function canonical(raw, most, shape) {
  if (raw.length > most) refuse('PRF-1', `${raw.length} bytes, at most ${most}`);
  let text, value;
  try {
    text = decoder.decode(raw);
    value = JSON.parse(text);
  } catch { refuse('PRF-2', 'no JSON in UTF-8'); }
  const written = JSON.stringify(shape(value), null, 2).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
  if (`${written}\n` !== text || (text.includes('null') && /null,?$/m.test(text))) refuse('PRF-2', 'it is not written in the one canonical form');
  return value;
}

// pick copies the keys given, in that order; what is missing or further differs
// from what was read.
function pick(from, keys) {
  if (from === null || typeof from !== 'object' || Array.isArray(from)) refuse('PRF-2', 'an object is wanted');
  const out = {};
  for (const k of keys) out[k] = from[k];
  return out;
}

const listed = { records: 'record', as_records: 'record', past: 'record', entries: 'each', titles: 'each', estates: 'each', steps: 'each' };
const digits = ['block', 'header', 'certificate', 'validators', 'proof', 'as_proof', 'record', 'act', 'receipt', 'inclusion'];
const lower = /^[0-9a-f]*$/;
const hashes = ['genesis_hash', 'state_root', 'log_root'], numbers = ['height', 'as', 'max_length'];

// typed checks that a value is what its key takes: a list, digits, a number, text.
function typed(key, v) {
  if (Object.hasOwn(listed, key)) {
    if (!Array.isArray(v)) refuse('PRF-2', 'a list is wanted');
    v.forEach((x) => typed(listed[key], x));
  } else if (key === 'each') for (const k in v) typed(k, v[k]);
  else if (typeof v !== 'string') refuse('PRF-2', 'text is wanted');
  else if (digits.includes(key)) { if (v.length % 2 || !lower.test(v)) refuse('PRF-2', 'lower-case hexadecimal digits are wanted'); }
  else if (hashes.includes(key)) unhex(v, 'PRF-2', 32);
  else if (numbers.includes(key)) decimal(v, 'PRF-2');
  else if (key === 'id') unhex(v.startsWith('0x') ? v.slice(2) : '-', 'PRF-2', 20);
}

// readTrust reads a trust file (PRF-3).
export function readTrust(raw) {
  const t = canonical(raw, trustMax, (v) => pick(v, ['chain_id', 'genesis_hash', 'height', 'header_hash', 'validators_hash']));
  const length = typeof t.chain_id === 'string' ? encoder.encode(t.chain_id).length : 0;
  if (length < 1 || length > 50) refuse('PRF-3', 'no chain id');
  const height = decimal(t.height, 'PRF-3');
  if (height < 1n) refuse('PRF-3', 'no height');
  return { chainID: t.chain_id, genesis: unhex(t.genesis_hash, 'PRF-3', 32), height, header: unhex(t.header_hash, 'PRF-3', 32), set: unhex(t.validators_hash, 'PRF-3', 32) };
}

// decimal reads a number of 64 bits.
export function decimal(text, rule) {
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,19})$/.test(text) || BigInt(text) >= 1n << 64n) refuse(rule, 'no decimal number of 64 bits');
  return BigInt(text);
}

// The binary form (PRF-21): the mark, then one list.
const mark = encoder.encode('ipledger-proof/1\0');
const digitsOf = (field) => (c) => hex(field(c)), raw = digitsOf(bytes), root = digitsOf(hash), decimalOf = (c) => String(u64(c));
const ascii = (c) => String.fromCharCode(...bytes(c)), id = (c) => `0x${hex(address(c))}`; // what is not ASCII is no block's text
const utf8 = (c) => {
  try { return decoder.decode(bytes(c)); } catch { return refuse(c.rule, 'no UTF-8'); }
};
const over = (first, rest) => (c) => { const { first: inner, ...own } = struct({ first, ...rest })(c); return { ...inner, ...own }; };
const twoRoots = struct({ state_root: root, log_root: root }), shown = { query: ascii, proof: raw, records: list(raw) };
const entries = list(struct({ at: ascii, record: raw })), overResource = (rest) => over(over(twoRoots, shown), rest);
const packed = {
  resource: over(twoRoots, shown), account: over(twoRoots, { id, proof: raw, record: raw }), act: struct({ act: raw, receipt: raw, inclusion: raw }),
  title: overResource({ past: list(raw) }), beneath: over(twoRoots, { query: ascii, from: ascii, proof: raw, entries }),
  holdings: over(twoRoots, { id, proof: raw, record: raw, titles: list(struct({ query: ascii, proof: raw, entries })), estates: list(struct(shown)) }),
  authorisation: overResource({ as: decimalOf, max_length: decimalOf, as_proof: raw, as_records: list(raw) }),
};

function readBinary(all) {
  if (all.length > fileMax) refuse('PRF-1', `${all.length} bytes, at most ${fileMax}`);
  let kind;
  const f = read(all.slice(mark.length), struct({
    kind: (c) => { kind = ascii(c); return Object.hasOwn(packed, kind) ? kind : refuse('PRF-21', 'no kind of proof file'); },
    chain_id: utf8, genesis: hash, height: u64, part: (c) => packed[kind](c), block: raw, header: raw, certificate: raw, validators: raw,
    steps: list(struct({ header: raw, certificate: raw, validators: raw }), stepsMax), told: hash,
  }), 'PRF-21', fileMax);
  return { ...f, [kind]: f.part };
}

// readFile reads a proof file's form, either of them, and none of its content.
export function readFile(raw) {
  if (equal(raw.slice(0, mark.length), mark)) return readBinary(raw);
  const f = canonical(raw, fileMax, (v) => {
    const own = v !== null && typeof v === 'object' && Object.hasOwn(parts, v.kind) ? v.kind : refuse('PRF-2', 'no kind of proof file');
    const out = pick(v, ['format', 'kind', 'chain_id', 'genesis_hash', 'height', 'statement', own, 'block', ...step, 'steps']);
    out[own] = pick(out[own], parts[own]);
    const part = out[own], each = (list, keys) => (Array.isArray(list) ? list.map((x) => pick(x, keys)) : refuse('PRF-2', 'a list is wanted'));
    if (own === 'beneath') part.entries = each(part.entries, entry);
    if (own === 'holdings') {
      part.titles = each(part.titles, ['query', 'proof', 'entries']).map((x) => ({ ...x, entries: each(x.entries, entry) }));
      part.estates = each(part.estates, ['query', 'proof', 'records']);
    }
    if (!Array.isArray(out.steps) || out.steps.length > stepsMax) refuse('PRF-2', 'steps are a list of at most 8');
    out.steps = out.steps.map((s) => pick(s, step));
    for (const key in part) typed(key, part[key]);
    for (const key in out) if (key !== own) typed(key, out[key]);
    return out;
  });
  if (f.format !== 'ipledger-proof/1' || typeof f.chain_id !== 'string' || typeof f.statement !== 'string') refuse('PRF-2', 'another format');
  return { ...f, genesis: unhex(f.genesis_hash, 'PRF-2', 32), height: decimal(f.height, 'PRF-2') };
}
