// The verifier's own file.js, kept beside as own-file.js: a trust file is read once.
import * as own from './own-file.js';
import { remembered, text } from './node_modules/@noble/memory.js';

export * from './own-file.js';
export const readTrust = remembered(text, own.readTrust);
