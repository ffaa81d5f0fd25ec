import { canonicalDigest } from '#main/platform/digest.ts';
import { type ControlId, FRAMEWORKS } from '#shared/model/control.ts';
import { ACTION_EVIDENCE } from '../frameworks/action-evidence.ts';
import { FRAMEWORK_DATA } from '../frameworks/frameworks.ts';
import { ACCESS_CONTROLS } from './access.ts';
import { APPROVAL } from './approvals.ts';
import type { ControlDefinition } from './control-definition.ts';
import { CREDENTIAL_CONTROLS } from './credentials.ts';
import { GUARDRAIL_CONTROLS } from './guardrails.ts';
import { NETWORK_CONTROLS } from './network.ts';
import { OPERATION_CONTROLS } from './operations.ts';
import { ORGANIZATIONAL_CONTROLS } from './organizational.ts';
import { PEOPLE_CONTROLS } from './people.ts';
import { PRIVACY_CONTROLS } from './privacy.ts';
import { CHANGE_CONTROLS } from './reviews.ts';
import { TRAIL_CONTROLS } from './trail.ts';

const TECHNICAL: readonly ControlDefinition[] = [
  ...ACCESS_CONTROLS,
  ...PEOPLE_CONTROLS,
  ...CREDENTIAL_CONTROLS,
  ...GUARDRAIL_CONTROLS,
  APPROVAL,
  ...CHANGE_CONTROLS,
  ...TRAIL_CONTROLS,
  ...NETWORK_CONTROLS,
  ...OPERATION_CONTROLS,
  ...PRIVACY_CONTROLS,
];

const byId = (a: ControlDefinition, b: ControlDefinition): number => (a.id < b.id ? -1 : 1);

/** Every control of the register: those of the console itself, then those of the organization, each by their ids. */
export const CONTROLS: readonly ControlDefinition[] = [
  ...TECHNICAL.toSorted(byId),
  ...ORGANIZATIONAL_CONTROLS.toSorted(byId),
];

const BY_ID: ReadonlyMap<ControlId, ControlDefinition> = new Map(CONTROLS.map((control) => [control.id, control]));

export function controlOf(id: ControlId): ControlDefinition | undefined {
  return BY_ID.get(id);
}

/** To be raised with every change of what a test counts, which its words alone would not show. */
const VERSION = '5';

/**
 * Which rules were applied: reports name them, because another build may have others. The digest (canonical JSON, SHA-256)
 * is over the words, rules, actions and criteria of the controls, the ids of the frameworks, and what each action is evidence for.
 */
export const RULES: { readonly version: string; readonly digest: string } = {
  version: VERSION,
  digest: canonicalDigest({
    version: VERSION,
    controls: CONTROLS.map(({ test: { actions, occurrenceRule, deviationRule }, ...control }) => ({
      ...control,
      actions,
      occurrenceRule,
      deviationRule,
    })),
    frameworks: FRAMEWORKS.map((id) => ({
      id,
      criteria: FRAMEWORK_DATA[id].criteria.map(({ id: criterion, group, name, explanation }) => ({
        id: criterion,
        group,
        name,
        explanation,
      })),
    })),
    evidence: ACTION_EVIDENCE,
  }).digest,
};
