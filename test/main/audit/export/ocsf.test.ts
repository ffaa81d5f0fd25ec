import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { type ExportedRecord, ocsfLine } from '#main/audit/export/ocsf.ts';
import { OCSF_ACTIVITIES, OCSF_CLASSES, OCSF_MAPPING, OTHER } from '#main/audit/export/ocsf-classes.ts';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import {
  noteInput,
  openTestStore,
  removeFolder,
  roleInput,
  TEST_GENERATOR,
  type TestStore,
} from '../../../support/audit-store.ts';

type Members = Record<string, unknown>;

/** What OCSF 1.9 requires of the classes used: attributes, and lists of which one must be there. */
const REQUIRED: Record<number, { all: string[]; one?: string[] }> = {
  0: { all: [] },
  3002: { all: ['user'], one: ['service', 'dst_endpoint'] },
  3003: { all: ['user'], one: ['privileges', 'groups', 'iam_roles'] },
  3004: { all: ['entity'] },
  3007: { all: ['user'] },
  6003: { all: ['actor', 'api', 'src_endpoint'] },
};
const BASE = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid'];
const NAMED = ['uid', 'name'];

/** Every rule of the schema that an event here can break. */
function checkEvent(event: Members): void {
  const has = (value: unknown, names: string[]) => names.some((name) => (value as Members)[name] !== undefined);
  for (const name of BASE) expect(event, name).toHaveProperty(name);
  const { class_uid, category_uid, activity_id, type_uid, severity_id, status_id } = event as Record<string, number>;
  const required = REQUIRED[Number(class_uid)];
  expect(required, `class ${class_uid}`).toBeDefined();
  for (const name of required?.all ?? []) expect(event, `${class_uid} ${name}`).toHaveProperty(name);
  if (required?.one !== undefined) expect(has(event, required.one), `${class_uid}`).toBe(true);
  expect(category_uid).toBe(Math.floor(Number(class_uid) / 1000));
  expect(type_uid).toBe(Number(class_uid) * 100 + Number(activity_id));
  expect([1, 2, 3]).toContain(severity_id);
  expect([1, 2]).toContain(status_id);
  expect(event.activity_name).toEqual(expect.any(String));
  expect(event.metadata).toMatchObject({
    version: '1.9.0',
    product: { name: expect.any(String), vendor_name: expect.any(String) },
    profiles: ['host', 'record_integrity'],
  });
  expect(Number.isSafeInteger(event.time)).toBe(true);
  for (const name of ['user', 'entity'])
    if (event[name] !== undefined) expect(has(event[name], NAMED), name).toBe(true);
  if (event.device !== undefined) expect(event.device).toHaveProperty('type_id');
  if (event.api !== undefined) expect(event.api).toMatchObject({ operation: expect.any(String) });
  if (event.src_endpoint !== undefined) expect(has(event.src_endpoint, ['svc_name', 'uid'])).toBe(true);
  if (event.service !== undefined) expect(has(event.service, NAMED)).toBe(true);
  expect(event.actor).toMatchObject({ user: { uid: expect.any(String), type_id: expect.any(Number) } });
}

/** The event's own attestation: recomputed from the line alone. */
function fingerprintOf(event: Members): string {
  const copy = structuredClone(event);
  const [attestation] = copy.attestation_list as Members[];
  delete attestation?.fingerprint;
  delete attestation?.signatures;
  return createHash('sha256')
    .update(canonicalText(copy, { integersOnly: false }))
    .digest('hex');
}

const context = {
  product: { name: 'Causeway', version: '1' },
  fileChain: 'c:1',
  synthetic: false,
  checkpoint: { size: 1, root: 'r', note: 'n' },
};

function sample(action: AuditAction, more: Partial<AuditRecord> = {}): ExportedRecord {
  const record: AuditRecord = {
    v: 1,
    chain: '7c6cf5b4-0f4c-4e36-9a4b-3f4a2e1d5c6b',
    tenant: 'acme',
    seq: 9,
    time: '2026-02-03T04:05:06.789Z',
    action,
    outcome: 'success',
    actor: { type: 'user', id: 'user-1', name: { sealed: 'x'.repeat(43) } },
    target: { type: 'thing', id: 't-1' },
    data: {},
    key: '0'.repeat(16),
    prev: '0'.repeat(64),
    ...more,
  };
  return { record, hash: 'a'.repeat(64), sig: 'c2ln', text: canonicalText(record), disclosed: new Map() };
}

const eventOf = (exported: ExportedRecord): Members => JSON.parse(ocsfLine(exported, context, null).line);

describe('an action as an OCSF event', () => {
  it.each(AUDIT_ACTIONS)('%s has what its class requires', (action) => {
    for (const outcome of ['success', 'failure', 'denied'] as const) checkEvent(eventOf(sample(action, { outcome })));
    checkEvent(eventOf(sample(action, { device: { id: 'd' }, links: { incident: 'inc-1' } })));
  });

  it('is of an activity its class has, and says why', () => {
    for (const [action, [kind, activity, why, name]] of Object.entries(OCSF_MAPPING)) {
      expect(why.length, action).toBeGreaterThan(5);
      if (activity === OTHER) expect(name, action).toEqual(expect.any(String));
      else expect(OCSF_ACTIVITIES[kind][activity], action).toEqual(expect.any(String));
      expect(OCSF_CLASSES[kind].category).toBe(Math.floor(OCSF_CLASSES[kind].uid / 1000));
    }
  });

  it('takes what the class is about from the record', () => {
    const role = eventOf(sample('tenant.user_role_changed', { data: { user: 'u7', old: 'viewer', new: 'operator' } }));
    expect(role).toMatchObject({ type_uid: 300716, user: { uid: 'u7' }, iam_roles: [{ name: 'operator' }] });
    const issued = eventOf(
      sample('credential.issued', { data: { agent: 'log-analyst', actions: ['logs:StartQuery'] } }),
    );
    expect(issued).toMatchObject({ type_uid: 300301, user: { uid: 'log-analyst' }, privileges: ['logs:StartQuery'] });
    const executed = eventOf(sample('remediation.executed', { data: { steps: [{ operation: 'ecs:UpdateService' }] } }));
    expect(executed).toMatchObject({ type_uid: 600303, api: { operation: 'ecs:UpdateService' } });
    const denied = eventOf(sample('investigation.policy_decided', { outcome: 'denied', data: { action: 'ecs:X' } }));
    expect(denied).toMatchObject({
      api: { operation: 'ecs:X' },
      status_id: 2,
      status_detail: 'denied',
      severity_id: 3,
    });
  });
});

describe('a file of OCSF events', () => {
  let test: TestStore;
  let file = '';
  beforeAll(async () => {
    test = await openTestStore();
    file = join(test.folder, 'out.ocsf.jsonl');
    for (let index = 0; index < 20; index++) {
      await test.store.append(noteInput(`inc-${index % 3}`, `text ${index}`, `user-${index}`));
      await test.store.append(roleInput(`u${index}`));
    }
  });
  afterAll(async () => {
    await test.store.close();
    removeFolder(test.folder);
  });
  const write = async (disclose: boolean): Promise<Members[]> => {
    await test.store.export(
      file,
      { format: 'ocsf', query: { incident: 'inc-1' } },
      { disclose, generator: TEST_GENERATOR },
    );
    const text = readFileSync(file, 'utf8');
    expect(text.endsWith('\n')).toBe(true);
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };

  it('attests to each event and links it to the one before', async () => {
    const events = await write(false);
    expect(events).toHaveLength(7);
    const [first] = events.flatMap((event) => event.attestation_list as Members[]);
    let before: Members | undefined;
    for (const event of events) {
      checkEvent(event);
      const [attestation] = event.attestation_list as Members[];
      const fingerprint = attestation?.fingerprint as Members;
      expect(fingerprint).toMatchObject({ algorithm_id: 3, encoding_id: 1, serialization_id: 2 });
      expect(fingerprint.value).toBe(fingerprintOf(event));
      expect(attestation?.prev_event).toEqual(before);
      before = { uid: (event.metadata as Members).uid, type_uid: event.type_uid, fingerprint };
      expect(attestation?.chain_uid).toBe(first?.chain_uid);
    }
  });

  it('carries the record itself, its hash, signature and checkpoint, so that it is found in the chain', async () => {
    for (const event of await write(false)) {
      const { causeway } = event.unmapped as { causeway: Members };
      const stored = test.store.get(Number(causeway.seq));
      expect(event.raw_data).toBe(new TextDecoder().decode(stored?.bytes));
      expect(createHash('sha256').update(String(event.raw_data)).digest('hex')).toBe(stored?.hash);
      expect(event.raw_data_hash).toEqual({ algorithm_id: 3, algorithm: 'SHA-256', value: stored?.hash });
      expect(causeway).toMatchObject({
        hash: stored?.hash,
        signature: Buffer.from(stored?.sig ?? []).toString('base64'),
        checkpoint: { note: expect.stringContaining('causeway/') },
      });
      expect(causeway).not.toHaveProperty('disclosed');
    }
    expect(readFileSync(file, 'utf8')).not.toContain('text 1');
  });

  it('says personal values only when they are disclosed', async () => {
    const [event] = await write(true);
    expect(event).toMatchObject({ actor: { user: { name: 'Name of user-1' } } });
    const disclosed = { '/actor/name': 'Name of user-1', '/data/note': 'text 1' };
    expect(event).toMatchObject({ unmapped: { causeway: { disclosed } } });
    const last = test.store.get(test.store.head().seq)?.record;
    expect(last).toMatchObject({ data: { format: 'ocsf', records: 7, disclosures: 14 } });
  });

  it('is no chain file, and is said to be none', async () => {
    await write(false);
    expect((await verifyChainFile(file)).verdict).toBe('unreadable');
  });

  it('is matched by a table and by CEF of the same records', async () => {
    const options = { disclose: true, generator: TEST_GENERATOR };
    const query = { incident: 'inc-1' };
    const { records } = await test.store.export(file, { format: 'csv', query }, options);
    const rows = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(rows).toHaveLength(records + 1);
    expect(rows[0]).toMatch(/^"seq","time","category","action",/);
    const seqs = rows.slice(1).map((row) => Number(/^"(\d+)"/.exec(row)?.[1]));
    for (const [index, seq] of seqs.entries()) expect(rows[index + 1]).toContain(`"${test.store.get(seq)?.hash}"`);
    await test.store.export(file, { format: 'cef', query, range: { last: 20 } }, options);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const wanted = seqs.filter((seq) => seq <= 20);
    expect(lines).toHaveLength(wanted.length);
    for (const [index, seq] of wanted.entries()) {
      expect(lines[index]).toMatch(/^CEF:0\|Causeway\|Causeway\|1\|incident\.note_added\|/);
      expect(lines[index]).toContain(` externalId=${seq} `);
      expect(lines[index]).toContain(` fileHash=${test.store.get(seq)?.hash} `);
    }
  });
});
