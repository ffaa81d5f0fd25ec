import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkRecordSchema } from '#main/audit/record-schema.ts';
import { findMisfit } from '#main/audit/schema-misfit.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';
import { RecordEnvelope } from '#shared/model/audit-record.ts';
import { fitting, spoiled } from '../../support/sample-values.ts';

test.each(AUDIT_ACTIONS)('%s: a misfit is found exactly where the schema fails', (action) => {
  const schema = AUDIT_DATA[action];
  const value = fitting(schema).chain((good) => fc.oneof(fc.constant(good), spoiled(good)));
  fc.assert(
    fc.property(value, (data) => {
      expect(findMisfit(schema, data) === null).toBe(schema.safeParse(data).success);
    }),
    { numRuns: 40 },
  );
});

test('the members of every record likewise', () => {
  const value = fitting(RecordEnvelope).chain((good) => fc.oneof(fc.constant(good), spoiled(good)));
  fc.assert(
    fc.property(value, (record) => {
      expect(findMisfit(RecordEnvelope, record) === null).toBe(RecordEnvelope.safeParse(record).success);
    }),
    { numRuns: 300 },
  );
});

const RECORD = {
  v: 1,
  chain: '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b',
  tenant: 'acme',
  seq: 2,
  time: '2026-02-03T04:05:06.789Z',
  action: 'tenant.user_role_changed',
  outcome: 'success',
  actor: { type: 'system', id: 'causeway' },
  target: { type: 'thing', id: 't' },
  data: { user: 'u', old: 'a', new: 'b' },
  key: '0123456789abcdef',
  prev: '0'.repeat(64),
};

const digest = 'a'.repeat(64);
const step = { operation: 'ecs:UpdateService', resource: 'arn:aws:ecs:eu-west-1:123456789012:service/a/b' };

describe('the message names the least pointer and the action', () => {
  test.each<[string, object, string]>([
    ['missing member', { outcome: undefined }, '/outcome does not fit tenant.user_role_changed'],
    ['unknown member', { extra: 1 }, '/extra does not fit tenant.user_role_changed'],
    [
      'the least of several',
      { extra: 1, actor: { type: 'x', id: '' } },
      '/actor/id does not fit tenant.user_role_changed',
    ],
    ['unknown action', { action: 'tenant.renamed', data: { anything: 1 } }, '/action does not fit a record'],
    ['data of no object', { data: [] }, '/data does not fit tenant.user_role_changed'],
    [
      'data before the envelope',
      { data: { user: 'u', old: 'a' }, key: 'x' },
      '/data/new does not fit tenant.user_role_changed',
    ],
    ['escaped names', { data: { ...RECORD.data, 'a/b~c': 1 } }, '/data/a~1b~0c does not fit tenant.user_role_changed'],
    [
      'a value of several forms',
      { actor: { ...RECORD.actor, name: { sealed: 'x' } } },
      '/actor/name does not fit tenant.user_role_changed',
    ],
    [
      'a user named in clear',
      { actor: { type: 'user', id: 'u', name: 'Jo' } },
      '/actor/name does not fit tenant.user_role_changed',
    ],
    ['a second beginning', { action: 'tenant.created' }, '/action does not fit tenant.created'],
    ['another beginning', { seq: 1, outcome: 'failure' }, '/action does not fit tenant.user_role_changed'],
    [
      'the item of a list',
      { action: 'remediation.executed', data: { planDigest: digest, elapsedMs: 0, steps: [step] } },
      '/data/steps/0/code does not fit remediation.executed',
    ],
    [
      'a list too short',
      { action: 'remediation.executed', data: { planDigest: digest, elapsedMs: 0, steps: [] } },
      '/data/steps does not fit remediation.executed',
    ],
    [
      'a key with a wrong purpose',
      { action: 'credential.key_rotated', data: { purpose: 'signing', oldKey: 'k', reason: 'r' } },
      '/data/newKey does not fit credential.key_rotated',
    ],
  ])('%s', (_name, change, message) => {
    const record = JSON.parse(JSON.stringify({ ...RECORD, ...change }));
    expect(checkRecordSchema(record)).toBe(message);
  });

  test('a member called __proto__', () => {
    const record = JSON.parse(JSON.stringify(RECORD).replace('"user":"u"', '"user":"u","__proto__":{}'));
    expect(checkRecordSchema(record)).toBe('/data/__proto__ does not fit tenant.user_role_changed');
  });

  test('the record itself is given back when it fits', () => {
    expect(checkRecordSchema(RECORD)).toBe(RECORD);
  });
});
