import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACCESS_SECTIONS,
  COMPLIANCE_SECTIONS,
  formatRoute,
  parseRoute,
  type Route,
  TIME_PRESETS,
} from '#renderer/navigation/route.ts';
import { AUDIT_ACTIONS, AUDIT_CATEGORIES } from '#shared/model/audit-actions.ts';

const word = fc.string({ minLength: 1, maxLength: 60 }).filter((text) => text.trim() === text && text.isWellFormed());
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const filter = fc
  .record({
    category: some(fc.constantFrom(...AUDIT_CATEGORIES)),
    action: some(fc.constantFrom(...AUDIT_ACTIONS)),
    outcome: some(fc.constantFrom('success' as const, 'failure' as const, 'denied' as const)),
    range: some(fc.constantFrom(...TIME_PRESETS)),
    actor: some(word),
    target: some(word),
    incident: some(word),
    text: some(word),
  })
  .map((members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)));

const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant<Route>({ screen: 'incidents' }),
  word.map((incident): Route => ({ screen: 'incident', incident })),
  fc.constant<Route>({ screen: 'approvals' }),
  word.map((remediation): Route => ({ screen: 'approvals', remediation })),
  filter.map((members): Route => ({ screen: 'audit', filter: members })),
  fc.tuple(filter, fc.integer({ min: 1 })).map(([members, seq]): Route => ({ screen: 'audit', filter: members, seq })),
  fc.constant<Route>({ screen: 'verification' }),
  fc.constant<Route>({ screen: 'access' }),
  fc.constantFrom(...ACCESS_SECTIONS).map((section): Route => ({ screen: 'access', section })),
  fc.constant<Route>({ screen: 'compliance' }),
  fc
    .tuple(fc.constantFrom(...COMPLIANCE_SECTIONS.slice(1)), some(word))
    .map(([section, id]): Route => ({ screen: 'compliance', section, ...(id === undefined ? {} : { id }) })),
);

test('a range by the clock survives, and gives way to one counted back from now', () => {
  const filter = { from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T11:00:00.999Z' };
  expect(parseRoute(formatRoute({ screen: 'audit', filter }))).toEqual({ screen: 'audit', filter });
  expect(parseRoute('#/audit?range=day&from=2026-11-20T10:00:00.000Z')).toEqual({
    screen: 'audit',
    filter: { range: 'day' },
  });
  expect(parseRoute('#/audit?from=yesterday&to=2026-99-99T10:00:00.000Z')).toEqual({ screen: 'audit', filter: {} });
});

describe('navigation', () => {
  test('every place survives being written into the address', () => {
    fc.assert(
      fc.property(route, (place) => {
        expect(parseRoute(formatRoute(place))).toEqual(place);
      }),
    );
  });

  test('no fragment whatever makes it fail', () => {
    fc.assert(
      fc.property(fc.string(), (fragment) => {
        expect(parseRoute(fragment)).toHaveProperty('screen');
      }),
    );
  });

  test.each(['', '#', '#/', '#/nowhere', '#/incidents/a/b', '#/incidents/%E0%A4%A'])(
    '%s leads to the incidents',
    (fragment) => {
      expect(parseRoute(fragment)).toEqual({ screen: 'incidents' });
    },
  );

  test('what a filter cannot hold is left out', () => {
    expect(parseRoute('#/audit?category=x&action=y&outcome=z&range=year&seq=0&text=%20')).toEqual({
      screen: 'audit',
      filter: {},
    });
    expect(parseRoute('#/audit?seq=99999999999999999999')).toEqual({ screen: 'audit', filter: {} });
  });
});
