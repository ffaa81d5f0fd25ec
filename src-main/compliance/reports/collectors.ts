import { CausewayError } from '#shared/errors.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { type AccessCollected, access } from './collecting/access.ts';
import { type ApprovalsCollected, approvals } from './collecting/approvals.ts';
import type { Collector } from './collecting/collector.ts';
import { type DrawsCollected, draws } from './collecting/draws.ts';
import { type IncidentCollected, incident } from './collecting/incident.ts';
import { type OriginCollected, origin } from './collecting/origin.ts';
import { type PeopleCollected, people } from './collecting/people.ts';
import { type PoliciesCollected, policies } from './collecting/policies.ts';
import { type PrivacyCollected, privacy } from './collecting/privacy.ts';
import { type SpreadCollected, spread } from './collecting/spread.ts';

/** What each collector gathers. */
export interface Collected {
  readonly spread: SpreadCollected;
  readonly people: PeopleCollected;
  readonly policies: PoliciesCollected;
  readonly incident: IncidentCollected;
  readonly approvals: ApprovalsCollected;
  readonly privacy: PrivacyCollected;
  readonly access: AccessCollected;
  readonly draws: DrawsCollected;
  readonly origin: OriginCollected;
}
export type CollectorName = keyof Collected;

/** By the name an evaluation is asked for. */
export const COLLECTORS: Readonly<Record<string, (parameters: unknown) => Collector>> = {
  spread,
  people,
  policies,
  incident,
  approvals,
  privacy,
  access,
  draws,
  origin,
} satisfies Readonly<Record<CollectorName, (parameters: unknown) => Collector>>;

/** What one of them gathered in an evaluation of this program. @throws CausewayError `internal` when it was not asked for */
export function collected<N extends CollectorName>(evaluation: Pick<Evaluation, 'collected'>, name: N): Collected[N] {
  const found = evaluation.collected[name];
  if (found === undefined) throw new CausewayError('internal', `The report needs ${name}, which was not gathered.`);
  return found as Collected[N]; // made by the collector of this name
}
