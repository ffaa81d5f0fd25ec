import { ACTION_DATA, PLAN } from './actions.ts';
import { deep, type Loose } from './bytes.ts';
import {
  describe,
  FIRST,
  FOREIGN,
  plainChain,
  SECOND,
  saltOf,
  sampleChain,
  seal,
  THIRD,
  timeOf,
  VectorChain,
} from './chain.ts';
import { type Expected, makeVector, type Sealed, type Vector } from './vector.ts';
import { ALPHA, BETA, cosign, secondsBytes, signatureLine, told } from './witness.ts';

const counts = (disclosed: number, withheld: number, erased: number, mismatched = 0): { sealed: Sealed } => ({
  sealed: { disclosed, withheld, erased, mismatched },
});

const SAMPLE = { facts: counts(1, 1, 1) };

function valid(name: string, what: string, base: () => VectorChain, detail: Expected = {}, problems = ''): Vector {
  return makeVector(`valid-${name}`, what, base, problems, detail);
}

/** Order of P-256's base point: the second form of an ECDSA signature has this minus s. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export function otherForm(sig: Buffer): Buffer {
  const s = ORDER - BigInt(`0x${sig.subarray(32).toString('hex')}`);
  return Buffer.concat([sig.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
}

const twoRotations = (): VectorChain => {
  const chain = plainChain(3);
  chain.rotate(SECOND);
  chain.fill(6);
  chain.rotate(THIRD);
  return chain.fill(9);
};

const severalKeys = (): VectorChain => {
  const chain = new VectorChain(FIRST, SECOND, THIRD).fill(3);
  for (const key of [SECOND, THIRD, FIRST]) {
    chain.signer = key;
    chain.fill(chain.records.length + 1);
  }
  return chain;
};

const chains = (): Vector[] => [
  valid('one-record', 'The shortest chain: the record that creates it.', () => new VectorChain()),
  valid('plain', 'Six records, one Ed25519 key, nothing sealed.', plainChain),
  valid('twenty-records', 'Twenty records: a tree of several levels.', () => plainChain(20)),
  valid(
    'sealed-and-rotated',
    'Nine records: a sealed value of each state but mismatched; a rotation to ES256.',
    sampleChain,
    SAMPLE,
  ),
  valid('es256', 'A chain that begins with an ES256 key.', () => new VectorChain(SECOND).fill(5)),
  valid(
    'es256-either-form',
    'ECDSA signatures with s and with the order minus s: both hold.',
    () => new VectorChain(SECOND).fill(5),
    {
      chain: (chain) => {
        chain.record(2).sig = (sig) => otherForm(sig).toString('base64');
        chain.record(3).sig = (sig) => otherForm(sig).toString('base64');
      },
    },
  ),
  valid('two-rotations', 'Ed25519, then ES256, then another Ed25519 key.', twoRotations),
  valid('rotation-last', 'The last record is a rotation; the checkpoint is signed by the new key.', () => {
    const chain = plainChain(4);
    chain.rotate(SECOND);
    return chain;
  }),
  valid('rotation-last-old-signs', 'The last record is a rotation; the checkpoint is signed by the old key.', () => {
    const chain = plainChain(4);
    chain.rotate(SECOND);
    chain.signer = FIRST;
    return chain;
  }),
  valid('several-first-keys', 'A chain that begins with three keys, records signed by each of them.', severalKeys),
  valid(
    'several-first-keys-rotated',
    'A chain that began with three keys: a rotation retires the one that signs it, no other.',
    () => {
      const chain = severalKeys();
      chain.rotate(FOREIGN);
      chain.fill(8);
      chain.signer = SECOND;
      return chain.fill(9);
    },
  ),
  valid('failed-rotation', 'A rotation with outcome failure has no effect, and its key is not introduced.', () => {
    const chain = plainChain(3);
    const data = { purpose: 'signing', oldKey: FIRST.id, newKey: describe(SECOND, 5), reason: 'schedule' };
    chain.add('credential.key_rotated', data, { outcome: 'failure' });
    return chain.fill(6);
  }),
  valid('all-actions', 'One record for each of the 67 actions.', () => {
    const chain = new VectorChain();
    for (const [action, data] of Object.entries(ACTION_DATA)) chain.add(action, data);
    return chain;
  }),
  valid('all-members', 'Every optional member, every type of actor, every outcome.', () => {
    const chain = new VectorChain();
    const name = seal(saltOf('name'), 'Name of a person');
    const links = {
      ...{ incident: 'inc-0001', investigation: 'inv-0001', remediation: 'rem-0001', lease: 'l1' },
      ...{ approval: 'a'.repeat(64), request: 'b'.repeat(64) },
      traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
    };
    const data = { permission: 'p', role: null, reason: 'r' };
    const rest = { links, device: { id: 'd1', name }, onBehalfOf: { type: 'user', id: 'u1', name } };
    chain.add('auth.access_denied', data, { ...rest, actor: { type: 'agent', id: 'a1', name: 'in clear' } });
    chain.add('auth.access_denied', data, { actor: { type: 'user', id: 'u1' }, outcome: 'denied', links: {} });
    chain.add('auth.access_denied', data, { actor: { type: 'api_key', id: 'k', name }, outcome: 'failure' });
    chain.add('auth.access_denied', data, { actor: { type: 'webhook', id: 'w'.repeat(128) } });
    return chain;
  }),
  valid('longest-words', 'Strings as long as they may be, counted in code points.', () => {
    const chain = new VectorChain();
    chain.add('tenant.configuration_changed', { setting: 's'.repeat(64), old: '\u{1f511}'.repeat(1000), new: null });
    chain.add('tenant.user_removed', { user: '\u{1f511}'.repeat(128), reason: 'r' });
    return chain;
  }),
  valid(
    'unicode',
    'Text of every kind: escapes, astral, combining, right to left, line and paragraph separators.',
    () => {
      const chain = new VectorChain();
      const texts = [
        '\u0000\u0001\b\t\n\u000b\f\r\u001f\u007f\u0080',
        '"\\/',
        'e\u0301 \u00e9 \ufb01 \u1e9b\u0323',
        '\u202eabc\u202c \u05d0\u05d1 \u0627\u0644',
        'line\u2028paragraph\u2029',
        '\u{1d11e} \u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{10ffff} \uffff \ufeff \ufffd',
      ];
      for (const text of texts) chain.add('tenant.configuration_changed', { setting: 'text', old: text, new: text });
      return chain;
    },
  ),
  valid('member-order', 'Members with free names, in the order of UTF-16 code units (RFC 8785, section 3.2.3).', () => {
    const parameters = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\u{1f600}': 5,
      '\u0080': 6,
      '\u00f6': 7,
      '10': 8,
      '9': 9,
      '': 10,
      constructor: 11,
    };
    const steps = (PLAN.steps as Loose[]).map((step) => ({ ...step, parameters }));
    const chain = new VectorChain();
    const digests = { planDigest: 'a'.repeat(64), policyVersion: 'b'.repeat(64) };
    chain.add('remediation.proposed', { ...digests, plan: { ...PLAN, steps }, rule: 'r', expiresAt: timeOf(99) });
    return chain;
  }),
  valid('time-five-minutes-back', 'A time exactly five minutes before that of the record before.', () => {
    const chain = plainChain(4);
    chain.members(3).time = new Date(Date.parse(timeOf(2)) - 300_000).toISOString();
    return chain;
  }),
  valid('time-leap-day', 'Times at the ends of what a calendar has.', () => {
    const chain = plainChain(3);
    chain.members(1).time = '0000-02-29T23:59:59.999Z';
    chain.members(2).time = '2028-02-29T00:00:00.000Z';
    chain.members(3).time = '9999-12-31T23:59:59.999Z';
    return chain;
  }),
  valid(
    'time-warning',
    'A clock that went back by five minutes and a millisecond: a problem, and the file is valid.',
    () => {
      const chain = plainChain(4);
      chain.members(3).time = new Date(Date.parse(timeOf(2)) - 300_001).toISOString();
      return chain;
    },
    {},
    '4:3 time',
  ),
  valid('older-checkpoint', 'Four of six records, cut back to a genuine older checkpoint: nothing tells.', plainChain, {
    chain: (chain) => {
      chain.records = chain.records.slice(0, 4);
    },
  }),
];

/** Sealed values, each in a record of its own from seq 2 on, all disclosed. */
function disclosing(...values: readonly (readonly [value: unknown, text: string])[]): () => VectorChain {
  return () => {
    const chain = new VectorChain();
    for (const [, text] of values) {
      chain.add('incident.note_added', { note: seal('', null, `["${saltOf('x')}",${text}]`) });
    }
    return chain;
  };
}

const raw = (texts: readonly string[]): Expected => ({
  lines: (lines) => {
    for (const [index, text] of texts.entries()) {
      const bytes = Buffer.from(text, 'utf8').toString('latin1');
      lines.push(`{"disclosure":{"seq":${index + 2},"path":"/data/note","value":["${saltOf('x')}",${bytes}]}}`);
    }
  },
});

function disclosed(name: string, what: string, texts: readonly string[]): Vector {
  return valid(name, what, disclosing(...texts.map((text) => [null, text] as const)), {
    ...raw(texts),
    facts: counts(texts.length, 0, 0),
  });
}

const NUMBERS = ['0', '1.5', '-0.25', '1e+21', '1e-7', '333333333.3333333', '5e-324', '1.7976931348623157e+308'];
const OTHERS = [
  ...['null', 'true', '""', '[]', '{}', '{"a":[1,{"b":null}],"ä":"\u2028"}', '"\\u0000\\b\\"\\\\"', '"\u{1f600}"'],
  '{"\u20ac":1,"\u{1f600}":2,"\ufb33":3}',
];
const LONG = 'x'.repeat(1000);

const sealed = (): Vector[] => [
  disclosed('disclosed-numbers', 'Disclosed values that are numbers, also with fractions, in JCS form.', NUMBERS),
  disclosed('disclosed-others', 'Disclosed values of every other kind.', OTHERS),
  disclosed('disclosed-depth', 'A disclosed value nested as deep as a line may be: 64 levels in all.', [deep(61)]),
  disclosed('disclosed-long', 'A disclosed text of a thousand letters.', [`"${LONG}"`]),
  valid(
    'disclosed-names',
    'The names of an actor, of a human behind it and of a device, disclosed in order of path.',
    () => {
      const name = seal(saltOf('"N"'), 'N');
      const chain = new VectorChain();
      const others = { device: { id: 'd', name }, onBehalfOf: { type: 'user', id: 'u', name } };
      const data = { user: 'u1', reason: 'r' };
      chain.add('tenant.user_removed', data, { ...others, actor: { type: 'user', id: 'u', name } });
      for (const path of ['/actor/name', '/device/name', '/onBehalfOf/name']) chain.disclose(2, path, 'N');
      return chain;
    },
  ),
  valid('withheld', 'Sealed values without any disclosure.', sampleChain, {
    chain: (chain) => void chain.disclosures.splice(0),
    facts: counts(0, 2, 1),
  }),
  valid(
    'erased-and-disclosed',
    'A value that is erased and disclosed all the same is not counted as erased.',
    sampleChain,
    {
      chain: (chain) => chain.disclose(5, '/data/note', 'two'),
      facts: counts(2, 1, 0),
    },
  ),
  valid('erased-nothing', 'An erasure record that names places where no sealed value stands.', sampleChain, {
    chain: (chain) => {
      chain.data(8).erased = ['/data', '/data/note/sealed', '/nothing'].map((path) => ({ seq: 5, path }));
    },
    facts: counts(1, 2, 0),
  }),
  valid('erased-later', 'An erasure record that names itself, a later record, and one twice.', sampleChain, {
    chain: (chain) => {
      const name = seal(saltOf('name'), 'N');
      chain.members(8).actor = { type: 'user', id: 'u', name };
      chain.members(9).actor = { type: 'user', id: 'u', name };
      const places = [[6], [6], [8, '/actor/name'], [9, '/actor/name'], [1000]] as const;
      chain.data(8).erased = places.map(([seq, path = '/data/note']) => ({ seq, path }));
    },
    facts: counts(1, 3, 1),
  }),
  valid('erasure-failed', 'An erasure record with outcome failure erases nothing.', sampleChain, {
    chain: (chain) => {
      chain.members(8).outcome = 'failure';
    },
    facts: counts(1, 2, 0),
  }),
];

const range = (name: string, what: string, extent: readonly [number, number, number?], detail: Expected = {}): Vector =>
  valid(`range-${name}`, what, sampleChain, { range: extent, ...detail });

const oldNote = (size: number): string => sampleChain().note(size, FIRST);

const ranges = (): Vector[] => [
  range('to-the-end', 'Records 4 to 9, across the rotation.', [4, 9], { facts: counts(1, 1, 1) }),
  range('from-the-first', 'Records 1 to 5 in a tree of 6.', [1, 5, 6], { note: oldNote(6), facts: counts(1, 1, 0) }),
  range('whole', 'Records 1 to 9 as a range.', [1, 9], SAMPLE),
  range('middle', 'Records 2 to 5; the checkpoint is of the rotation, signed by the key before it.', [2, 5, 7], {
    note: oldNote(7),
    facts: counts(1, 1, 0),
  }),
  range('one-record', 'Record 3 alone, subtrees on both sides.', [3, 3, 6], { note: oldNote(6) }),
  range('rotation', 'The rotation alone; a later checkpoint is signed by the key it introduces.', [7, 7, 9]),
  range(
    'after-rotation',
    'Records 8 and 9: the keys are the header’s word; the erasure is of a record outside.',
    [8, 9],
  ),
  range('last', 'The last record alone.', [9, 9]),
  valid('range-pinned', 'A range of a chain with one key only, and that key given.', plainChain, {
    range: [3, 5],
    given: { key: FIRST.id },
  }),
  valid(
    'range-since',
    'A range that begins after an earlier checkpoint directly, and that checkpoint given.',
    plainChain,
    {
      range: [4, 6],
      given: { since: plainChain().note(3) },
    },
  ),
  valid(
    'range-since-rotated',
    'An earlier checkpoint by the key before a rotation that stands in the range.',
    sampleChain,
    {
      range: [4, 9],
      given: { since: oldNote(6) },
      facts: counts(1, 1, 1),
    },
  ),
];

const given = (): Vector[] => [
  valid('pinned', 'The key the chain begins with is given.', sampleChain, { ...SAMPLE, given: { key: FIRST.id } }),
  valid('since-same', 'The checkpoint of the file itself is given as the earlier one.', plainChain, {
    given: { since: plainChain().note() },
  }),
  valid('since-earlier', 'An earlier checkpoint is given, by the key before the rotation.', sampleChain, {
    ...SAMPLE,
    given: { since: oldNote(5) },
  }),
  valid('since-first', 'The checkpoint over the first record is given.', plainChain, {
    given: { since: plainChain().note(1) },
  }),
  valid(
    'since-cosigned',
    'An earlier checkpoint with cosignatures by nobody known: they are not looked at.',
    plainChain,
    {
      given: { since: `${plainChain().note(4)}${cosign(ALPHA, plainChain().note(6))}` },
    },
  ),
  ...cosigned(),
];

const cosigned = (): Vector[] => {
  const note = plainChain().note();
  const both = `${note}${cosign(ALPHA, note)}${cosign(BETA, note)}`;
  const other = { name: 'other.example', id: Buffer.from('00112233', 'hex') };
  return [
    valid('cosigned-unknown', 'A cosigned checkpoint, and no key of a witness given.', plainChain, {
      note: both,
      facts: { witnesses: [told(ALPHA, 'unknown-key'), told(BETA, 'unknown-key')] },
    }),
    valid('cosigned', 'A cosigned checkpoint, the key of one of two witnesses given.', plainChain, {
      note: both,
      given: { witnesses: [BETA.vkey] },
      facts: { witnesses: [told(ALPHA, 'unknown-key'), told(BETA, 'verified')] },
    }),
    valid(
      'cosigned-by-two',
      'A cosigned checkpoint, the keys of both witnesses given, one of them twice.',
      plainChain,
      {
        note: both,
        given: { witnesses: [BETA.vkey, ALPHA.vkey, BETA.vkey] },
        facts: { witnesses: [told(ALPHA, 'verified'), told(BETA, 'verified')] },
      },
    ),
    valid('cosigned-es256', 'A cosignature beside a signature by an ES256 key.', sampleChain, {
      note: `${sampleChain().note()}${cosign(ALPHA, sampleChain().note())}`,
      given: { witnesses: [ALPHA.vkey] },
      facts: { ...counts(1, 1, 1), witnesses: [told(ALPHA, 'verified')] },
    }),
    valid('cosigned-range', 'A cosigned checkpoint at the end of a range.', plainChain, {
      note: both,
      range: [2, 4, 6],
      given: { witnesses: [ALPHA.vkey] },
      facts: { witnesses: [told(ALPHA, 'verified'), told(BETA, 'unknown-key')] },
    }),
    valid(
      'signature-lines-of-other-kinds',
      'Signature lines nobody here knows: kept, and said nothing of.',
      plainChain,
      {
        note: [
          note,
          signatureLine(other, Buffer.from('a')),
          signatureLine(other, Buffer.alloc(72, 0xff)),
          signatureLine(
            { ...other, name: '\u{1f511}'.repeat(256) },
            Buffer.concat([secondsBytes(0), Buffer.alloc(64)]),
          ),
        ].join(''),
        facts: {
          witnesses: [
            { name: other.name, keyId: '00112233', time: null, state: 'unknown-key' },
            { name: other.name, keyId: '00112233', time: null, state: 'unknown-key' },
            {
              name: '\u{1f511}'.repeat(256),
              keyId: '00112233',
              time: '1970-01-01T00:00:00.000Z',
              state: 'unknown-key',
            },
          ],
        },
      },
    ),
    valid('cosigned-end-of-time', 'A cosignature of the last second of the year 9999.', plainChain, {
      note: `${note}${cosign(ALPHA, note, 253_402_300_799)}`,
      given: { witnesses: [ALPHA.vkey] },
      facts: { witnesses: [told(ALPHA, 'verified', '9999-12-31T23:59:59.000Z')] },
    }),
  ];
};

function extract(name: string, what: string, seqs: readonly number[], detail: Expected = {}): Vector {
  return valid(`extract-${name}`, what, sampleChain, { extract: seqs, ...detail });
}

const extracts = (): Vector[] => [
  extract('one-record', 'One record and its proof.', [3]),
  extract('first', 'The first record: it says the same of its key as the header.', [1]),
  extract('last', 'The last record, whose proof is short.', [9]),
  extract('some', 'Four records, two of them neighbours; one value disclosed, one erased.', [2, 4, 5, 8], {
    facts: counts(1, 0, 1),
  }),
  extract('all', 'Every record.', [1, 2, 3, 4, 5, 6, 7, 8, 9], SAMPLE),
  extract('filter', 'A selection of which the header says what it was made by.', [4, 5, 6], {
    header: (header) => {
      header.filter = { category: 'incident', from: 4, text: '\u00e9\u{1f600}"' };
    },
    facts: counts(1, 2, 0),
  }),
  valid('extract-of-one', 'An extract of a chain of one record: the proof is empty.', () => new VectorChain(), {
    extract: [1],
  }),
  valid('extract-given', 'Its only key, the same checkpoint and a witness given.', plainChain, {
    extract: [2, 6],
    note: `${plainChain().note()}${cosign(ALPHA, plainChain().note())}`,
    given: { key: FIRST.id, since: plainChain().note(), witnesses: [ALPHA.vkey] },
    facts: { witnesses: [told(ALPHA, 'verified')] },
  }),
  valid(
    'extract-time-warning',
    'The clock went back between two records of an extract.',
    sampleChain,
    {
      extract: [3, 6, 9],
      chain: (chain) => {
        chain.members(6).time = '2026-01-01T00:00:00.000Z';
      },
    },
    '3:6 time',
  ),
];

/** Lines as long as they may be: kept without most of their bytes. */
const long = (): Vector[] => {
  const MAX = 4 * 1024 * 1024;
  const start = `{"disclosure":{"seq":2,"path":"/data/note","value":["${saltOf('x')}","`;
  const text = `"${'a'.repeat(MAX - start.length - 4)}"`;
  const vector = disclosed('line-of-4-mib', 'A line of exactly 4,194,304 bytes.', [text]);
  const at = vector.file.indexOf(start) + start.length;
  const count = text.length - 2;
  const file = vector.file.slice(0, at) + vector.file.slice(at + count);
  return [{ ...vector, file, fill: { at, byte: 0x61, count } }];
};

export function validVectors(): Vector[] {
  return [...chains(), ...sealed(), ...ranges(), ...given(), ...extracts(), ...long()];
}
