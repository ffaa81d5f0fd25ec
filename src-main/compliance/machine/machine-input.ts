import { CausewayError } from '#shared/errors.ts';
import type { ControlStatus, FrameworkId } from '#shared/model/control.ts';
import type { ReportDocument, Window } from '#shared/model/report.ts';
import type { ControlDefinition } from '../controls/control-definition.ts';
import type { ControlEvaluation, Evaluation } from '../evaluation/evaluation.ts';
import { heedIntegrity } from '../register/unsound.ts';
import { collected } from '../reports/collectors.ts';

/** What machine-readable files are made of. */
export interface MachineInput {
  readonly evaluation: Evaluation;
  /** That was evaluated: an evaluation does not say so itself. */
  readonly window: Window;
  readonly controls: readonly ControlDefinition[];
  /** Criteria of other frameworks are left out. */
  readonly frameworks: readonly FrameworkId[];
  readonly made: ReportDocument['made'];
}

/** A control as it is defined and as it was found. */
export interface FoundControl {
  readonly definition: ControlDefinition;
  readonly found: ControlEvaluation;
  readonly status: ControlStatus;
  readonly criteria: ControlDefinition['criteria'];
  readonly owner: string | null;
  readonly due: string | null;
}

/** Whether the chain says in its first record that everything in it is made up: every file of it has to say so, too. */
export function isMadeUp({ evaluation }: Pick<MachineInput, 'evaluation'>): boolean {
  return collected(evaluation, 'origin').synthetic;
}

/**
 * The controls that were evaluated, in the order of the register.
 * @throws CausewayError `bad-input` when there are none: OSCAL cannot say "no controls", only "all of them".
 */
export function foundControls({
  evaluation: counted,
  controls,
  frameworks,
  made,
}: MachineInput): readonly FoundControl[] {
  const evaluation = heedIntegrity(counted, made.history);
  const byId = new Map(evaluation.controls.map((found) => [found.control, found]));
  const both = controls.flatMap((definition): readonly FoundControl[] => {
    const found = byId.get(definition.id);
    if (found === undefined) return [];
    const entry = evaluation.register.controls[definition.id];
    return [
      {
        definition,
        found,
        status: found.status,
        criteria: definition.criteria.filter(({ framework }) => frameworks.includes(framework)),
        owner: entry?.owner ?? null,
        due: entry?.due ?? null,
      },
    ];
  });
  if (both.length === 0)
    throw new CausewayError('bad-input', 'No control was evaluated, so there is nothing to write.');
  return both;
}
