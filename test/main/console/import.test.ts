import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { SqliteAuditStore } from '#main/audit/sqlite-store.ts';
import { CausewayError } from '#shared/errors.ts';
import { ALARM_FILES, alarmBytes, changedAlarm } from '../ingest/fixtures.ts';
import { openScene, recordsOf, type Scene } from './scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ shipped: 'bad-deployment' });
}, 30_000);
afterAll(() => scene.close());

describe('importing an alarm', () => {
  it.each([
    [ALARM_FILES[0], 'eventbridge', 'high'],
    [ALARM_FILES[1], 'alertmanager', 'critical'],
    [ALARM_FILES[2], 'pagerduty', 'high'],
  ])('makes an incident of %s, on record with its payload digest', async (name, kind, severity) => {
    const incident = await scene.console.importAlarm(alarmBytes(name), name);
    expect(incident).toMatchObject({
      status: 'open',
      severity,
      environment: 'bad-deployment',
      source: { kind },
      signal: { service: 'checkout', metric: 'checkout.latency', kind: 'latency' },
    });
    const created = recordsOf(scene.console, 'incident.created').at(-1);
    expect(created?.record.target).toEqual({ type: 'incident', id: incident.id });
    expect(created?.data).toMatchObject({ source: kind, payloadDigest: incident.source.payloadDigest });
    expect(scene.events.at(-1)).toEqual({ type: 'incident', incident });
    await expect(scene.console.importAlarm(alarmBytes(name), name)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('makes one incident of an alarm that arrives several times at once', async () => {
    const bytes = changedAlarm(ALARM_FILES[0], 'detail.alarmName', 'arrives-thrice');
    const before = scene.console.listIncidents().length;
    const results = await Promise.allSettled([1, 2, 3].map(() => scene.console.importAlarm(bytes, 'a.json')));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'conflict', reason: 'already-imported' } });
    expect(scene.console.listIncidents()).toHaveLength(before + 1);
  });

  it('lets an alarm be imported again when its record could not be written', async () => {
    const bytes = changedAlarm(ALARM_FILES[0], 'detail.alarmName', 'tried-twice');
    const append = vi
      .spyOn(SqliteAuditStore.prototype, 'append')
      .mockRejectedValueOnce(new CausewayError('disk-full', 'x'));
    try {
      await expect(scene.console.importAlarm(bytes, 'a.json')).rejects.toMatchObject({ code: 'disk-full' });
    } finally {
      append.mockRestore();
    }
    expect((await scene.console.importAlarm(bytes, 'a.json')).status).toBe('open');
  });

  it('stores and records nothing of an alarm it refuses', async () => {
    const before = scene.console.chainStatus().records;
    const incidents = scene.console.listIncidents().length;
    const refused = [
      changedAlarm(ALARM_FILES[0], 'account', '999999999999'),
      changedAlarm(ALARM_FILES[0], 'detail.state.value', 'OK'),
      changedAlarm(ALARM_FILES[2], 'event.data.service.summary', 'unknown-service'),
      new TextEncoder().encode('{'),
    ];
    for (const bytes of refused) {
      await expect(scene.console.importAlarm(bytes, 'x.json')).rejects.toMatchObject({ code: 'bad-input' });
    }
    expect(scene.console.chainStatus().records).toBe(before);
    expect(scene.console.listIncidents()).toHaveLength(incidents);
  });
});
