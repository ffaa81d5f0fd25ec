import { type Bytes, hashOf, type Loose, replaced } from './bytes.ts';
import { describe, FIRST, FOREIGN, noteText, OTHER_CHAIN, SECOND, sampleChain, signNote } from './chain.ts';
import { extract, NO_HEADER } from './damage.ts';
import type { Expected, Vector } from './vector.ts';

/** Records 2, 4, 5 and 8 at lines 2 to 5, a disclosure at line 6, the end at line 7; a tree of nine. */
const NO_ROOT = { root: null };
const HASH = `${'A'.repeat(43)}=`;
const told = (key: typeof FIRST, fromSeq: number, records: number) => ({ id: key.id, alg: key.alg, fromSeq, records });

const bad = (name: string, what: string, expected: string, detail: Expected): Vector =>
  extract(`extract-${name}`, what, expected, detail);

/** Signatures are not judged without a header, so that the erasure record does not count either. */
const WITHOUT = {
  ...NO_HEADER,
  ...{ root: null, keys: [] },
  sealed: { disclosed: 1, withheld: 1, erased: 0, mismatched: 0 },
};
const unread = (name: string, what: string, change: (header: Loose) => void): Vector =>
  bad(name, what, '1 unreadable', { header: change, unreadable: true, facts: WITHOUT });
const having = (name: string, what: string, members: Loose): Vector =>
  unread(name, what, (header) => void Object.assign(header, members));
const filter = (name: string, what: string, of: unknown): Vector => having(`filter-${name}`, what, { filter: of });

const proofs = (name: string, what: string, expected: string, change: (proofs: string[][]) => void): Vector =>
  bad(`proof-${name}`, what, expected, { proofs: change, facts: NO_ROOT });

/** A proof that is none makes its line none: a record fewer than the end says. */
const noLine = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  bad(name, what, '3 unreadable, 6:4 disclosure, 7 sequence', {
    lines: (lines) => void lines.splice(2, 1, replaced(lines[2] ?? '', from, to)),
    facts: {
      ...{ records: 3, keys: [told(FIRST, 1, 2), told(SECOND, 8, 1)] },
      sealed: { disclosed: 0, withheld: 0, erased: 1, mismatched: 0 },
    },
  });

const headers = (): Vector[] => [
  unread(
    'size-missing',
    'The header of an extract does not say the size of the tree.',
    (header) => void delete header.size,
  ),
  unread('root-missing', 'The header of an extract does not say the root.', (header) => void delete header.root),
  unread('filter-missing', 'The header of an extract has no filter.', (header) => void delete header.filter),
  unread('order', 'Two members of the header of an extract have changed places.', (header) => {
    const { generator } = header;
    delete header.generator;
    const { exportedAt } = header;
    delete header.exportedAt;
    Object.assign(header, { generator, exportedAt });
  }),
  having('selection', 'The header of an extract says that it is complete.', { selection: 'complete' }),
  having('root-short', 'The root in the header of an extract has 31 bytes.', {
    root: Buffer.alloc(31).toString('base64'),
  }),
  having('size-zero', 'The tree of an extract is of no records.', { size: 0 }),
  having('first-zero', 'The header of an extract begins with seq 0.', { first: 0 }),
  having('range', 'The header of an extract tells of a range.', { range: { size: 9, left: [], right: [] } }),
  filter('list', 'The filter of an extract is a list.', []),
  filter('name', 'A name in the filter of an extract has a space.', { 'a b': 1 }),
  filter('long-name', 'A name in the filter of an extract has 33 letters.', { ['a'.repeat(33)]: 1 }),
  filter('null', 'A value in the filter of an extract is null.', { category: null }),
  filter('nested', 'A value in the filter of an extract is a list.', { category: ['incident'] }),
  filter('fraction', 'A number in the filter of an extract is no integer.', { from: 1.5 }),
  filter(
    'seventeen',
    'The filter of an extract has 17 members.',
    Object.fromEntries([...'abcdefghijklmnopq'].map((name) => [name, 1])),
  ),
  filter('long-text', 'A text in the filter of an extract has 1,025 characters.', { text: 'x'.repeat(1025) }),
  filter('order', 'The members of the filter of an extract are not in the order of JCS.', {
    from: 1,
    category: 'incident',
  }),
  filter('surrogate', 'A text in the filter of an extract is half a surrogate pair.', { text: '\ud800' }),
  bad('first', 'The header of an extract says another first seq.', '1 sequence', {
    header: (header) => void Object.assign(header, { first: 1 }),
  }),
  bad('last', 'The header of an extract says another last seq.', '1 sequence', {
    header: (header) => void Object.assign(header, { last: 9 }),
  }),
  bad(
    'root-other',
    'The header of an extract says another root: no proof leads there.',
    '2:2 root, 3:4 root, 4:5 root, 5:8 root, 7 root',
    { header: (header) => void Object.assign(header, { root: HASH }), facts: NO_ROOT },
  ),
  bad(
    'size-larger',
    'The header of an extract says a tree of ten: the proofs have the same length in it, and lead to the root.',
    '7 root',
    { header: (header) => void Object.assign(header, { size: 10 }), facts: NO_ROOT },
  ),
  bad(
    'size-smaller',
    'The header of an extract says a tree of four: no proof fits, and a key came after it.',
    '2:2 root, 3:4 root, 4:5 root, 5:8 root, 1 key, 7 root',
    { header: (header) => void Object.assign(header, { size: 4 }), facts: NO_ROOT },
  ),
  bad(
    'other-chain',
    'The header of an extract is of another chain.',
    '2:2 sequence, 3:4 sequence, 4:5 sequence, 5:8 sequence, 7 checkpoint',
    { header: (header) => void Object.assign(header, { chain: OTHER_CHAIN }) },
  ),
  bad(
    'other-tenant',
    'The header of an extract is of another tenant.',
    '2:2 sequence, 3:4 sequence, 4:5 sequence, 5:8 sequence',
    { header: (header) => void Object.assign(header, { tenant: 'other' }) },
  ),
];

const keys = (): Vector[] => [
  bad('other-key', 'The header of an extract lists another key.', '2:2 key, 3:4 key, 4:5 key, 5:8 key, 7 checkpoint', {
    header: (header) => void Object.assign(header, { keys: [describe(FOREIGN, 1)] }),
    facts: { keys: [told(FOREIGN, 1, 0)], sealed: WITHOUT.sealed },
  }),
  bad('key-missing', 'The header of an extract does not list the second key.', '5:8 key, 7 checkpoint', {
    header: (header) => void (header.keys as Loose[]).pop(),
    facts: { keys: [told(FIRST, 1, 3)], sealed: WITHOUT.sealed },
  }),
  bad('key-twice', 'The header of an extract lists a key twice.', '1 key, 1 key', {
    header: (header) => void (header.keys as Loose[]).splice(1, 0, describe(FIRST, 1)),
  }),
  bad('key-of-no-kind', 'The header of an extract lists a key that is none.', '1 key, 5:8 key, 7 checkpoint', {
    header: (header) => void Object.assign((header.keys as Loose[])[1] ?? {}, { alg: 'Ed25519' }),
    facts: { keys: [told(FIRST, 1, 3)], sealed: WITHOUT.sealed },
  }),
  bad(
    'keys-do-not-ascend',
    'The only key the header of an extract lists is one from seq 2.',
    '3:4 key, 4:5 key, 5:8 key, 1 key, 7 checkpoint',
    {
      header: (header) => void Object.assign(header, { keys: [describe(FOREIGN, 2)] }),
      extract: [2, 4, 5, 8],
      chain: (chain) => {
        chain.members(2).key = FOREIGN.id;
        chain.record(2).signer = FOREIGN;
      },
      facts: { keys: [told(FOREIGN, 2, 1)], sealed: WITHOUT.sealed },
    },
  ),
  bad('key-too-soon', 'A record of an extract is by a key that came later.', '4:5 key', {
    chain: (chain) => {
      chain.members(5).key = SECOND.id;
    },
  }),
  bad('key-too-late', 'A record of an extract is by a key that was replaced.', '5:8 key', {
    chain: (chain) => {
      chain.members(8).key = FIRST.id;
    },
    facts: { sealed: WITHOUT.sealed },
  }),
  bad(
    'first-record-other-key',
    'The first record of the chain introduces another key than the header of the extract says.',
    '2:1 key',
    {
      extract: [1, 3],
      chain: (chain) => {
        chain.data(1).keys = [describe(FOREIGN, 1)];
      },
      facts: { sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
    },
  ),
  bad('rotation-other-key', 'A rotation introduces another key than the header of the extract says.', '2:7 key', {
    extract: [7],
    chain: (chain) => {
      chain.data(7).newKey = describe(FOREIGN, 8);
    },
    facts: { sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
  }),
  bad(
    'rotation-other-seq',
    'The header of an extract says another seq from which a key is in force than its rotation.',
    '2:7 key',
    {
      extract: [7],
      header: (header) => void Object.assign(header, { keys: [describe(FIRST, 1), describe(SECOND, 9)] }),
      facts: {
        keys: [told(FIRST, 1, 1), told(SECOND, 9, 0)],
        sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 },
      },
    },
  ),
];

const records = (): Vector[] => [
  bad('order-of-records', 'Two records of an extract have changed places.', '3:4 sequence, 5:4 disclosure', {
    extract: [5, 4, 8],
    facts: { sealed: { disclosed: 0, withheld: 1, erased: 1, mismatched: 0 } },
  }),
  bad('record-twice', 'A record stands in an extract twice.', '4:4 sequence', {
    extract: [2, 4, 4, 8],
    facts: { sealed: { disclosed: 1, withheld: 1, erased: 0, mismatched: 0 } },
  }),
  bad('link', 'Two neighbours in an extract are not linked.', '4:5 chain', {
    chain: (chain) => {
      chain.record(5).prev = 'a'.repeat(64);
    },
  }),
  bad('first-record-with-predecessor', 'The first record of the chain has a predecessor.', '2:1 chain', {
    extract: [1],
    chain: (chain) => {
      chain.record(1).prev = 'a'.repeat(64);
    },
    facts: { sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
  }),
  bad(
    'edited',
    'A record of an extract was changed; nothing was made to fit.',
    '3:4 hash, 3:4 signature, 3:4 root, 4:5 chain, 7 digest',
    {
      bytes: (file) => file.replace('"id":"t4"', '"id":"t5"'),
      facts: NO_ROOT,
    },
  ),
  bad(
    'rehashed',
    'A record of an extract was changed, its hash and the digest made to fit.',
    '2:2 signature, 2:2 root',
    {
      lines: (lines) => void lines.splice(1, 1, rehashed(lines[1] ?? '')),
      facts: NO_ROOT,
    },
  ),
  bad('signature', 'The signature of a record of an extract is that of another.', '3:4 signature', {
    chain: (chain) => {
      const other = chain.build()[1]?.sig ?? '';
      chain.record(4).sig = () => other;
    },
  }),
  bad(
    'no-json',
    'A record of an extract is no JSON: it is proven all the same, as far as anybody can, which is not without its seq.',
    '3 unreadable, 3 root, 6:4 disclosure',
    {
      chain: (chain) => {
        chain.record(4).rewrite = (text) => text.slice(0, -1);
      },
      facts: { ...NO_ROOT, sealed: { disclosed: 0, withheld: 0, erased: 1, mismatched: 0 } },
    },
  ),
  bad('not-canonical', 'A record of an extract has a space in it.', '2:2 not-canonical', {
    chain: (chain) => {
      chain.record(2).rewrite = (text) => text.replace('"v":1', '"v": 1');
    },
  }),
  bad('schema', 'A record of an extract has a member too many.', '2:2 schema', {
    chain: (chain) => {
      chain.members(2).more = 1;
    },
  }),
  bad('without-seq', 'A record of an extract has no seq.', '2 schema, 2 sequence, 2 root', {
    chain: (chain) => {
      chain.members(2).seq = undefined;
    },
    header: (header) => void Object.assign(header, { first: 4 }),
    facts: { ...NO_ROOT, first: 4 },
  }),
  bad('beyond-the-tree', 'A record of an extract has a seq above the size of the tree.', '5:10 root', {
    chain: (chain) => {
      chain.members(8).seq = 10;
      chain.members(8).outcome = 'failure';
    },
    header: (header) => void Object.assign(header, { last: 10 }),
    facts: { ...NO_ROOT, sealed: WITHOUT.sealed },
  }),
  bad('record-of-another-tenant', 'A record of an extract is of another tenant.', '2:2 sequence', {
    chain: (chain) => {
      chain.members(2).tenant = 'other';
    },
  }),
  proofs(
    'reversed',
    'The hashes of a proof stand in the opposite order.',
    '2:2 root',
    ([first]) => void first?.reverse(),
  ),
  proofs('short', 'A proof lacks its last hash.', '2:2 root', ([first]) => void first?.pop()),
  proofs('long', 'A proof has a hash too many.', '2:2 root', ([first]) => void first?.push(HASH)),
  proofs('empty', 'A proof is empty.', '5:8 root', (all) => void all[3]?.splice(0)),
  proofs('wrong', 'A hash of a proof is another.', '3:4 root', (all) => void all[1]?.splice(2, 1, HASH)),
  proofs(
    'of-another',
    'Two records have each other’s proof.',
    '2:2 root, 3:4 root',
    (all) => void all.splice(0, 2, all[1] ?? [], all[0] ?? []),
  ),
  noLine('proof-no-base64', 'A hash of a proof is not base64.', /"proof":\["...../, '"proof":["-_-_-'),
  noLine(
    'proof-unused-bits',
    'The unused bits of a hash of a proof are not zero.',
    /"proof":\["[^"]*"/,
    `"proof":["${'A'.repeat(42)}B="`,
  ),
  noLine('proof-space', 'A space stands in a proof.', '","', '", "'),
  noLine('proof-missing', 'A record of an extract has no proof.', /"proof":\[[^\]]*\],/, ''),
  noLine(
    'proof-of-65',
    'A proof has 65 hashes.',
    /"proof":\[[^\]]*\]/,
    `"proof":[${Array(65).fill(`"${HASH}"`).join(',')}]`,
  ),
  noLine('line-text', 'In the place of a record of an extract stands a text.', /^.*$/s, 'record'),
];

function rehashed(line: Bytes): Bytes {
  const at = line.indexOf('"record":') + 9;
  const record = replaced(line.slice(at, -1), '"responder"', '"approver"');
  return `${replaced(line.slice(0, at), /"hash":"[^"]*"/, `"hash":"${hashOf(record)}"`)}${record}}`;
}

const ends = (): Vector[] => [
  bad('records', 'The end of an extract says five records, there are four.', '7 sequence', {
    end: (end) => void Object.assign(end, { records: 5 }),
  }),
  bad('digest', 'The digest at the end of an extract is another.', '7 digest', {
    end: (end) => void Object.assign(end, { digest: 'a'.repeat(64) }),
  }),
  bad('checkpoint-malformed', 'The checkpoint of an extract is no note: nothing more is said of it.', '7 checkpoint', {
    note: '',
    facts: NO_ROOT,
  }),
  bad('checkpoint-foreign', 'The checkpoint of an extract is signed by somebody else.', '7 checkpoint', {
    note: signNote(FOREIGN, noteText(9, sampleChain().root())),
  }),
  bad('checkpoint-older', 'The checkpoint of an extract is a genuine one of five records.', '7 root', {
    note: sampleChain().note(5, FIRST),
    facts: NO_ROOT,
  }),
  bad('no-records', 'An extract without records.', '1 sequence, 1 sequence', {
    lines: (lines) => void lines.splice(1),
    end: (end) => void Object.assign(end, { records: 0 }),
    facts: { ...NO_ROOT, sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
  }),
  bad('cut', 'An extract ends before its end line.', '0 unreadable', {
    bytes: (file) => file.slice(0, file.indexOf('{"end"')),
    unreadable: true,
    facts: NO_ROOT,
  }),
  bad('disclosure', 'A disclosure of an extract is for a record that is not in it.', '6:6 disclosure', {
    lines: (lines) => void lines.splice(5, 1, replaced(lines[5] ?? '', '"seq":4', '"seq":6')),
    facts: { sealed: { disclosed: 0, withheld: 1, erased: 1, mismatched: 0 } },
  }),
];

export function damagedExtracts(): Vector[] {
  return [...headers(), ...keys(), ...records(), ...ends()];
}
