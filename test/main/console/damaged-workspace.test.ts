import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#main/platform/sqlite.ts';
import { WORKSPACE_MIGRATIONS } from '#main/platform/workspace-db-schema.ts';
import { openPeopled, type PeopledConsole } from '../../support/peopled-console.ts';
import { ALARM_FILES, changedAlarm } from '../ingest/fixtures.ts';
import { decision, investigateAlarm, openScene, type Scene } from './scene.ts';

let scene: Scene;
let again: PeopledConsole | undefined;
afterEach(async () => {
  await again?.close();
  again = undefined;
  await scene.close();
});

const file = () => join(scene.config.folder, 'tenants/local/workspace.db');
const otherAlarm = () => changedAlarm(ALARM_FILES[0], 'detail.alarmName', 'another');

function tamper(sql: string): void {
  const db = openDatabase(file(), { what: 'the test', migrations: WORKSPACE_MIGRATIONS });
  db.exec(sql);
  db.close();
}

describe('a damaged workspace', () => {
  it('opens without a damaged investigation, which can be made again', async () => {
    scene = await openScene({ shipped: 'bad-deployment' });
    const { incident, investigation } = await investigateAlarm(scene);
    await scene.console.close();
    tamper('UPDATE investigation SET document = substr(document, 1, length(document) - 1)');
    again = await openPeopled(scene.config);
    expect(scene.logged).toContainEqual([
      expect.objectContaining({ kind: 'investigation', id: investigation.id }),
      'a damaged row of the workspace is left out',
    ]);
    const detail = again.getIncident(incident.id);
    expect(detail.incident.status).toBe('needs-attention');
    expect(detail.investigation).toBeNull();
    expect(detail.timeline.length).toBeGreaterThan(0);
    expect(again.pendingApprovals()).toEqual([]);
    await expect(again.decide(decision({ investigation }, 'approve'))).rejects.toMatchObject({ code: 'not-found' });
    const { id } = await again.startInvestigation(incident.id);
    expect(id).toBe('inv-0002');
    expect((await again.settled(id)).remediation?.id).toBe('rem-0002');
  });

  it('opens without a damaged incident, and lets others be imported and investigated', async () => {
    scene = await openScene({ shipped: 'bad-deployment' });
    const { incident, investigation } = await investigateAlarm(scene);
    await scene.console.close();
    tamper('UPDATE incident SET document = substr(document, 1, length(document) - 1)');
    again = await openPeopled(scene.config);
    expect(again.listIncidents()).toEqual([]);
    expect(again.pendingApprovals()).toEqual([]);
    const { getIncident } = again;
    expect(() => getIncident(incident.id)).toThrowError(/inc-0001 is damaged.*audit trail is kept apart/);
    await expect(again.decide(decision({ investigation }, 'approve'))).rejects.toMatchObject({ code: 'not-found' });
    const other = await again.importAlarm(otherAlarm(), 'a.json');
    expect(again.listIncidents().map(({ id }) => id)).toEqual([other.id]);
  });

  /** @securityTest The records of one incident are never shown as another's */
  it('gives no id again when the file is lost', async () => {
    scene = await openScene({ shipped: 'bad-deployment' });
    const { incident } = await investigateAlarm(scene);
    await scene.console.close();
    for (const end of ['', '-wal', '-shm']) await rm(`${file()}${end}`, { force: true });
    again = await openPeopled(scene.config);
    expect(again.listIncidents()).toEqual([]);
    const other = await again.importAlarm(otherAlarm(), 'a.json');
    expect([incident.id, other.id]).toEqual(['inc-0001', 'inc-0002']);
    expect(again.getIncident(other.id).timeline).toHaveLength(1);
    const { id } = await again.startInvestigation(other.id);
    expect(id).toBe('inv-0002');
    expect((await again.settled(id)).remediation?.id).toBe('rem-0002');
  });
});
