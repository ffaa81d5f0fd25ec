import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import type { SealedPlace } from '../../register/register-state.ts';
import { dataOf, placeAt } from './collector.ts';
import type { Humans } from './humans.ts';

export interface DecisionCollected {
  readonly seq: number;
  readonly hash: string;
  readonly time: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  /** Whether it was given by a person: a key or a program decides nothing. */
  readonly person: boolean;
  /** The human behind it, as the records up to then have it. */
  readonly human: string;
  /** That human, or the one it was given for, had asked for it. */
  readonly own: boolean;
  readonly name: SealedPlace | null;
  readonly device: string | null;
  readonly deviceName: SealedPlace | null;
  readonly justification: SealedPlace | null;
  readonly reauthentication: string;
  readonly channel: string;
  readonly policyVersion: string;
  readonly breakGlass: SealedPlace | null;
  /** Binds to the record of the proposal, and to the very plan that was asked about. */
  readonly bound: boolean;
}

export interface ProposalCollected {
  readonly remediation: string;
  readonly incident: string | null;
  readonly seq: number;
  readonly time: string;
  readonly requestedBy: string;
  /** The human the agent acted for. */
  readonly onBehalfOf: string | null;
  /** The humans who asked: whoever proposed it, unless it was an agent, and on whose behalf. */
  readonly asking: readonly string[];
  readonly kind: string;
  readonly service: string;
  readonly summary: string;
  readonly severity: string | null;
  readonly environment: string | null;
  readonly planDigest: string;
  readonly rule: string;
  readonly policyVersion: string;
  readonly expiresAt: string;
  readonly required: number;
  readonly decisions: readonly DecisionCollected[];
  /** Attempts at deciding it, or at proposing it again, that were refused or failed. */
  readonly refused: readonly { readonly seq: number; readonly by: string; readonly reason: string }[];
  readonly reviews: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly another: boolean;
    readonly justified: boolean;
    readonly of: string;
  }[];
  readonly ends: readonly {
    readonly seq: number;
    readonly time: string;
    readonly how: string;
    readonly why: string;
    /** At least one step of it was sent. */
    readonly carriedOut: boolean;
  }[];
}

type Open<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };
/** A proposal while it is gathered; `touched`: it, or something that became of it, is in the window. */
export type Kept = Open<ProposalCollected> & { touched: boolean; hash: string };

export function propose(entry: ChainEntry, humans: Humans, touched: boolean): Kept | null {
  const data = dataOf(entry, 'remediation.proposed');
  if (data === null) return null;
  const { record, seq, hash } = entry;
  const asking = [record.actor, ...(record.onBehalfOf === undefined ? [] : [record.onBehalfOf])];
  return {
    remediation: record.target.id,
    incident: record.links?.incident ?? data.plan.incident,
    seq,
    hash,
    time: record.time,
    requestedBy: record.actor.id,
    onBehalfOf: record.onBehalfOf?.id ?? null,
    asking: asking.filter(({ type }) => type !== 'agent').map(({ id }) => humans.of(id)),
    kind: data.plan.kind,
    service: data.plan.blastRadius.service,
    summary: data.plan.summary,
    severity: data.severity ?? null,
    environment: data.environment ?? null,
    planDigest: data.planDigest,
    rule: data.rule,
    policyVersion: data.policyVersion,
    expiresAt: data.expiresAt,
    required: data.approvalsRequired ?? 1,
    decisions: [],
    refused: [],
    reviews: [],
    ends: [],
    touched,
  };
}

export function decide(entry: ChainEntry, proposal: Kept, humans: Humans): DecisionCollected | null {
  const { record, seq, hash } = entry;
  const data = dataOf(entry, 'remediation.approved'); // the schema of both
  if (data === null) return null;
  const human = humans.of(record.actor.id);
  const behind = record.onBehalfOf === undefined ? [] : [humans.of(record.onBehalfOf.id)];
  return {
    seq,
    hash,
    time: record.time,
    decision: record.action === 'remediation.approved' ? 'approved' : 'rejected',
    by: record.actor.id,
    person: record.actor.type === 'user',
    human,
    own: [...proposal.asking, ...behind].includes(human),
    name: placeAt(entry, '/actor/name', record.actor.name),
    device: record.device?.id ?? null,
    deviceName: placeAt(entry, '/device/name', record.device?.name),
    justification: placeAt(entry, '/data/justification', data.justification),
    reauthentication: data.reauthentication,
    channel: data.channel,
    policyVersion: data.policyVersion,
    breakGlass: placeAt(entry, '/data/breakGlass', data.breakGlass),
    bound: record.links?.request === proposal.hash && data.planDigest === proposal.planDigest,
  };
}

/** May add to `proposal`, whose decision it is about. */
export function review(entry: ChainEntry, proposal: Kept, humans: Humans): void {
  const data = dataOf(entry, 'tenant.protection_change_approved');
  if (data?.change !== 'break-glass-review' || entry.record.outcome === 'denied') return;
  const of = proposal.decisions.find(({ hash }) => hash === data.changeDigest);
  if (of === undefined) return;
  const { seq, record } = entry;
  proposal.reviews.push({
    seq,
    time: record.time,
    by: record.actor.id,
    another: record.actor.type === 'user' && !humans.areOne(record.actor.id, of.by),
    justified: record.outcome === 'success',
    of: of.hash,
  });
}

export function whyEnded({ record }: ChainEntry): string {
  const { reason, verdict } = record.data;
  return typeof reason === 'string' ? reason.slice(0, 1000) : typeof verdict === 'string' ? verdict.slice(0, 64) : '';
}
