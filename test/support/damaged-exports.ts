import { createHash, generateKeyPairSync } from 'node:crypto';
import { canonicalText } from '#main/audit/canonical.ts';
import { keyIdOf } from '#main/audit/keys.ts';
import type { GivenByReader } from './compare-verdicts.ts';
import { CHAIN, describeForged, ForgedChain, type ForgedKey, type Loose, newKey, note } from './forge-chain.ts';
import { ForgedExtract } from './forge-extract.ts';

/** Exports with one thing wrong each, and good ones of every kind: what two verifiers are compared on. */
export interface DamagedExport {
  readonly name: string;
  readonly bytes: string | Uint8Array;
  readonly given?: GivenByReader;
}

const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';
const OTHER = '00000000-0000-4000-8000-000000000000';

/** Not 16 bytes in base64url without padding, in the only form. */
export const WRONG_SALTS: readonly string[] = [
  '',
  ...[SALT.slice(1), `${SALT}A`, `${SALT}==`, `${SALT.slice(0, -1)}B`, `+${SALT.slice(1)}`, `/${SALT.slice(1)}`],
  ...[`é${SALT.slice(1)}`, `${SALT.slice(1)} `],
];

/** Two sealed values, one of them disclosed, one erased; a rotation to an ES256 key. */
export function sampleChain(): ForgedChain {
  const chain = new ForgedChain(3);
  for (const text of ['one', 'two', 'three']) chain.addSealed(SALT, text);
  chain.rotate(newKey('ES256'));
  const erased = [
    { seq: 5, path: '/data/note' },
    { seq: 5, path: '/nothing' },
    { seq: 99, path: '/data/note' },
  ];
  chain.add('tenant.erasure_completed', { request: 'r', certificate: 'a'.repeat(64), erased });
  chain.disclosures = [{ seq: 4, path: '/data/note', value: [SALT, 'one'] }];
  return chain;
}

function recordOf(chain: ForgedChain, seq: number): Loose {
  return forged(chain, seq).record;
}

function forged(chain: ForgedChain, seq: number) {
  const found = chain.records[seq - 1];
  if (found === undefined) throw new Error(`no record ${seq}`);
  return found;
}

const changed = (change: (chain: ForgedChain) => void): string => {
  const chain = sampleChain();
  change(chain);
  return chain.text();
};

/** Record 3 with other text than its canonical form; hashed and signed as it is. */
const rewritten = (change: (text: string) => string): string =>
  changed((chain) => {
    chain.lines();
    const text = canonicalText(recordOf(chain, 3));
    const other = change(text);
    if (other === text) throw new Error('nothing was changed');
    forged(chain, 3).text = other;
  });

const assign = (seq: number, members: Loose): string =>
  changed((chain) => void Object.assign(recordOf(chain, seq), members));

const assignData = (action: string, data: Loose, seq = 3): string => assign(seq, { action, data });

const header = (members: Loose): string => changed((chain) => void Object.assign(chain, { header: members }));
const ending = (members: Loose): string => changed((chain) => void Object.assign(chain, { end: members }));

/** A rotation to a key that is none, or one in another form. */
function rotatedTo(spki: Buffer, alg: ForgedKey['alg']): string {
  const chain = new ForgedChain(2);
  const key = { ...newKey(alg), spki, id: keyIdOf(spki) };
  const newKeyText = describeForged(key, 4);
  chain.add('credential.key_rotated', { purpose: 'signing', oldKey: chain.key.id, newKey: newKeyText, reason: 'x' });
  return chain.text();
}

function compressed(): Buffer {
  const { spki } = newKey('ES256');
  const start = Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex');
  return Buffer.concat([start, Buffer.from([2 + ((spki[90] ?? 0) & 1)]), spki.subarray(27, 59)]);
}

const spkiOf = (pair: { readonly publicKey: { export(options: { type: 'spki'; format: 'der' }): Buffer } }): Buffer =>
  pair.publicKey.export({ type: 'spki', format: 'der' });

const offCurve = (): Buffer => {
  const spki = Buffer.from(newKey('ES256').spki);
  spki[90] = (spki[90] ?? 0) ^ 1;
  return spki;
};

/** The file of a chain without its first records. */
function rangeFile(
  first: number,
  change: (parts: { header: Loose; lines: string[] }) => void = () => undefined,
): string {
  const chain = sampleChain();
  const lines = chain.lines().slice(first - 1);
  const left = chain.tree(first - 1).nodes.map((hash) => hash.toString('base64'));
  const keys = chain.keys.map((key, index) => describeForged(key, index === 0 ? 1 : 8));
  const parts = {
    header: {
      ...{ causeway: 'chain/1', chain: CHAIN, tenant: 'acme', first, last: 8, selection: 'range', keys },
      exportedAt: '2026-02-03T05:00:00.000Z',
      generator: { name: 'forge', version: '1' },
      range: { size: 8, left, right: [] },
    } as Loose,
    lines,
  };
  change(parts);
  const body = `${[JSON.stringify(parts.header), ...parts.lines].join('\n')}\n`;
  const digest = createHash('sha256').update(body).digest('hex');
  const end = { records: parts.lines.length, digest, checkpoint: chain.note() };
  return `${body}${JSON.stringify({ end })}\n`;
}

function extractFile(seqs: readonly number[], change: (extract: ForgedExtract) => void = () => undefined): string {
  const extract = new ForgedExtract(sampleChain(), seqs);
  change(extract);
  return extract.text();
}

function pinned(): DamagedExport[] {
  const chain = sampleChain();
  const bytes = chain.text();
  const fork = sampleChain();
  const given: readonly (readonly [string, GivenByReader])[] = [
    ['the right key', { key: chain.key.id }],
    ['another key', { key: '0123456789abcdef' }],
    ['an earlier checkpoint', { since: note(CHAIN, 5, chain.tree(5).root(), chain.key) }],
    ['an earlier checkpoint by a later key', { since: note(CHAIN, 5, chain.tree(5).root(), chain.noteKey) }],
    ['a checkpoint of a fork', { since: note(CHAIN, 5, fork.tree(5).root(), chain.key) }],
    ['a checkpoint of another chain', { since: note(OTHER, 5, chain.tree(5).root(), chain.key) }],
    ['a later checkpoint', { since: note(CHAIN, 50, chain.tree().root(), chain.noteKey) }],
    ['a checkpoint of nothing', { since: note(CHAIN, 0, chain.tree(0).root(), chain.key) }],
  ];
  return given.map(([name, options]) => ({ name: `given ${name}`, bytes, given: options }));
}

const replace = (from: string | RegExp, to: string): string => {
  const text = sampleChain().text();
  const other = text.replace(from, to);
  if (other === text) throw new Error(`${from} does not stand there`);
  return other;
};

const cosigned = (lines: string): string =>
  changed((chain) => void Object.assign(chain, { end: { checkpoint: `${chain.note()}${lines}` } }));

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** All of them, made anew. */
export function damagedExports(): readonly DamagedExport[] {
  const plain: readonly (readonly [string, string | Uint8Array])[] = [
    ['good', sampleChain().text()],
    ['good ES256', new ForgedChain(5, newKey('ES256')).text()],
    ['one record', new ForgedChain(1).text()],
    ['edited', replace('"user":"u2"', '"user":"u9"')],
    ['edited and re-hashed', changed((chain) => void Object.assign(forged(chain, 3), { key: newKey() }))],
    ['unknown key named', assign(3, { key: '0123456789abcdef' })],
    ['old key after its rotation', changed((chain) => void Object.assign(recordOf(chain, 8), { key: chain.key.id }))],
    ['signature of another length', changed((chain) => void Object.assign(forged(chain, 3), { sig: 'AAAA' }))],
    [
      'signature with loose bits',
      changed((chain) => void Object.assign(forged(chain, 3), { sig: `${'A'.repeat(85)}B==` })),
    ],
    ['signature without end', changed((chain) => void Object.assign(forged(chain, 3), { sig: 'A'.repeat(10_000) }))],
    ['no signature', changed((chain) => void Object.assign(forged(chain, 3), { sig: '' }))],
    ['another hash stated', changed((chain) => void Object.assign(forged(chain, 3), { hash: 'f'.repeat(64) }))],
    ['a wrong seq', assign(3, { seq: 30 })],
    ['a seq of another type', assign(3, { seq: '3' })],
    ['a seq of zero', assign(3, { seq: 0 })],
    ['a negative seq', assign(3, { seq: -3 })],
    ['another chain', assign(3, { chain: OTHER })],
    ['another tenant', assign(3, { tenant: 'other' })],
    ['another version', assign(3, { v: 2 })],
    ['early', assign(3, { time: '2026-02-03T03:00:00.000Z' })],
    ['a day that is none', assign(3, { time: '2026-02-30T03:00:00.000Z' })],
    ['an hour that is none', assign(3, { time: '2026-02-03T24:00:00.000Z' })],
    ['a time of another form', assign(3, { time: '3 February 2026' })],
    ['a leap day', assign(3, { time: '2028-02-29T00:00:00.000Z' })],
    ['no leap day', assign(3, { time: '2100-02-29T00:00:00.000Z' })],
    ['unknown action', assign(3, { action: 'tenant.renamed' })],
    ['action of a prototype', assign(3, { action: 'constructor' })],
    ['a later first record', assign(3, { action: 'tenant.created', data: {} })],
    ['a first record that failed', assign(1, { outcome: 'failure' })],
    ['a first record of another kind', assign(1, { action: 'tenant.user_removed', data: { user: 'a', reason: 'b' } })],
    [
      'no keys in the first record',
      assignData('tenant.created', { keys: [], generator: { name: 'a', version: '1' } }, 1),
    ],
    ['unknown member', assign(3, { extra: 1, 'a/b~c': 2 })],
    ['unknown data', assignData('tenant.user_removed', { user: 'a', reason: 'b', zzz: 1, 'a~/': 2 })],
    ['missing data', assignData('tenant.user_removed', {})],
    ['data of another type', assign(3, { data: [] })],
    ['long text', assignData('tenant.user_removed', { user: 'x'.repeat(129), reason: 'b' })],
    ['text of pairs at the bound', assignData('tenant.user_removed', { user: '\u{1f600}'.repeat(64), reason: 'b' })],
    ['a name in clear', assign(3, { actor: { type: 'user', id: 'u', name: 'Ada' } })],
    ['a sealed name of another form', assign(3, { actor: { type: 'user', id: 'u', name: { sealed: 'short' } } })],
    ['a sealed name and more', assign(3, { actor: { type: 'user', id: 'u', name: { sealed: 'A'.repeat(43), b: 1 } } })],
    ['an actor of no type', assign(3, { actor: null, onBehalfOf: { type: 'user', name: 'Ada' } })],
    ['links that are wrong', assign(3, { links: { approval: 'x', traceparent: 1, other: 1 } })],
    ['null in place of absent', assign(3, { links: null })],
    [
      'a list too long, of wrong items',
      assignData('credential.issued', { actions: Array.from({ length: 17 }, () => 1), resources: ['x'.repeat(1025)] }),
    ],
    ['a nullable of another type', assignData('tenant.configuration_changed', { setting: 'a', old: 1, new: null })],
    [
      'an erasure of wrong places',
      assignData('tenant.erasure_completed', {
        request: 'r',
        certificate: 'a'.repeat(64),
        erased: [{ seq: 0, path: '' }],
      }),
    ],
    ['new key for another purpose', assignData('credential.key_rotated', { purpose: 'data-encryption', newKey: 1 })],
    ['no new key', assignData('credential.key_rotated', { purpose: 'signing', oldKey: 'x', reason: 'y' })],
    ['a rotation that failed', changed((chain) => void Object.assign(recordOf(chain, 7), { outcome: 'failure' }))],
    ['a rotation unsigned', changed((chain) => void Object.assign(forged(chain, 7), { sig: '' }))],
    [
      'a rotation from another seq',
      changed((chain) => void Object.assign((recordOf(chain, 7).data as Loose).newKey as Loose, { fromSeq: 9 })),
    ],
    [
      'a rotation of another key',
      changed((chain) => void Object.assign(recordOf(chain, 7).data as Loose, { oldKey: 'x' })),
    ],
    [
      'a key introduced again',
      changed(
        (chain) => void Object.assign(recordOf(chain, 7).data as Loose, { newKey: describeForged(chain.key, 8) }),
      ),
    ],
    ['a compressed key', rotatedTo(compressed(), 'ES256')],
    ['a key off the curve', rotatedTo(offCurve(), 'ES256')],
    ['a key of another curve', rotatedTo(spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })), 'ES256')],
    ['an RSA key', rotatedTo(spkiOf(generateKeyPairSync('rsa', { modulusLength: 1024 })), 'Ed25519')],
    ['an X25519 key', rotatedTo(spkiOf(generateKeyPairSync('x25519')), 'Ed25519')],
    ['a key of no kind', rotatedTo(Buffer.from('nothing'), 'Ed25519')],
    ['a key under another name', rotatedTo(newKey('Ed25519').spki, 'ES256')],
    ['spaces', rewritten((text) => text.replace(',', ', '))],
    ['an escaped letter', rewritten((text) => text.replace('"v":1', '"\\u0076":1'))],
    ['an escaped slash', rewritten((text) => text.replace('"u3"', '"u\\/3"'))],
    ['a duplicate member', rewritten((text) => text.replace('"v":1}', '"v":1,"v":1}'))],
    ['a duplicate that is deep', rewritten((text) => text.replace('"v":1}', `"v":${deep(70)},"v":1}`))],
    ['members out of order', rewritten((text) => text.replace('"v":1}', '"v":1,"a":1}'))],
    ['members named by numbers', rewritten((text) => text.replace('"v":1}', '"v":1,"10":1,"9":2}'))],
    ['1.0', rewritten((text) => text.replace('"v":1}', '"v":1.0}'))],
    ['1e0', rewritten((text) => text.replace('"v":1}', '"v":1e0}'))],
    ['-0', rewritten((text) => text.replace('"seq":3', '"seq":-0'))],
    ['1e3', rewritten((text) => text.replace('"seq":3', '"seq":3e0'))],
    ['a fraction', rewritten((text) => text.replace('"v":1}', '"v":1.5}'))],
    ['a huge number', rewritten((text) => text.replace('"v":1}', '"v":1e999}'))],
    ['2^53', rewritten((text) => text.replace('"seq":3', '"seq":9007199254740992'))],
    ['2^53 − 1', rewritten((text) => text.replace('"seq":3', '"seq":9007199254740991'))],
    ['a lone surrogate', rewritten((text) => text.replace('"u3"', '"\\ud800"'))],
    ['a surrogate of capitals', rewritten((text) => text.replace('"u3"', '"\\uD800"'))],
    ['a backslash before ud800', rewritten((text) => text.replace('"u3"', '"\\\\ud800"'))],
    ['__proto__', rewritten((text) => text.replace('"user":"u3"', '"user":"u3","__proto__":{"sealed":"x"}'))],
    ['__proto__ escaped', rewritten((text) => text.replace('"v":1}', '"v":1,"\\u005f_proto__":1}'))],
    ['__proto__ before everything', rewritten((text) => text.replace('{', '{"__proto__":{"v":1},'))],
    ['toString', rewritten((text) => text.replace('"v":1}', '"toString":1,"v":1}'))],
    ['64 levels', rewritten((text) => text.replace('"v":1}', `"v":${deep(63)}}`))],
    ['65 levels', rewritten((text) => text.replace('"v":1}', `"v":${deep(64)}}`))],
    ['brackets without end', rewritten(() => '['.repeat(100_000))],
    ['an array', rewritten(() => '[]')],
    ['a number', rewritten(() => '7')],
    ['a sealed value as a record', rewritten(() => '{"sealed":"x"}')],
    ['sealed with a space', rewritten((text) => text.replace('"u3"', '{"sealed": "x"}'))],
    ['a control character', rewritten((text) => text.replace('"u3"', '"u\u00013"'))],
    ['a name that steers a terminal', rewritten((text) => text.replace('"outcome"', '"\u001b[2Joutcome\u202e"'))],
    ['a pointer of pairs', rewritten((text) => text.replace('{', `{"${'\u{1f600}'.repeat(300)}":1,`))],
    ['no JSON', rewritten(() => '{"v":1')],
    ['an empty record', rewritten(() => '')],
    ['a line in between', replace('\n{"hash"', '\nx\n{"hash"')],
    ['an empty line', replace('\n{"hash"', '\n\n{"hash"')],
    ['a record twice', replace(/\n(\{"hash".*)\n/, '\n$1\n$1\n')],
    ['a record missing', replace(/\n(\{"hash".*"seq":2.*)\n/, '\n')],
    ['the last record not recognised', replace(/\n\{"hash"([^\n]*)\n\{"disclosure"/, '\n{"Hash"$1\n{"disclosure"')],
    ['a long line', replace('\n{"hash"', `\n${'x'.repeat(4 * 1024 * 1024 + 1)}\n{"hash"`)],
    ['a line of 4 MiB', replace('\n{"hash"', `\n${'x'.repeat(4 * 1024 * 1024)}\n{"hash"`)],
    ['a byte order mark', `\ufeff${sampleChain().text()}`],
    ['CRLF', sampleChain().text().replaceAll('\n', '\r\n')],
    ['no end', replace(/\{"end".*\n$/, '')],
    ['an end without line feed', sampleChain().text().slice(0, -1)],
    ['half an end', sampleChain().text().slice(0, -40)],
    ['two ends', replace(/(\{"end".*\n)$/, '$1$1')],
    ['bytes after the end', `${sampleChain().text()}x`],
    ['nothing', ''],
    ['a line feed', '\n'],
    ['no text', Buffer.from([0xff, 0xfe, 0x0a, 0xc0, 0x80, 0x0a])],
    ['a header that is long', replace('{"causeway"', `${' '.repeat(4 * 1024 * 1024)}{"causeway"`)],
    ['a header with a space', replace('{"causeway"', '{ "causeway"')],
    ['a header of another version', header({ causeway: 'chain/2' })],
    ['a header of an extract', replace('{"causeway":"chain/1"', '{"tenant":"acme","causeway":"extract/1"')],
    ['a header with __proto__', replace('{"causeway":"chain/1"', '{"causeway":"chain/1","__proto__":1')],
    ['a header of another tenant', header({ tenant: 'else' })],
    ['a header with a wrong last', header({ last: 7 })],
    ['a header with a wrong first', header({ first: 2 })],
    ['a header without keys', header({ keys: [] })],
    ['a header of other keys', header({ keys: [describeForged(newKey(), 1)] })],
    ['a header of a wrong tree', header({ selection: 'range', range: { size: 8, left: ['AAAA'], right: [] } })],
    ['a header with a range too many', header({ range: { size: 8, left: [], right: [] } })],
    ['a header of a time that is none', header({ exportedAt: '2026-02-30T05:00:00.000Z' })],
    ['a header of a lone surrogate', header({ generator: { name: '\ud800', version: '1' } })],
    ['a header of a long name', header({ generator: { name: 'x'.repeat(65), version: '', more: 1 } })],
    ['records that are not counted right', ending({ records: 7 })],
    ['another digest', ending({ digest: 'a'.repeat(64) })],
    ['a digest that is none', ending({ digest: 'A'.repeat(64), extra: 1 })],
    ['no checkpoint', ending({ checkpoint: '' })],
    ['a checkpoint of another chain', ending({ checkpoint: note(OTHER, 8, sampleChain().tree().root(), newKey()) })],
    [
      'a checkpoint by another',
      changed(
        (chain) => void Object.assign(chain, { end: { checkpoint: note(CHAIN, 8, chain.tree().root(), newKey()) } }),
      ),
    ],
    [
      'a checkpoint by the old key',
      changed(
        (chain) => void Object.assign(chain, { end: { checkpoint: note(CHAIN, 8, chain.tree().root(), chain.key) } }),
      ),
    ],
    ['a checkpoint of fewer', changed((chain) => void Object.assign(chain, { end: { checkpoint: chain.note(6) } }))],
    [
      'a checkpoint of a size with a zero',
      changed((chain) => void Object.assign(chain, { end: { checkpoint: chain.note().replace('\n8\n', '\n08\n') } })),
    ],
    [
      'a checkpoint of CRLF',
      changed((chain) => void Object.assign(chain, { end: { checkpoint: chain.note().replaceAll('\n', '\r\n') } })),
    ],
    [
      'a checkpoint without line feed',
      changed((chain) => void Object.assign(chain, { end: { checkpoint: chain.note().trimEnd() } })),
    ],
    [
      'a signature changed',
      changed(
        (chain) => void Object.assign(chain, { end: { checkpoint: chain.note().replace(/....(=*)\n$/, 'AAAA$1\n') } }),
      ),
    ],
    ['a witness', cosigned(`— witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`)],
    ['a witness of another length', cosigned(`— witness.example ${Buffer.alloc(12, 1).toString('base64')}\n`)],
    ['a witness with spaces', cosigned(`— witness example ${Buffer.alloc(76, 1).toString('base64')}\n`)],
    ['a witness without name', cosigned(`—  ${Buffer.alloc(76, 1).toString('base64')}\n`)],
    ['a witness of 257', cosigned(`— ${'w'.repeat(257)} ${Buffer.alloc(76, 1).toString('base64')}\n`)],
    ['a witness of pairs', cosigned(`— ${'\u{1f600}'.repeat(256)} ${Buffer.alloc(76, 0).toString('base64')}\n`)],
    ['a long note', cosigned(`— w ${'A'.repeat(70_000)}\n`)],
    ['a disclosure of another value', replace('"one"]', '"uno"]')],
    ['a disclosure of nothing', replace('{"seq":4,"path":"/data/note"', '{"seq":4,"path":"/data"')],
    ['a disclosure of no record', replace('{"seq":4,"path"', '{"seq":40,"path"')],
    ['a disclosure twice', replace(/(\{"disclosure".*\n)/, '$1$1')],
    [
      'disclosures out of order',
      replace(/(\{"disclosure".*\n)/, `$1{"disclosure":{"seq":2,"path":"/a","value":["${SALT}",1]}}\n`),
    ],
    ['a disclosure with a space', replace('{"disclosure":{', '{"disclosure": {')],
    ['a disclosure of three', replace('"one"]', '"one",1]')],
    ['a disclosure of one', replace(',"one"]', ']')],
    ['a disclosure without salt', replace(`["${SALT}"`, '[1')],
    ...WRONG_SALTS.map((salt): [string, string] => [`a disclosure with the salt "${salt}"`, replace(SALT, salt)]),
    ['a disclosure of __proto__', replace('"one"]', '{"__proto__":1}]')],
    ['a disclosure of a surrogate', replace('"one"]', '"\\ud800"]')],
    ['a disclosure of a fraction', replace('"one"]', '1.50]')],
    ['a disclosure that is deep', replace('"one"]', `${deep(61)}]`)],
    ['a disclosure that is too deep', replace('"one"]', `${deep(62)}]`)],
    ['a record after the disclosures', replace(/(\n\{"hash".*"seq":2.*)([\s\S]*)(\{"end")/, '$1$2$1\n$3')],
    ['a range', rangeFile(4)],
    ['a range from its rotation', rangeFile(8)],
    ['a range from the first', rangeFile(1)],
    ['a range with a record missing', rangeFile(4, ({ lines }) => void lines.splice(1, 1))],
    [
      'a range of a wrong tree',
      rangeFile(4, ({ header: about }) => void Object.assign(about, { range: { size: 8, left: [], right: [] } })),
    ],
    [
      'a range of another size',
      rangeFile(4, ({ header: about }) => void Object.assign(about.range as Loose, { size: 9 })),
    ],
    [
      'a range with too much beside it',
      rangeFile(4, ({ header: about }) => void Object.assign(about.range as Loose, { right: [`${'A'.repeat(43)}=`] })),
    ],
    ['a range of keys out of order', rangeFile(4, ({ header: about }) => void (about.keys as Loose[]).reverse())],
    ['a range of one key', rangeFile(4, ({ header: about }) => void (about.keys as Loose[]).pop())],
    [
      'an extract',
      extractFile([2, 4, 8], (extract) => Object.assign(extract, { disclosures: extract.chain.disclosures })),
    ],
    ['an extract of neighbours', extractFile([1, 2, 3, 7, 8])],
    ['an extract out of order', extractFile([4, 2, 8])],
    ['an extract of a record twice', extractFile([4, 4, 8])],
    ['an extract of a wrong proof', extractFile([2, 4], (extract) => void extract.line(0).proof.reverse())],
    ['an extract of a short proof', extractFile([2, 4], (extract) => void extract.line(0).proof.pop())],
    ['an extract of no base64', extractFile([2, 4], (extract) => void extract.line(0).proof.splice(0, 1, 'x'))],
    [
      'an extract of another root',
      extractFile([2, 4], (extract) => Object.assign(extract, { header: { root: `${'A'.repeat(43)}=` } })),
    ],
    ['an extract of another size', extractFile([2, 4], (extract) => Object.assign(extract, { header: { size: 9 } }))],
    [
      'an extract of other keys',
      extractFile([2, 8], (extract) => Object.assign(extract, { header: { keys: [describeForged(newKey(), 1)] } })),
    ],
    [
      'an extract that hides a key',
      extractFile([1, 7], (extract) =>
        Object.assign(extract, { header: { keys: [describeForged(extract.chain.key, 1)] } }),
      ),
    ],
    [
      'an extract with a filter',
      extractFile([2, 4], (extract) => Object.assign(extract, { header: { filter: { incident: 'inc-1', since: 7 } } })),
    ],
    [
      'an extract with a wrong filter',
      extractFile([2, 4], (extract) => Object.assign(extract, { header: { filter: { 'a b': 'inc-1' } } })),
    ],
    [
      'an extract with a filter of 17',
      extractFile([2, 4], (extract) =>
        Object.assign(extract, {
          header: { filter: Object.fromEntries([...'abcdefghijklmnopq'].map((name) => [name, 1])) },
        }),
      ),
    ],
    [
      'an extract of an edited record',
      extractFile(
        [2, 4],
        (extract) => void Object.assign(extract.line(1), { text: extract.line(1).text.replace('success', 'failure') }),
      ),
    ],
    [
      'an extract with a line that is none',
      extractFile([2, 4, 5], (extract) => void extract.replaced.set(3, '{"hash":1}')),
    ],
    [
      'an extract without readable header',
      extractFile([2, 4, 5], (extract) => Object.assign(extract, { header: { first: 0 } })),
    ],
    [
      'an extract of a wrong first',
      extractFile([2, 4, 5], (extract) => Object.assign(extract, { header: { first: 1, last: 8 } })),
    ],
  ];
  return [...plain.map(([name, bytes]) => ({ name, bytes })), ...pinned()];
}
