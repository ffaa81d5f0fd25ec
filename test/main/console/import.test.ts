import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
