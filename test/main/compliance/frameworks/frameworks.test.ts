import { describe, expect, it } from 'vitest';
import { ACTION_EVIDENCE } from '#main/compliance/frameworks/action-evidence.ts';
import {
  actionsFor,
  criteriaOf,
  criterionOf,
  evidenceFor,
  FRAMEWORK_DATA,
  keyOf,
} from '#main/compliance/frameworks/frameworks.ts';
import { CausewayError } from '#shared/errors.ts';
import { AUDIT_ACTIONS } from '#shared/model/audit-actions.ts';
import { CriterionRef, FRAMEWORKS } from '#shared/model/control.ts';

// Written out by hand, not derived from the data under test.
const SOC2_IDS = `
  CC1.1 CC1.2 CC1.3 CC1.4 CC1.5 CC2.1 CC2.2 CC2.3 CC3.1 CC3.2 CC3.3 CC3.4 CC4.1 CC4.2 CC5.1 CC5.2 CC5.3
  CC6.1 CC6.2 CC6.3 CC6.4 CC6.5 CC6.6 CC6.7 CC6.8 CC7.1 CC7.2 CC7.3 CC7.4 CC7.5 CC8.1 CC9.1 CC9.2
  A1.1 A1.2 A1.3 C1.1 C1.2 PI1.1 PI1.2 PI1.3 PI1.4 PI1.5
  P1.1 P2.1 P3.1 P3.2 P4.1 P4.2 P4.3 P5.1 P5.2 P6.1 P6.2 P6.3 P6.4 P6.5 P6.6 P6.7 P7.1 P8.1`;
const ISO_IDS = `
  A.5.1 A.5.2 A.5.3 A.5.4 A.5.5 A.5.6 A.5.7 A.5.8 A.5.9 A.5.10 A.5.11 A.5.12 A.5.13 A.5.14 A.5.15 A.5.16 A.5.17 A.5.18
  A.5.19 A.5.20 A.5.21 A.5.22 A.5.23 A.5.24 A.5.25 A.5.26 A.5.27 A.5.28 A.5.29 A.5.30 A.5.31 A.5.32 A.5.33 A.5.34
  A.5.35 A.5.36 A.5.37
  A.6.1 A.6.2 A.6.3 A.6.4 A.6.5 A.6.6 A.6.7 A.6.8
  A.7.1 A.7.2 A.7.3 A.7.4 A.7.5 A.7.6 A.7.7 A.7.8 A.7.9 A.7.10 A.7.11 A.7.12 A.7.13 A.7.14
  A.8.1 A.8.2 A.8.3 A.8.4 A.8.5 A.8.6 A.8.7 A.8.8 A.8.9 A.8.10 A.8.11 A.8.12 A.8.13 A.8.14 A.8.15 A.8.16 A.8.17 A.8.18
  A.8.19 A.8.20 A.8.21 A.8.22 A.8.23 A.8.24 A.8.25 A.8.26 A.8.27 A.8.28 A.8.29 A.8.30 A.8.31 A.8.32 A.8.33 A.8.34`;
const TISAX_IDS = `
  1.1.1 1.2.1 1.2.2 1.2.3 1.2.4 1.3.1 1.3.2 1.3.3 1.3.4 1.4.1 1.5.1 1.5.2 1.6.1 1.6.2 1.6.3 2.1.1 2.1.2 2.1.3 2.1.4
  3.1.1 3.1.3 3.1.4 4.1.1 4.1.2 4.1.3 4.2.1 5.1.1 5.1.2 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5 5.2.6 5.2.7 5.2.8 5.2.9
  5.3.1 5.3.2 5.3.3 5.3.4 6.1.1 6.1.2 7.1.1 7.1.2`;
const GDPR_IDS = '5 6 15 16 17 20 25 28 30 32 33 34 35';

const words = (text: string): string[] => text.trim().split(/\s+/);
const idsOf = (framework: (typeof FRAMEWORKS)[number]): string[] =>
  FRAMEWORK_DATA[framework].criteria.map(({ id }) => id);
const PLACEHOLDER = /\b(todo|tbd|fixme|lorem|ipsum|placeholder|n\/a|xxx+)\b/i;

describe('frameworks', () => {
  it('has exactly the 61 leaves of SOC 2, in order', () => {
    expect(words(SOC2_IDS)).toHaveLength(61);
    expect(idsOf('soc2')).toEqual(words(SOC2_IDS));
  });

  it('has exactly the 93 controls of Annex A, in order', () => {
    expect(words(ISO_IDS)).toHaveLength(93);
    expect(idsOf('iso27001')).toEqual(words(ISO_IDS));
  });

  it('has the articles of the GDPR that were chosen', () => {
    expect(idsOf('gdpr')).toEqual(words(GDPR_IDS));
  });

  it('has the questions on information security of VDA ISA 6', () => {
    expect(idsOf('tisax')).toEqual(words(TISAX_IDS));
  });

  it.each(FRAMEWORKS)('repeats no id, name or explanation in %s, and fits the contract', (framework) => {
    const { criteria } = FRAMEWORK_DATA[framework];
    for (const key of ['id', 'name', 'explanation'] as const) {
      expect(new Set(criteria.map((one) => one[key])).size).toBe(criteria.length);
    }
    for (const { id, name, group } of criteria) {
      expect(CriterionRef.parse({ framework, id })).toEqual({ framework, id });
      expect(name.length).toBeLessThanOrEqual(200);
      expect(group.length).toBeLessThanOrEqual(120);
    }
  });

  it.each(FRAMEWORKS)('says something in %s wherever there is text', (framework) => {
    const { name, source, licence, note, criteria, clocks } = FRAMEWORK_DATA[framework];
    const texts = [
      ...[name, source, licence, note],
      ...criteria.flatMap((one) => [one.name, one.group, one.explanation]),
      ...clocks.flatMap((clock) => [clock.name, clock.startsWith, clock.source]),
    ];
    for (const text of texts) {
      expect(text.trim()).toBe(text);
      expect(text.length).toBeGreaterThan(3);
      expect(text).not.toMatch(PLACEHOLDER);
      expect(text).not.toContain('\n');
    }
    for (const { explanation } of criteria) {
      expect(explanation.split(' ').length).toBeGreaterThanOrEqual(4);
      expect(explanation).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('gives TISAX no text but the subject', () => {
    for (const { id, explanation } of FRAMEWORK_DATA.tisax.criteria) expect(explanation).toContain(id);
  });

  it('has the clocks the laws set', () => {
    const clocks = FRAMEWORKS.flatMap((framework) =>
      FRAMEWORK_DATA[framework].clocks.map(({ id, criterion, limit }) => {
        expect(criterionOf({ framework, id: criterion })).toBeDefined();
        return `${id}: ${limit.value} ${limit.unit}`;
      }),
    );
    expect(clocks).toEqual([
      'gdpr-request: 1 months',
      'gdpr-breach: 72 hours',
      'lgpd-access: 15 days',
      'lgpd-breach: 3 working-days',
      'kvkk-request: 30 days',
      'kvkk-breach: 72 hours',
      'kvkk-disposal-records: 3 years',
    ]);
  });
});

describe('what actions are evidence for', () => {
  it('maps each of the 67 actions, SOC 2 among the frameworks', () => {
    expect(AUDIT_ACTIONS).toHaveLength(67);
    expect(Object.keys(ACTION_EVIDENCE).sort()).toEqual([...AUDIT_ACTIONS].sort());
    for (const action of AUDIT_ACTIONS) {
      expect(ACTION_EVIDENCE[action].some(({ framework }) => framework === 'soc2')).toBe(true);
    }
  });

  it.each(AUDIT_ACTIONS)('names criteria there are, once each, with a reason: %s', (action) => {
    const links = ACTION_EVIDENCE[action];
    expect(new Set(links.map(keyOf)).size).toBe(links.length);
    for (const link of links) {
      expect(criterionOf(link), keyOf(link)).toBeDefined();
      expect(link.why.split(' ').length).toBeGreaterThanOrEqual(5);
      expect(link.why).not.toMatch(PLACEHOLDER);
      // A record shows that something operated; what it would claim beyond that is not for it to say.
      expect(link.why).not.toMatch(/\b(complian|certif(y|ies|ied)|guarantee|fully|prove[sd]?)\b/i);
    }
  });

  it('claims nothing of a judgement that is a person’s', () => {
    const evidenced = new Set(AUDIT_ACTIONS.flatMap((action) => ACTION_EVIDENCE[action].map(keyOf)));
    for (const key of ['gdpr 6', 'gdpr 34', 'gdpr 35', 'soc2 CC6.4', 'soc2 P2.1', 'soc2 P6.6', 'iso27001 A.7.2']) {
      expect(evidenced.has(key), key).toBe(false);
    }
  });
});

describe('asking for the actions of criteria', () => {
  it('gives them in the order of the catalogue, once', () => {
    const actions = actionsFor([
      { framework: 'soc2', id: 'A1.3' },
      { framework: 'gdpr', id: '17' },
      { framework: 'soc2', id: 'A1.2' },
    ]);
    expect(actions).toEqual(['tenant.erasure_requested', 'tenant.erasure_completed', 'tenant.backup_verified']);
  });

  it('gives none for a criterion no record says anything about, and all 67 for SOC 2', () => {
    expect(actionsFor([{ framework: 'soc2', id: 'CC6.4' }])).toEqual([]);
    expect(actionsFor([])).toEqual([]);
    expect(actionsFor(criteriaOf(['soc2']))).toEqual([...AUDIT_ACTIONS]);
  });

  it('refuses an id that does not exist', () => {
    const ask = () => actionsFor([{ framework: 'soc2', id: 'CC6.9' }]);
    expect(ask).toThrow(CausewayError);
    expect(ask).toThrow('SOC 2 Trust Services Criteria has no criterion CC6.9 here.');
  });

  it('tells the reasons of one criterion', () => {
    const evidence = evidenceFor({ framework: 'soc2', id: 'A1.3' });
    expect(evidence.map(({ action }) => action)).toEqual(['tenant.backup_verified']);
    expect(evidence[0]?.why).toContain('restored');
  });
});
