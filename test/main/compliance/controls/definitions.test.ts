import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTROLS, controlOf, RULES } from '#main/compliance/controls/controls.ts';
import type { EvidenceSink } from '#main/compliance/evaluation/evidence-test.ts';
import { criteriaOf, criterionOf } from '#main/compliance/frameworks/frameworks.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { ControlId } from '#shared/model/control.ts';
import { entriesOf, type Told } from '../../../support/control-chain.ts';
import { REGISTER_DOC, withControls } from '../../../support/write-control-register.ts';

const technical = CONTROLS.filter(({ kind }) => kind === 'technical');
const organizational = CONTROLS.filter(({ kind }) => kind === 'organizational');

describe('the definitions', () => {
  it('have ids of their own, in order', () => {
    const ids = CONTROLS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(() => ControlId.parse(id)).not.toThrow();
    expect([technical.length, organizational.length]).toEqual([30, 15]);
    expect(controlOf('AC-01')?.name).toBe('Role-based access');
    expect(controlOf('ZZ-99')).toBeUndefined();
    expect(controlOf('constructor')).toBeUndefined();
  });

  it('name criteria that there are, each once, each with a reason', () => {
    for (const { id, criteria } of CONTROLS) {
      expect(criteria.length, id).toBeGreaterThan(2);
      const keys = criteria.map((one) => `${one.framework} ${one.id}`);
      expect(new Set(keys).size, id).toBe(keys.length);
      for (const one of criteria) {
        expect(criterionOf(one), `${id} ${one.framework} ${one.id}`).toBeDefined();
        expect(one.why, `${id} ${one.id}`).toMatch(/^[A-Z].{8,}\.$/);
      }
    }
  });

  it('leave no SOC 2 criterion without a control', () => {
    const used = new Set(CONTROLS.flatMap(({ criteria }) => criteria.map((one) => `${one.framework} ${one.id}`)));
    expect(criteriaOf(['soc2']).filter(({ id }) => !used.has(`soc2 ${id}`))).toEqual([]);
  });

  it('say in words what an occurrence and a deviation is, and fit what screens show', () => {
    for (const { id, name, objective, remedy, test } of CONTROLS) {
      expect(name.length, id).toBeLessThanOrEqual(120);
      for (const text of [objective, remedy, test.occurrenceRule, test.deviationRule]) {
        expect(text, id).toMatch(/\.$/);
        expect(text.length, id).toBeLessThanOrEqual(2000);
      }
      for (const action of test.actions) expect(AUDIT_ACTIONS).toContain(action);
      expect(new Set(test.actions).size, id).toBe(test.actions.length);
    }
  });

  it('rest on self-checks when technical, and on people when organizational', () => {
    expect(technical.every(({ selfCheck }) => selfCheck)).toBe(true);
    expect(organizational.some(({ selfCheck }) => selfCheck)).toBe(false);
    expect(organizational.every(({ frequency }) => frequency !== 'event')).toBe(true);
  });

  it('stand in the documentation as they are', () => {
    const text = readFileSync(REGISTER_DOC, 'utf8');
    expect(text).toBe(withControls(text));
  });

  it('have a digest that says which rules they are', () => {
    expect(RULES.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(RULES.digest).not.toBe(canonicalDigest(CONTROLS).digest);
  });
});

const HOSTILE: readonly unknown[] = [
  {},
  { __proto__: null },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"user":"__proto__","session":"__proto__"}'),
  {
    user: null,
    session: 5,
    planDigest: [],
    steps: 'x',
    change: 'policy-change',
    data: {},
    requestedBy: 7,
    expiresAt: 1,
  },
  { change: { kind: 'self-check', results: 'none' }, framework: 'causeway', control: '__proto__' },
  { change: { kind: 'self-check', results: [null, 5, { control: 'AC-01', result: {} }] }, framework: 'causeway' },
  { change: { kind: 'cadence', next: 'hourly' }, framework: 'causeway', control: 'AC-01' },
  { change: { kind: 'review-decided', campaign: {}, subject: [] }, framework: 'causeway', control: 'AR-01' },
  { change: { kind: 'review-closed', campaign: '', undecided: -1 }, framework: 'causeway', control: 'AR-01' },
  { change: [], framework: 'causeway', control: 'AR-01' },
  { task: '__proto__', actions: { length: 9 }, resources: null, agent: 1, data: [] },
  { severity: '__proto__', dataClass: 5, oldDays: 1e308, newDays: -1, due: '9999-99-99T99:99:99.999Z' },
  { reason: '\ud800', subject: '\u202e', detail: 'x'.repeat(100_000), apiKey: 'toString', scopes: 5, verdict: [] },
];

describe('records of any shape', () => {
  const ids = ['thing', '__proto__', 'constructor', 'x'.repeat(1024)];
  const records = (actions: readonly AuditAction[]): Told[] =>
    actions.flatMap((action) =>
      HOSTILE.flatMap((data) =>
        ids.map(
          (id, index): Told => ({
            action,
            data,
            outcome: (['success', 'failure', 'denied', 'success'] as const)[index] ?? 'success',
            actor: { type: index % 2 === 0 ? 'user' : 'webhook', id },
            target: { type: 'thing', id },
            ...(index === 3
              ? { links: { incident: id.slice(0, 64), lease: '__proto__', request: 'constructor' } }
              : {}),
          }),
        ),
      ),
    );

  it.each(CONTROLS.map((control) => [control.id, control] as const))('do not stop %s', (_, { test }) => {
    const entries = entriesOf([...records(test.actions), ...records(test.actions).reverse()]);
    const abouts: number[] = [];
    const texts: string[] = [];
    let seq = 0;
    const sink: EvidenceSink = {
      occurrence: () => undefined,
      deviation: (_kind, text, about = seq) => {
        abouts.push(about);
        texts.push(text);
      },
      fixed: (_kind, about) => abouts.push(about),
      cadence: () => undefined,
    };
    let state = test.begin();
    for (const entry of entries) {
      seq = entry.seq;
      test.take(state, entry, sink);
      if (seq % 50 === 0) state = JSON.parse(JSON.stringify(state));
    }
    test.settle?.(state, Number.MAX_SAFE_INTEGER, sink as Required<EvidenceSink>);
    expect(abouts.every((about) => Number.isInteger(about) && about >= 1 && about <= seq)).toBe(true);
    expect(texts.every((text) => text.length <= 2000 && text.isWellFormed())).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('of every action there is are taken as they stand in the test vectors', () => {
    const file = new URL('../../../vectors/valid/valid-all-actions.chain.jsonl', import.meta.url);
    const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1);
    const records = lines.flatMap((line) => {
      const { record } = JSON.parse(line) as { record?: Told };
      return record === undefined ? [] : [record];
    });
    expect(records).toHaveLength(67);
    const seen = new Set<string>();
    for (const { id, test } of CONTROLS) {
      const state = test.begin();
      for (const entry of entriesOf(records)) {
        if (!test.actions.includes(entry.record.action)) continue;
        seen.add(entry.record.action);
        const count = () => undefined;
        expect(
          () => test.take(state, entry, { occurrence: count, deviation: count, fixed: count, cadence: count }),
          id,
        ).not.toThrow();
      }
    }
    expect(seen.size).toBeGreaterThan(50);
  });
});
