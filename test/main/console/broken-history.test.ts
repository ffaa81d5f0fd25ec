import { hash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HandlerParts } from '#main/shell/ipc-handlers.ts';
import { createHandlers } from '#main/shell/ipc-handlers.ts';
import type { ProtectionOutcome } from '#shared/ipc/protection-views.ts';
import { agree, OWN_PROOF, openPeopled, type PeopledConsole } from '../../support/peopled-console.ts';
import {
  decision,
  investigateAlarm,
  JUSTIFICATION,
  NOBODY_AT_THE_DESK,
  openScene,
  proposalOf,
  recordsOf,
  type Scene,
} from './scene.ts';

let scene: Scene;
let again: PeopledConsole | undefined;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(async () => {
  await again?.close();
  again = undefined;
  await scene.close();
});

const database = () => join(scene.config.folder, 'tenants/local/audit.db');

async function reopen(): Promise<PeopledConsole> {
  again = await openPeopled(scene.config);
  return again;
}

async function decideOwn(console: PeopledConsole, asked: ProtectionOutcome): Promise<unknown> {
  if (asked.state !== 'waiting') throw new Error(`nothing waits: ${asked.state}`);
  const { id: request, digest } = asked.request;
  const justification = JUSTIFICATION;
  return console.protections.decide({
    request,
    digest,
    decision: 'approve',
    justification,
    reauthentication: OWN_PROOF,
  });
}

function raw(sql: string): void {
  const db = new BetterSqlite3(database());
  db.exec(sql);
  db.close();
}

/** @securityTest A workspace whose history is broken opens for reading; nothing is written or done until acknowledged */
describe('a workspace whose history is broken', () => {
  it('shows everything, refuses every change, and goes on after the acknowledgement', async () => {
    const found = await investigateAlarm(scene);
    const copy = join(scene.folder, 'copy.db');
    raw(`VACUUM INTO '${copy}'`);
    // what is done after the backup is what the backup does not know of
    const more = await scene.console
      .raiseSandboxAlarm(scene.console.info().environments[0]?.id ?? '')
      .catch(() => null);
    expect(more === null || more.id.length > 0).toBe(true);
    await scene.console.exportChain(join(scene.folder, 'x.chain.jsonl'), false);
    await scene.console.close();
    for (const suffix of ['-wal', '-shm']) rmSync(database() + suffix, { force: true });
    copyFileSync(copy, database());

    const console = await reopen();
    const { records } = console.chainStatus();
    const standing = console.history.standing();
    expect(standing).toMatchObject({ state: 'blocked', breaks: [{ kind: 'rolled-back', source: 'keychain' }] });
    expect(console.listIncidents().map(({ id }) => id)).toContain(found.incident.id);
    expect(console.trailPage({ limit: 5 }).rows[0]?.seq).toBe(records);
    const refusal = { code: 'audit-broken', reason: 'history-blocked' };
    await expect(console.decide(decision(found, 'approve'))).rejects.toMatchObject({ code: 'audit-unavailable' });
    await expect(console.startInvestigation(found.incident.id)).rejects.toThrow();
    // whether it may be exported is decided on record, which cannot be
    await expect(console.exportChain(join(scene.folder, 'y.chain.jsonl'), false)).rejects.toMatchObject({
      code: 'audit-unavailable',
      cause: refusal,
    });
    await console.denyPending('window-lost');
    expect(console.chainStatus().records).toBe(records);
    // it can be verified, which is told and not recorded
    expect(await console.verifyStore()).toMatchObject({ cancelled: false, verdict: { verdict: 'invalid' } });
    expect(console.chainStatus().verified?.verdict).toBe('invalid');
    expect(console.chainStatus().records).toBe(records);
    await expect(console.history.acknowledge('short', OWN_PROOF)).rejects.toMatchObject({ code: 'bad-input' });

    // asked for by one, which changes nothing, and agreed to by another
    const asked = await console.history.acknowledge(JUSTIFICATION, OWN_PROOF);
    expect(console.chainStatus().records).toBe(records);
    expect(console.history.standing().state).toBe('blocked');
    await expect(decideOwn(console, asked)).rejects.toMatchObject({ reason: 'approver-is-requester' });
    await agree(console, asked);
    const after = console.history.standing();
    expect(after.state).toBe('acknowledged');
    const [taken, agreed] = recordsOf(console, 'tenant.protection_change_approved');
    expect(taken).toMatchObject({
      seq: records + 1,
      record: { actor: { id: console.owner.id }, device: { id: 'd-1' } },
      data: { change: 'break-acknowledged', changeDigest: standing.breaks[0]?.bundle?.digest },
    });
    expect(agreed).toMatchObject({
      record: { actor: { id: console.second.id }, outcome: 'success' },
      data: { change: 'break-acknowledgement', requestedBy: console.owner.id, reauthentication: 'password' },
    });
    expect(console.trailRecord(records + 1).disclosures).toContainEqual({
      path: '/data/justification',
      value: JUSTIFICATION,
    });
    const verified = await console.verifyStore();
    expect(verified).toMatchObject({ cancelled: false, verdict: { verdict: 'invalid' } });
    await console.close();
    expect((await reopen()).history.standing()).toEqual(after);
  });

  it('brings what was under way to its end only after the acknowledgement', async () => {
    const found = await investigateAlarm(scene);
    expect(proposalOf(found).status).toBe('proposed');
    await scene.console.close();
    raw('DROP TRIGGER record_update');
    const later = { now: () => Date.now() + 48 * 3_600_000, sleep: async () => undefined };
    again = await openPeopled({ ...scene.config, clock: later });
    const { records } = again.chainStatus();
    expect(again.history.standing().breaks.map(({ kind }) => kind)).toEqual(['schema-changed']);
    expect(recordsOf(again, 'remediation.expired')).toEqual([]);
    expect(again.history.selfTest()?.attacks.filter(({ held }) => !held).length).toBeGreaterThan(0);
    await agree(again, await again.history.acknowledge(JUSTIFICATION, OWN_PROOF));
    expect(recordsOf(again, 'remediation.expired')).toHaveLength(1);
    expect(again.history.selfTest()?.attacks.every(({ held }) => held)).toBe(true);
    expect(again.chainStatus().records).toBeGreaterThan(records + 1);
    // everything that is there holds, and it is not the history it was
    const status = () => again?.chainStatus();
    await vi.waitUntil(() => again?.coverage().valid === status()?.records, { timeout: 20_000 });
    await vi.waitUntil(() => status()?.verified?.to === status()?.records, { timeout: 20_000 });
    expect(status()?.verified?.verdict).toBe('invalid');
    expect(again.coverage().problems[0]?.message).toContain('(acknowledged in record');
  });
});

describe('a record damaged in the file', () => {
  it('is named; everything else is shown, and the work that waited is done after the acknowledgement', async () => {
    const environment = scene.console.info().environments[0]?.id ?? '';
    const incident = await scene.console.raiseSandboxAlarm(environment);
    const [{ seq } = { seq: 0 }] = recordsOf(scene.console, 'incident.created');
    await scene.console.close();
    const bytes = readFileSync(database());
    const at = bytes.indexOf('"action":"incident.created"');
    expect(at).toBeGreaterThan(0);
    bytes.write('"action":"incident.creatEd"', at);
    writeFileSync(database(), bytes);
    const console = await reopen();
    expect(console.history.standing()).toMatchObject({
      state: 'blocked',
      breaks: [{ kind: 'head-damaged', seq }, { kind: 'forked' }],
    });
    expect(console.getIncident(incident.id).incident.id).toBe(incident.id);
    expect(console.trailPage({ limit: 200 }).rows.length).toBe(console.chainStatus().records);
    expect(
      console
        .getIncident(incident.id)
        .timeline.map(({ text }) => text)
        .join(),
    ).toContain('damaged');
    await agree(console, await console.history.acknowledge(JUSTIFICATION, OWN_PROOF));
    expect(console.history.standing().state).toBe('acknowledged');
    await console.close();
    expect((await reopen()).history.standing().state).toBe('acknowledged');
  });
});

describe("the store's attack on a copy of itself", () => {
  it('is made at every start, on record with its digest, and kept for the window', async () => {
    const result = scene.console.history.selfTest();
    expect(result?.attacks.length).toBeGreaterThan(20);
    expect(result?.attacks.every(({ held }) => held)).toBe(true);
    await scene.console.close();
    const console = await reopen();
    const updates = recordsOf(console, 'tenant.control_updated').map(({ data }) => data);
    expect(updates).toMatchObject([
      { control: 'audit-store-append-only', oldStatus: null, newStatus: 'in-place' },
      { control: 'audit-store-append-only', oldStatus: 'in-place', newStatus: 'in-place' },
    ]);
    expect(updates[0]?.evidence).not.toEqual(updates[1]?.evidence);
  });
});

describe('witness folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'causeway-witness-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are added and removed through the window, on record', async () => {
    const { caller } = scene.console;
    const dialogs = { chooseWitnessFolder: async () => folder } as Pick<
      HandlerParts['dialogs'],
      'chooseWitnessFolder'
    > as HandlerParts['dialogs'];
    const handlers = createHandlers({ ...NOBODY_AT_THE_DESK, dialogs, today: () => '2026-03-01' });
    expect(await handlers['verification.folders']({}, caller)).toEqual([]);
    expect(await handlers['verification.addFolder']({}, caller)).toMatchObject({
      cancelled: false,
      value: [{ path: folder, state: 'current' }],
    });
    const { chain } = scene.console.info();
    const note = readFileSync(join(folder, `${chain}.checkpoint`), 'utf8');
    expect(note.split('\n')[0]).toBe(`causeway/${chain}`);
    expect(await handlers['verification.removeFolder']({ path: folder }, caller)).toEqual([]);
    const digest = hash('sha256', realpathSync(folder), 'hex');
    const changes = recordsOf(scene.console, 'tenant.configuration_changed').map(({ data }) => data);
    expect(changes.filter(({ setting }) => setting === 'witness-folder')).toEqual([
      { setting: 'witness-folder', old: null, new: digest },
      { setting: 'witness-folder', old: digest, new: null },
    ]);
    expect(await handlers['verification.standing']({}, caller)).toEqual({ state: 'whole', breaks: [] });
    expect(await handlers['verification.selfTest']({}, caller)).toMatchObject({ sqlite: expect.any(String) });
    const acknowledgement = { justification: JUSTIFICATION, reauthentication: OWN_PROOF };
    await expect(handlers['verification.acknowledge'](acknowledgement, caller)).rejects.toMatchObject({
      reason: 'no-break',
    });
  });
});
