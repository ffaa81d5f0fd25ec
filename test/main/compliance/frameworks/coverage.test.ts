import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import { actionsFor, FRAMEWORK_DATA } from '#main/compliance/frameworks/frameworks.ts';
import { FRAMEWORKS } from '#shared/model/control.ts';
import { coverageMarkdown, coverageOf } from '../../../support/framework-coverage.ts';
import { COVERAGE_DOC, withCoverage } from '../../../support/write-framework-coverage.ts';

describe('coverage', () => {
  it.each(FRAMEWORKS)('lists each criterion of %s with just the actions a report on it would take', (framework) => {
    const rows = coverageOf(framework);
    expect(rows.map(({ ref }) => ref.id)).toEqual(FRAMEWORK_DATA[framework].criteria.map(({ id }) => id));
    for (const { ref, actions } of rows) expect([...actions].sort()).toEqual(actionsFor([ref]).sort());
  });

  it('shows what records say nothing about, and what there is no control for either', () => {
    const bare = coverageOf('soc2').filter(({ actions }) => actions.length === 0);
    const ids = bare.map(({ ref }) => ref.id);
    expect(ids).toContain('CC6.4');
    expect(ids).toContain('P1.1');
    expect(ids).not.toContain('CC6.1');
    const control = { id: 'PH-01', criteria: [{ framework: 'soc2', id: 'CC6.4' } as const] };
    const covered = coverageOf('soc2', [control]).find(({ ref }) => ref.id === 'CC6.4');
    expect(covered?.controls).toEqual(['PH-01']);
    const markdown = coverageMarkdown([control]);
    expect(markdown).toContain('| CC6.4 | Physical access |  | PH-01 |');
    expect(markdown).toContain('| CC9.1 | Disruption of the business | **nothing** |  |');
  });

  it('has a control or records for each criterion of SOC 2', () => {
    const nothing = coverageOf('soc2', CONTROLS).filter(
      ({ actions, controls }) => actions.length === 0 && controls.length === 0,
    );
    expect(nothing.map(({ ref }) => ref.id)).toEqual([]);
  });

  it('is current in the document', () => {
    const text = readFileSync(COVERAGE_DOC, 'utf8');
    expect(text, 'run node test/support/write-framework-coverage.ts').toBe(withCoverage(text));
  });
});
