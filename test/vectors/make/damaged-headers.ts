import { type Bytes, type Loose, replaced, toBuffer } from './bytes.ts';
import {
  CHAIN,
  describe,
  FIRST,
  FOREIGN,
  OTHER_CHAIN,
  plainChain,
  SECOND,
  sampleChain,
  THIRD,
  VectorChain,
} from './chain.ts';
import { sha256 } from './crypto.ts';
import { NO_HEADER, plain, sample } from './damage.ts';
import { besides, leafOf, rootOf } from './tree.ts';
import { type Expected, makeVector, type Vector } from './vector.ts';

type Change = (header: Loose) => void;

const changed = (name: string, what: string, expected: string, change: Change, facts: Expected['facts'] = {}): Vector =>
  plain(`header-${name}`, what, expected, { header: change, facts });

/** A header that is none: what needs it is not judged. */
const unread = (name: string, what: string, change: Change): Vector =>
  plain(`header-${name}`, what, '1 unreadable', { header: change, unreadable: true, facts: NO_HEADER });

const rewritten = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  plain(`header-${name}`, what, '1 unreadable', {
    headerLine: (line: Bytes) => replaced(line, from, to),
    unreadable: true,
    facts: NO_HEADER,
  });

const missing = (member: string): Vector =>
  unread(`missing-${member}`, `The header has no member ${member}.`, (header) => {
    delete header[member];
  });

const having = (name: string, what: string, members: Loose): Vector =>
  unread(name, what, (header) => void Object.assign(header, members));

/** Records 1 to 6, each with the same problem. */
const each = (code: string): string => [1, 2, 3, 4, 5, 6].map((seq) => `${seq + 1}:${seq} ${code}`).join(', ');

const forms = (): Vector[] => [
  ...['causeway', 'chain', 'tenant', 'first', 'last', 'selection', 'keys', 'exportedAt', 'generator'].map(missing),
  having('version', 'The header is of another version.', { causeway: 'chain/2' }),
  having('unknown-member', 'The header has a member too many.', { note: 'x' }),
  having('chain-no-uuid', 'The chain of the header is no UUID.', { chain: 'chain' }),
  having('tenant-capitals', 'The tenant of the header is in capitals.', { tenant: 'EXAMPLE' }),
  having('first-zero', 'The header begins with seq 0.', { first: 0 }),
  having('first-text', 'The first seq of the header is a string.', { first: '1' }),
  having('last-null', 'The last seq of the header is null.', { last: null }),
  having('selection-unknown', 'The selection of the header is no word of this format.', { selection: 'some' }),
  having('selection-extract', 'The header of a chain file says that it is an extract.', { selection: 'extract' }),
  having('selection-range', 'The header says range, and tells nothing of one.', { selection: 'range' }),
  having('range-too-many', 'The header says complete, and tells of a range.', {
    range: { size: 6, left: [], right: [] },
  }),
  having('no-keys', 'The header lists no key.', { keys: [] }),
  having('key-member', 'A key of the header has a member too many.', { keys: [{ ...describe(FIRST, 1), name: 'x' }] }),
  having('key-order', 'The members of a key of the header stand in another order.', {
    keys: [{ alg: 'Ed25519', ...describe(FIRST, 1) }],
  }),
  having('exported-at', 'The time of the header is no day of the calendar.', {
    exportedAt: '2026-02-30T04:00:00.000Z',
  }),
  having('generator-empty', 'The generator of the header has no name.', { generator: { name: '', version: '1' } }),
  having('generator-long', 'The name of the generator of the header has 65 characters.', {
    generator: { name: 'x'.repeat(65), version: '1' },
  }),
  having('generator-surrogate', 'The name of the generator of the header is half a surrogate pair, escaped.', {
    generator: { name: '\ud800', version: '1' },
  }),
  rewritten('space', 'A space stands in the header.', '"first":', '"first": '),
  rewritten('order', 'Two members of the header have changed places.', '"first":1,"last":6', '"last":6,"first":1'),
  rewritten('duplicate', 'A member of the header stands there twice.', '"first":1', '"first":1,"first":1'),
  rewritten('number', 'A number of the header is written 1.0.', '"first":1', '"first":1.0'),
  rewritten('escape', 'A letter of the header is escaped.', '"vectors"', '"\\u0076ectors"'),
  rewritten(
    'proto',
    'The header has a member __proto__.',
    '{"causeway":"chain/1"',
    '{"causeway":"chain/1","__proto__":{}',
  ),
  rewritten('no-json', 'The header is no JSON.', /\}$/, ''),
  rewritten('no-utf-8', 'The header is not UTF-8.', '"vectors"', '"\xff"'),
  rewritten('list', 'The header is a list.', /^.*$/, '[]'),
  rewritten('null', 'The header is null.', /^.*$/, 'null'),
  rewritten('null-byte', 'A null byte stands before the header.', /^/, '\0'),
  rewritten('carriage-return', 'The header ends in a carriage return.', /$/, '\r'),
];

const lies = (): Vector[] => [
  changed('first', 'The header of a complete file begins with seq 2.', '1 sequence', (header) => {
    header.first = 2;
  }),
  changed('last', 'The header ends with seq 5, the file with 6.', '1 sequence', (header) => {
    header.last = 5;
  }),
  changed('last-later', 'The header ends with seq 7, the file with 6.', '1 sequence', (header) => {
    header.last = 7;
  }),
  changed('other-chain', 'The header is of another chain.', `${each('sequence')}, 8 checkpoint`, (header) => {
    header.chain = OTHER_CHAIN;
  }),
  changed(
    'chain-capitals',
    'The chain of the header is in capitals: another text.',
    `${each('sequence')}, 8 checkpoint`,
    (header) => {
      header.chain = CHAIN.toUpperCase();
    },
  ),
  changed('other-tenant', 'The header is of another tenant.', each('sequence'), (header) => {
    header.tenant = 'other';
  }),
  changed('other-key', 'The header lists another key.', '1 key', (header) => {
    header.keys = [describe(FOREIGN, 1)];
  }),
  changed('key-too-many', 'The header lists a key nobody introduced.', '1 key', (header) => {
    header.keys = [describe(FIRST, 1), describe(FOREIGN, 1)];
  }),
  changed('key-twice', 'The header lists its key twice.', '1 key', (header) => {
    header.keys = [describe(FIRST, 1), describe(FIRST, 1)];
  }),
  changed('key-from-seq', 'The header says that its key is in force from seq 2.', '1 key', (header) => {
    header.keys = [describe(FIRST, 2)];
  }),
  changed('key-no-key', 'The key of the header has other bytes under the same id.', '1 key', (header) => {
    header.keys = [{ ...describe(FOREIGN, 1), id: FIRST.id }];
  }),
  sample('header-key-missing', 'The header does not list the second key.', '1 key', {
    header: (header) => void (header.keys as Loose[]).pop(),
  }),
  sample('header-keys-reversed', 'The header lists the keys in the opposite order.', '1 key', {
    header: (header) => void (header.keys as Loose[]).reverse(),
  }),
  sample('header-second-key-from-seq', 'The header says that the second key is in force from seq 9.', '1 key', {
    header: (header) => {
      header.keys = [describe(FIRST, 1), describe(SECOND, 9)];
    },
  }),
];

/** Without its header a file is judged as a complete one. */
const AS_COMPLETE = '2:4 sequence, 2:4 chain, 2:4 key, 3:5 key, 4:6 key, 5 checkpoint, 5 sequence, 5 root';

/** Records 4 to 9 of the sample: lines 2 to 7, a disclosure at line 8, the end at line 9. */
function range(name: string, what: string, expected: string, detail: Expected = {}): Vector {
  return sample(`range-${name}`, what, expected, { range: [4, 9], ...detail });
}
const rangeOf = (header: Loose): Loose => header.range as Loose;
const HASH = `${'A'.repeat(43)}=`;
const NO_ROOT = { root: null };
const told = (key: typeof FIRST, fromSeq: number, records: number) => ({ id: key.id, alg: key.alg, fromSeq, records });

const rangeUnread = (name: string, what: string, change: (about: Loose) => void): Vector =>
  makeVector(`range-${name}`, what, () => plainChain(), '1 unreadable, 6 sequence, 6 root', {
    range: [1, 4, 6],
    header: (header) => change(rangeOf(header)),
    unreadable: true,
    facts: NO_HEADER,
  });

const ranges = (): Vector[] => [
  range('size', 'The range says that the tree is of ten records.', '9 root', {
    header: (header) => void Object.assign(rangeOf(header), { size: 10 }),
    facts: NO_ROOT,
  }),
  range('left-wrong', 'A hash of what is before the range is another.', '9 root', {
    header: (header) => void Object.assign(rangeOf(header), { left: [HASH, (rangeOf(header).left as string[])[1]] }),
    facts: { root: wrongLeft() },
  }),
  range('left-swapped', 'The hashes of what is before the range have changed places.', '9 root', {
    header: (header) => void (rangeOf(header).left as string[]).reverse(),
    facts: { root: wrongLeft(true) },
  }),
  range('right-too-many', 'The range has a hash of what is after it, and nothing is.', '9 root', {
    header: (header) => void (rangeOf(header).right as string[]).push(HASH),
    facts: NO_ROOT,
  }),
  makeVector('range-right-missing', 'The range has no hash of what is after it.', () => plainChain(), '6 root', {
    range: [2, 5],
    header: (header) => void Object.assign(rangeOf(header), { right: [] }),
    facts: NO_ROOT,
  }),
  range('record-missing', 'A record of the range is missing.', '3:6 sequence, 3:6 chain, 8 sequence, 8 root', {
    lines: (lines) => void lines.splice(2, 1),
    facts: { ...NO_ROOT, sealed: { disclosed: 1, withheld: 1, erased: 0, mismatched: 0 } },
  }),
  range(
    'first-missing',
    'The first record of the range is missing: the link of the next one is to nothing that stands there, and is not judged.',
    '2:5 sequence, 7 sequence, 7 root',
    {
      lines: (lines) => void lines.splice(1, 1),
      facts: { ...NO_ROOT, sealed: { disclosed: 0, withheld: 2, erased: 0, mismatched: 0 } },
      chain: (chain) => void chain.disclosures.splice(0),
    },
  ),
  range(
    'first',
    'The header of a range begins with seq 5, for which its hashes are too many: it is judged from seq 1.',
    '1 root, 2:4 sequence, 2:4 chain, 8:4 disclosure, 9 root',
    {
      header: (header) => void Object.assign(header, { first: 5 }),
      facts: { ...NO_ROOT, sealed: { disclosed: 0, withheld: 3, erased: 0, mismatched: 0 } },
    },
  ),
  range(
    'left-missing',
    'A hash of what is before the range is missing: it is judged from seq 1.',
    '1 root, 2:4 sequence, 2:4 chain, 9 root',
    {
      header: (header) => void (rangeOf(header).left as string[]).pop(),
      facts: { ...NO_ROOT, sealed: { disclosed: 1, withheld: 2, erased: 0, mismatched: 0 } },
    },
  ),
  range('last', 'The header of a range ends with seq 8.', '1 sequence', {
    header: (header) => void Object.assign(header, { last: 8 }),
  }),
  range(
    'keys-reversed',
    'The keys of the header of a range do not ascend, and are in another order than they came.',
    '1 key, 1 key',
    { header: (header) => void (header.keys as Loose[]).reverse() },
  ),
  range('key-missing', 'The header of a range does not list the key that a rotation in it introduces.', '1 key', {
    header: (header) => void (header.keys as Loose[]).pop(),
  }),
  makeVector(
    'range-keys-from-later',
    'The only key the header of a range lists is one from seq 8.',
    sampleChain,
    '1 key',
    {
      range: [8, 9],
      header: (header) => void (header.keys as Loose[]).shift(),
      facts: { keys: [told(SECOND, 8, 2)] },
    },
  ),
  makeVector(
    'range-key-too-late',
    'The header says that the second key is in force from seq 9, and the range begins at 8.',
    sampleChain,
    '2:8 key, 3:9 key, 1 key, 4 checkpoint',
    {
      range: [8, 9],
      header: (header) => {
        header.keys = [describe(FIRST, 1), describe(SECOND, 9)];
      },
      facts: { keys: [told(FIRST, 1, 0)] },
    },
  ),
  makeVector(
    'range-old-key',
    'A record of a range is by a key that the header says was replaced.',
    sampleChain,
    '2:8 key',
    {
      range: [8, 9],
      chain: (chain) => {
        chain.members(8).key = FIRST.id;
      },
    },
  ),
  makeVector(
    'range-other-key',
    'The header of a range lists another key.',
    () => plainChain(),
    '2:3 key, 3:4 key, 4:5 key, 5 checkpoint',
    {
      range: [3, 5, 6],
      header: (header) => {
        header.keys = [describe(FOREIGN, 1)];
      },
      facts: { keys: [told(FOREIGN, 1, 0)] },
    },
  ),
  makeVector(
    'range-several-first-keys',
    'A range of a chain that began with two keys: it does not show which one a rotation retired.',
    () => new VectorChain(FIRST, THIRD).fill(6),
    '1 key',
    { range: [3, 6] },
  ),
  makeVector(
    'range-checkpoint-by-a-later-key',
    'The checkpoint of a range is by a key that a rotation after it introduced.',
    sampleChain,
    '7 checkpoint',
    {
      range: [2, 5, 9],
      facts: { sealed: { disclosed: 1, withheld: 1, erased: 0, mismatched: 0 } },
    },
  ),
  rangeUnread('size-zero', 'The tree of a range is of no records.', (about) => void Object.assign(about, { size: 0 })),
  rangeUnread(
    'hash-short',
    'A hash beside a range has 31 bytes.',
    (about) => void Object.assign(about, { right: [Buffer.alloc(31).toString('base64')] }),
  ),
  rangeUnread(
    'hash-unused-bits',
    'A hash beside a range has unused bits that are not zero.',
    (about) => void Object.assign(about, { right: [`${'A'.repeat(42)}B=`] }),
  ),
  rangeUnread('member', 'A range has a member too many.', (about) => void Object.assign(about, { note: 1 })),
  rangeUnread('order', 'The members of a range stand in another order.', (about) => {
    const { right, left } = about;
    delete about.left;
    delete about.right;
    Object.assign(about, { right, left });
  }),
  rangeUnread(
    'many-hashes',
    'There are 65 hashes after a range.',
    (about) => void Object.assign(about, { right: Array(65).fill(HASH) }),
  ),
  makeVector(
    'range-unread',
    'The header of a range cannot be read: its first record is judged as the first of a chain.',
    () => plainChain(),
    `1 unreadable, ${AS_COMPLETE}`,
    {
      range: [4, 6],
      headerLine: (line) => `${line} `,
      unreadable: true,
      facts: { ...NO_HEADER, keys: [] },
    },
  ),
];

/** The root that comes out with wrong hashes before the range: of 3 + 6 records, ((l0 l1) (l2 r4)) … by hand. */
function wrongLeft(swap = false): string {
  const leaves = sampleChain()
    .build()
    .map(({ bytes }) => leafOf(toBuffer(bytes)));
  const node = (left: Buffer, right: Buffer) => sha256(Buffer.concat([Buffer.from([1]), left, right]));
  const [pair = Buffer.alloc(0), third = Buffer.alloc(0)] = besides(leaves, 3, 9).left;
  const [first, second] = swap ? [third, pair] : [Buffer.alloc(32), third];
  const four = node(first, node(second, leaves[3] ?? third));
  return node(node(four, rootOf(leaves.slice(4, 8))), leaves[8] ?? third).toString('base64');
}

export function damagedHeaders(): Vector[] {
  return [...forms(), ...lies(), ...ranges()];
}
