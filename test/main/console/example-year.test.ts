import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditStore, openAuditStore } from '#main/audit/store.ts';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { evaluate } from '#main/compliance/evaluation/evaluate.ts';
import { createAttachments } from '#main/compliance/register/attachments.ts';
import { EXAMPLE } from '#main/console/example-year/example.ts';
import { writeExampleYear } from '#main/console/example-year/write-example-year.ts';
import { openIdentity } from '#main/identity/identity.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
import { tenantKey } from '#main/platform/tenant-keys.ts';
import { openTenantWorkspaceDb } from '#main/platform/workspace-db.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import { MemorySecrets } from '../../support/memory-secrets.ts';
import { CHEAP } from '../../support/peopled-console.ts';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const clock = { now: () => NOW };
const device = { id: 'd-example', name: 'Example device' };
const RECORDS = 3000;

async function writeTo(
  folder: string,
  secrets: MemorySecrets,
  more: Partial<Parameters<typeof writeExampleYear>[0]> = {},
) {
  return writeExampleYear({
    folder: join(folder, 'tenants', EXAMPLE.tenant),
    secrets,
    device,
    version: '0.0.0-test',
    clock,
    passwordCost: CHEAP,
    records: RECORDS,
    ...more,
  });
}

describe('the example year', () => {
  const secrets = new MemorySecrets();
  let base: string;
  let folder: string;
  let store: AuditStore;
  const progress: (readonly [number, number])[] = [];
  let made: Awaited<ReturnType<typeof writeExampleYear>>;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'causeway-example-'));
    folder = join(base, 'tenants', EXAMPLE.tenant);
    made = await writeTo(base, secrets, { onProgress: (done, total) => progress.push([done, total]) });
    store = await openAuditStore({
      folder,
      tenant: EXAMPLE.tenant,
      secrets,
      clock,
      random: systemRandom,
      generator: { name: 'Test', version: '0' },
    });
  }, 240_000);

  afterAll(async () => {
    await store.close();
    await rm(base, { recursive: true, force: true });
  });

  it('has exactly as many records as asked for, every one of them valid', async () => {
    expect(made.records).toBe(RECORDS);
    expect(store.head().seq).toBe(RECORDS);
    const verdict = await store.verify();
    expect({ verdict: verdict.verdict, problems: verdict.problems }).toEqual({ verdict: 'valid', problems: [] });
    expect(store.keys()).toHaveLength(2); // it was renewed once
  });

  it('runs through a year in order, and ends shortly before now', () => {
    let before = 0;
    for (let seq = 1; seq <= RECORDS; seq++) {
      const time = Date.parse(store.get(seq)?.record.time ?? '');
      expect(time).toBeGreaterThanOrEqual(before);
      before = time;
    }
    const first = Date.parse(store.get(1)?.record.time ?? '');
    expect(Math.round((before - first) / 86_400_000)).toBe(365);
    expect(NOW - before).toBeGreaterThan(0);
    expect(NOW - before).toBeLessThan(15 * 60_000);
  });

  it('says of itself that it is synthetic, and names nobody', () => {
    const texts: string[] = [];
    for (let seq = 1; seq <= RECORDS; seq++) {
      const stored = store.get(seq);
      const action = stored?.record.action;
      for (const { path, value } of store.disclosures(seq)) {
        if (typeof value !== 'string') continue;
        if (path.endsWith('/email')) expect(value).toMatch(/@example\.invalid$/);
        else if (path.endsWith('/name')) expect(value).toMatch(/^(Example |example-)/);
        else texts.push(`${action} ${path} ${value}`);
      }
    }
    expect(texts.length).toBeGreaterThan(50);
    expect(texts.filter((text) => !text.includes(' Synthetic: '))).toEqual([]);
  });

  it('is evidence of the controls, with just the deviations it was given', async () => {
    const file = join(base, 'example.chain.jsonl');
    await store.exportChain(file, { disclose: false, generator: { name: 'Test', version: '0' } });
    const [from, to] = [new Date(NOW - 365 * 86_400_000).toISOString(), new Date(NOW).toISOString()];
    const evaluation = await evaluate(
      { kind: 'file', path: file },
      {
        window: { from, to },
        actions: [...AUDIT_ACTIONS],
        controls: CONTROLS.map(({ id }) => id),
        actors: null,
        sample: null,
        last: RECORDS,
        collectors: [],
      },
    );
    expect(evaluation.integrity).toMatchObject({ state: 'holds', problemCount: 0 });
    const found = evaluation.controls.flatMap(({ exceptions }) =>
      exceptions.map(({ control, kind, state }) => `${control} ${kind} ${state}`),
    );
    expect(found.sort()).toEqual([
      'AR-01 overdue fixed',
      'AU-03 missed-period fixed',
      'AU-03 missed-period fixed',
      'CM-02 review-missing fixed',
      'IA-02 no-second-factor open',
      'IA-04 revocation-failed open',
      'PT-03 overdue fixed',
      'SI-01 check-failed fixed',
      'SI-02 not-delivered fixed',
      'SI-03 missed-period open',
    ]);
    const of = (status: string) =>
      evaluation.controls.filter((one) => one.status === status).map(({ control }) => control);
    expect(of('gap')).toEqual(['SC-04', 'PT-05']);
    expect(of('not-applicable')).toEqual(['PE-01']);
    expect(of('partial')).toEqual(['IA-02', 'IA-04', 'SC-05', 'SI-03']);
    expect(evaluation.register.campaigns).toHaveLength(5);
    expect(evaluation.register.campaigns[0]).toMatchObject({ closed: null });
    expect(evaluation.register.plan).toMatchObject({ weeks: 12 });
  }, 120_000);

  it('keeps what was attached, encrypted under the digest on record', async () => {
    const cipher = createCipher(await tenantKey(secrets, EXAMPLE.tenant, 'evidence', false), EXAMPLE.tenant);
    const attachments = createAttachments({ folder, cipher, random: systemRandom });
    const digests = await readdir(join(folder, 'attachments'));
    expect(digests.length).toBeGreaterThan(15);
    for (const digest of digests) {
      expect(Buffer.from(await attachments.read(digest)).toString('utf8')).toMatch(/^Synthetic record of /);
    }
  });

  it('has people who can sign in with the password that is shown, and incidents to look at', async () => {
    const identity = await openIdentity({
      folder,
      tenant: EXAMPLE.tenant,
      secrets,
      clock,
      random: systemRandom,
      audit: store,
      device,
      passwordCost: CHEAP,
    });
    try {
      expect(identity.people().map(({ name, role }) => `${name}: ${role}`)).toEqual(
        expect.arrayContaining([
          'Example Owner: owner',
          'Example Admin: admin',
          'Example Operator: operator',
          'Example Viewer: viewer',
        ]),
      );
      expect(identity.people()).toHaveLength(4);
      for (const name of ['owner', 'admin', 'operator', 'viewer']) {
        const result = await identity.signIn({ email: `${name}@example.invalid`, password: made.password });
        expect(result.step).toBe('done');
      }
    } finally {
      identity.close();
    }
    const db = await openTenantWorkspaceDb({ file: join(folder, 'workspace.db'), tenant: EXAMPLE.tenant, secrets });
    const incidents = db.listIncidents();
    db.close();
    expect(incidents.length).toBeGreaterThan(3);
    expect(incidents.every(({ title }) => title.startsWith('Synthetic: '))).toBe(true);
  });

  it('tells how far it is', () => {
    expect(progress.length).toBeGreaterThan(100);
    expect(progress.every(([done, total], index) => total === RECORDS && done >= (progress[index - 1]?.[0] ?? 0))).toBe(
      true,
    );
    expect(progress.at(-1)).toEqual([RECORDS, RECORDS]);
  });

  it('can be given up', async () => {
    const other = await mkdtemp(join(tmpdir(), 'causeway-example-'));
    const abort = new AbortController();
    const writing = writeTo(other, new MemorySecrets(), {
      signal: abort.signal,
      onProgress: (done) => done > 200 && abort.abort(),
    });
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
    await rm(other, { recursive: true, force: true });
  }, 120_000);
});
