import { CausewayError } from '#shared/errors.ts';
import { AUDIT_ACTIONS, type AuditAction } from '#shared/model/audit-actions.ts';
import { type CriterionRef, FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import { ACTION_EVIDENCE } from './action-evidence.ts';
import type { Criterion, EvidenceLink, Framework } from './framework.ts';
import { GDPR } from './gdpr.ts';
import { ISO27001 } from './iso27001.ts';
import { KVKK } from './kvkk.ts';
import { LGPD } from './lgpd.ts';
import { SOC2 } from './soc2.ts';
import { TISAX } from './tisax.ts';

export const FRAMEWORK_DATA: Readonly<Record<FrameworkId, Framework>> = {
  soc2: SOC2,
  iso27001: ISO27001,
  gdpr: GDPR,
  lgpd: LGPD,
  kvkk: KVKK,
  tisax: TISAX,
};

const CRITERIA: ReadonlyMap<string, Criterion> = new Map(
  FRAMEWORKS.flatMap((framework) =>
    FRAMEWORK_DATA[framework].criteria.map((criterion) => [keyOf({ framework, id: criterion.id }), criterion] as const),
  ),
);

/** One string for a criterion of a framework, such as `soc2 CC6.1`. */
export function keyOf({ framework, id }: CriterionRef): string {
  return `${framework} ${id}`;
}

export function criterionOf(ref: CriterionRef): Criterion | undefined {
  return CRITERIA.get(keyOf(ref));
}

/** @throws CausewayError `not-found`: an unknown id would silently narrow what is looked at. */
export function requireCriterion(ref: CriterionRef): Criterion {
  const criterion = criterionOf(ref);
  if (criterion === undefined) {
    throw new CausewayError('not-found', `${FRAMEWORK_DATA[ref.framework].name} has no criterion ${ref.id} here.`);
  }
  return criterion;
}

/** All criteria of these frameworks, in their order. */
export function criteriaOf(frameworks: readonly FrameworkId[]): readonly CriterionRef[] {
  return frameworks.flatMap((framework) => FRAMEWORK_DATA[framework].criteria.map(({ id }) => ({ framework, id })));
}

/**
 * The actions whose records are evidence for at least one of these criteria, in the order of the catalogue.
 * @throws CausewayError `not-found` for a criterion there is not.
 */
export function actionsFor(criteria: readonly CriterionRef[]): AuditAction[] {
  const wanted = new Set<string>();
  for (const ref of criteria) {
    requireCriterion(ref);
    wanted.add(keyOf(ref));
  }
  return AUDIT_ACTIONS.filter((action) => ACTION_EVIDENCE[action].some((link) => wanted.has(keyOf(link))));
}

/** For one criterion, the actions that are evidence for it, each with its reasons. */
export function evidenceFor(ref: CriterionRef): readonly { readonly action: AuditAction; readonly why: string }[] {
  requireCriterion(ref);
  const fits = (link: EvidenceLink): boolean => link.framework === ref.framework && link.id === ref.id;
  return AUDIT_ACTIONS.flatMap((action) => {
    const reasons = ACTION_EVIDENCE[action].filter(fits).map(({ why }) => why);
    return reasons.length === 0 ? [] : [{ action, why: reasons.join(' ') }];
  });
}
