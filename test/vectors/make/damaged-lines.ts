import { type Bytes, flipped } from './bytes.ts';
import { FIRST } from './chain.ts';
import { inLine, NO_HEADER, NOT_ERASED, plain, sample, withChain } from './damage.ts';
import type { Expected, Vector } from './vector.ts';

const lines = (change: (lines: Bytes[]) => void): Expected => ({ lines: change });
const bytes = (change: (file: Bytes) => Bytes): Expected => ({ bytes: change });
const take = (all: Bytes[], number: number): Bytes => all.splice(number - 1, 1)[0] ?? '';

/** One record fewer than the end and the checkpoint say; the end stands at that line. */
const fewer = (end: number): string => `${end} sequence, ${end} sequence, ${end} root`;
const NO_KEYS = { keys: [] };
const ONLY_FIRST = (records: number) => ({ keys: [{ id: FIRST.id, alg: 'Ed25519', fromSeq: 1, records }] });

const order = (): Vector[] => [
  plain(
    'lines-swapped',
    'Records 3 and 4 have changed places.',
    '4:4 sequence, 4:4 chain, 5:3 sequence, 5:3 chain, 6:5 sequence, 6:5 chain, 8 root',
    lines((all) => {
      const third = take(all, 4);
      all.splice(4, 0, third);
    }),
  ),
  plain(
    'lines-deleted',
    'Record 3 is missing.',
    `4:4 sequence, 4:4 chain, ${fewer(7)}`,
    lines((all) => void take(all, 4)),
  ),
  plain(
    'lines-deleted-counted',
    'Record 3 is missing, and the end counts the others.',
    '4:4 sequence, 4:4 chain, 7 sequence, 7 root',
    {
      ...lines((all) => void take(all, 4)),
      end: (end) => {
        end.records = 5;
      },
    },
  ),
  plain(
    'lines-two-deleted',
    'Records 3 and 4 are missing: that is one gap.',
    `4:5 sequence, 4:5 chain, ${fewer(6)}`,
    lines((all) => void all.splice(3, 2)),
  ),
  plain(
    'lines-head-deleted',
    'The first record is missing: the header’s keys stand in.',
    `2:2 sequence, 2:2 chain, ${fewer(7)}`,
    lines((all) => void take(all, 2)),
  ),
  plain(
    'lines-tail-deleted',
    'The last record is missing.',
    `1 sequence, ${fewer(7)}`,
    lines((all) => void take(all, 7)),
  ),
  plain(
    'lines-all-deleted',
    'Every record is missing: no key is known.',
    '1 sequence, 2 sequence, 2 checkpoint, 2 sequence, 2 root',
    {
      ...lines((all) => void all.splice(1)),
      facts: { ...NO_KEYS },
    },
  ),
  plain(
    'lines-repeated',
    'Record 3 stands there twice.',
    `5:3 sequence, 5:3 chain, ${fewer(9)}`,
    lines((all) => all.splice(3, 0, all[3] ?? '')),
  ),
  plain(
    'lines-reversed',
    'The records stand in the opposite order.',
    '2:6 sequence, 2:6 chain, 3:5 sequence, 3:5 chain, 4:4 sequence, 4:4 chain, 5:3 sequence, 5:3 chain, 6:2 sequence, 6:2 chain, 7:1 sequence, 7:1 chain, 1 sequence, 8 root',
    lines((all) => all.splice(1, 6, ...all.slice(1, 7).reverse())),
  ),
  plain(
    'lines-inserted-record',
    'A record of another chain by the same key was put in after record 3.',
    `5:4 chain, 6:4 sequence, 6:4 chain, ${fewer(9)}`,
    lines((all) => all.splice(4, 0, strangerLine())),
  ),
  plain('gap-made-by-the-writer', 'The writer left seq 3 out; links, hashes and signatures fit.', '4:4 sequence', {
    ...withChain((chain) => {
      for (const { members } of chain.records.slice(2)) members.seq = Number(members.seq) + 1;
    }),
    header: (header) => {
      header.last = 7;
    },
  }),
  plain('repeat-made-by-the-writer', 'The writer gave seq 3 twice; links, hashes and signatures fit.', '5:3 sequence', {
    ...withChain((chain) => {
      for (const { members } of chain.records.slice(3)) members.seq = Number(members.seq) - 1;
    }),
    header: (header) => {
      header.last = 5;
    },
  }),
  plain(
    'link-to-another',
    'The link of record 4 is to record 2; everything after fits.',
    '5:4 chain',
    withChain((chain) => {
      chain.record(4).prev = chain.build()[1]?.hash ?? '';
    }),
  ),
  plain(
    'link-of-the-first',
    'The first record has a predecessor.',
    '2:1 chain',
    withChain((chain) => {
      chain.record(1).prev = 'a'.repeat(64);
    }),
  ),
  plain(
    'link-in-capitals',
    'The link of record 4 is in capitals.',
    '5:4 schema, 5:4 chain',
    withChain((chain) => {
      chain.record(4).prev = (chain.build()[2]?.hash ?? '').toUpperCase();
    }),
  ),
];

function strangerLine(): Bytes {
  const stranger = plain(
    'x',
    'x',
    '',
    withChain((chain) => {
      chain.data(3).user = 'other';
    }),
  );
  return stranger.file.split('\n')[4] ?? '';
}

/** A line in the place of record 3. It takes the record's place, and its successor's link is not judged. */
const instead = (name: string, what: string, line: Bytes): Vector =>
  plain(
    `line-${name}`,
    what,
    `4 unreadable, ${fewer(8)}`,
    lines((all) => void all.splice(3, 1, line)),
  );

const record3 = (from: string | RegExp, to: string): Expected => inLine(4, from, to);
const damagedLine = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  plain(`line-${name}`, what, `4 unreadable, ${fewer(8)}`, record3(from, to));

const shapes = (): Vector[] => [
  instead('text', 'In the place of record 3 stands a text.', 'record'),
  instead('empty', 'In the place of record 3 stands an empty line.', ''),
  instead('object', 'In the place of record 3 stands an object without members.', '{}'),
  instead('zeros', 'In the place of record 3 stand null bytes.', '\0'.repeat(64)),
  damagedLine('carriage-return', 'The line of record 3 ends in a carriage return.', /$/, '\r'),
  damagedLine('space-after', 'A space follows the line of record 3.', /$/, ' '),
  damagedLine('space-before', 'A space stands before the line of record 3.', /^/, ' '),
  damagedLine('space-inside', 'A space stands after a colon of the line of record 3.', '"hash":', '"hash": '),
  damagedLine(
    'order',
    'In the line of record 3 the signature stands before the hash.',
    /("hash":"[^"]*"),("sig":"[^"]*")/,
    '"sig":"AA==","hash":"00"',
  ),
  damagedLine(
    'hash-capitals',
    'The hash of record 3 is stated in capitals.',
    /"hash":"[^"]*"/,
    `"hash":"${'A'.repeat(64)}"`,
  ),
  damagedLine('hash-short', 'The hash of record 3 is stated a digit short.', /"hash":"./, '"hash":"'),
  damagedLine(
    'sig-url-alphabet',
    'The signature of record 3 is in the alphabet for addresses.',
    /"sig":"[^"]*"/,
    `"sig":"${'-_'.repeat(43)}=="`,
  ),
  damagedLine('sig-missing', 'The line of record 3 has no signature.', /"sig":"[^"]*",/, ''),
  damagedLine('sig-number', 'The signature of record 3 is a number.', /"sig":"[^"]*"/, '"sig":7'),
  damagedLine(
    'more',
    'The line of record 3 has a member too many before the record.',
    '"record":',
    '"note":1,"record":',
  ),
  damagedLine(
    'proof',
    'The line of record 3 has a proof, which only extracts have.',
    '"record":',
    '"proof":[],"record":',
  ),
  damagedLine('cut', 'The line of record 3 has lost its last brace and a digit.', /\d\}\}$/, ''),
  plain(
    'line-more-after',
    'The line of record 3 has a member too many after the record: what stands before the last brace is the record.',
    '4:3 unreadable, 4:3 hash, 5:4 chain, 8 root',
    record3(/\}$/, ',"note":1}'),
  ),
  plain(
    'line-inserted',
    'A line that is none was put in before record 3: it takes a place.',
    '4 unreadable, 5:3 sequence',
    lines((all) => all.splice(3, 0, 'x')),
  ),
  plain(
    'line-header-again',
    'The header stands there a second time, in the place of record 3.',
    `4 unreadable, ${fewer(8)}`,
    lines((all) => void all.splice(3, 1, all[0] ?? '')),
  ),
  plain(
    'line-record-cut-in-two',
    'A line feed stands in the middle of record 3: two lines, each of which takes a place.',
    '4 unreadable, 5 unreadable, 6:4 sequence, 9 sequence, 9 sequence, 9 root',
    record3('"outcome"', '\n"outcome"'),
  ),
  plain(
    'line-too-long',
    'In the place of record 3 stands a line of 4 MiB and a byte.',
    `4 unreadable, ${fewer(8)}`,
    tooLong(),
  ),
  plain(
    'line-end-in-the-middle',
    'An end line of another form stands in the place of record 3.',
    `4 unreadable, ${fewer(8)}`,
    lines((all) => void all.splice(3, 1, '{"end":{}}')),
  ),
  sample('record-after-disclosures', 'Record 3 stands a second time after the disclosures.', '12 unreadable', {
    ...lines((all) => void all.push(all[3] ?? '')),
    facts: sample('x', 'x', '').facts,
  }),
  sample(
    'disclosure-among-records',
    'A disclosure stands before record 7: the records after it are not read.',
    '9 unreadable, 10 unreadable, 11 unreadable, 1 sequence, 1 key, 12 sequence, 12 checkpoint, 12 sequence, 12 root',
    {
      ...lines((all) => all.splice(7, 0, take(all, 11))),
      facts: { sealed: NOT_ERASED, records: 6, ...ONLY_FIRST(6), ...firstSix() },
    },
  ),
];

function firstSix(): { head: string; root: string } {
  const six = sample('x', 'x', '', { chain: (chain) => void chain.records.splice(6) });
  return { head: six.facts.head ?? '', root: six.facts.root ?? '' };
}

/** A line of 4 MiB and a byte, most of which is left out of the file that is kept. */
function tooLong(): Expected {
  const MAX = 4 * 1024 * 1024;
  const at = plain('x', 'x', '').file.split('\n').slice(0, 3).join('\n').length + 1;
  const count = MAX + 1;
  return {
    ...lines((all) => void all.splice(3, 1, 'x'.repeat(count))),
    bytes: (file) => file.slice(0, at) + file.slice(at + count),
    fill: { at, byte: 0x78, count },
  };
}

const everyLine = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index} unreadable`).join(', ');
const NOTHING = { ...NO_HEADER, ...NO_KEYS, records: 0, head: null, root: null };
const CUT = { unreadable: true };
const NO_ROOT = { root: null };
/** The last line among the records is none. */
const NO_HEAD = { ...NO_ROOT, head: null };

/** Everything up to a place in the file. */
const cutAt = (place: (file: Bytes) => number): Expected => bytes((file) => file.slice(0, place(file)));
const lineAt = (file: Bytes, number: number): number =>
  file
    .split('\n')
    .slice(0, number - 1)
    .join('\n').length + 1;

const cuts = (): Vector[] => [
  plain('cut-empty', 'An empty file.', '0 unreadable', { ...cutAt(() => 0), ...CUT, facts: NOTHING }),
  plain('cut-in-header', 'The file ends within its header.', '1 unreadable, 1 unreadable, 0 unreadable', {
    ...cutAt(() => 60),
    ...CUT,
    facts: NOTHING,
  }),
  plain('cut-after-header', 'The file ends after its header.', '1 sequence, 0 unreadable', {
    ...cutAt((file) => lineAt(file, 2)),
    ...CUT,
    facts: { ...NO_ROOT, ...NO_KEYS },
  }),
  plain('cut-after-record', 'The file ends after record 3.', '1 sequence, 0 unreadable', {
    ...cutAt((file) => lineAt(file, 5)),
    ...CUT,
    facts: NO_ROOT,
  }),
  plain('cut-in-record', 'The file ends within record 4.', '5 unreadable, 5 unreadable, 1 sequence, 0 unreadable', {
    ...cutAt((file) => lineAt(file, 5) + 300),
    ...CUT,
    facts: NO_HEAD,
  }),
  plain(
    'cut-before-line-feed',
    'The file ends before the line feed of record 4: the record is read.',
    '5 unreadable, 1 sequence, 0 unreadable',
    { ...cutAt((file) => lineAt(file, 6) - 1), ...CUT, facts: NO_ROOT },
  ),
  plain('cut-before-end', 'The file ends before its end line.', '0 unreadable', {
    ...cutAt((file) => lineAt(file, 8)),
    ...CUT,
    facts: NO_ROOT,
  }),
  plain('cut-in-end', 'The file ends within its end line.', '8 unreadable, 8 unreadable, 0 unreadable', {
    ...cutAt((file) => lineAt(file, 8) + 50),
    ...CUT,
    facts: NO_HEAD,
  }),
  plain('cut-last-line-feed', 'The end line has no line feed.', '8 unreadable', {
    ...bytes((file) => file.slice(0, -1)),
    ...CUT,
  }),
  sample('cut-in-disclosure', 'The file ends within a disclosure.', '11 unreadable, 11 unreadable, 0 unreadable', {
    ...cutAt((file) => lineAt(file, 11) + 40),
    ...CUT,
    facts: { ...NO_ROOT, sealed: { disclosed: 0, withheld: 2, erased: 1, mismatched: 0 } },
  }),
  plain('cut-only-line-feed', 'A file of one line feed.', '1 unreadable, 0 unreadable', {
    ...bytes(() => '\n'),
    ...CUT,
    facts: NOTHING,
  }),
  plain('cut-beginning', 'The file has lost its first 300 bytes.', '1 unreadable, 8 digest', {
    ...bytes((file) => file.slice(100)),
    ...CUT,
    facts: NO_HEADER,
  }),
  plain(
    'after-line-feed',
    'A line feed follows the end line.',
    '9 unreadable',
    bytes((file) => `${file}\n`),
  ),
  plain(
    'after-space',
    'A space follows the end line.',
    '9 unreadable',
    bytes((file) => `${file} `),
  ),
  plain(
    'after-null-byte',
    'A null byte follows the end line.',
    '9 unreadable',
    bytes((file) => `${file}\0`),
  ),
  plain(
    'after-end-again',
    'The end line stands there twice.',
    '9 unreadable',
    bytes((file) => file + file.slice(lineAt(file, 8))),
  ),
  plain('after-file-again', 'The file stands there twice: all that follows the end is one problem.', '9 unreadable', {
    ...bytes((file) => file + file),
    facts: onceOnly(),
  }),
  plain(
    'byte-order-mark',
    'The file begins with a byte order mark: its header is not read, the records are.',
    '1 unreadable',
    { ...lines((all) => void all.splice(0, 1, `\xef\xbb\xbf${all[0]}`)), ...CUT, facts: NO_HEADER },
  ),
  plain('carriage-returns', 'Every line ends in carriage return and line feed.', `${everyLine(1, 8)}, 0 unreadable`, {
    ...bytes((file) => file.replaceAll('\n', '\r\n')),
    ...CUT,
    facts: NOTHING,
  }),
  plain(
    'carriage-returns-only',
    'Lines end in carriage returns: the file is one line.',
    '1 unreadable, 1 unreadable, 0 unreadable',
    { ...bytes((file) => file.replaceAll('\n', '\r')), ...CUT, facts: NOTHING },
  ),
  plain('utf-16', 'The file is in UTF-16.', `${everyLine(1, 9)}, 9 unreadable, 0 unreadable`, {
    ...bytes((file) => Buffer.from(Buffer.from(file, 'latin1').toString('utf8'), 'utf16le').toString('latin1')),
    ...CUT,
    facts: NOTHING,
  }),
  plain(
    'bit-of-the-end',
    'A bit of the word end was flipped: the line is none, and takes a place.',
    '8 unreadable, 0 unreadable',
    { ...bytes((file) => flipped(file, lineAt(file, 8) + 2)), ...CUT, facts: NO_HEAD },
  ),
  plain(
    'bit-of-a-line-feed',
    'A bit of the line feed after record 3 was flipped: two lines are one, with the records of both in it.',
    `4:3 unreadable, 4:3 hash, 5:5 sequence, 5:5 chain, 7 sequence, 7 digest, 7 sequence, 7 root`,
    { ...bytes((file) => flipped(file, lineAt(file, 5) - 1)) },
  ),
  plain(
    'thousand-problems',
    'In the place of record 6 stand 1,001 lines that are none: a thousand problems are listed, all are counted.',
    `${everyLine(7, 1007)}, 1 sequence, 1008 sequence, 1008 sequence, 1008 root`,
    {
      ...lines((all) => void all.splice(6, 1, ...Array(1001).fill('x'))),
      facts: { head: null },
    },
  ),
];

function onceOnly() {
  return plain('x', 'x', '').facts;
}

export function damagedLines(): Vector[] {
  return [...order(), ...shapes(), ...cuts()];
}
