import type { ControlId, ControlKind, CriterionRef, Effort, FrameworkId, Frequency } from '#shared/model/control.ts';
import type { EvidenceTest } from '../evaluation/evidence-test.ts';

/** A criterion a control helps to meet, and how it does. */
export interface ControlCriterion extends CriterionRef {
  readonly why: string;
}

/** A control as the product defines it. What a person may change about it stands in the register, on record. */
export interface ControlDefinition {
  readonly id: ControlId;
  readonly name: string;
  readonly kind: ControlKind;
  /** What it is there for, in one or two sentences. */
  readonly objective: string;
  /** How often it has to be seen operating, unless the register says otherwise. */
  readonly frequency: Frequency;
  /** What closing its gap takes. */
  readonly effort: Effort;
  /** What would close its gap. */
  readonly remedy: string;
  readonly criteria: readonly ControlCriterion[];
  /** How its occurrences and deviations come out of the chain. */
  readonly test: EvidenceTest;
  /** Whether it counts as partial as long as no record ever showed it operating. */
  readonly needsOccurrence: boolean;
  /** Whether its status rests on a self-check. */
  readonly selfCheck: boolean;
}

const of =
  (framework: FrameworkId) =>
  (id: string, why: string): ControlCriterion => ({ framework, id, why });

export const soc2 = of('soc2');
export const iso = of('iso27001');
export const gdpr = of('gdpr');
export const lgpd = of('lgpd');
export const kvkk = of('kvkk');
