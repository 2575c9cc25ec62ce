// Signatures by ed25519 as the library checks them, by its own code: one asked again is
// remembered, and a key's point is kept with a table of its multiples.
import { eddsa } from 'taught/curves/abstract/edwards.js';
import { ed25519 as taught } from 'taught/curves/ed25519.js';
import { sha512 } from 'taught/hashes/sha2.js';
import { remembered, text } from '../memory.js';

const window = 6; // bits; the table is made where the point is first multiplied

// kept is a point whose multiples are remembered too: the flips of a signature share
// one of the two that each takes.
const kept = (point, forgotten) => ({
  add: (p) => point.add(p), isSmallOrder: () => point.isSmallOrder(), multiplyUnsafe: remembered((k) => k, (k) => point.multiplyUnsafe(k), forgotten),
});
const points = remembered((raw, zip215) => text(raw) + zip215, (raw, zip215) => kept(taught.Point.fromBytes(raw, zip215).precompute(window, true), []));
const curve = eddsa(class extends taught.Point {
  static BASE = kept(taught.Point.BASE);
  static fromBytes(raw, zip215) { return points(raw, zip215); }
}, sha512, { zip215: true });

const asked = (sig, message, key, options) => `${sig.length} ${key.length} ${options?.zip215} ${text(sig)}${text(key)}${text(message)}`;

export const ed25519 = { ...taught, verify: remembered(asked, (...of) => curve.verify(...of)) };
