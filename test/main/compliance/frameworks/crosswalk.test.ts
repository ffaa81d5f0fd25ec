import { describe, expect, it } from 'vitest';
import { crosswalk } from '#main/compliance/frameworks/crosswalk.ts';
import { criteriaOf, criterionOf, keyOf } from '#main/compliance/frameworks/frameworks.ts';
import { FRAMEWORKS } from '#shared/model/control.ts';

describe('crosswalk', () => {
  it('leads to criteria there are, of the other framework, once each', () => {
    for (const ref of criteriaOf(['soc2', 'iso27001'])) {
      const others = crosswalk(ref);
      expect(new Set(others.map(keyOf)).size).toBe(others.length);
      for (const other of others) {
        expect(other.framework).toBe(ref.framework === 'soc2' ? 'iso27001' : 'soc2');
        expect(criterionOf(other), `${keyOf(ref)} → ${keyOf(other)}`).toBeDefined();
      }
    }
  });

  it('says the same both ways', () => {
    let pairs = 0;
    for (const ref of criteriaOf(['soc2', 'iso27001'])) {
      for (const other of crosswalk(ref)) {
        expect(crosswalk(other).map(keyOf)).toContain(keyOf(ref));
        pairs += 1;
      }
    }
    expect(pairs).toBeGreaterThan(200);
    expect(pairs % 2).toBe(0);
  });

  it('has a counterpart for each criterion of SOC 2 but one', () => {
    const alone = criteriaOf(['soc2']).filter((ref) => crosswalk(ref).length === 0);
    expect(alone.map(({ id }) => id)).toEqual(['PI1.4']);
  });

  it('has none for frameworks it is not about, nor for ids there are not', () => {
    const others = FRAMEWORKS.filter((framework) => framework !== 'soc2' && framework !== 'iso27001');
    for (const ref of criteriaOf(others)) expect(crosswalk(ref)).toEqual([]);
    expect(crosswalk({ framework: 'soc2', id: 'CC6.9' })).toEqual([]);
  });
});
