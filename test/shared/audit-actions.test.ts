import { describe, expect, it } from 'vitest';
import { ACTION_DESCRIPTIONS, AUDIT_ACTIONS, AUDIT_CATEGORIES, categoryOf } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';

describe('audit actions', () => {
  it('are 67 in 8 categories, each once, each with a description and a data schema', () => {
    expect(AUDIT_ACTIONS).toHaveLength(67);
    expect(new Set(AUDIT_ACTIONS).size).toBe(67);
    expect(new Set(AUDIT_ACTIONS.map(categoryOf))).toEqual(new Set(AUDIT_CATEGORIES));
    expect(Object.keys(ACTION_DESCRIPTIONS).sort()).toEqual([...AUDIT_ACTIONS].sort());
    expect(Object.keys(AUDIT_DATA).sort()).toEqual([...AUDIT_ACTIONS].sort());
  });

  it('refuse data with an unknown member, whatever the action', () => {
    for (const action of AUDIT_ACTIONS) {
      const result = AUDIT_DATA[action].safeParse({ surprise: 1 });
      expect(
        result.error?.issues.some((issue) => issue.code === 'unrecognized_keys'),
        action,
      ).toBe(true);
    }
  });
});
