import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '#main/compliance/frameworks/coverage.ts';
import { actionsFor, FRAMEWORK_DATA } from '#main/compliance/frameworks/frameworks.ts';
import { FRAMEWORKS } from '#shared/model/control.ts';
import { COVERAGE_DOC, withCoverage } from '../../../support/write-framework-coverage.ts';

describe('coverage', () => {
  it.each(FRAMEWORKS)('lists each criterion of %s with just the actions a report on it would take', (framework) => {
    const rows = coverageOf(framework);
    expect(rows.map(({ ref }) => ref.id)).toEqual(FRAMEWORK_DATA[framework].criteria.map(({ id }) => id));
    for (const { ref, actions } of rows) expect([...actions].sort()).toEqual(actionsFor([ref]).sort());
  });

  it('shows what has nothing', () => {
    const nothing = coverageOf('soc2')
      .filter(({ actions }) => actions.length === 0)
      .map(({ ref }) => ref.id);
    expect(nothing).toContain('CC6.4');
    expect(nothing).toContain('P1.1');
    expect(nothing).not.toContain('CC6.1');
  });

  it('is current in the document', () => {
    const text = readFileSync(COVERAGE_DOC, 'utf8');
    expect(text, 'run node test/support/write-framework-coverage.ts').toBe(withCoverage(text));
  });
});
