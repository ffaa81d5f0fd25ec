import { ownRules } from '#main/policy/own-policies.ts';
import { CausewayError } from '#shared/errors.ts';
import type { Actor, Links } from '#shared/model/audit-record.ts';
import type { Cast } from './cast.ts';
import type { Content } from './content.ts';
import { type Happening, of } from './happening.ts';

/** What every theme of the history is made from. */
export interface Stage {
  readonly cast: Cast;
  readonly content: Content;
  /** Milliseconds: when the workspace is set up, and the end of the history. */
  readonly from: number;
  readonly to: number;
  readonly chain: string;
  /** Of the product's own policies, which are in force all year. */
  readonly policyVersion: string;
  /** How much there is of what happens often: 1 in the full year. */
  readonly density: number;
}

export interface Decided {
  /** Id of the policy that decides. */
  readonly rule: string;
  readonly decision?: 'allow' | 'deny';
  readonly principal: string;
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly actor: Actor;
  readonly onBehalfOf?: Actor | undefined;
  readonly links?: Links | undefined;
}

/** A decision of the guardrails, as the guard writes it. */
export function policyDecided({ content, policyVersion }: Stage, at: number, decided: Decided): Happening {
  const { rule, decision = 'allow', principal, action, resource, actor, onBehalfOf, links } = decided;
  const reason = ownRules().rules.get(rule)?.reason;
  if (reason === undefined) throw new CausewayError('internal', `There is no policy ${rule}.`);
  return {
    at,
    input: () =>
      of<'investigation.policy_decided'>({
        action: 'investigation.policy_decided',
        outcome: decision === 'allow' ? 'success' : 'denied',
        actor,
        onBehalfOf,
        target: resource,
        links,
        data: {
          decision,
          principal,
          action,
          resource: resource.id,
          reason,
          policies: [rule],
          policyVersion,
          contextDigest: content.digest(),
          requestDigest: content.digest(),
        },
      }),
  };
}
