import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRODUCT_RULES } from '#main/compliance/evaluation/product-rules.ts';
import { RegisterCounter } from '#main/compliance/evaluation/register-counter.ts';
import { factsOf } from '#main/compliance/register/control-facts.ts';
import { evaluateEntries } from '../../../support/evaluate-entries.ts';
import { changed, created, MADE_CHAIN, makeRecords, type Wanted } from '../../../support/made-records.ts';

const BEGIN = Date.UTC(2023, 0, 1);
const DAY = 86_400_000;
const iso = (time: number) => new Date(time).toISOString();
const system = { actor: { type: 'system', id: 'causeway' } };

type Step = (time: string) => Wanted;
const results = (control: string, result: string) => [{ control, result, detail: 'x', digest: 'a'.repeat(64) }];
const note = { sealed: 'A'.repeat(43) };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constantFrom('AU-01', 'CP-01', 'AU-03'), fc.constantFrom('holds', 'fails')).map(
    ([control, result]): Step =>
      (time) => ({
        ...changed(time, 'register', { kind: 'self-check', results: results(control, result) }),
        wrong: system,
      }),
  ),
  fc.tuple(fc.constantFrom('AU-01', 'AU-03', 'RA-01'), fc.constantFrom('daily', 'weekly', 'quarterly', 'annual')).map(
    ([control, next]): Step =>
      (time) =>
        changed(time, control, { kind: 'cadence', next }),
  ),
  fc.tuple(fc.constantFrom('RA-01', 'PM-02'), fc.nat(60)).map(
    ([control, days]): Step =>
      (time) =>
        changed(time, control, { kind: 'performed', on: iso(Date.parse(time) - days * DAY), note }),
  ),
  fc.constant<Step>((time) => changed(time, 'RA-01', { kind: 'owner', previous: null })),
  fc.constant<Step>((time) => ({
    action: 'tenant.backup_verified',
    time,
    data: { backupDigest: 'a'.repeat(64), bytes: 1, range: { first: 1, last: 1 }, restoredHead: 'a'.repeat(64) },
  })),
  fc.constant<Step>((time) => ({
    action: 'remediation.executed',
    time,
    data: { planDigest: 'b'.repeat(64), steps: [], elapsedMs: 1 },
  })),
);

test('the register on the screen and a report say the same of a control, whatever the window', () => {
  const days = fc.integer({ min: 0, max: 1500 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -2, max: 120 }), step), { minLength: 1, maxLength: 20 }),
      days,
      fc.integer({ min: 1, max: 900 }),
      (list, start, length) => {
        let time = BEGIN;
        const wanted = [created(iso(time))];
        for (const [after, make] of list) {
          time += after * DAY;
          wanted.push(make(iso(time)));
        }
        const records = makeRecords(wanted);
        const identity = { chain: MADE_CHAIN, tenant: 'acme', checkpoint: null };
        const counter = new RegisterCounter({
          rules: PRODUCT_RULES,
          ...identity,
          bytesOf: (seq) => records[seq - 1]?.bytes ?? null,
        });
        for (const { seq, bytes } of records) counter.take(seq ?? 0, bytes);
        const snapshot = counter.snapshot();
        const from = BEGIN + start * DAY;
        const { controls } = evaluateEntries(
          PRODUCT_RULES,
          identity,
          {
            window: { from: iso(from), to: iso(from + length * DAY) },
            actions: [],
            controls: PRODUCT_RULES.controls.map(({ id }) => id),
            actors: null,
            sample: null,
            last: records.length,
            collectors: [],
          },
          records,
        );
        const shown = factsOf(snapshot, Date.parse(snapshot.latest ?? '')).map(
          ({ control, status, reasons, exceptions }) => {
            const open = exceptions.filter(({ state, kind }) => state === 'open' && kind !== 'missed-period');
            return { control: control.id, status, reasons, open: open.map(({ id }) => id).sort() };
          },
        );
        const reported = controls.map(({ control, status, reasons, exceptions }) => {
          const open = exceptions.filter(({ state, kind }) => state === 'open' && kind !== 'missed-period');
          return { control, status, reasons, open: open.map(({ id }) => id).sort() };
        });
        expect(reported).toEqual(shown);
      },
    ),
    { numRuns: 80 },
  );
});
