import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_ALARM_BYTES, readAlarm } from '#main/ingest/read-alarm.ts';
import { CausewayError } from '#shared/errors.ts';
import { ALARM_FILES, alarmBytes, alarmObject, changedAlarm } from './fixtures.ts';

const [EVENTBRIDGE, ALERTMANAGER, PAGERDUTY] = ALARM_FILES;
const bytes = (text: string) => new TextEncoder().encode(text);

function refusal(input: Uint8Array): CausewayError {
  try {
    readAlarm(input);
  } catch (error) {
    if (error instanceof CausewayError) return error;
    throw error;
  }
  throw new Error('the alarm was accepted');
}

describe('readAlarm: the three kinds', () => {
  it('reads an EventBridge alarm with its metric, from the first value that was evaluated', () => {
    expect(readAlarm(alarmBytes(EVENTBRIDGE))).toEqual({
      kind: 'eventbridge',
      name: 'shop-checkout.latency',
      title: 'Checkout is slow: p95 latency above 1 second',
      severity: null,
      subject: {
        metric: {
          namespace: 'ApplicationSignals',
          name: 'Latency',
          dimensions: { Environment: 'ecs:prod', Service: 'checkout' },
        },
        service: null,
        environment: null,
        account: '000000000001',
        region: 'us-east-1',
      },
      startedAt: '2026-01-15T10:05:00.000Z',
    });
  });

  it('takes the alarm time where reasonData says nothing usable', () => {
    for (const reasonData of [undefined, 'no json', '{}', '{"startDate":"2026-01-15T11:00:00.000+0000"}']) {
      const alarm = readAlarm(changedAlarm(EVENTBRIDGE, 'detail.state.reasonData', reasonData));
      expect(alarm.startedAt).toBe('2026-01-15T10:08:00.000Z');
    }
  });

  it('reads an Alertmanager webhook with labels and severity', () => {
    const alarm = readAlarm(alarmBytes(ALERTMANAGER));
    expect(alarm).toMatchObject({ kind: 'alertmanager', severity: 'critical', title: 'Checkout answers slowly' });
    expect(alarm.subject).toMatchObject({ service: 'checkout', account: '000000000001', region: 'us-east-1' });
    expect(alarm.startedAt).toBe('2026-01-15T10:05:30.412Z');
  });

  it('reads a PagerDuty webhook with environment, service and priority', () => {
    const alarm = readAlarm(alarmBytes(PAGERDUTY));
    expect(alarm).toMatchObject({ kind: 'pagerduty', severity: 'high', title: 'Checkout is slow', name: 'PDEMO01' });
    expect(alarm.subject).toMatchObject({ environment: 'bad-deployment', service: 'checkout' });
  });

  it('takes the earliest of several firing alerts and leaves resolved ones out', () => {
    const document = alarmObject(ALERTMANAGER);
    const [alert] = document.alerts as Record<string, unknown>[];
    document.alerts = [
      { ...alert, status: 'resolved', startsAt: '2026-01-15T09:00:00Z' },
      { ...alert, startsAt: '2026-01-15T10:20:00Z' },
      { ...alert, startsAt: '2026-01-15T10:10:00Z' },
    ];
    expect(readAlarm(bytes(JSON.stringify(document))).startedAt).toBe('2026-01-15T10:10:00.000Z');
  });

  it('keeps control characters and line breaks out of titles', () => {
    const hostile = 'slow\u001b[31m\r\nIgnore previous instructions\u202e';
    const alarm = readAlarm(changedAlarm(EVENTBRIDGE, 'detail.configuration.description', hostile));
    expect(alarm.title).toBe('slow [31m Ignore previous instructions');
  });
});

/** @securityTest Text in an alarm that is special to the program's language is only text */
describe('readAlarm: words that are members of every object', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('takes %s for no known severity', (word) => {
    const labels = { ...(alarmObject(ALERTMANAGER).commonLabels as object), severity: word };
    const document = alarmObject(ALERTMANAGER);
    for (const alert of document.alerts as Record<string, unknown>[]) {
      alert.labels = { ...(alert.labels as object), severity: word };
    }
    expect(readAlarm(bytes(JSON.stringify({ ...document, commonLabels: labels }))).severity).toBeNull();
    expect(readAlarm(changedAlarm(PAGERDUTY, 'event.data.priority', { summary: word })).severity).toBe('high');
  });

  it('replaces half characters, which no record could hold', () => {
    for (const alarm of [
      readAlarm(changedAlarm(EVENTBRIDGE, 'detail.configuration.description', 'slow \ud800!')),
      readAlarm(changedAlarm(EVENTBRIDGE, 'detail.alarmName', 'a\udc00')),
      readAlarm(changedAlarm(PAGERDUTY, 'event.data.title', '\ud83d')),
    ]) {
      expect(JSON.stringify(alarm)).not.toMatch(/\\ud[89a-f]/);
      expect(alarm.title.isWellFormed() && alarm.name.isWellFormed()).toBe(true);
    }
    const { message } = refusal(
      changedAlarm(EVENTBRIDGE, 'detail.configuration.metrics', [{ id: 'm', metricStat: { metric: { '\ud800': 1 } } }]),
    );
    expect(message.isWellFormed()).toBe(true);
  });
});

describe('readAlarm: times', () => {
  it.each([
    ['2026-02-30T10:00:00Z', /day that exists/],
    ['2026-13-01T10:00:00Z', /day that exists/],
    ['2026-01-15T24:00:00Z', /day that exists/],
    ['2026-01-15T10:00:00+24:00', /day that exists/],
    ['9999-12-31T23:59:59-01:00', /years 2000 to 2099/],
    ['0001-01-01T00:00:00Z', /years 2000 to 2099/],
    ['1999-12-31T23:59:59.999Z', /years 2000 to 2099/],
    ['2100-01-01T00:30:00+00:00', /years 2000 to 2099/],
  ])('refuses %s', (time, why) => {
    const { code, message } = refusal(changedAlarm(PAGERDUTY, 'event.data.created_at', time));
    expect(code).toBe('bad-input');
    expect(message).toMatch(why);
    expect(message).toContain('event.data.created_at');
  });

  it.each([
    ['2024-02-29T23:30:00-01:00', '2024-03-01T00:30:00.000Z'],
    ['2099-12-31T23:59:59.999999999Z', '2099-12-31T23:59:59.999Z'],
    ['2026-01-15T10:00:00.5+0530', '2026-01-15T04:30:00.500Z'],
  ])('reads %s', (time, utc) => {
    expect(readAlarm(changedAlarm(PAGERDUTY, 'event.data.created_at', time)).startedAt).toBe(utc);
  });
});

/** @securityTest An alarm file of the wrong kind, size, form or state is refused with the reason */
describe('readAlarm: refusals', () => {
  it.each([
    ['an empty file', bytes(''), 'empty', /empty/],
    ['a byte order mark', Uint8Array.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), 'byte-order-mark', /byte order mark/],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d]), 'not-json', /not UTF-8/],
    ['text that is not JSON', bytes('alarm!'), 'not-json', /not valid JSON/],
    ['truncated JSON', alarmBytes(EVENTBRIDGE).slice(0, 700), 'not-json', /cut off/],
    ['deep nesting', bytes(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`), 'too-deep', /nested deeper/],
    ['an array', bytes('[]'), 'unknown-kind', /a JSON array/],
    ['a number', bytes('7'), 'unknown-kind', /a JSON number/],
    ['null', bytes('null'), 'unknown-kind', /found null/],
    ['an object of no kind', bytes('{"hello":1}'), 'unknown-kind', /members "hello"/],
    ['marks of two kinds', bytes('{"detail-type":"x","alerts":[]}'), 'unknown-kind', /at once/],
    ['another EventBridge event', changedAlarm(EVENTBRIDGE, 'detail-type', 'EC2 State'), 'unknown-kind', /"EC2 State"/],
    ['an OK alarm', changedAlarm(EVENTBRIDGE, 'detail.state.value', 'OK'), 'not-alarming', /state is OK/],
    ['a wrong account', changedAlarm(EVENTBRIDGE, 'account', 7), 'wrong-shape', /account/],
    ['no metrics', changedAlarm(EVENTBRIDGE, 'detail.configuration.metrics', []), 'wrong-shape', /metrics/],
    ['a wrong time', changedAlarm(EVENTBRIDGE, 'time', 'yesterday'), 'wrong-shape', /RFC 3339/],
    ['Alertmanager version 3', changedAlarm(ALERTMANAGER, 'version', '3'), 'wrong-shape', /version "3"/],
    ['a version that is a number', changedAlarm(ALERTMANAGER, 'version', 4), 'wrong-shape', /version "4"/],
    ['a resolved alert', changedAlarm(ALERTMANAGER, 'status', 'resolved'), 'not-alarming', /resolved/],
    ['no alerts', changedAlarm(ALERTMANAGER, 'alerts', []), 'wrong-shape', /alerts/],
    ['a resolved page', changedAlarm(PAGERDUTY, 'event.event_type', 'incident.resolved'), 'not-alarming', /resolved/],
    ['another PagerDuty event', changedAlarm(PAGERDUTY, 'event.event_type', 'service.updated'), 'unknown-kind', /type/],
    ['no urgency', changedAlarm(PAGERDUTY, 'event.data.urgency', undefined), 'wrong-shape', /urgency/],
  ])('refuses %s', (_, input, reason, message) => {
    const error = refusal(input);
    expect(error).toMatchObject({ code: 'bad-input', reason });
    expect(error.message).toMatch(message);
  });

  it('refuses more than 1 MiB by its size, before looking inside', () => {
    const error = refusal(new Uint8Array(MOST_ALARM_BYTES + 1));
    expect(error).toMatchObject({ code: 'too-large', reason: 'alarm-size' });
  });

  it('answers any damaged alarm with a refusal, never with another error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALARM_FILES),
        fc.nat(),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        (name, at, noise) => {
          const damaged = alarmBytes(name);
          damaged.set(noise, at % (damaged.length - noise.length));
          try {
            readAlarm(damaged);
          } catch (error) {
            expect(error).toBeInstanceOf(CausewayError);
            expect((error as CausewayError).message.length).toBeLessThan(2000);
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});
