import { ACTION_EVIDENCE } from '#main/compliance/frameworks/action-evidence.ts';
import { FRAMEWORK_DATA, keyOf } from '#main/compliance/frameworks/frameworks.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { type ControlId, type CriterionRef, FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';

/** As much of a control as coverage is about. */
interface CoveringControl {
  readonly id: ControlId;
  readonly criteria: readonly CriterionRef[];
}

interface CriterionCoverage {
  readonly ref: CriterionRef;
  readonly name: string;
  readonly group: string;
  /** Actions whose records are evidence for it. */
  readonly actions: readonly AuditAction[];
  /** Controls of the register that help to meet it. */
  readonly controls: readonly ControlId[];
}

/**
 * Each criterion of a framework with the actions that are evidence for it and the controls that are there for it. Without
 * actions, records cannot show it; without either, there is nothing.
 */
export function coverageOf(
  framework: FrameworkId,
  controls: readonly CoveringControl[] = [],
): readonly CriterionCoverage[] {
  return FRAMEWORK_DATA[framework].criteria.map(({ id, name, group }) => {
    const ref = { framework, id };
    const has = (refs: readonly CriterionRef[]): boolean => refs.some((one) => keyOf(one) === keyOf(ref));
    return {
      ref,
      name,
      group,
      actions: AUDIT_ACTIONS.filter((action) => has(ACTION_EVIDENCE[action])),
      controls: controls.filter((control) => has(control.criteria)).map((control) => control.id),
    };
  });
}

/** The coverage tables of docs/frameworks.md. */
export function coverageMarkdown(controls: readonly CoveringControl[]): string {
  const summary = FRAMEWORKS.map((framework) => {
    const rows = coverageOf(framework, controls);
    const recorded = rows.filter(({ actions }) => actions.length > 0).length;
    const nothing = rows.filter(isNothing).length;
    const cells = [rows.length, recorded, rows.length - recorded - nothing, nothing];
    return `| ${FRAMEWORK_DATA[framework].name} | ${cells.join(' | ')} |`;
  });
  const tables = FRAMEWORKS.flatMap((framework) => [
    '',
    `### ${FRAMEWORK_DATA[framework].name}`,
    '',
    '| id | subject | actions | controls |',
    '|---|---|---|---|',
    ...coverageOf(framework, controls).map(rowOf),
  ]);
  return [
    '| framework | criteria | with records of the 67 actions | with a control only | with nothing |',
    '|---|---|---|---|---|',
    ...summary,
    ...tables,
    '',
  ].join('\n');
}

function rowOf(row: CriterionCoverage): string {
  const actions = row.actions.map((action) => `\`${action}\``).join(', ');
  return `| ${row.ref.id} | ${row.name} | ${isNothing(row) ? '**nothing**' : actions} | ${row.controls.join(', ')} |`;
}

function isNothing({ actions, controls }: CriterionCoverage): boolean {
  return actions.length === 0 && controls.length === 0;
}
