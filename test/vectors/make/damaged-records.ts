import { deep, flipped, hashOf, type Loose, utf8 } from './bytes.ts';
import { FIRST, FOREIGN, OTHER_CHAIN, SECOND, saltOf, seal, timeOf } from './chain.ts';
import { inFile, plain, rewrite, rewriting, sample, withChain } from './damage.ts';
import type { Vector } from './vector.ts';

/** A change of record 3 in the finished file: hash, signature, the next record's link, digest and root tell. */
function edited(name: string, what: string, from: string | RegExp, to: string, own = '', next = ''): Vector {
  const signature = own.endsWith(' key') ? '' : '4:3 signature, ';
  const about = own === '' ? '' : `${own}, `;
  const after = next === '' ? '' : `${next}, `;
  const expected = `4:3 hash, ${about}${signature}5:4 chain, ${after}8 digest, 8 root`;
  return plain(`edited-${name}`, `${what} Nothing was made to fit.`, expected, inFile(4, from, to));
}

const edits = (): Vector[] => [
  edited('data', 'A value in the data of record 3 was changed.', '"new":"responder"', '"new":"approver"'),
  edited('outcome', 'The outcome of record 3 was changed.', '"success"', '"denied"'),
  edited('actor', 'The actor of record 3 was changed.', '"id":"writer"', '"id":"Writer"'),
  edited('actor-type', 'The type of the actor of record 3 was changed.', '"type":"system"', '"type":"webhook"'),
  edited('target', 'The target of record 3 was changed.', '"id":"t3"', '"id":"t4"'),
  edited('target-type', 'The type of the target of record 3 was changed.', '"type":"thing"', '"type":"thinf"'),
  edited('user', 'The user in the data of record 3 was changed.', '"user":"u3"', '"user":"u2"'),
  edited('time', 'The time of record 3 was changed by a millisecond.', '.678Z', '.679Z'),
  edited('time-later', 'The time of record 3 was set an hour later.', 'T03:', 'T04:', '', '5:4 time'),
  edited('action', 'The action of record 3 was changed.', 'user_role_changed', 'user_removed', '4:3 schema'),
  edited('version', 'The version of record 3 was changed.', '"v":1', '"v":0', '4:3 schema'),
  edited('chain', 'The chain of record 3 was changed.', '80e61"', '80e63"', '4:3 sequence'),
  edited('tenant', 'The tenant of record 3 was changed.', '"example"', '"examplf"', '4:3 sequence'),
  edited('prev', 'A digit of the link of record 3 was changed.', /"prev":"./, '"prev":"g', '4:3 schema, 4:3 chain'),
  edited('member', 'A member was added to record 3.', '"v":1}', '"v":1,"w":1}', '4:3 schema'),
  edited('space', 'A space was put into record 3.', '"v":1}', '"v":1 }', '4:3 not-canonical'),
  plain(
    'edited-key',
    'The key of record 3 was changed to one that is unknown. Nothing was made to fit.',
    '4:3 hash, 4:3 key, 5:4 chain, 8 digest, 8 root',
    inFile(4, /"key":"[0-9a-f]{16}/, `"key":"${FOREIGN.id}`),
  ),
  plain(
    'edited-seq',
    'The seq of record 3 was changed to 5. Nothing was made to fit.',
    '4:5 hash, 4:5 sequence, 4:5 signature, 5:4 sequence, 5:4 chain, 8 digest, 8 root',
    inFile(4, '"seq":3', '"seq":5'),
  ),
  plain(
    'edited-last',
    'A value in the last record was changed: no record after it tells.',
    '7:6 hash, 7:6 signature, 8 digest, 8 root',
    inFile(7, '"new":"responder"', '"new":"approver"'),
  ),
  plain(
    'edited-first',
    'The generator in the first record was changed.',
    '2:1 hash, 2:1 signature, 3:2 chain, 8 digest, 8 root',
    inFile(2, '"version":"1"', '"version":"2"'),
  ),
  plain(
    'edited-digest-made-to-fit',
    'A value of record 3 was changed, its hash and the digest at the end were made to fit.',
    '4:3 signature, 5:4 chain, 8 root',
    {
      lines: (lines) => {
        const [line = ''] = lines.splice(3, 1);
        const record = line.slice(line.indexOf('"record":') + 9, -1).replace('responder', 'approver');
        const sig = /"sig":"([^"]*)"/.exec(line)?.[1] ?? '';
        lines.splice(3, 0, `{"hash":"${hashOf(record)}","sig":"${sig}","record":${record}}`);
      },
    },
  ),
  plain(
    'rehashed',
    'A value of record 3 was changed and every hash and link after it computed anew, without the key.',
    '4:3 signature, 5:4 signature, 6:5 signature, 7:6 signature, 8 checkpoint',
    keptSignatures(),
  ),
  plain('hash-flipped', 'The stated hash of record 3 was changed; the record was not.', '4:3 hash, 8 digest', {
    bytes: (file) => flipped(file, file.indexOf('"hash"', file.indexOf('"seq":2')) + 8),
  }),
  plain(
    'hash-of-another',
    'The stated hash of record 3 is that of record 2.',
    '4:3 hash',
    withChain((chain) => {
      const [, second] = chain.build();
      chain.record(3).hash = () => second?.hash ?? '';
    }),
  ),
];

/** Signatures and the signature of the checkpoint are those of before the change. */
function keptSignatures(): Parameters<typeof plain>[3] {
  let note = '';
  return {
    chain: (chain) => {
      const before = chain.build();
      note = chain.note();
      chain.data(3).new = 'approver';
      for (const [index, { sig }] of before.entries()) {
        if (index >= 2) chain.record(index + 1).sig = () => sig;
      }
      Object.assign(chain, { note: () => note.replace(/^(.*\n.*\n).*\n/, `$1${chain.root().toString('base64')}\n`) });
    },
  };
}

/** Record 3 as its writer signed it, but not as it should be. */
const written = (name: string, what: string, expected: string, change: (members: Loose) => void): Vector =>
  plain(
    `schema-${name}`,
    what,
    expected,
    withChain((chain) => change(chain.members(3))),
  );

const SCHEMA = '4:3 schema';

function missing(member: string, expected = SCHEMA): Vector {
  return written(`missing-${member}`, `Record 3 has no member ${member}.`, expected, (members) => {
    members[member] = undefined;
  });
}

const having = (name: string, what: string, members: Loose, expected = SCHEMA): Vector =>
  written(name, what, expected, (all) => void Object.assign(all, members));

const data = (name: string, what: string, action: string, members: Loose, expected = SCHEMA): Vector =>
  having(name, what, { action, data: members }, expected);

const USER = { user: 'u3', old: 'reader', new: 'responder' };
const SEQ_ZERO = '4:0 schema, 4:0 sequence, 4:0 key, 5:4 sequence';
const DIGEST = 'a'.repeat(64);

const members = (): Vector[] => [
  missing('v'),
  missing('chain', '4:3 schema, 4:3 sequence'),
  missing('tenant', '4:3 schema, 4:3 sequence'),
  missing('seq', '4:3 schema, 4:3 sequence'),
  missing('time'),
  missing('action'),
  missing('outcome'),
  missing('actor'),
  missing('target'),
  missing('data'),
  missing('key', '4:3 schema, 4:3 key'),
  plain(
    'schema-missing-prev',
    'Record 3 has no member prev.',
    '4:3 schema, 4:3 chain',
    rewrite(3, /"prev":"[^"]*",/, ''),
  ),
  having('version-2', 'The version of record 3 is 2.', { v: 2 }),
  having('version-text', 'The version of record 3 is a string.', { v: '1' }),
  having(
    'chain-upper-case',
    'The chain of record 3 is in upper case.',
    { chain: '3F1D0B52-6D0E-4C8A-9B7E-2A51C4D80E61' },
    '4:3 sequence',
  ),
  having(
    'chain-version-1',
    'The chain of record 3 is a UUID of version 1.',
    { chain: '3f1d0b52-6d0e-1c8a-9b7e-2a51c4d80e61' },
    '4:3 schema, 4:3 sequence',
  ),
  having(
    'chain-other',
    'Record 3 is of another chain, signed by this one’s key.',
    { chain: OTHER_CHAIN },
    '4:3 sequence',
  ),
  having(
    'tenant-other',
    'Record 3 is of another tenant, signed by this one’s key.',
    { tenant: 'other' },
    '4:3 sequence',
  ),
  having(
    'tenant-upper-case',
    'The tenant of record 3 has a capital letter.',
    { tenant: 'Example' },
    '4:3 schema, 4:3 sequence',
  ),
  having(
    'tenant-long',
    'The tenant of record 3 has 64 characters.',
    { tenant: 'e'.repeat(64) },
    '4:3 schema, 4:3 sequence',
  ),
  having('seq-text', 'The seq of record 3 is a string.', { seq: '3' }, '4:3 schema, 4:3 sequence'),
  having('seq-null', 'The seq of record 3 is null.', { seq: null }, '4:3 schema, 4:3 sequence'),
  having(
    'seq-zero',
    'The seq of record 3 is 0: it gets its own, the next gets one again, and no key is in force.',
    { seq: 0 },
    SEQ_ZERO,
  ),
  having('seq-negative', 'The seq of record 3 is −3.', { seq: -3 }, SEQ_ZERO.replaceAll('4:0', '4:-3')),
  having(
    'seq-one',
    'The seq of record 3 is 1, and only the creation of a tenant has that.',
    { seq: 1 },
    '4:1 schema, 4:1 sequence, 5:4 sequence',
  ),
  having('seq-next', 'The seq of record 3 is 4.', { seq: 4 }, '4:4 sequence, 5:4 sequence'),
  having(
    'seq-largest',
    'The seq of record 3 is 2^53 − 1.',
    { seq: Number.MAX_SAFE_INTEGER },
    '4:9007199254740991 sequence, 5:4 sequence',
  ),
  having('action-unknown', 'The action of record 3 is none of the 67.', { action: 'tenant.renamed' }),
  having('action-built-in', 'The action of record 3 is the name of something every object has.', {
    action: 'constructor',
  }),
  having('action-proto', 'The action of record 3 is __proto__.', { action: '__proto__' }),
  having('outcome-unknown', 'The outcome of record 3 is none of the three.', { outcome: 'ok' }),
  having('actor-null', 'The actor of record 3 is null.', { actor: null }),
  having('actor-list', 'The actor of record 3 is a list.', { actor: [] }),
  having('actor-type', 'The type of the actor of record 3 is none of the five.', { actor: { type: 'robot', id: 'a' } }),
  having('actor-without-id', 'The actor of record 3 has no id.', { actor: { type: 'system' } }),
  having('actor-empty-id', 'The actor of record 3 has an empty id.', { actor: { type: 'system', id: '' } }),
  having('actor-long-id', 'The id of the actor of record 3 has 129 characters.', {
    actor: { type: 'system', id: 'a'.repeat(129) },
  }),
  having('actor-astral-id', 'The id of the actor of record 3 has 129 characters outside the first plane.', {
    actor: { type: 'system', id: '\u{1f511}'.repeat(129) },
  }),
  having('actor-more', 'The actor of record 3 has a member too many.', {
    actor: { type: 'system', id: 'a', role: 'r' },
  }),
  having('user-name-in-clear', 'The name of a user stands in record 3 in clear.', {
    actor: { type: 'user', id: 'u', name: 'N' },
  }),
  having('human-name-in-clear', 'The name of the user an agent acted for stands in record 3 in clear.', {
    actor: { type: 'agent', id: 'a' },
    onBehalfOf: { type: 'user', id: 'u', name: 'N' },
  }),
  having('name-empty', 'The name of an agent in record 3 is empty.', { actor: { type: 'agent', id: 'a', name: '' } }),
  having('human-null', 'Record 3 has null in the place of an absent member.', { onBehalfOf: null }),
  having('target-more', 'The target of record 3 has a member too many.', { target: { type: 't', id: 'i', name: 'n' } }),
  having('target-long', 'The id of the target of record 3 has 1,025 characters.', {
    target: { type: 't', id: 'i'.repeat(1025) },
  }),
  having('links-unknown', 'The links of record 3 have a member nobody knows.', { links: { ticket: 'x' } }),
  having('links-digest', 'A link of record 3 is not a hash.', { links: { approval: DIGEST.toUpperCase() } }),
  having('links-traceparent', 'The traceparent of record 3 has another form.', { links: { traceparent: '00-a-b-01' } }),
  having('device-without-id', 'The device of record 3 has no id.', { device: { name: 'd' } }),
  having('member-unknown', 'Record 3 has a member nobody knows.', { note: 'x' }),
  having('data-null', 'The data of record 3 is null.', { data: null }),
  having('data-list', 'The data of record 3 is a list.', { data: [] }),
  having('data-missing-member', 'A member of the data of record 3 is missing.', { data: { user: 'u3', old: 'a' } }),
  having('data-unknown-member', 'The data of record 3 has a member too many.', { data: { ...USER, why: 'x' } }),
  having('data-type', 'A member of the data of record 3 is a number.', { data: { ...USER, user: 3 } }),
  having('data-empty-text', 'A member of the data of record 3 is empty.', { data: { ...USER, user: '' } }),
  data('data-of-another-action', 'Record 3 has the data of another action.', 'auth.user_signed_in', USER),
  data('created-again', 'Record 3 creates the tenant a second time.', 'tenant.created', {
    keys: [keyOf()],
    generator: { name: 'v', version: '1' },
  }),
  data('data-boolean', 'A truth value in record 3 is a number.', 'auth.mfa_enrolled', {
    user: 'u',
    method: 'm',
    reset: 1,
  }),
  data('data-integer-text', 'A number in record 3 is a string.', 'incident.evidence_attached', {
    digest: DIGEST,
    mediaType: 'm',
    bytes: '7',
  }),
  data('data-negative', 'A count in record 3 is negative.', 'incident.evidence_attached', {
    digest: DIGEST,
    mediaType: 'm',
    bytes: -7,
  }),
  data('data-digest-short', 'A digest in record 3 is too short.', 'incident.evidence_attached', {
    digest: DIGEST.slice(1),
    mediaType: 'm',
    bytes: 7,
  }),
  data('data-nullable-missing', 'A member that may be null is missing in record 3.', 'incident.assigned', {
    role: 'commander',
    user: 'u',
  }),
  data('data-enumeration', 'A word in record 3 is none of its list.', 'incident.assigned', {
    role: 'boss',
    user: 'u',
    previous: null,
  }),
  data('data-list-too-long', 'A list in record 3 is too long.', 'auth.api_key_created', {
    apiKey: 'a',
    scopes: Array(33).fill('s'),
    expiresAt: null,
  }),
  data('data-list-item', 'An item of a list in record 3 does not fit.', 'auth.api_key_created', {
    apiKey: 'a',
    scopes: ['s', 1],
    expiresAt: null,
  }),
  data('data-time', 'A time in the data of record 3 has no fractions.', 'auth.api_key_created', {
    apiKey: 'a',
    scopes: [],
    expiresAt: '2026-01-02T03:04:05Z',
  }),
  data('data-pattern', 'A ratio in record 3 is above 1.', 'investigation.hypotheses_ranked', {
    ...{ method: { name: 'm', version: '1' }, considered: 0, abstained: true, threshold: '1.1', hypotheses: [] },
    rankingDigest: DIGEST,
  }),
  data('data-path', 'An erasure in record 3 has an empty path.', 'tenant.erasure_completed', {
    request: 'r',
    certificate: DIGEST,
    erased: [{ seq: 2, path: '' }],
  }),
  data('sealed-in-clear', 'A text a person typed stands in record 3 in clear.', 'incident.note_added', {
    note: 'typed',
  }),
  plain('schema-sealed-short', 'A sealed value in record 3 is one character short.', SCHEMA, {
    ...withChain((chain) => setNote(chain.members(3), { sealed: 'A'.repeat(42) })),
  }),
  plain('schema-sealed-more', 'A sealed value in record 3 has its salt beside it: it is none.', SCHEMA, {
    ...withChain((chain) => setNote(chain.members(3), { ...seal(saltOf('x'), 'x'), salt: saltOf('x') })),
  }),
  plain('schema-sealed-number', 'A sealed value in record 3 is a number: it is none.', SCHEMA, {
    ...withChain((chain) => setNote(chain.members(3), { sealed: 7 })),
  }),
  sample('schema-erasure', 'The erasure record has a member too many: it erases nothing.', '9:8 schema', {
    ...withChain((chain) => {
      chain.data(8).more = 1;
    }),
    facts: { sealed: { disclosed: 1, withheld: 2, erased: 0, mismatched: 0 } },
  }),
  plain(
    'schema-first-not-created',
    'The first record is another than the creation of the tenant: the header’s keys stand in.',
    '2:1 schema',
    {
      ...withChain((chain) => void Object.assign(chain.members(1), { action: 'tenant.user_role_changed', data: USER })),
    },
  ),
  plain(
    'schema-first-failed',
    'The creation of the tenant has outcome failure: the header’s keys stand in.',
    '2:1 schema',
    {
      ...withChain((chain) => {
        chain.members(1).outcome = 'failure';
      }),
    },
  ),
  plain('schema-first-without-keys', 'The first record introduces no key: the header’s keys stand in.', '2:1 schema', {
    ...withChain((chain) => {
      chain.data(1).keys = [];
    }),
  }),
  plain('schema-first-nine-keys', 'The first record introduces nine keys: the header’s keys stand in.', '2:1 schema', {
    ...withChain((chain) => {
      chain.data(1).keys = Array(9).fill(keyOf());
    }),
  }),
];

function setNote(all: Loose, note: Loose): void {
  Object.assign(all, { action: 'incident.note_added', data: { note } });
}

function keyOf(): Loose {
  return { id: SECOND.id, alg: SECOND.alg, spki: SECOND.spki.toString('base64'), fromSeq: 1 };
}

const TIMES: readonly (readonly [name: string, text: string])[] = [
  ['no-fractions', '2026-01-02T03:04:08Z'],
  ['two-fractions', '2026-01-02T03:04:08.67Z'],
  ['six-fractions', '2026-01-02T03:04:08.678000Z'],
  ['offset', '2026-01-02T03:04:08.678+00:00'],
  ['no-zone', '2026-01-02T03:04:08.678'],
  ['lower-case', '2026-01-02t03:04:08.678z'],
  ['space', '2026-01-02 03:04:08.678Z'],
  ['leap-second', '2026-01-02T03:04:60.000Z'],
  ['hour-24', '2026-01-02T24:00:00.000Z'],
  ['february-30', '2026-02-30T03:04:08.678Z'],
  ['no-leap-day', '2026-02-29T03:04:08.678Z'],
  ['month-13', '2026-13-02T03:04:08.678Z'],
  ['five-digit-year', '+12026-01-02T03:04:08.678Z'],
  ['line-feed', '2026-01-02T03:04:08.678Z\n'],
];

const times = (): Vector[] => [
  ...TIMES.map(([name, time]) => having(`time-${name}`, `The time of record 3 is ${JSON.stringify(time)}.`, { time })),
  having('time-number', 'The time of record 3 is a number.', { time: Date.parse(timeOf(3)) }),
  plain(
    'time-back-and-more',
    'The clock went back twice, and a hash is wrong.',
    '4:3 hash, 4:3 time, 6:5 time',
    withChain((chain) => {
      chain.members(3).time = '2026-01-01T00:00:00.000Z';
      chain.members(5).time = '2026-01-01T00:00:00.000Z';
      chain.record(3).hash = () => '0'.repeat(64);
    }),
  ),
];

/** Record 3 in other bytes, hashed and signed as they are. */
const form = (name: string, what: string, expected: string, from: string | RegExp, to: string): Vector =>
  plain(`form-${name}`, what, expected, rewrite(3, from, utf8(to)));
const whole = (name: string, what: string, expected: string, bytes: string): Vector =>
  plain(
    `form-${name}`,
    what,
    expected,
    rewriting(3, () => bytes),
  );
const other = (name: string, what: string, from: string | RegExp, to: string, more = ''): Vector =>
  form(name, what, `4:3 not-canonical${more}`, from, to);
const broken = (name: string, what: string, from: string | RegExp, to: string): Vector =>
  plain(`form-${name}`, what, '4:3 unreadable', rewrite(3, from, to));

const EMPTY = '4:3 schema, 4:3 sequence, 4:3 sequence, 4:3 sequence, 4:3 chain, 4:3 key';

const forms = (): Vector[] => [
  other('space-after-colon', 'A space after a colon in record 3.', '"v":1', '"v": 1'),
  other('space-after-comma', 'A space after a comma in record 3.', ',"v"', ', "v"'),
  other('space-first', 'Record 3 begins with a space.', /^/, ' '),
  other('space-last', 'Record 3 ends with a space.', /$/, ' '),
  other('tab', 'A tab in record 3.', '{"action"', '{\t"action"'),
  other('carriage-return', 'A carriage return in record 3.', '{"action"', '{\r"action"'),
  other(
    'order',
    'Two members of record 3 have changed places.',
    /("tenant":"[^"]*"),("time":"[^"]*")/,
    `"time":"${timeOf(3)}","tenant":"example"`,
  ),
  other(
    'order-in-data',
    'Two members of the data of record 3 have changed places.',
    '"new":"responder","old":"reader"',
    '"old":"reader","new":"responder"',
  ),
  other('duplicate', 'A member of record 3 stands there twice.', '"v":1}', '"v":1,"v":1}'),
  other(
    'duplicate-other-value',
    'A member of record 3 stands there twice, with another value first.',
    '"outcome":"success"',
    '"outcome":"denied","outcome":"success"',
  ),
  other(
    'duplicate-in-data',
    'A member of the data of record 3 stands there twice.',
    '"user":"u3"',
    '"user":"u3","user":"u3"',
  ),
  other('escaped-letter', 'A letter in record 3 is escaped.', '"u3"', '"\\u0075\\u0033"'),
  other('escaped-name', 'The name of a member of record 3 is escaped.', '"v":1', '"\\u0076":1'),
  other('escaped-slash', 'A slash in record 3 is escaped.', '"u3"', '"u\\/3"'),
  other('escaped-letter-outside-ascii', 'A letter outside ASCII in record 3 is escaped.', '"u3"', '"\\u00e9"'),
  other(
    'escaped-pair',
    'A character outside the first plane in record 3 is escaped as a pair.',
    '"u3"',
    '"\\ud83d\\ude00"',
  ),
  other('escape-in-capitals', 'An escape in record 3 has capital digits.', '"u3"', '"\\u001F"'),
  other('escape-long', 'An escape in record 3 has its long form where there is a short one.', '"u3"', '"\\u000a"'),
  other('number-point', 'A number in record 3 is written 1.0.', '"v":1', '"v":1.0'),
  other('number-exponent', 'A number in record 3 is written 1e0.', '"v":1', '"v":1e0'),
  other('seq-exponent', 'The seq of record 3 is written 30E-1.', '"seq":3', '"seq":30E-1'),
  form('seq-minus-zero', 'The seq of record 3 is written −0.', `4:0 not-canonical, ${SEQ_ZERO}`, '"seq":3', '"seq":-0'),
  other('number-fraction', 'A number in record 3 is 1.5.', '"v":1', '"v":1.5', ', 4:3 schema'),
  other('number-too-large', 'A number in record 3 is 2^53.', '"v":1', '"v":9007199254740992', ', 4:3 schema'),
  other('number-too-small', 'A number in record 3 is −2^53.', '"v":1', '"v":-9007199254740992', ', 4:3 schema'),
  other('number-infinite', 'A number in record 3 is above all there are.', '"v":1', '"v":1e999', ', 4:3 schema'),
  other(
    'seq-too-large',
    'The seq of record 3 is 2^53: it is no seq, and the record keeps its place.',
    '"seq":3',
    '"seq":9007199254740992',
    ', 4:3 schema, 4:3 sequence',
  ),
  other('seq-fraction', 'The seq of record 3 is 3.5.', '"seq":3', '"seq":3.5', ', 4:3 schema, 4:3 sequence'),
  other('surrogate', 'The first half of a surrogate pair, escaped, in record 3.', '"u3"', '"\\ud800"'),
  other('surrogate-second', 'The second half of a surrogate pair, escaped, in record 3.', '"u3"', '"\\udc00x"'),
  other(
    'surrogates-swapped',
    'The halves of a surrogate pair in the wrong order in record 3.',
    '"u3"',
    '"\\udc00\\ud800"',
  ),
  other(
    'surrogate-in-name',
    'Half a surrogate pair in the name of a member of record 3.',
    '"v":1}',
    '"v":1,"\\udfff":1}',
    ', 4:3 schema',
  ),
  form(
    'backslash-before-ud800',
    'A backslash and the letters ud800 in record 3: all in order.',
    '',
    '"u3"',
    '"\\\\ud800"',
  ),
  form(
    'proto',
    'A member of the data of record 3 is called __proto__.',
    '4:3 schema',
    '{"new"',
    '{"__proto__":1,"new"',
  ),
  form(
    'proto-object',
    'A member of record 3 is called __proto__ and holds members.',
    '4:3 schema',
    '{"action"',
    '{"__proto__":{"v":1},"action"',
  ),
  other(
    'proto-escaped',
    'A member of record 3 is called __proto__, escaped.',
    '{"action"',
    '{"\\u005f_proto__":1,"action"',
    ', 4:3 schema',
  ),
  broken('surrogate-in-utf-8', 'Half a surrogate pair in three bytes of UTF-8 in record 3.', '"u3"', '"\xed\xa0\x80"'),
  broken('overlong', 'A slash in two bytes in record 3.', '"u3"', '"\xc0\xaf"'),
  broken('cut-character', 'A character in record 3 of which bytes are missing.', '"u3"', '"\xf0\x9f\x94"'),
  broken('continuation', 'A byte in record 3 that only continues a character.', '"u3"', '"\x80"'),
  broken('beyond-unicode', 'A character in record 3 beyond U+10FFFF.', '"u3"', '"\xf4\x90\x80\x80"'),
  broken('latin-1', 'A letter in record 3 in Latin-1.', '"u3"', '"\xe9"'),
  broken('byte-order-mark', 'Record 3 begins with a byte order mark.', /^/, '\xef\xbb\xbf'),
  broken('control-character', 'A control character in record 3 that is not escaped.', '"u3"', '"u\x013"'),
  broken('leading-zero', 'A number in record 3 is written 01.', '"v":1', '"v":01'),
  broken('plus-sign', 'A number in record 3 is written +1.', '"v":1', '"v":+1'),
  broken('not-a-number', 'A number in record 3 is NaN.', '"v":1', '"v":NaN'),
  broken('comma-too-many', 'A comma before the last brace of record 3.', '"v":1}', '"v":1,}'),
  broken('single-quotes', 'Single quotes in record 3.', '"u3"', "'u3'"),
  broken('comment', 'A comment in record 3.', '"v":1', '"v":1/* */'),
  broken('unclosed', 'Record 3 is cut.', /.{20}$/, ''),
  broken('bytes-after', 'Something stands after the last brace of record 3.', /$/, 'x'),
  broken('null-byte', 'A null byte after the last brace of record 3.', /$/, '\0'),
  whole('empty', 'Record 3 is empty.', '4:3 unreadable', ''),
  whole('list', 'Record 3 is a list.', '4:3 schema', '[]'),
  whole('number', 'Record 3 is a number.', '4:3 schema', '7'),
  whole('text', 'Record 3 is a string.', '4:3 schema', '"record"'),
  whole('null', 'Record 3 is null.', '4:3 schema', 'null'),
  whole('empty-object', 'Record 3 is an object without members.', EMPTY, '{}'),
  whole('brackets', 'Record 3 is two thousand brackets.', '4:3 unreadable', '['.repeat(2000)),
  form('deep', 'Record 3 nests 64 levels deep: it is read, and does not fit.', SCHEMA, '"v":1', `"v":${deep(63)}`),
  plain('form-too-deep', 'Record 3 nests 65 levels deep.', '4:3 unreadable', {
    ...rewrite(3, '"v":1', `"v":${deep(64)}`),
    facts: { keys: [{ id: FIRST.id, alg: 'Ed25519', fromSeq: 1, records: 5 }] },
  }),
];

export function damagedRecords(): Vector[] {
  return [...edits(), ...members(), ...times(), ...forms()];
}
