// Keys from signatures by secp256k1 as the library recovers them: one asked again is
// remembered.
import { secp256k1 as taught } from 'taught/curves/secp256k1.js';
import { remembered, text } from '../memory.js';

const recover = remembered((raw, v, digest) => `${raw.length} ${v} ${text(raw)}${text(digest)}`, (raw, v, digest) => taught.Signature.fromBytes(raw, 'compact').addRecoveryBit(v).recoverPublicKey(digest));
const signature = (raw, form) => {
  const s = taught.Signature.fromBytes(raw, form); // it refuses r and s out of range
  return { hasHighS: () => s.hasHighS(), addRecoveryBit: (v) => ({ recoverPublicKey: (digest) => recover(raw, v, digest) }) };
};
export const secp256k1 = { Signature: { fromBytes: signature } };
