import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, expect, it, vi } from 'vitest';
import type { ContinuousVerification } from '#main/audit/continuous/continuous.ts';
import type { AuditStore } from '#main/audit/store.ts';
import { watchChain } from '#main/console/continuous.ts';
import type { Events } from '#main/console/events.ts';
import { CausewayError } from '#shared/errors.ts';
import { ConsoleEvent } from '#shared/ipc/contract.ts';
import { Coverage } from '#shared/ipc/verification-views.ts';
import { openPeopled } from '../../support/peopled-console.ts';
import { openScene, recordsOf, type Scene } from './scene.ts';

const cleanups: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function scene(): Promise<Scene> {
  const opened = await openScene();
  cleanups.push(() => opened.close());
  return opened;
}

const databaseOf = ({ config }: Scene) => join(config.folder, 'tenants', config.tenant, 'audit.db');
const verifiedTo = ({ console }: Pick<Scene, 'console'>) => console.chainStatus().verified;
const covered = ({ console }: Pick<Scene, 'console'>) =>
  vi.waitUntil(() => verifiedTo({ console })?.to === console.chainStatus().records, { timeout: 15_000 });
const alertsOf = ({ events }: Scene) => events.flatMap((event) => (event.type === 'alert' ? [event] : []));
const failures = ({ console }: Pick<Scene, 'console'>) =>
  recordsOf(console, 'tenant.audit_verified').filter(
    ({ record, data }) => record.outcome === 'failure' && data.subject === 'store',
  );

/** What the sqlite3 shell can do to the file. */
function damage(path: string, sql: string): void {
  const db = new BetterSqlite3(path);
  const guards = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
  db.exec(sql);
  for (const guard of guards) db.exec(guard.sql);
  db.close();
}

it('covers the chain by itself and records nothing of that', async () => {
  const own = await scene();
  await covered(own);
  expect(verifiedTo(own)).toMatchObject({ verdict: 'valid', problems: 0 });
  await own.console.raiseSandboxAlarm(own.console.info().environments[0]?.id ?? '');
  await covered(own);
  const coverage = own.console.coverage();
  expect(Coverage.parse(coverage)).toEqual(coverage);
  expect(coverage).toMatchObject({ valid: own.console.chainStatus().records, invalid: 0, running: true });
  expect(recordsOf(own.console, 'tenant.audit_verified')).toEqual([]);
  await vi.waitUntil(() => own.events.some(({ type }) => type === 'coverage'));
  for (const event of own.events) expect(ConsoleEvent.parse(event)).toEqual(event);
  expect(own.logged).toEqual([]);
});

it('tells of a break once, by a signed bundle, a record and an alert, and goes on writing', async () => {
  const own = await scene();
  await own.console.raiseSandboxAlarm(own.console.info().environments[0]?.id ?? '');
  await covered(own);
  const seq = own.console.chainStatus().records;
  damage(databaseOf(own), 'UPDATE record SET sig = zeroblob(64) WHERE seq = 2');
  const found = await own.console.verifyStore(); // a person looks before its turn has come
  expect(found).toMatchObject({ verdict: { verdict: 'invalid' } });
  await vi.waitUntil(() => alertsOf(own).length > 0, { timeout: 15_000 });
  const [alert] = alertsOf(own);
  expect(alert).toMatchObject({ seq: 2, text: expect.stringContaining('Record 2') });
  const bundle = JSON.parse(readFileSync(alert?.bundle ?? '', 'utf8')) as { incident: { problems: unknown[] } };
  expect(bundle.incident.problems).toMatchObject([{ seq: 2, code: 'signature' }]);
  await vi.waitUntil(() => failures(own).length === 2); // the person's, and that of the alert
  await own.console.alertShown();
  expect(recordsOf(own.console, 'notification.alert_sent')[0]?.data).toMatchObject({
    channel: 'desktop',
    severity: 'critical',
  });
  await own.console.verifyFile(join(own.folder, 'nothing.chain.jsonl')); // is put on record like before
  await covered(own);
  expect(own.console.chainStatus().records).toBeGreaterThan(seq);
  expect(verifiedTo(own)).toMatchObject({ verdict: 'invalid', problems: 1 });
  expect(own.console.coverage().problems).toMatchObject([{ seq: 2, code: 'signature' }]);
  await own.console.close();

  const again = await openPeopled(own.config);
  cleanups.push(() => again.close());
  await covered({ console: again });
  expect(verifiedTo({ console: again })).toMatchObject({ verdict: 'invalid', problems: 1 });
  expect(failures({ console: again })).toHaveLength(2);
  expect(alertsOf(own)).toHaveLength(1);
});

it('shows once what cannot be put on record, and tries again until it can', async () => {
  const problem = { line: 0, code: 'signature' as const, message: 'the signature is wrong', seq: 7 };
  let told: readonly unknown[] = [];
  const coverage = { ...nothing(40), problems: [problem], problemCount: 1 };
  const verification = {
    coverage: () => coverage,
    summary: () => ({ to: 40, complete: true, failures: 1, oldest: 1 }),
    news: () => (told.length > 0 ? [] : [problem]),
    markTold: (news: readonly unknown[]) => {
      told = news;
    },
    stop: async () => {},
  } as unknown as ContinuousVerification;
  const shown: ConsoleEvent[] = [];
  let tries = 0;
  const errors: unknown[] = [];
  const watched = watchChain({
    store: {
      chain: 'c',
      head: () => ({ seq: 40, hash: '' }),
      verifyContinuously: async () => verification,
      writeIncident: async () => ({ file: 'incident.json', digest: 'd' }),
    },
    audit: {
      append: (async () => {
        tries += 1;
        if (tries < 4) throw new CausewayError('audit-broken', 'Nothing is written now.');
        return { record: {} };
      }) as unknown as AuditStore['append'],
    },
    events: { emit: (event: ConsoleEvent) => shown.push(event) } as unknown as Events,
    found: () => {},
    onError: (error) => errors.push(error),
    alertEvery: 5,
  });
  cleanups.push(() => watched.stop());
  await vi.waitUntil(() => told.length > 0);
  expect(tries).toBe(4);
  expect(errors).toHaveLength(3);
  expect(shown.filter(({ type }) => type === 'alert')).toHaveLength(1);
});

function nothing(records: number): Coverage {
  return { records, valid: 0, invalid: 0, ranges: [], oldest: null, running: true, problems: [], problemCount: 0 };
}
