// Proof files, checked offline (chapter 12): a second implementation, written from
// the chapters and not from the first one's code. It shares nothing with a node.
//
//   import { verify } from './verify.js';
//   const { statement } = verify(proofFileBytes, trustFileBytes); // throws Refused
//
// It takes the bytes of both files and gives {kind, height, time, statement,
// basis}. It reads no clock and no network.
import { readAct } from './act.js';
import { evaluate, tell, tellAccount, tellAct, tellAuthorised } from './answer.js';
import { tellBeneath, tellHoldings, tellLineage } from './listing.js';
import { decodeCertificate, decodeHeader, decodeSet, included, result, trusting, verify as final } from './chain.js';
import { decimal, readFile, readTrust } from './file.js';
import { readAccount, readFolio, readReceipt } from './record.js';
import { parse, show } from './text.js';
import { ACCOUNTS, compare, verifyPoint, verifyRange } from './tree.js';
import { covers, equal, hex, plain, refuse, sum, unhex, widths, zero } from './wire.js';

const stepSeconds = 1209600n, pastMax = 4096, beneathMax = 500, holdingsMax = 1000;
const encoder = new TextEncoder();

// verify checks all of a proof file against a trust file.
export function verify(proof, trust) {
  const t = readTrust(trust), f = readFile(proof), c = certified(f);
  const statement = contents[f.kind](f, c);
  if (f.told ? !equal(plain(encoder.encode(statement)), f.told) : statement !== f.statement) refuse('PRF-13', 'the statement is not what the content says');
  trusted(f, c, t);
  return {
    kind: f.kind, height: c.block.height, time: c.block.time.seconds, statement,
    basis: `${c.votes} of ${c.set.list.length} validators signed header ${c.next.height}; the trust file leads to this set of validators`,
  };
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

const queried = (text, rule) => (typeof text === 'string' && parse(text)) || refuse(rule, 'no resource');

// resourceIn keeps the rest of PRF-9: the records that cover a block, and what they
// mean.
function resourceIn(part, root, c, rule = 'PRF-9') {
  const query = queried(part.query, rule);
  const { values, more } = verifyPoint(root, query.family, query, unhex(part.proof, rule), rule);
  if (!Array.isArray(part.records) || part.records.length !== values.length) refuse(rule, 'there is not one record for each value');
  const chain = values.map((v, i) => ({
    at: { family: query.family, bits: v.bits, addr: v.addr }, folio: readFolio(unhex(part.records[i], rule), rule, v.value),
  }));
  return { chain, answer: evaluate(query, chain, more, c.block.height, c.now) };
}

// numberIn keeps PRF-22: the AS number of an authorisation that is there.
function numberIn(part, as, asked, root, c) {
  if (!asked && part.as_proof.length + part.as_records.length) refuse('PRF-22', 'an AS number on which nothing depends');
  return asked ? resourceIn({ query: `AS${as}`, proof: part.as_proof, records: part.as_records }, root, c, 'PRF-22').answer : null;
}

function accountIn(part, root) {
  if (typeof part.id !== 'string' || !part.id.startsWith('0x')) refuse('PRF-9', 'no account id');
  const who = unhex(part.id.slice(2), 'PRF-9', 20), raw = unhex(part.record, 'PRF-9');
  const { values } = verifyPoint(root, ACCOUNTS, { bits: 160, addr: who }, unhex(part.proof, 'PRF-9'), 'PRF-9');
  if (values.length === 0 && raw.length) refuse('PRF-9', 'a record for an account that is not there');
  return { who, account: values.length ? readAccount(raw, values[0].value, 'PRF-9') : null };
}

// pageIn keeps PRF-18: a page of what stands at a block and inside it.
function pageIn(part, from, root) {
  const query = queried(part.query, 'PRF-18'), start = queried(from, 'PRF-18');
  if (!covers(query, start) || part.entries.length > beneathMax) refuse('PRF-18', 'a page that cannot be');
  const entries = part.entries.map((e) => {
    const at = queried(e.at, 'PRF-18'), folio = readFolio(unhex(e.record, 'PRF-18'), 'PRF-18');
    if (at.family !== query.family) refuse('PRF-18', 'an entry of another family');
    return { at, folio, bits: at.bits, addr: at.addr, value: folio.value };
  });
  const { more, next } = verifyRange(root, query.family, query, start, entries, unhex(part.proof, 'PRF-18'), 'PRF-18');
  return { query, from: start, entries, more, next: next && { family: query.family, ...next } };
}

// lineage keeps PRF-17: it walks back from a title and gives the links of its chain.
function lineage(at, folio, past) {
  if (!Array.isArray(past) || past.length > pastMax) refuse('PRF-17', 'too many earlier folios');
  const links = [], queue = [];
  let taken = 0;
  const take = (value) => (taken < past.length ? readFolio(unhex(past[taken++], 'PRF-17'), 'PRF-17', value) : refuse('PRF-17', 'an earlier folio is missing'));
  const before = (f) => { const b = zero(f.previous) ? null : take(f.previous); return b?.title ? b : null; };
  const back = (block, f) => {
    for (;;) {
      const b = before(f);
      links.push({ at: block, title: f.title, root: !b && f.title.predecessors.length === 0 });
      if (!b) { queue.push(...f.title.predecessors); return; }
      f = b;
    }
  };
  back(at, folio);
  while (queue.length) {
    const p = queue.shift(), f = take(p.value);
    if (!f.title) refuse('PRF-17', 'a predecessor that is no title');
    back(p.resource, f);
  }
  if (taken !== past.length) refuse('PRF-17', 'an earlier folio that the walk does not meet');
  return links;
}

// heldTitle is a title of the account's with what is inside it.
function heldTitle(page, who) {
  const first = page.entries[0];
  if (!first || show(first.at) !== show(page.query) || !first.folio.title || !equal(first.folio.title.holder, who)) refuse('PRF-19', 'no title of the account\'s');
  return { at: page.query, page, title: first.folio.title, charges: first.folio.charges ?? [], more: page.more };
}

function heldEstates(answer, who) {
  const own = answer.estates.filter((e) => show(e.at) === show(answer.query) && equal(e.holder, who));
  return own.length ? own : refuse('PRF-19', 'the account holds no estate there');
}

function ascending(list) {
  list.forEach((x, i) => {
    const b = list[i - 1];
    if (b && (b.at.family > x.at.family || (b.at.family === x.at.family && compare(b.at, x.at) >= 0))) refuse('PRF-19', 'blocks are out of order');
  });
}

// sums reports whether titles have exactly the units that an account counts.
function sums(titles, counted) {
  const sum = [0n, 0n, 0n];
  for (const { at } of titles) {
    const unit = [24, 48, 32][at.family];
    if (at.bits <= unit) sum[at.family] += 1n << BigInt(Math.min(unit - at.bits, 63));
  }
  return sum[0] === counted.v4 && sum[1] === counted.v6 && sum[2] === counted.as;
}

// contents has for each kind what opens its part and says it in words.
const contents = {
  resource: (f, c) => tell(resourceIn(f.resource, bound(f.resource, c), c).answer),
  account(f, c) {
    const { who, account } = accountIn(f.account, bound(f.account, c));
    return tellAccount(who, account, c.block.height, c.now);
  },
  title(f, c) {
    const { answer, chain } = resourceIn(f.title, bound(f.title, c), c);
    if (!answer.title) refuse('PRF-17', 'no title covers it');
    return tellLineage(answer, lineage(answer.title.at, chain.find((x) => x.folio.title).folio, f.title.past));
  },
  beneath(f, c) {
    const part = f.beneath, page = pageIn(part, part.from, bound(part, c));
    return tellBeneath(page, c.block.height, c.now);
  },
  holdings(f, c) {
    const part = f.holdings, root = bound(part, c), { who, account } = accountIn(part, root);
    if (!account || part.titles.length + part.estates.length > holdingsMax) refuse('PRF-19', 'no account, or too many blocks');
    const titles = part.titles.map((x) => heldTitle(pageIn(x, x.query, root), who));
    ascending(titles);
    if (!sums(titles, account.holdings)) refuse('PRF-19', 'the titles are not all that the account counts');
    const estates = part.estates.map((x) => heldEstates(resourceIn(x, root, c).answer, who));
    ascending(estates.map((list) => list[0]));
    return tellHoldings(who, titles, estates.flat(), c.block.height, c.now);
  },
  authorisation(f, c) {
    const part = f.authorisation, as = decimal(part.as, 'PRF-2'), most = decimal(part.max_length, 'PRF-2');
    const root = bound(part, c), { answer } = resourceIn(part, root, c), { family, bits } = answer.query;
    if (family === 2 || as >= 1n << 32n || most < BigInt(bits) || most > BigInt(widths[family])) refuse('PRF-20', 'nothing that can be authorised');
    return tellAuthorised(answer, as, most, (asked) => numberIn(part, as, asked, root, c));
  },
  act(f, c) {
    const act = readAct(unhex(f.act.act, 'PRF-12'), f.genesis, 'PRF-12'), raw = unhex(f.act.receipt, 'PRF-12'), receipt = readReceipt(raw, 'PRF-12');
    if (!equal(receipt.act, act.id)) refuse('PRF-12', `the receipt is of act ${hex(receipt.act)}`);
    const index = included(unhex(f.act.inclusion, 'PRF-12'), result(receipt.outcome, raw), c.next.lastResults, 'PRF-12');
    return tellAct(act, receipt, index, c.block.height, c.now);
  },
};
