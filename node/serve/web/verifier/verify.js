// Proof files, checked offline (chapter 12): a second implementation, written from
// the chapters and not from the first one's code. It shares nothing with a node.
//
//   import { verify } from './verify.js';
//   const { statement } = verify(proofFileBytes, trustFileBytes); // throws Refused
//
// It takes the bytes of both files and gives {kind, height, time, statement,
// basis}. It reads no clock and no network.
import { readAct } from './act.js';
import { evaluate, tell, tellAccount, tellAct } from './answer.js';
import { decodeCertificate, decodeHeader, decodeSet, included, result, trusting, verify as final } from './chain.js';
import { readAccount, readFolio, readReceipt } from './record.js';
import { parse } from './text.js';
import { ACCOUNTS, verifyPoint } from './tree.js';
import { equal, hex, refuse, sum, unhex } from './wire.js';

const fileMax = 2097152, trustMax = 1024, stepsMax = 8, stepSeconds = 1209600n;
const parts = {
  resource: ['state_root', 'log_root', 'query', 'proof', 'records'],
  account: ['state_root', 'log_root', 'id', 'proof', 'record'],
  act: ['act', 'receipt', 'inclusion'],
};
const step = ['header', 'certificate', 'validators'];

// verify checks all of a proof file against a trust file.
export function verify(proof, trust) {
  const t = readTrust(trust), f = readFile(proof), c = certified(f);
  const statement = contents[f.kind](f, c);
  if (statement !== f.statement) refuse('PRF-13', 'the statement is not what the content says');
  trusted(f, c, t);
  return {
    kind: f.kind, height: c.block.height, time: c.block.time.seconds, statement,
    basis: `${c.votes} of ${c.set.list.length} validators signed header ${c.next.height}; the trust file leads to this set of validators`,
  };
}

// canonical reads a JSON file that is written in its one form (PRF-1, PRF-2): the
// keys that shape gives, two spaces a level, one newline at the end.
function canonical(raw, most, shape) {
  if (raw.length > most) refuse('PRF-1', `${raw.length} bytes, at most ${most}`);
  let text, value;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    value = JSON.parse(text);
  } catch { refuse('PRF-2', 'no JSON in UTF-8'); }
  const written = JSON.stringify(shape(value), null, 2).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
  if (`${written}\n` !== text) refuse('PRF-2', 'it is not written in the one canonical form');
  return value;
}

// pick copies the keys given, in that order; what is missing or further differs
// from what was read.
function pick(from, keys) {
  if (from === null || typeof from !== 'object' || Array.isArray(from)) refuse('PRF-2', 'an object is wanted');
  return Object.fromEntries(keys.map((k) => [k, from[k]]));
}

function readTrust(raw) {
  const t = canonical(raw, trustMax, (v) => pick(v, ['chain_id', 'genesis_hash', 'height', 'header_hash', 'validators_hash']));
  const length = typeof t.chain_id === 'string' ? new TextEncoder().encode(t.chain_id).length : 0;
  if (length < 1 || length > 50) refuse('PRF-3', 'no chain id');
  const height = decimal(t.height, 'PRF-3');
  if (height < 1n) refuse('PRF-3', 'no height');
  return { chainID: t.chain_id, genesis: unhex(t.genesis_hash, 'PRF-3', 32), height, header: unhex(t.header_hash, 'PRF-3', 32), set: unhex(t.validators_hash, 'PRF-3', 32) };
}

function decimal(text, rule) {
  if (typeof text !== 'string' || !/^(0|[1-9][0-9]{0,19})$/.test(text) || BigInt(text) >= 1n << 64n) refuse(rule, 'no decimal number of 64 bits');
  return BigInt(text);
}

// readFile reads a proof file's form, and none of its content.
function readFile(raw) {
  const f = canonical(raw, fileMax, (v) => {
    const own = v !== null && typeof v === 'object' && Object.hasOwn(parts, v.kind) ? v.kind : refuse('PRF-2', 'no kind of proof file');
    const out = pick(v, ['format', 'kind', 'chain_id', 'genesis_hash', 'height', 'statement', own, 'block', ...step, 'steps']);
    out[own] = pick(out[own], parts[own]);
    if (!Array.isArray(out.steps) || out.steps.length > stepsMax) refuse('PRF-2', 'steps are a list of at most 8');
    out.steps = out.steps.map((s) => pick(s, step));
    return out;
  });
  if (f.format !== 'ipledger-proof/1' || typeof f.chain_id !== 'string' || typeof f.statement !== 'string') refuse('PRF-2', 'another format');
  return { ...f, genesis: unhex(f.genesis_hash, 'PRF-2', 32), height: decimal(f.height, 'PRF-2') };
}

// hop reads a header with its certificate and its set.
const hop = (s, rule) => ({
  header: decodeHeader(unhex(s.header, rule), rule), cert: decodeCertificate(unhex(s.certificate, rule), rule), set: decodeSet(unhex(s.validators, rule), rule),
});

// certified keeps PRF-4 and PRF-5.
function certified(f) {
  const block = decodeHeader(unhex(f.block, 'PRF-5'), 'PRF-5'), { header: next, cert, set } = hop(f, 'PRF-4');
  const votes = final(next.id, set, next, cert, 'PRF-4');
  if (block.id !== next.id || block.height + 1n !== next.height || !equal(block.hash, next.last.hash)) refuse('PRF-5', 'the block is not the one before the header');
  if (f.chain_id !== next.id || f.height !== block.height) refuse('PRF-5', 'the file names another block');
  return { block, next, cert, set, votes, now: block.time.seconds };
}

// trusted keeps PRF-6 to PRF-8: it walks from the trusted set to the file's.
function trusted(f, c, t) {
  if (f.chain_id !== t.chainID || !equal(f.genesis, t.genesis)) refuse('PRF-6', 'the file is of another chain than the trust file');
  pinned(c.block, t);
  const hops = [...f.steps.map((s) => hop(s, 'PRF-7')), { header: c.next, cert: c.cert, set: c.set }];
  if (!equal(hops[0].set.hash, t.set)) refuse('PRF-6', 'the first set is not the trust file\'s');
  hops.forEach((h, i) => {
    pinned(h.header, t);
    if (i + 1 === hops.length) return; // verified already
    final(t.chainID, h.set, h.header, h.cert, 'PRF-7');
    leads(h, hops[i + 1]);
  });
}

function pinned(header, t) {
  if (header.height === t.height && !equal(header.hash, t.header)) refuse('PRF-8', 'the header at the trust file\'s height is another');
}

function leads(from, to) {
  const gap = to.header.time.seconds - from.header.time.seconds;
  if (to.header.height <= from.header.height || gap < 0n || gap > stepSeconds) refuse('PRF-7', 'no step of at most 14 days ahead');
  if (to.header.height === from.header.height + 1n) {
    if (!equal(to.header.validators, from.header.nextValidators)) refuse('PRF-7', 'a header names another set as its next');
    return;
  }
  trusting(from.set, to.set, to.cert, 'PRF-7');
}

// bound keeps the first half of PRF-9: the two roots are those of the header. It
// gives the state root.
function bound(part, c) {
  const state = unhex(part.state_root, 'PRF-9', 32), log = unhex(part.log_root, 'PRF-9', 32);
  if (!equal(sum(0x61, state, log), c.next.app)) refuse('PRF-9', 'the roots are not those of the header');
  return state;
}

// contents has for each kind what opens its part and says it in words.
const contents = {
  resource(f, c) {
    const part = f.resource, root = bound(part, c), query = typeof part.query === 'string' ? parse(part.query) : null;
    if (!query) refuse('PRF-9', 'the query is no resource');
    const { values, more } = verifyPoint(root, { subtree: query.family, ...query }, unhex(part.proof, 'PRF-9'), 'PRF-9');
    if (!Array.isArray(part.records) || part.records.length !== values.length) refuse('PRF-9', 'there is not one record for each value');
    const chain = values.map((v, i) => ({
      at: { family: query.family, bits: v.bits, addr: v.addr }, folio: readFolio(unhex(part.records[i], 'PRF-9'), v.value, 'PRF-9'),
    }));
    return tell(evaluate(query, chain, more, c.block.height, c.now));
  },
  account(f, c) {
    const part = f.account, root = bound(part, c);
    if (typeof part.id !== 'string' || !part.id.startsWith('0x')) refuse('PRF-9', 'no account id');
    const who = unhex(part.id.slice(2), 'PRF-9', 20), raw = unhex(part.record, 'PRF-9');
    const { values } = verifyPoint(root, { subtree: ACCOUNTS, bits: 160, addr: who }, unhex(part.proof, 'PRF-9'), 'PRF-9');
    if (values.length === 0 && raw.length) refuse('PRF-9', 'a record for an account that is not there');
    return tellAccount(who, values.length ? readAccount(raw, values[0].value, 'PRF-9') : null, c.block.height, c.now);
  },
  act(f, c) {
    const act = readAct(unhex(f.act.act, 'PRF-12'), f.genesis, 'PRF-12'), raw = unhex(f.act.receipt, 'PRF-12'), receipt = readReceipt(raw, 'PRF-12');
    if (!equal(receipt.act, act.id)) refuse('PRF-12', `the receipt is of act ${hex(receipt.act)}`);
    const index = included(unhex(f.act.inclusion, 'PRF-12'), result(receipt.outcome, raw), c.next.lastResults, 'PRF-12');
    return tellAct(act, receipt, index, c.block.height, c.now);
  },
};
