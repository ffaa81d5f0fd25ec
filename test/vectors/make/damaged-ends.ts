import { type Bytes, type Loose, replaced } from './bytes.ts';
import {
  CHAIN,
  FIRST,
  FOREIGN,
  noteKeyId,
  noteText,
  OTHER_CHAIN,
  plainChain,
  SECOND,
  sampleChain,
  signNote,
} from './chain.ts';
import { p1363ToDer, type VectorKey } from './crypto.ts';
import { plain, sample } from './damage.ts';
import type { Expected, Vector } from './vector.ts';
import { ALPHA, BETA, cosign, SECONDS, secondsBytes, signatureLine, told, witness } from './witness.ts';

const NO_ROOT = { root: null };

const ending = (name: string, what: string, expected: string, change: (end: Loose) => void): Vector =>
  plain(`end-${name}`, what, expected, { end: change });

/** An end line that is none: the file has none. */
const unread = (name: string, what: string, detail: Expected): Vector =>
  plain(`end-${name}`, what, '8 unreadable, 0 unreadable', {
    ...detail,
    unreadable: true,
    facts: { root: null, head: null },
  });
const rewritten = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  unread(name, what, { endLine: (line: Bytes) => replaced(line, from, to) });
const having = (name: string, what: string, members: Loose): Vector =>
  unread(name, what, { end: (end) => void Object.assign(end, members) });
const missing = (member: string): Vector =>
  unread(`missing-${member}`, `The end has no member ${member}.`, { end: (end) => void delete end[member] });

const ends = (): Vector[] => [
  ending('records-fewer', 'The end says five records, there are six.', '8 sequence', (end) => {
    end.records = 5;
  }),
  ending('records-more', 'The end says seven records, there are six.', '8 sequence', (end) => {
    end.records = 7;
  }),
  ending('digest', 'A digit of the digest was changed.', '8 digest', (end) => {
    end.digest = String(end.digest).replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  }),
  missing('records'),
  missing('digest'),
  missing('checkpoint'),
  having('unknown-member', 'The end has a member too many.', { note: 'x' }),
  having('records-text', 'The number of records at the end is a string.', { records: '6' }),
  having('records-negative', 'The number of records at the end is negative.', { records: -6 }),
  having('digest-capitals', 'The digest at the end is in capitals.', { digest: 'A'.repeat(64) }),
  having('digest-short', 'The digest at the end is a digit short.', { digest: 'a'.repeat(63) }),
  having('checkpoint-null', 'The checkpoint at the end is null.', { checkpoint: null }),
  having('checkpoint-surrogate', 'The checkpoint at the end holds half a surrogate pair, escaped.', {
    checkpoint: '\ud800',
  }),
  having('checkpoint-long', 'The checkpoint at the end has 65,537 characters.', { checkpoint: 'x'.repeat(65_537) }),
  rewritten('space', 'A space stands in the end line.', '"records":', '"records": '),
  rewritten('space-after', 'A space stands after the end, before its line feed.', /\n$/, ' \n'),
  rewritten(
    'order',
    'Two members of the end have changed places.',
    /("records":6),("digest":"[^"]*")/,
    `"digest":"${'a'.repeat(64)}","records":6`,
  ),
  rewritten('duplicate', 'A member of the end stands there twice.', '"records":6', '"records":6,"records":6'),
  rewritten('number', 'A number of the end is written 6.0.', '"records":6', '"records":6.0'),
  rewritten('dash-escaped', 'The dash of the checkpoint is escaped.', '\xe2\x80\x94', '\\u2014'),
  rewritten('no-json', 'The end is no JSON.', /\}\n$/, '\n'),
  rewritten('no-utf-8', 'The end is not UTF-8.', '\xe2\x80\x94', '\xe2\x80'),
  rewritten('two-members', 'Beside the end stands another member.', /\}\n$/, ',"note":1}\n'),
];

const text = (): string => noteText(6, plainChain().root());
const good = (): string => plainChain().note();

/** A checkpoint that is no note: nothing more is said of it, and no root is told. */
const malformed = (name: string, what: string, note: string): Vector =>
  plain(`checkpoint-${name}`, what, '8 checkpoint', { note, facts: NO_ROOT });
const signed = (name: string, what: string, note: string, expected = '8 checkpoint'): Vector =>
  plain(`checkpoint-${name}`, what, expected, { note });
const resigned = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  malformed(name, what, signNote(FIRST, replaced(text(), from, to)));

const lineBy = (key: VectorKey, signature: Buffer, name = `causeway/${CHAIN}`): string =>
  `— ${name} ${Buffer.concat([noteKeyId(key, name), signature]).toString('base64')}\n`;

function changedLast(note: string): string {
  const bytes = Buffer.from(/ (\S+)\n$/.exec(note)?.[1] ?? '', 'base64');
  bytes[60] = (bytes[60] ?? 0) ^ 1;
  return note.replace(/ \S+\n$/, ` ${bytes.toString('base64')}\n`);
}

const OTHER_NAME = `causeway/${OTHER_CHAIN}`;
const ROOT_5 = (): string => plainChain().note(5);

const checkpoints = (): Vector[] => [
  malformed('empty', 'The checkpoint is empty.', ''),
  malformed('only-text', 'The checkpoint has no signature.', `${text()}\n`),
  malformed(
    'without-empty-line',
    'The checkpoint has no empty line before its signature.',
    good().replace('\n\n', '\n'),
  ),
  malformed('without-last-line-feed', 'The checkpoint has no line feed at its end.', good().slice(0, -1)),
  malformed(
    'carriage-returns',
    'The lines of the checkpoint end in carriage return and line feed.',
    good().replaceAll('\n', '\r\n'),
  ),
  malformed(
    'extension-line',
    'The checkpoint has an extension line, signed with the others.',
    signNote(FIRST, `${text()}extension\n`),
  ),
  malformed('empty-line-after', 'An empty line follows the signature of the checkpoint.', `${good()}\n`),
  malformed('text-after', 'A text follows the signature of the checkpoint.', `${good()}text\n`),
  resigned('size-zero-first', 'The size of the checkpoint has a leading zero.', '\n6\n', '\n06\n'),
  resigned('size-negative', 'The size of the checkpoint is negative.', '\n6\n', '\n-6\n'),
  resigned('size-plus', 'The size of the checkpoint has a sign.', '\n6\n', '\n+6\n'),
  resigned('size-hexadecimal', 'The size of the checkpoint is hexadecimal.', '\n6\n', '\n0x6\n'),
  resigned('size-too-large', 'The size of the checkpoint is 2^53.', '\n6\n', '\n9007199254740992\n'),
  resigned('size-empty', 'The size of the checkpoint is missing.', '\n6\n', '\n\n'),
  resigned(
    'root-short',
    'The root of the checkpoint has 31 bytes.',
    /\n[^\n]*\n$/,
    `\n${Buffer.alloc(31).toString('base64')}\n`,
  ),
  resigned('root-unpadded', 'The root of the checkpoint has no padding.', '=\n', '\n'),
  resigned(
    'root-unused-bits',
    'The unused bits of the root of the checkpoint are not zero.',
    /\n[^\n]*\n$/,
    `\n${'A'.repeat(42)}B=\n`,
  ),
  resigned('origin-capitals', 'The origin of the checkpoint is in capitals.', CHAIN, CHAIN.toUpperCase()),
  resigned('origin-other-word', 'The origin of the checkpoint is of another kind.', 'causeway/', 'highway/'),
  resigned('origin-space', 'A space follows the origin of the checkpoint.', `${CHAIN}\n`, `${CHAIN} \n`),
  malformed('hyphen', 'The signature line begins with a hyphen.', good().replace('— ', '- ')),
  malformed('two-spaces', 'Two spaces stand in the signature line.', good().replace('— ', '—  ')),
  malformed(
    'signature-of-four-bytes',
    'The signature line holds a key id and no signature.',
    `${text()}\n${lineBy(FIRST, Buffer.alloc(0))}`,
  ),
  malformed(
    'signature-no-base64',
    'The signature of the checkpoint is not base64.',
    good().replace(/ \S{8}(\S+\n)$/, ' -_-_-_-_$1'),
  ),
  malformed('signature-unpadded', 'The signature of the checkpoint has no padding.', good().replace(/=+\n$/, '\n')),
  signed(
    'other-chain',
    'The checkpoint is of another chain, and signed by this one’s key.',
    signNote(FIRST, noteText(6, plainChain().root(), OTHER_CHAIN), OTHER_NAME),
  ),
  signed('other-name', 'The first signature is under the name of another chain.', signNote(FIRST, text(), OTHER_NAME)),
  signed('signature', 'A bit of the signature of the checkpoint was flipped.', changedLast(good())),
  signed('key-id', 'The key id in the signature line is another.', good().replace(/ \S{4}(\S+\n)$/, ' AAAA$1')),
  signed('foreign-key', 'The checkpoint is signed by somebody else.', signNote(FOREIGN, text())),
  signed(
    'foreign-key-id',
    'The checkpoint is signed by somebody else, with the key id of the chain’s key.',
    `${text()}\n${lineBy(FIRST, FOREIGN.sign(Buffer.from(text())))}`,
  ),
  plain(
    'checkpoint-cosignature-first',
    'A cosignature stands before the chain’s signature, which then is a line of a kind nobody knows.',
    '8 checkpoint',
    {
      note: `${text()}\n${cosign(ALPHA, good())}${good().slice(good().indexOf('—'))}`,
      facts: {
        witnesses: [
          told({ ...ALPHA, name: `causeway/${CHAIN}`, id: noteKeyId(FIRST, `causeway/${CHAIN}`) }, 'unknown-key', null),
        ],
      },
    },
  ),
  signed(
    'only-cosignature',
    'The checkpoint has a cosignature, and no signature by the chain.',
    `${text()}\n${cosign(ALPHA, good())}`,
  ),
  signed('older', 'The checkpoint is a genuine older one, of five records.', ROOT_5(), '8 sequence, 8 root'),
  signed(
    'size-larger',
    'The checkpoint says seven records.',
    signNote(FIRST, noteText(7, plainChain().root())),
    '8 sequence, 8 root',
  ),
  signed(
    'size-zero',
    'The checkpoint says no records: no key is in force at seq 0, one at seq 1.',
    signNote(FIRST, noteText(0, plainChain().root())),
    '8 sequence, 8 root',
  ),
  signed(
    'size-edited',
    'The size of the checkpoint was changed after it was signed.',
    good().replace('\n6\n', '\n7\n'),
    '8 checkpoint, 8 sequence, 8 root',
  ),
  signed(
    'root',
    'The root of the checkpoint is another, and signed.',
    signNote(FIRST, noteText(6, Buffer.alloc(32))),
    '8 root',
  ),
  signed(
    'root-edited',
    'The root of the checkpoint was changed after it was signed.',
    good().replace(/^(.*\n.*\n).*\n/, `$1${'A'.repeat(43)}=\n`),
    '8 checkpoint, 8 root',
  ),
  sample('checkpoint-old-key', 'The checkpoint is signed by the key that was replaced.', '12 checkpoint', {
    note: sampleChain().note(9, FIRST),
  }),
  sample(
    'checkpoint-p1363',
    'The ES256 signature of the checkpoint is in IEEE P1363, where ASN.1 DER is due.',
    '12 checkpoint',
    { note: es256Note((signature) => signature) },
  ),
  sample('checkpoint-der-bytes-after', 'A byte follows the DER of the signature of the checkpoint.', '12 checkpoint', {
    note: es256Note((signature) => Buffer.concat([p1363ToDer(signature), Buffer.alloc(1)])),
  }),
  sample(
    'checkpoint-der-long-length',
    'The DER of the signature of the checkpoint has a length in its long form.',
    '12 checkpoint',
    {
      note: es256Note((signature) => Buffer.concat([Buffer.from([0x30, 0x81]), p1363ToDer(signature).subarray(1)])),
    },
  ),
  sample(
    'checkpoint-der-leading-zero',
    'An integer in the DER of the signature of the checkpoint has a zero byte too many.',
    '12 checkpoint',
    {
      note: es256Note((signature) => withZero(p1363ToDer(signature))),
    },
  ),
  sample(
    'checkpoint-key-id-of-ed25519',
    'The key id of an ES256 key in the checkpoint is made as one of Ed25519.',
    '12 checkpoint',
    {
      note: sampleChain()
        .note()
        .replace(
          / \S+\n$/,
          () =>
            ` ${Buffer.concat([noteKeyId({ ...SECOND, alg: 'Ed25519' }, `causeway/${CHAIN}`), SECOND.signNote(Buffer.from(sampleText()))]).toString('base64')}\n`,
        ),
    },
  ),
];

function sampleText(): string {
  return noteText(9, sampleChain().root());
}

function es256Note(form: (signature: Buffer) => Buffer): string {
  return `${sampleText()}\n${lineBy(SECOND, form(SECOND.sign(Buffer.from(sampleText()))))}`;
}

/** A zero byte before the first integer. */
function withZero(der: Buffer): Buffer {
  const copy = Buffer.concat([der.subarray(0, 4), Buffer.alloc(1), der.subarray(4)]);
  copy[1] = (copy[1] ?? 0) + 1;
  copy[3] = (copy[3] ?? 0) + 1;
  return copy;
}

const cosigned = (
  name: string,
  what: string,
  lines: string,
  detail: Expected = {},
  expected = '8 checkpoint',
): Vector =>
  plain(`cosignature-${name}`, what, expected, { note: good() + lines, given: { witnesses: [ALPHA.vkey] }, ...detail });

const flippedLine = (line: string): string => changedLast(line);
const bad = (): string => flippedLine(cosign(ALPHA, good()));
const withNobody = (what: string, name: string, line: string): Vector =>
  cosigned(name, what, line, { given: {}, facts: NO_ROOT });

const cosignatures = (): Vector[] => [
  cosigned('missing', 'A witness’s key is given, and the checkpoint is not cosigned.', ''),
  cosigned('of-another', 'A witness’s key is given, and another cosigned the checkpoint.', cosign(BETA, good()), {
    facts: { witnesses: [told(BETA, 'unknown-key')] },
  }),
  cosigned(
    'two-missing',
    'Two witnesses’ keys are given, one of them twice, and nobody cosigned.',
    '',
    { given: { witnesses: [ALPHA.vkey, BETA.vkey, ALPHA.vkey] } },
    '8 checkpoint, 8 checkpoint',
  ),
  cosigned('wrong', 'A bit of a cosignature was flipped.', bad()),
  cosigned(
    'wrong-unknown',
    'A bit of a cosignature was flipped, and no key is given: nobody can tell, and a problem is none.',
    bad(),
    { given: {}, facts: { witnesses: [told(ALPHA, 'unknown-key')] } },
    '',
  ),
  cosigned('wrong-and-right', 'Of two cosignatures by one witness one is wrong.', bad() + cosign(ALPHA, good()), {
    facts: { witnesses: [told(ALPHA, 'verified')] },
  }),
  cosigned(
    'wrong-twice',
    'Two cosignatures by one witness are wrong.',
    bad() + bad(),
    {},
    '8 checkpoint, 8 checkpoint',
  ),
  cosigned('of-another-checkpoint', 'A cosignature is of an older checkpoint.', cosign(ALPHA, ROOT_5())),
  cosigned(
    'time-changed',
    'The time of a cosignature was changed.',
    signatureLine(ALPHA, Buffer.concat([secondsBytes(SECONDS + 1), signatureOf(ALPHA)])),
  ),
  cosigned(
    'too-late',
    'A cosignature of a second after the year 9999 is wrong, also where it is signed.',
    cosign(ALPHA, good(), 253_402_300_800),
  ),
  cosigned(
    'short',
    'A cosignature is a byte short.',
    signatureLine(ALPHA, Buffer.concat([secondsBytes(SECONDS), signatureOf(ALPHA).subarray(1)])),
  ),
  cosigned('without-time', 'A cosignature has no time.', signatureLine(ALPHA, signatureOf(ALPHA))),
  cosigned(
    'other-name',
    'A cosignature stands under another name with the same key id: it is of somebody else.',
    cosign(ALPHA, good()).replace('alpha', 'Alpha'),
    { facts: { witnesses: [told({ ...ALPHA, name: 'Alpha.example' }, 'unknown-key')] } },
  ),
  cosigned(
    'by-another-key',
    'A cosignature by another key of the same name.',
    cosign({ ...witness('other'), name: ALPHA.name }, good()),
    { facts: { witnesses: [told({ ...witness('other'), name: ALPHA.name }, 'unknown-key')] } },
  ),
  cosigned(
    'and-root',
    'The root is another, the chain’s signature wrong, and a cosignature missing.',
    '',
    { note: changedLast(signNote(FIRST, noteText(6, Buffer.alloc(32)))) },
    '8 checkpoint, 8 checkpoint, 8 root',
  ),
  cosigned('malformed-note', 'The checkpoint is no note, and a witness’s key is given: nothing is said of it.', '\n', {
    facts: NO_ROOT,
  }),
  withNobody('The name of a witness has a plus sign.', 'name-plus', cosign(ALPHA, good()).replace('alpha', 'al+pha')),
  withNobody('The name of a witness has a space.', 'name-space', cosign(ALPHA, good()).replace('alpha', 'al pha')),
  withNobody(
    'The name of a witness has a space of another kind.',
    'name-ideographic-space',
    cosign(ALPHA, good()).replace('alpha', 'al\u3000pha'),
  ),
  withNobody(
    'The name of a witness has a control character.',
    'name-control',
    cosign(ALPHA, good()).replace('alpha', 'al\u0085pha'),
  ),
  withNobody('The name of a witness is empty.', 'name-empty', cosign(ALPHA, good()).replace('alpha.example', '')),
  withNobody(
    'The name of a witness has 257 characters.',
    'name-long',
    cosign(ALPHA, good()).replace('alpha.example', 'w'.repeat(257)),
  ),
  withNobody('A line of a witness has no dash.', 'no-dash', cosign(ALPHA, good()).slice(2)),
];

function signatureOf(by: typeof ALPHA): Buffer {
  return Buffer.from(/ (\S+)\n$/.exec(cosign(by, good()))?.[1] ?? '', 'base64').subarray(12);
}

export function damagedEnds(): Vector[] {
  return [...ends(), ...checkpoints(), ...cosignatures()];
}
