import { describe, expect, test } from 'vitest';
import { ACTION_DESCRIPTIONS, AUDIT_ACTIONS, AUDIT_CATEGORIES, categoryOf } from '#shared/model/audit-actions.ts';
import { AUDIT_DATA } from '#shared/model/audit-data.ts';

describe('the catalogue of audit actions', () => {
  test('67 actions in 8 categories, each once, each with a description and a data schema', () => {
    expect(AUDIT_ACTIONS).toHaveLength(67);
    expect(new Set(AUDIT_ACTIONS).size).toBe(67);
    expect(new Set(AUDIT_ACTIONS.map(categoryOf))).toEqual(new Set(AUDIT_CATEGORIES));
    expect(AUDIT_CATEGORIES).toHaveLength(8);
    expect(Object.keys(AUDIT_DATA).sort()).toEqual([...AUDIT_ACTIONS].sort());
    expect(Object.keys(ACTION_DESCRIPTIONS).sort()).toEqual([...AUDIT_ACTIONS].sort());
  });

  test.each(AUDIT_ACTIONS)('%s refuses members its schema does not know', (action) => {
    const result = AUDIT_DATA[action].safeParse({ surprise: 1 });
    expect(result.success).toBe(false);
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  });
});
