import type { AuditAction } from '#shared/model/audit-actions.ts';
import { type CriterionRef, FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import { ACTION_EVIDENCE } from './action-evidence.ts';
import { criteriaOf, criterionOf, FRAMEWORK_DATA, keyOf } from './frameworks.ts';

export interface CriterionCoverage {
  readonly ref: CriterionRef;
  readonly name: string;
  readonly group: string;
  /** Actions whose records are evidence for it. */
  readonly actions: readonly AuditAction[];
}

/** Each criterion of a framework with the actions that are evidence for it; those with none are what records cannot show. */
export function coverageOf(framework: FrameworkId): readonly CriterionCoverage[] {
  const actions = new Map<string, AuditAction[]>();
  for (const [action, links] of Object.entries(ACTION_EVIDENCE)) {
    for (const link of links) {
      const list = actions.get(keyOf(link)) ?? [];
      if (!list.includes(action as AuditAction)) list.push(action as AuditAction);
      actions.set(keyOf(link), list);
    }
  }
  return criteriaOf([framework]).map((ref) => {
    const { name = '', group = '' } = criterionOf(ref) ?? {};
    return { ref, name, group, actions: actions.get(keyOf(ref)) ?? [] };
  });
}

/** The coverage tables of docs/frameworks.md, from the heading on. */
export function coverageMarkdown(): string {
  const summary = FRAMEWORKS.map((framework) => {
    const rows = coverageOf(framework);
    const covered = rows.filter(({ actions }) => actions.length > 0).length;
    return `| ${FRAMEWORK_DATA[framework].name} | ${rows.length} | ${covered} | ${rows.length - covered} |`;
  });
  const tables = FRAMEWORKS.flatMap((framework) => [
    '',
    `### ${FRAMEWORK_DATA[framework].name}`,
    '',
    ...tableOf(framework),
  ]);
  return [
    '| framework | criteria | with evidence among the 67 actions | with nothing |',
    '|---|---|---|---|',
    ...summary,
    ...tables,
    '',
  ].join('\n');
}

function tableOf(framework: FrameworkId): readonly string[] {
  const rows = coverageOf(framework).map(({ ref, name, actions }) => {
    const list = actions.length === 0 ? '**nothing**' : actions.map((action) => `\`${action}\``).join(', ');
    return `| ${ref.id} | ${name} | ${list} |`;
  });
  return ['| id | subject | actions |', '|---|---|---|', ...rows];
}
