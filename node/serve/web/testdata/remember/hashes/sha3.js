export * from 'taught/hashes/sha3.js';
