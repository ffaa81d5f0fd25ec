import type { ControlId, CriterionRef, FrameworkId } from '#shared/model/control.ts';
import type { ReportException, ReportRequest } from '#shared/model/report.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import { CONTROLS } from '../controls/controls.ts';
import type { ControlEvaluation, Evaluation } from '../evaluation/evaluation.ts';
import type { Criterion } from '../frameworks/framework.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { criteriaOf } from './plan-report.ts';

export interface ReportCriterion extends Criterion {
  readonly framework: FrameworkId;
}

export interface ReportControl {
  readonly definition: ControlDefinition;
  readonly found: ControlEvaluation;
}

/** What the blocks of a report are made of. */
export interface BuildContext {
  readonly request: ReportRequest;
  readonly evaluation: Evaluation;
  readonly criteria: readonly ReportCriterion[];
  /** Those that were evaluated, in the order of the register. */
  readonly controls: readonly ReportControl[];
  /** In the order of their time. */
  readonly exceptions: readonly ReportException[];
}

export function contextOf(request: ReportRequest, evaluation: Evaluation): BuildContext {
  const byId = new Map<ControlId, ControlEvaluation>(evaluation.controls.map((found) => [found.control, found]));
  const controls = CONTROLS.flatMap((definition) => {
    const found = byId.get(definition.id);
    return found === undefined ? [] : [{ definition, found }];
  });
  const exceptions = controls.flatMap(({ found }) => found.exceptions).sort(byTime);
  return { request, evaluation, criteria: criteriaOf(request).map(describe), controls, exceptions };
}

function describe({ framework, id }: CriterionRef): ReportCriterion {
  const found = FRAMEWORK_DATA[framework].criteria.find((criterion) => criterion.id === id);
  if (found === undefined) throw new TypeError(`${framework} has no ${id}`); // planReport asks before
  return { framework, ...found };
}

function byTime(one: ReportException, other: ReportException): number {
  const [first, second] = [one.time ?? '', other.time ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return one.id < other.id ? -1 : one.id === other.id ? 0 : 1;
}
