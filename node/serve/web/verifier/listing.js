// Statements of lists: chains of title, what stands beneath a block, holdings
// (chapter 12).
import { gradeOf, kindOf, live, party, stateOf, tellEnd, tellSource } from './answer.js';
import { clock, show } from './text.js';
import { covers, equal, hex } from './wire.js';

// tellLineage joins links that are alike: the earliest stands for all.
export function tellLineage(a, links) {
  const same = (x, y) => show(x.at) === show(y.at) && equal(x.title.holder, y.title.holder) && x.title.state === y.title.state && x.title.since === y.title.since;
  const kept = links.filter((l, i) => i + 1 === links.length || !same(l, links[i + 1]));
  return `After block ${a.height}, at ${clock(a.now)}, ${show(a.query)} lies in the title ${show(a.title.at)}, whose chain of title is, from the newest:` +
    kept.map((l) => ` ${tellLink(l)}`).join('');
}

function tellLink({ at, title, root }) {
  const since = title.since ? `since ${clock(title.since)}` : 'from the start';
  return `${show(at)}, ${stateOf(title)}, holder ${party(title.holder)}, ${since}${root ? `, from the source row ${tellSource(title.source)}` : ''}.`;
}

export function tellBeneath({ query, from, entries, more, next }, height, now) {
  const on = show(from) === show(query) ? '' : ` from ${show(from)} on`;
  return `After block ${height}, at ${clock(now)}, records stand at ${entries.length} blocks at or inside ${show(query)}${on}.` +
    entries.map((e) => ` ${show(e.at)}: ${tellEntry(e.folio, now)}.`).join('') + (more ? ` More follow from ${show(next)} on.` : '');
}

function tellEntry(f, now) {
  const parts = [];
  if (f.title) parts.push(`title ${stateOf(f.title)}, holder ${party(f.title.holder)}, grade ${gradeOf(f.title)}`);
  for (const e of f.estates ?? []) parts.push(tellRight(e, now));
  if (f.charges) parts.push('charged');
  if (f.origins) parts.push('authorisations');
  return parts.length ? parts.join('; ') : 'services';
}

function tellRight(e, now) {
  const text = `${kindOf(e)} to ${party(e.holder)}`;
  if (e.start > now) return `${text} from ${clock(e.start)}${tellEnd(e)}`;
  return live(e, now) ? text + tellEnd(e) : `${text}, ended`;
}

const families = ['IPv4 addresses', 'IPv6 addresses', 'AS numbers'], widths = [32, 128, 32];
const size = (r) => 1n << BigInt(widths[r.family] - r.bits);

export function tellHoldings(who, titles, estates, height, now) {
  const held = titles.map((t) => ({ ...t, out: estatesOfOthers(t, who, now) }));
  const counts = families.map((name, family) => {
    const own = held.filter((t) => t.at.family === family), add = (f) => own.reduce((n, t) => n + f(t), 0n);
    return own.length ? ` ${own.length} titles with ${add((t) => size(t.at))} ${name}, ${add(outside)} of them possessed by others.` : '';
  });
  return `After block ${height}, at ${clock(now)}, account 0x${hex(who)} holds by title, completely but for titles smaller than a unit of its count:` +
    (held.length ? counts.join('') : ' nothing.') + held.map((t) => ` ${tellHeld(t)}`).join('') +
    estates.map((e) => ` It holds ${show(e.at)} under a ${kindOf(e)}${tellEnd(e)}.`).join('');
}

const estatesOfOthers = (t, who, now) => t.page.entries.flatMap((e) => (e.folio.estates ?? [])
  .filter((x) => x.start <= now && live(x, now) && !equal(x.holder, who)).map((x) => ({ at: e.at, ...x })));

// outside is how many numbers of a title others possess: the outermost of estates
// that nest counts.
function outside({ out }) {
  let sum = 0n, last = null;
  for (const e of out) if (!last || !covers(last, e.at)) { sum += size(e.at); last = e.at; }
  return sum;
}

function tellHeld(t) {
  return `${show(t.at)}: ${stateOf(t.title)}, grade ${gradeOf(t.title)}` + t.charges.map((c) => `, charged to 0x${hex(c.lender)}`).join('') +
    t.out.map((e) => `, ${show(e.at)} under a ${kindOf(e)} to ${party(e.holder)}${tellEnd(e)}`).join('') + (t.more ? ', more inside' : '') + '.';
}
