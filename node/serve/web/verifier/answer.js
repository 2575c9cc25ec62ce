// What records mean at a moment, and the statement that says so (chapter 12).
import { covers, hex, overlaps, refuse, zero } from './wire.js';
import { clock, quoted, show } from './text.js';

const states = ['', 'available', 'reserved', 'unclaimed', 'pending', 'held', 'qualified', 'contested', 'dormant'];
const classes = ['', 'whole', 'extended', 'derived'];
const modes = ['adjudication', 'sale', 'title'];
const GRANT = 1;
const UNCLAIMED = 3, HELD = 5, GRADE_A = 65, STALE = 31536000n; // CLAIM-19

const id = (addr) => `0x${hex(addr)}`;
export const party = (addr) => (zero(addr) ? 'nobody' : id(addr));
export const live = (e, now) => e.ends === 0n || now < e.ends;
const ascii = (raw) => String.fromCharCode(...raw);

// evaluate takes the folios that cover a resource, the shortest block first, as a
// point proof shows them: [{at, folio}].
export function evaluate(query, chain, more, height, now) {
  const a = { query, height, now, more, title: null, charges: [], restrictions: [], estates: [], toCome: [], origins: [], services: [] };
  const e = { begun: [], rights: [], live: new Set(), ended: new Set() };
  for (const { at, folio } of chain) {
    if (folio.title) takeTitle(a, e, at, folio);
    for (const x of folio.estates ?? []) takeEstate(a, e, { at, ...x });
  }
  // PRF-11: what rests on an estate that has ended is not shown.
  const stands = (who) => !e.ended.has(hex(who)) || e.live.has(hex(who));
  for (const { at, folio } of chain) {
    for (const o of folio.origins ?? []) if (stands(o.holder)) a.origins.push({ at, ...o, suspended: suspendedBy(e.rights, o, at, now) });
    if (folio.services && stands(folio.services.holder)) a.services.push({ at, ...folio.services });
  }
  return a;
}

function takeTitle(a, e, at, folio) {
  if (a.title) refuse('PRF-9', 'titles nest');
  a.title = { at, ...folio.title };
  a.possessor = folio.title.holder;
  a.charges = folio.charges ?? [];
  // PRF-15: a restriction counts until its end.
  a.restrictions = (folio.restrictions ?? []).filter((x) => (x.until === 0n || a.now < x.until) && overlaps(x.at, a.query));
  e.live.add(hex(folio.title.holder));
  e.rights.push({ at, holder: folio.title.holder, lease: [] });
}

// takeEstate keeps PRF-10: estates come from the outside in.
function takeEstate(a, e, x) {
  if (x.start > a.now) {
    if (live(x, x.start)) a.toCome.push(x);
    return;
  }
  const stands = live(x, a.now) && !(x.kind === GRANT && broken(e.begun, x));
  e.begun.push({ ...x, stands });
  (stands ? e.live : e.ended).add(hex(x.holder));
  if (!stands) return;
  e.rights.push(x);
  a.estates.push(x);
  a.possessor = x.holder;
}

// broken reports whether the estate that a grant was carved out of has ended.
function broken(begun, grant) {
  for (let i = begun.length - 1; i >= 0; i--) {
    if (begun[i].start <= grant.start && live(begun[i], grant.start)) return !begun[i].stands;
  }
  return false;
}

const suspension = (x, now) => (x.lease.length && x.lease[0].suspended > now ? x.lease[0].suspended : 0n);

// suspendedBy keeps PRF-16.
function suspendedBy(rights, o, at, now) {
  let until = 0n;
  for (const x of rights) if (hex(x.holder) === hex(o.holder) && covers(x.at, at)) until = suspension(x, now);
  return until;
}

// tell is an answer's statement.
export function tell(a) {
  const out = [`After block ${a.height}, at ${clock(a.now)}, ${tellTitle(a)}`];
  a.charges.forEach((c, i) => out.push(tellCharge(c, i + 1)));
  for (const x of a.restrictions) out.push(tellRestriction(x));
  for (const e of a.estates) out.push(`${party(e.holder)} holds it under a ${kindOf(e)} of ${show(e.at)}${tellEnd(e)}${tellLease(e, a.now)}.`);
  for (const e of a.toCome) out.push(`${party(e.holder)} will hold it under a ${kindOf(e)} of ${show(e.at)} from ${clock(e.start)}${tellEnd(e)}${tellLease(e, a.now)}.`);
  if (a.title) out.push(`In possession: ${party(a.possessor)}.`);
  for (const o of a.origins) out.push(`${id(o.holder)} authorises AS${o.as} to originate ${show(o.at)} down to /${o.maxLength}${tellSuspended(o.suspended)}.`);
  for (const s of a.services) out.push(`${id(s.holder)} states for ${show(s.at)}: ${tellServices(s)}.`);
  out.push(a.more ? 'Records stand at smaller blocks inside it.' : 'Nothing stands at smaller blocks inside it.');
  return out.join(' ');
}

export const kindOf = (e) => ({ 1: 'grant', 2: 'lease' })[e.kind] ?? `right of kind ${e.kind}`;
export const tellEnd = (e) => (e.ends === 0n ? '' : ` until ${clock(e.ends)}`);
const tellSuspended = (until) => (until === 0n ? '' : `, suspended until ${clock(until)}`);
const tellLease = (e, now) => (e.lease.length
  ? `, operator of record ${quoted(e.lease[0].operator)}, abuse contact ${quoted(e.lease[0].abuse)}${tellSuspended(suspension(e, now))}` : '');

function tellTitle(a) {
  const t = a.title;
  if (!t) return `no title covers the whole of ${show(a.query)} (${a.more ? 'divided' : 'unregistered'}).`;
  const proved = (t.proved ? ` proved at ${clock(t.proved)}` : '') + (t.grade === GRADE_A && a.now > t.proved + STALE ? ', stale' : '');
  const rests = (t.qualified > a.now ? `, qualified until ${clock(t.qualified)}` : '') + (t.basis.length ? `, on the word of ${t.basis.length} registrars` : '');
  return `${show(a.query)} lies in the title ${show(t.at)}: ${shownState(a)}, holder ${party(t.holder)}, ` +
    `grade ${gradeOf(t)}${proved}${rests}, source ${tellSource(t.source)}${t.stated ? ` by its file of ${t.stated}` : ''}.`;
}

// tellAuthorised is the statement of whether an AS may originate a prefix (PRF-20);
// look gives the answer for the AS number, if it is asked (PRF-22).
export function tellAuthorised(a, as, most, look) {
  const here = (o) => show(o.at) === show(a.query) && o.as === as && o.maxLength === most, found = a.origins.filter(here);
  const route = `AS${as} to originate ${show(a.query)} down to /${most}`;
  const each = found.map((o) => `${id(o.holder)} authorises ${route}${tellSuspended(o.suspended)}`);
  const over = a.title ? `The title ${show(a.title.at)} over it is ${shownState(a)}, grade ${gradeOf(a.title)}.` : 'No title covers the block.';
  return `After block ${a.height}, at ${clock(a.now)}, ${each.length ? each.join('; ') : `nobody authorises ${route}`}. ${over} ` +
    `${a.origins.length - found.length} other authorisations stand there or at blocks that cover it.` + tellNumber(as, found, look(found.length > 0 && as !== 0n));
}

const tellSince = (at) => (at ? `since ${clock(at)}` : 'from the start');

// tellNumber says whose the AS number is, and which authorisations are older.
function tellNumber(as, found, number) {
  if (!number) return '';
  const t = number.title;
  if (!t) return ` No title covers AS${as}.`;
  const older = found.filter((o) => o.since < t.since).map((o) => ` It changed hands after the authorisation by ${id(o.holder)}, which stands ${tellSince(o.since)}.`);
  return ` AS${as} lies in the title ${show(t.at)}, holder ${party(t.holder)}, ${tellSince(t.since)}.${older.join('')}`;
}

// shownState keeps CLAIM-30: contested, pending and qualified follow from what is
// recorded against a title and from the time until which better evidence defeats it.
function shownState(a) {
  const t = a.title;
  if (a.restrictions.some((x) => x.kind === 3n && covers(x.at, a.query))) return 'contested';
  if (t.state === UNCLAIMED && a.restrictions.some((x) => x.kind === 4n)) return 'pending';
  if (t.state === HELD && t.qualified > a.now) return 'qualified';
  return stateOf(t);
}

export const gradeOf = (t) => (t.grade ? String.fromCharCode(t.grade) : 'none');
export const stateOf = (t) => states[t.state] ?? `state ${t.state}`;

// tellSource is the row of a registry that a title came from.
export function tellSource(s) {
  const handle = s.handle.length ? quoted(s.handle) : '"handle unknown"';
  return `${quoted(s.registry)} (${classes[s.class] ?? `class ${s.class}`}, ${handle})`;
}

function tellCharge(c, rank) {
  const under = c.enforced ? `, enforcement for ${id(c.buyer)} takes effect at ${clock(c.enforced)}` : '';
  return `Charge ${rank} of the title: ${hex(c.id)}, lender ${id(c.lender)}, enforced by ${modes[c.mode] ?? `mode ${c.mode}`}, ` +
    `leases beyond ${c.longest} seconds need consent${under}.`;
}

function tellRestriction(x) {
  const until = x.until ? ` until ${clock(x.until)}` : '', at = show(x.at), by = `by act ${hex(x.act)}`;
  switch (x.kind) {
    case 1n: return `${at} is on hold${until}, ${by}.`;
    case 2n: return `${at} is frozen${until}, ${by}: its title does not move; its routing goes on.`;
    case 3n: return `${at} is contested${until}, ${by}.`;
    case 4n: return `${at} is claimed, ${by}; the claim is open${until}.`;
    case 16n: return `A caution against ${at} stands${until}, ${by}.`;
    case 17n: return `${at} diverges since ${clock(x.since)}, source says ${quoted(x.says)}, ${by}.`;
    default: return `${at} has restriction ${x.kind}${until}, ${by}.`;
  }
}

function tellServices(s) {
  const parts = [];
  if (s.providers.length) parts.push(`providers${s.providers.map((as) => ` AS${as}`).join('')}`);
  for (const [name, raw] of [['name servers', s.servers], ['DS', s.ds], ['geofeed', s.geofeed], ['abuse contact', s.abuse]]) {
    if (raw.length) parts.push(`${name} ${quoted(raw)}`);
  }
  if (!zero(s.private)) parts.push(`other contacts ${hex(s.private)}`);
  return parts.join(', ');
}

const sorts = ['policy', 'delay', 'guardians'], stages = ['none', 'proposed', 'running', 'vetoed'];

// tellAccount is the statement of an account, or of there being none.
export function tellAccount(who, x, height, now) {
  const when = `After block ${height}, at ${clock(now)}, `;
  if (!x) return `${when}there is no account ${id(who)}.`;
  const p = x.policy, h = x.holdings, waits = sorts.filter((_, i) => (x.waiting >> BigInt(i)) & 1n);
  return `${when}account ${id(who)} calls itself ${quoted(x.name)} (${x.attested.length ? `attested by ${id(x.attested[0].by)}` : 'self-declared'}), jurisdiction ${ascii(x.jurisdiction)}, opened at ${clock(x.opened)}; ` +
    `title acts need ${p.titleK} of ${p.titleKeys.length} keys, routing acts ${p.routingK} of ${p.routingKeys.length}; ` +
    `it holds ${h.v4} /24s of IPv4, ${h.v6} /48s of IPv6 and ${h.as} AS numbers.` +
    (x.guardians.length ? ` ${x.guardianK} of ${x.guardians.length} guardians can recover it.` : '') +
    (waits.length ? ` Changes that wait: ${waits.join(', ')}.` : '') +
    (x.recovery ? ` A recovery of it: ${stages[x.recovery] ?? `stage ${x.recovery}`}.` : '') +
    (zero(x.provider) ? '' : ` Its provider of record is ${id(x.provider)}.`);
}

// tellAct is the statement of what became of an act.
export function tellAct(act, receipt, index, height, now) {
  const text = `Block ${height}, at ${clock(now)}, has at place ${index} the act ${hex(act.id)} (${act.kind}) of account ${party(act.author)}: `;
  if (receipt.outcome === 0n) return `${text}it was done.`;
  const field = receipt.field.length ? ` for its field ${quoted(receipt.field)}` : '';
  return `${text}rule ${ascii(receipt.rule)} refused it${field}.`;
}
