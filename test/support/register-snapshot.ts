import type { ControlCounts, RegisterSnapshot } from '#main/compliance/evaluation/register-snapshot.ts';
import { beginRegister } from '#main/compliance/register/fold.ts';
import { EMPTY_ENTRY } from '#main/compliance/register/fold-control.ts';
import type { RegisterEntry, RegisterState } from '#main/compliance/register/register-state.ts';
import type { ViewContext } from '#main/compliance/register/views.ts';

export const DAY = 86_400_000;
/** Now, in these tests; the newest record is of an hour before. */
export const NOW = Date.parse('2026-07-01T12:00:00.000Z');
export const ago = (days: number): string => new Date(NOW - days * DAY).toISOString();
export const dayAgo = (days: number): string => ago(days).slice(0, 10);

const NOTHING: ControlCounts = {
  days: {},
  total: 0,
  last: null,
  newest: [],
  exceptions: [],
  cadence: [],
  inForceSince: null,
};

/** Occurrences so many days ago, as they are counted. */
export function occurred(days: readonly number[], more: Partial<ControlCounts> = {}): ControlCounts {
  const ascending = days.toSorted((a, b) => b - a);
  const newest = ascending
    .map((one, index) => ({ seq: index + 1, time: ago(one), action: 'tenant.control_updated' as const }))
    .reverse();
  const [last] = newest;
  return {
    ...NOTHING,
    days: Object.fromEntries(ascending.map((one) => [dayAgo(one), ascending.filter((other) => other === one).length])),
    total: days.length,
    last: last === undefined ? null : { seq: last.seq, time: last.time },
    newest,
    ...more,
  };
}

export function snapshotOf(
  controls: Readonly<Record<string, Partial<ControlCounts>>>,
  entries: Readonly<Record<string, Partial<RegisterEntry>>> = {},
  state: Partial<RegisterState> = {},
  actions: RegisterSnapshot['actions'] = {},
): RegisterSnapshot {
  return {
    asOf: { seq: 900, time: ago(1 / 24), hash: 'a'.repeat(64) },
    begins: ago(500),
    state: {
      ...beginRegister(),
      controls: Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, { ...EMPTY_ENTRY, ...entry }])),
      ...state,
    },
    controls: Object.fromEntries(Object.entries(controls).map(([id, counts]) => [id, { ...NOTHING, ...counts }])),
    actions,
    unreadable: 0,
  };
}

export const CONTEXT: ViewContext = {
  counting: { asOf: { seq: 900, time: ago(1 / 24) }, running: null },
  now: NOW,
  nameOf: (id) => `Name of ${id}`,
  disclosed: (seq, path) => `value of ${seq} ${path}`,
  kept: () => true,
};
