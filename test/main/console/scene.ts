import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConsoleConfig } from '#main/console/config.ts';
import type { Console } from '#main/console.ts';
import { createMemorySecrets } from '#main/credentials/memory-secrets.ts';
import { type WaitingClock, wallClock } from '#main/platform/clock.ts';
import type { HandlerParts } from '#main/shell/ipc-handlers.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA, type AuditData } from '#shared/model/audit-data.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { Incident } from '#shared/model/incident.ts';
import type { Investigation } from '#shared/model/investigation.ts';
import { CHEAP, openPeopled, type PeopledConsole } from '../../support/peopled-console.ts';
import { PROJECT_ROOT } from '../../support/project-root.ts';
import { type ScenarioOptions, writeScenario } from '../../support/scenario.ts';

export const JUSTIFICATION = 'The new revision fails; the one before did not.';

export interface Scene {
  readonly folder: string;
  readonly config: ConsoleConfig;
  readonly console: PeopledConsole;
  readonly events: readonly ConsoleEvent[];
  /** What the console meant for its log. */
  readonly logged: readonly unknown[];
  close(): Promise<void>;
}

export interface SceneOptions {
  /** A scenario that ships. */
  readonly shipped?: string;
  /** Otherwise a small one. */
  readonly scenario?: ScenarioOptions;
  readonly config?: Partial<ConsoleConfig>;
}

export const TEST_ENVIRONMENT = 'test-bad-deployment';

/** What the window's handlers are made of when nobody opens a dialog, verifies a file or signs in. */
export const NOBODY_AT_THE_DESK: HandlerParts = {
  desk: unused(),
  dialogs: unused(),
  verifier: unused(),
  auditor: unused(),
  print: () => Promise.reject(new Error('nothing was meant to be printed')),
  tell: () => undefined,
  today: () => '2026-01-01',
};

/** Has every method, none of which may be called. */
function unused<T extends object>(): T {
  const refuse = (_: unknown, name: string | symbol) =>
    name === 'flows' ? {} : () => Promise.reject(new Error(`${String(name)} was not meant to be called`));
  return new Proxy({}, { get: refuse }) as T;
}

/** An opened console on a workspace of its own, with everything real in it but the keychain. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'causeway-console-'));
  const scenario =
    options.shipped === undefined
      ? await writeScenario(join(folder, 'scenario'), { hoursBefore: 8, ...options.scenario })
      : join(PROJECT_ROOT, 'resources/scenarios', options.shipped);
  const logged: unknown[] = [];
  const keep = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const config: ConsoleConfig = {
    folder: join(folder, 'workspace'),
    tenant: 'local',
    device: { id: 'd-1', name: 'demo-device' },
    secrets: createMemorySecrets(),
    sandboxFolders: [scenario],
    passwordCost: CHEAP,
    version: '0.0.0-test',
    log: { error: keep, warn: keep },
    ...options.config,
  };
  const console = await openPeopled(config);
  const events: ConsoleEvent[] = [];
  console.subscribe((event) => events.push(event));
  return {
    folder,
    config,
    console,
    events,
    logged,
    close: async () => {
      await console.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface Investigated {
  readonly incident: Incident;
  readonly investigation: Investigation;
}

/** The sandbox's alarm, and the investigation of it run to its end. */
export async function investigateAlarm({ console }: Pick<Scene, 'console'>): Promise<Investigated> {
  const environment = console.info().environments[0]?.id ?? '';
  const incident = await console.raiseSandboxAlarm(environment);
  const { id } = await console.startInvestigation(incident.id);
  return { incident, investigation: await console.settled(id) };
}

/** The remediation an investigation proposed; it must have one. */
export function proposalOf({ investigation }: Pick<Investigated, 'investigation'>) {
  if (investigation.remediation === null) throw new Error(`nothing was proposed: ${investigation.needed.join(' ')}`);
  return investigation.remediation;
}

export function decision(found: Pick<Investigated, 'investigation'>, word: 'approve' | 'reject') {
  const { id, planDigest } = proposalOf(found);
  return { remediation: id, planDigest, decision: word, justification: JUSTIFICATION, channel: 'terminal' } as const;
}

export interface ChainRecord<A extends AuditAction> {
  readonly seq: number;
  readonly hash: string;
  readonly record: AuditRecord;
  readonly data: AuditData<A>;
}

/** Records of one action, oldest first, their data checked by its schema. */
export function recordsOf<A extends AuditAction>(console: Console, action: A): readonly ChainRecord<A>[] {
  const { rows } = console.trailPage({ action, limit: 500 });
  return rows
    .map(({ seq }) => {
      const { bytes, hash } = console.trailRecord(seq);
      const record = JSON.parse(bytes) as AuditRecord;
      return { seq, hash, record, data: AUDIT_DATA[action].parse(record.data) as AuditData<A> };
    })
    .reverse();
}

/** Operations the cloud was asked for, or was going to be, by record. */
export function operations(console: Console): readonly string[] {
  return recordsOf(console, 'investigation.system_called').map(({ data }) => data.operation);
}

/** Calls whose end is on record: a write has a record of its own that it is going to be made. */
export function answeredCalls(console: Console): readonly ChainRecord<'investigation.system_called'>[] {
  return recordsOf(console, 'investigation.system_called').filter(({ data }) => data.phase !== 'intent');
}

/** A wall clock that can be put forward. */
export function movableClock(): WaitingClock & { forward(ms: number): void } {
  let ahead = 0;
  return {
    now: () => wallClock.now() + ahead,
    sleep: (ms, signal) => wallClock.sleep(ms, signal),
    forward: (ms) => {
      ahead += ms;
    },
  };
}
