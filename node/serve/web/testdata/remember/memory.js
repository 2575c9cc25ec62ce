// A memory in front of the libraries: what a pure function once answered to the same
// bytes it answers again. Its first questions are kept, until it is told to forget: of a
// file with one bit flipped nearly all are those of the whole file.
const all = [];
const most = 4096; // answers that one function keeps

// text is bytes as a text of as many characters: a key to remember them by.
export const text = (raw) => Buffer.prototype.latin1Slice.call(raw, 0, raw.length);

// remembered is an answer with a memory, which is forgotten with all others unless it
// goes with what it is part of.
export function remembered(key, answer, forgotten = all) {
  const known = new Map();
  forgotten.push(known);
  return (a, b, c, d) => {
    const k = key(a, b, c, d), found = known.get(k);
    if (found !== undefined) return found;
    const told = answer(a, b, c, d);
    if (known.size < most) known.set(k, told);
    return told;
  };
}

globalThis.forget = () => all.forEach((known) => known.clear());
