// Acts: their bytes, their EIP-712 digest, and who signed them (chapters 03, 04).
//
// It checks the size, the form, the bounds of fields and the signatures, and not
// what an act means (ACT-10 to ACT-37): that the ledger block with it is final
// shows that two thirds of the validators' power did.
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { address, big, bytes, equal, fixed, flag, hash, hex, join, list, number, read, refuse, resource, struct, u64, zero } from './wire.js';
import { table } from './kinds.js';
import { show } from './text.js';

const most = (1n << 64n) - 1n;
const key = struct({ alg: u64, addr: address });
const signature = struct({ alg: number(1n), signer: address, sig: fixed(65) });

// text reads UTF-8 of at most so many bytes.
const text = (bound) => (c) => {
  const raw = bytes(c);
  if (raw.length > bound) refuse('ACT-4', `a text of ${raw.length} bytes`);
  return raw;
};

// fields has for each type how it is read, its type in typed data, and its 32 bytes
// in the message.
const utf8 = new TextEncoder();
const words = (s) => keccak_256(utf8.encode(s));
const left = (raw) => join(raw, new Uint8Array(32 - raw.length));
const types = {
  a: [() => address, 'bytes20', left],
  f: [() => flag, 'bool', (v) => big(32, v ? 1 : 0)],
  h: [() => hash, 'bytes32', (v) => v],
  k: [() => list(key, 16), 'string', (v) => words(v.map((k) => `secp256k1:0x${hex(k.addr)}`).join(' '))],
  n: [(bound) => number(bound ? BigInt(bound) : most), 'uint64', (v) => big(32, v)],
  r: [() => resource, 'string', (v) => words(show(v))],
  t: [(bound) => text(Number(bound)), 'string', (v) => keccak_256(v)],
  b: [(bound) => text(Number(bound)), 'bytes', (v) => keccak_256(v)],
};

const headerLine = 'account:a policy:n lane:n15 number:n expires:n bundle:h index:n99 count:n100 rules:n1';

// schema makes the reader, the type and the encoder of some fields.
function schema(line) {
  const parts = line.split(' ').map((f) => { const [name, type] = f.split(':'); return [name, types[type[0]], type.slice(1)]; });
  return {
    read: struct(Object.fromEntries(parts.map(([name, [reader], bound]) => [name, reader(bound)]))),
    members: parts.map(([name, [, type]]) => `${type} ${name}`),
    encode: (values) => parts.map(([name, [, , encode]]) => encode(values[name])),
  };
}
const header = schema(headerLine);

// kinds has the schema of each kind by its number.
const kinds = new Map(table.trim().split('\n').map((line) => {
  const [n, name, ...fields] = line.split(' ');
  const body = schema(fields.join(' '));
  const type = `${name}(${[...body.members, ...header.members].join(',')})`;
  return [BigInt(n), { name, body, type, typeHash: words(type) }];
}));

// typeOf is the typed data's type of a kind, or undefined.
export const typeOf = (n) => kinds.get(BigInt(n))?.type;

// Evidence is the one kind that may be larger than the others (ACT-1).
const EVIDENCE = 48n, actMax = 4096, evidenceMax = 65536 + 4096;

// readAct reads and checks an act for the chain of a genesis hash; it gives its
// id, kind, author and signers.
export function readAct(raw, genesis, rule) {
  if (raw.length > evidenceMax) refuse(rule, 'an act is too long');
  let kind;
  const act = read(raw, (c) => inAct(c, (k) => { kind = k; }), rule, evidenceMax);
  if (raw.length > actMax && act.kind !== EVIDENCE) refuse(rule, 'an act is too long');
  checkHeader(act.header, rule);
  const struct32 = keccak_256(join(kind.typeHash, ...kind.body.encode(act.body), ...header.encode(act.header)));
  const id = keccak_256(join(Uint8Array.of(0x19, 1), domain(genesis), struct32));
  checkSignatures(act.signatures, id, rule);
  return { id, kind: kind.name, author: act.header.account, signers: act.signatures.map((s) => s.signer) };
}

// inAct reads the four parts of an act; which fields the body has follows from
// the kind.
const inAct = (c, found) => struct({
  kind: (c) => { const k = u64(c), known = kinds.get(k); if (!known) refuse(c.rule, `no kind ${k}`); found(known); c.known = known; return k; },
  body: (c) => c.known.body.read(c),
  header: (c) => header.read(c),
  signatures: list(signature, 16, 1),
})(c);

// checkHeader keeps ACT-5 and ACT-7.
function checkHeader(h, rule) {
  if (h.rules !== 1n) refuse(rule, `rules version ${h.rules}`);
  const none = zero(h.bundle) && h.index === 0n && h.count === 0n;
  if (!none && (zero(h.bundle) || h.count < 2n || h.index >= h.count)) refuse(rule, 'the bundle fields are of no bundle');
}

const domainType = words('EIP712Domain(string name,string version,bytes32 salt)');
const domain = (salt) => keccak_256(join(domainType, words('ipledger'), words('1'), salt));

// checkSignatures keeps SIG-1 to SIG-4.
function checkSignatures(sigs, digest, rule) {
  for (let i = 0; i < sigs.length; i++) {
    const s = sigs[i];
    if (s.alg !== 1n || (i > 0 && hex(sigs[i - 1].signer) >= hex(s.signer))) refuse(rule, 'signatures are out of order or of another algorithm');
    if (!equal(recover(s.sig, digest, rule), s.signer)) refuse(rule, `a signature is not by 0x${hex(s.signer)}`);
  }
}

// recover gives the address whose key made a signature; the library refuses r and
// s out of range, and lowS a high s.
function recover(sig, digest, rule) {
  try {
    if (sig[64] > 1) refuse(rule, 'v is neither 0 nor 1');
    const s = secp256k1.Signature.fromBytes(sig.subarray(0, 64), 'compact');
    if (s.hasHighS()) refuse(rule, 's is high');
    const point = s.addRecoveryBit(sig[64]).recoverPublicKey(digest).toBytes(false);
    return keccak_256(point.subarray(1)).subarray(12);
  } catch { return refuse(rule, 'no key made this signature'); }
}
