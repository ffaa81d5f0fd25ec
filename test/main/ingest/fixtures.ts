import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ALARM_FILES = [
  'eventbridge-checkout-latency.json',
  'alertmanager-checkout-latency.json',
  'pagerduty-checkout.json',
] as const;

export function alarmPath(name: (typeof ALARM_FILES)[number]): string {
  return fileURLToPath(new URL(`../../fixtures/alarms/${name}`, import.meta.url));
}

export function alarmBytes(name: (typeof ALARM_FILES)[number]): Uint8Array {
  return new Uint8Array(readFileSync(alarmPath(name)));
}

export function alarmObject(name: (typeof ALARM_FILES)[number]): Record<string, unknown> {
  return JSON.parse(readFileSync(alarmPath(name), 'utf8')) as Record<string, unknown>;
}

/** The fixture with the value at a dotted path replaced (`undefined` removes the member), as bytes. */
export function changedAlarm(name: (typeof ALARM_FILES)[number], path: string, value: unknown): Uint8Array {
  const document = alarmObject(name);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let at: Record<string, unknown> = document;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return new TextEncoder().encode(JSON.stringify(document));
}
