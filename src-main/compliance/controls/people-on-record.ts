import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import { type ByText, readText, slot } from './record-values.ts';

/** Which accounts stand for the same human, as the chain says: aliases, and API keys of their makers. */
export type PeopleOnRecord = ByText<string>;

/** Records that say so; a test that tells people apart has to be shown them. */
export const PEOPLE_ACTIONS = [
  'tenant.configuration_changed',
  'auth.api_key_created',
] as const satisfies readonly AuditAction[];
const MOST_STEPS = 20;

/** May change `people`. */
export function takePeople(people: PeopleOnRecord, { action, outcome, actor, target, data }: AuditRecord): void {
  if (action === 'auth.api_key_created') {
    const key = readText(data.apiKey);
    if (key !== null && outcome === 'success') people[slot(key)] = actor.id;
    return;
  }
  if (action !== 'tenant.configuration_changed' || data.setting !== 'people.alias') return;
  const of = readText(outcome === 'success' ? data.new : data.old); // one that failed leaves what was
  if (of === null) delete people[slot(target.id)];
  else people[slot(target.id)] = of;
}

/** The account of the human who acts through this one; itself when nothing else is on record. */
export function humanBehind(people: PeopleOnRecord, id: string): string {
  let human = id;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = people[slot(human)];
    if (next === undefined || next === id) return human;
    human = next;
  }
  return human;
}
