import { type Bytes, deep } from './bytes.ts';
import {
  FIRST,
  FOREIGN,
  noteText,
  OTHER_CHAIN,
  plainChain,
  SECOND,
  saltOf,
  sampleChain,
  seal,
  signNote,
  VectorChain,
} from './chain.ts';
import { inLine, plain, sample } from './damage.ts';
import { type Expected, makeVector, type Sealed, type Vector } from './vector.ts';

/** Line 11 of the sample: the disclosure of `/data/note` of record 4. */
const NOT_DISCLOSED: Sealed = { disclosed: 0, withheld: 2, erased: 1, mismatched: 0 };
const MISMATCHED: Sealed = { disclosed: 0, withheld: 1, erased: 1, mismatched: 1 };

const changed = (
  name: string,
  what: string,
  expected: string,
  from: string | RegExp,
  to: string,
  sealed: Sealed,
): Vector => sample(`disclosure-${name}`, what, expected, { ...inLine(11, from, to), facts: { sealed } });
const mismatched = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  changed(name, what, '11:4 disclosure', from, to, MISMATCHED);
const nothing = (name: string, what: string, from: string | RegExp, to: string, seq = 4): Vector =>
  changed(name, what, `11:${seq} disclosure`, from, to, NOT_DISCLOSED);
const unread = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  changed(name, what, '11 unreadable', from, to, NOT_DISCLOSED);

const line = (seq: number, path: string, value: string): Bytes =>
  `{"disclosure":{"seq":${seq},"path":"${path}","value":["${saltOf(JSON.stringify(value))}","${value}"]}}`;
const lines = (...all: readonly Bytes[]): Expected => ({ lines: (list) => void list.splice(10, 1, ...all) });

/** Names of an actor and of a device, sealed in one record. */
const named = (): VectorChain => {
  const chain = new VectorChain();
  const name = seal(saltOf('"N"'), 'N');
  const more = { actor: { type: 'user', id: 'u', name }, device: { id: 'd', name } };
  chain.add('tenant.user_removed', { user: 'u', reason: 'r' }, more);
  return chain;
};

const disclosures = (): Vector[] => [
  mismatched('value', 'The value of a disclosure was changed.', '"one"]', '"One"]'),
  mismatched('salt', 'The salt of a disclosure was changed.', /"value":\["./, '"value":["_'),
  mismatched('value-other-type', 'The value of a disclosure is a list with the value in it.', '"one"]', '["one"]]'),
  mismatched(
    'of-another',
    'The value of a disclosure is that of another record.',
    /"value":.*\]/,
    `"value":["${saltOf('"two"')}","two"]`,
  ),
  nothing('path-of-no-sealed-value', 'A disclosure is for a place without a sealed value.', '/data/note', '/data'),
  nothing(
    'path-into-the-seal',
    'A disclosure is for the digest within a sealed value.',
    '/data/note',
    '/data/note/sealed',
  ),
  nothing('path-missing', 'A disclosure is for a place that is not there.', '/data/note', '/data/nothing'),
  nothing('path-no-pointer', 'The path of a disclosure does not begin with a slash.', '/data/note', 'data/note'),
  nothing('seq-of-another', 'A disclosure is for a record without a sealed value.', '"seq":4', '"seq":3', 3),
  nothing('seq-beyond', 'A disclosure is for a record that is not there.', '"seq":4', '"seq":40', 40),
  sample('disclosure-twice', 'A disclosure stands there twice.', '12:4 disclosure', {
    ...lines(line(4, '/data/note', 'one'), line(4, '/data/note', 'one')),
  }),
  sample(
    'disclosure-twice-other-value',
    'A value is disclosed twice, the second time another: that is not looked at.',
    '12:4 disclosure',
    {
      ...lines(line(4, '/data/note', 'one'), line(4, '/data/note', 'two')),
    },
  ),
  sample(
    'disclosure-order',
    'Two disclosures stand in the wrong order: the second is not compared with anything.',
    '12:4 unreadable',
    {
      ...lines(line(6, '/data/note', 'three'), line(4, '/data/note', 'one')),
    },
  ),
  makeVector(
    'disclosure-order-of-paths',
    'Two disclosures of one record stand in the wrong order of their paths.',
    named,
    '5:2 unreadable',
    {
      lines: (list) => void list.push(line(2, '/device/name', 'N'), line(2, '/actor/name', 'N')),
      facts: { sealed: { disclosed: 1, withheld: 1, erased: 0, mismatched: 0 } },
    },
  ),
  unread('space', 'A space stands in a disclosure.', '"seq":4', '"seq": 4'),
  unread(
    'order-of-members',
    'The members of a disclosure stand in another order.',
    '"seq":4,"path":"/data/note"',
    '"path":"/data/note","seq":4',
  ),
  unread('unknown-member', 'A disclosure has a member too many.', '"seq":4', '"seq":4,"note":1'),
  unread('beside', 'Beside the disclosure stands another member.', /\}$/, ',"note":1}'),
  unread('missing-path', 'A disclosure has no path.', '"path":"/data/note",', ''),
  unread('path-empty', 'The path of a disclosure is empty.', '/data/note', ''),
  unread('seq-zero', 'The seq of a disclosure is 0.', '"seq":4', '"seq":0'),
  unread('seq-text', 'The seq of a disclosure is a string.', '"seq":4', '"seq":"4"'),
  unread('seq-fraction', 'The seq of a disclosure is written 4.0.', '"seq":4', '"seq":4.0'),
  unread('without-value', 'A disclosure holds a salt only.', ',"one"]', ']'),
  unread('three-values', 'A disclosure holds three values.', '"one"]', '"one",1]'),
  unread('salt-number', 'The salt of a disclosure is a number.', /"value":\["[^"]*"/, '"value":[1'),
  unread('salt-short', 'The salt of a disclosure is a character short.', /"value":\["./, '"value":["'),
  unread('salt-long', 'The salt of a disclosure is a character too long.', /"value":\["/, '"value":["A'),
  unread('salt-padded', 'The salt of a disclosure is padded.', '","one"]', '==","one"]'),
  unread('salt-not-url', 'The salt of a disclosure is of the other base64.', /"value":\["./, '"value":["+'),
  unread('salt-unused-bits', 'The unused bits of a salt’s last character are not zero.', /.","one"\]/, 'B","one"]'),
  unread(
    'value-object',
    'Salt and value of a disclosure stand in an object.',
    /"value":\[.*\]/,
    '"value":{"salt":"a","value":"one"}',
  ),
  unread('value-space', 'A space stands in the value of a disclosure.', ',"one"]', ', "one"]'),
  unread('value-order', 'The members of a value stand in another order than that of JCS.', '"one"]', '{"b":1,"a":2}]'),
  unread('value-number', 'A number in a value is not in the form of JCS.', '"one"]', '1.50]'),
  unread('value-minus-zero', 'A number in a value is −0.', '"one"]', '-0]'),
  unread('value-infinite', 'A number in a value is above all there are.', '"one"]', '1e400]'),
  unread('value-duplicate', 'A member of a value stands there twice.', '"one"]', '{"a":1,"a":1}]'),
  unread('value-escape', 'A letter of a value is escaped.', '"one"]', '"\\u006fne"]'),
  unread('value-surrogate', 'A value holds half a surrogate pair, escaped.', '"one"]', '"\\ud800"]'),
  unread(
    'path-surrogate',
    'The path of a disclosure holds half a surrogate pair, escaped.',
    '/data/note',
    '/data/\\udc00',
  ),
  unread('value-proto', 'A member of a value is called __proto__.', '"one"]', '{"__proto__":1}]'),
  unread('value-too-deep', 'A value nests so deep that its line has 65 levels.', '"one"]', `${deep(62)}]`),
  unread('no-utf-8', 'A disclosure is not UTF-8.', '"one"', '"\xff"'),
  unread('no-json', 'A disclosure is no JSON.', /\}$/, ''),
];

const NOTE = () => sampleChain().note(5, FIRST);
const given = (name: string, what: string, expected: string, since: string, detail: Expected = {}): Vector =>
  plain(`since-${name}`, what, expected, { given: { since }, ...detail });
const pinned = (name: string, what: string, key: string, detail: Expected = {}, expected = '0 pin'): Vector =>
  plain(`pin-${name}`, what, expected, { given: { key }, ...detail });

function forked(size: number): string {
  const chain = plainChain(size);
  chain.data(3).new = 'approver';
  return chain.note();
}

const foreign = (): VectorChain => new VectorChain(FOREIGN).fill(6);

const givens = (): Vector[] => [
  given('rollback', 'The earlier checkpoint has eight records, the file six.', '0 not-extension', plainChain(8).note()),
  given(
    'tail-cut',
    'The earlier checkpoint has six records; two were cut off, and an older checkpoint put in.',
    '0 not-extension',
    plainChain(6).note(),
    {
      chain: (chain) => void chain.records.splice(4),
    },
  ),
  given('fork', 'The third record of the earlier checkpoint was another.', '0 not-extension', forked(5)),
  given(
    'fork-same-size',
    'The earlier checkpoint is of as many records, and one of them was another.',
    '0 not-extension',
    forked(6),
  ),
  given(
    'other-chain',
    'The earlier checkpoint is of another chain: nothing more is said of it.',
    '0 not-extension',
    signNote(FOREIGN, noteText(3, plainChain().root(3), OTHER_CHAIN), `causeway/${OTHER_CHAIN}`),
  ),
  given(
    'foreign-key',
    'The earlier checkpoint is signed by somebody else.',
    '0 checkpoint',
    signNote(FOREIGN, noteText(4, plainChain().root(4))),
  ),
  given(
    'root-edited',
    'The root of the earlier checkpoint was changed after it was signed.',
    '0 not-extension, 0 checkpoint',
    plainChain()
      .note(4)
      .replace(/^(.*\n.*\n).*\n/, `$1${'A'.repeat(43)}=\n`),
  ),
  given(
    'no-records',
    'The earlier checkpoint is of no records: the root of an empty tree, by the first key.',
    '',
    signNote(FIRST, noteText(0, plainChain().root(0))),
  ),
  sample(
    'since-by-the-later-key',
    'The earlier checkpoint is of five records, signed by a key that came at seq 8.',
    '0 checkpoint',
    { given: { since: signNote(SECOND, noteText(5, sampleChain().root(5))) } },
  ),
  sample(
    'since-by-the-old-key',
    'The earlier checkpoint is of all nine records, signed by the key that was replaced.',
    '0 checkpoint',
    { given: { since: sampleChain().note(9, FIRST) } },
  ),
  given(
    'rewritten-chain',
    'The whole chain was made anew with another key.',
    '0 not-extension, 0 checkpoint',
    plainChain().note(4),
    { chain: (chain) => Object.assign(chain, rekeyed()) },
  ),
  given(
    'range-too-late',
    'A range that begins with seq 4, and a checkpoint of two records.',
    '0 not-extension',
    plainChain().note(2),
    { range: [4, 6] },
  ),
  given(
    'range-other-root',
    'A range that begins with seq 3, and a checkpoint of four other records.',
    '0 not-extension',
    forked(4),
    { range: [3, 6] },
  ),
  sample(
    'since-range-no-rotation',
    'A range after a rotation, and a checkpoint by the key before it: the rotation is the header’s word.',
    '0 not-extension',
    {
      range: [8, 9],
      given: { since: sampleChain().note(7, FIRST) },
      facts: { sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
    },
  ),
  sample(
    'since-extract-of-a-shorter-tree',
    'An extract, and an earlier checkpoint of fewer records: it cannot be compared.',
    '0 not-extension',
    {
      extract: [2, 4, 5, 8],
      given: { since: NOTE() },
      facts: { sealed: { disclosed: 1, withheld: 0, erased: 1, mismatched: 0 } },
    },
  ),
  sample(
    'since-and-pin',
    'The earlier checkpoint is longer and the chain begins with another key than the given one.',
    '0 not-extension, 0 pin',
    {
      given: { since: signNote(SECOND, noteText(12, sampleChain().root())), key: SECOND.id },
    },
  ),
  pinned('other-key', 'The chain begins with another key than the given one.', FOREIGN.id),
  makeVector(
    'pin-rewritten-chain',
    'The whole chain was made anew with another key; only the given key tells.',
    foreign,
    '0 pin',
    { given: { key: FIRST.id } },
  ),
  sample('pin-second-key', 'The given key came later: the chain does not begin with it.', '0 pin', {
    given: { key: SECOND.id },
  }),
  makeVector(
    'pin-not-the-first',
    'The chain has two first keys; the first record is signed by the other one.',
    () => new VectorChain(FIRST, FOREIGN).fill(3),
    '0 pin',
    { given: { key: FOREIGN.id } },
  ),
  sample('pin-range-of-two-keys', 'A range whose header lists the given key and another.', '0 pin', {
    range: [4, 9],
    given: { key: FIRST.id },
  }),
  pinned('range-other-key', 'A range by another key than the given one.', FOREIGN.id, { range: [3, 6] }),
  pinned(
    'range-signature',
    'A range by the given key, of which one record is not signed by it.',
    FIRST.id,
    {
      range: [3, 6],
      chain: (chain) => {
        chain.record(4).sig = () => '';
      },
    },
    '3:4 signature, 0 pin',
  ),
  pinned(
    'range-checkpoint',
    'A range by the given key, with a checkpoint that is not signed by it.',
    FIRST.id,
    {
      range: [3, 6],
      chain: (chain) => {
        chain.signer = FOREIGN;
      },
    },
    '6 checkpoint, 0 pin',
  ),
  sample('pin-extract-of-two-keys', 'An extract whose header lists the given key and another.', '0 pin', {
    extract: [2, 3],
    given: { key: FIRST.id },
    facts: { sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 } },
  }),
];

/** The parts of a chain made anew with another key. */
function rekeyed(): Pick<VectorChain, 'records' | 'signer' | 'keys'> {
  const { records, signer, keys } = foreign();
  return { records, signer, keys };
}

export function damagedDisclosures(): Vector[] {
  return [...disclosures(), ...givens()];
}
