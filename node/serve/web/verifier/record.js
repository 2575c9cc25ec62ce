// Records of the register (chapter 14), as far as an answer reads them.
import { address, bytes, equal, fixed, flag, hash, list, number, read, refuse, resource, struct, sum, u64, u8, zero } from './wire.js';

const folioMax = 65536;
const ref = struct({ resource, maxLength: u64, as: u64 });
const source = struct({
  registry: bytes, handle: bytes, status: bytes, date: u64, country: bytes, class: u8, legacy: flag, first: fixed(16), last: fixed(16),
});
const title = struct({
  rules: u64, state: u8, holder: address, grade: u8, proved: u64, since: u64, counter: u64, qualified: u64, basis: list(address, 5),
  forum: bytes, stated: u64, source, predecessors: list(struct({ resource, value: hash }), 2),
});
const terms = struct({
  renew: u64, clause: u64, clauseNotice: u64, agent: address, suspend: flag, reversion: flag, operator: bytes, abuse: bytes, price: bytes,
  origins: bytes, suspended: u64, spent: u64, answer: hash, lessor: address, back: list(ref),
});
const estate = struct({
  rules: u64, id: hash, kind: u8, holder: address, start: u64, notice: u64, subGrants: flag, ends: u64, warning: hash, inside: u64, coming: u64,
  started: flag, lease: list(terms, 1),
});
const charge = struct({
  rules: u64, id: hash, lender: address, mode: u64, law: bytes, deed: hash, longest: u64, entered: u64, enforced: u64, notice: hash,
  buyer: address, contested: flag, stalled: u64,
});
const restriction = struct({ rules: u64, kind: u64, act: hash, since: u64, until: u64, at: resource, says: bytes });
const origin = struct({ rules: u64, holder: address, maxLength: u64, as: u64, act: hash, since: u64 });
const services = struct({
  rules: u64, holder: address, providers: list(u64), servers: bytes, ds: bytes, geofeed: bytes, abuse: bytes, private: hash,
});
const folio = struct({ title: bytes, estates: bytes, charges: bytes, restrictions: bytes, origins: bytes, services: bytes, previous: hash });

// slots are the six parts of a folio in the order of the law, each with its field.
const slots = [
  ['title', title], ['estates', list(estate, 14, 1)], ['charges', list(charge, 8, 1)],
  ['restrictions', list(restriction, 48, 1)], ['origins', list(origin, Infinity, 1)], ['services', services],
];

// readFolio reads a folio, which must have the value given, if one is (REC-1); a
// slot that is empty is null.
export function readFolio(raw, rule, value) {
  const f = read(raw, folio, rule, folioMax);
  const parts = slots.map(([name], i) => (f[name].length ? sum(0x71, Uint8Array.of(0xf0 | i), f[name]) : new Uint8Array(32)));
  const out = { value: sum(0x70, ...parts, f.previous), previous: f.previous };
  if (value && !equal(out.value, value)) refuse(rule, 'a record is not what is named');
  for (const [name, field] of slots) out[name] = f[name].length ? read(f[name], field, rule, folioMax) : null;
  for (const e of out.estates ?? []) if ((e.kind === 2) !== (e.lease.length === 1)) refuse(rule, 'an estate whose terms are of another kind');
  const s = out.services;
  if (s && !s.providers.length && !s.servers.length && !s.geofeed.length && !s.abuse.length && zero(s.private)) refuse(rule, 'services that say nothing');
  return out;
}

const keys = list(struct({ alg: u64, addr: address }), 16);
const account = struct({
  rules: u64, name: bytes, jurisdiction: bytes,
  policy: struct({ version: u64, titleKeys: keys, titleK: u64, routingKeys: keys, routingK: u64 }),
  delay: u64, lanes: list(u64, 16, 16), credit: struct({ amount: u64, at: u64 }), holdings: struct({ v4: u64, v6: u64, as: u64 }),
  waiting: u64, opened: u64, guardians: list(address, 8), guardianK: u64, recovery: u64, provider: address, renewed: u64,
  attested: list(struct({ by: address, documents: hash, at: u64 }), 1),
});

// readAccount reads an account whose leaf has a value (REC-2).
export function readAccount(raw, value, rule) {
  if (!equal(sum(0x71, Uint8Array.of(3), raw), value)) refuse(rule, 'the account is not what the tree holds');
  return read(raw, account, rule, 4096);
}

const receipt = struct({ rules: u64, act: hash, outcome: number(1n), rule: bytes, field: bytes });

// readReceipt reads what became of an act.
export const readReceipt = (raw, rule) => read(raw, receipt, rule, 512);
