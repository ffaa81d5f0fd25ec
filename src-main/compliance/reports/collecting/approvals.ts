import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import type { SealedPlace } from '../../register/register-state.ts';
import { type Collector, dataOf, isWithin, placeAt, spanOf } from './collector.ts';
import { HUMAN_ACTIONS, Humans } from './humans.ts';
import { type ProtectionCollected, Protections } from './protections.ts';

export interface DecisionCollected {
  readonly seq: number;
  readonly hash: string;
  readonly time: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  /** The human behind it, as the records up to then have it. */
  readonly human: string;
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
  readonly human: string | null;
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
  /** Attempts at deciding that were refused. */
  readonly refused: readonly { readonly seq: number; readonly by: string; readonly reason: string }[];
  readonly reviews: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly another: boolean;
    readonly justified: boolean;
    readonly of: string;
  }[];
  readonly ends: readonly { readonly seq: number; readonly time: string; readonly how: string; readonly why: string }[];
}

export interface ApprovalsCollected {
  /** With the proposal or anything that became of it in the window. */
  readonly proposals: readonly ProposalCollected[];
  readonly protections: readonly ProtectionCollected[];
  readonly more: number;
}

type Open<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };
type Kept = Open<ProposalCollected> & { touched: boolean; hash: string };
const MOST = 20_000;
const ENDS = [
  'remediation.expired',
  'remediation.withdrawn',
  'remediation.executed',
  'remediation.execution_failed',
  'remediation.verified',
  'remediation.rolled_back',
] as const satisfies readonly AuditAction[];
const ACTIONS = [
  'remediation.proposed',
  'remediation.approved',
  'remediation.rejected',
  ...ENDS,
  'tenant.protection_change_approved',
  'auth.access_denied',
  ...HUMAN_ACTIONS,
] as const satisfies readonly AuditAction[];

/** Everything that was proposed and decided, and what became of it. */
export function approvals(parameters: unknown): Collector {
  const span = spanOf(parameters);
  const humans = new Humans();
  const protections = new Protections(span, humans);
  const proposals = new Map<string, Kept>();
  /** Of a record's target; one seen in the window is in the report, with all that came before. */
  const find = ({ record, time }: ChainEntry): Kept | undefined => {
    const found = proposals.get(record.target.id);
    if (found !== undefined && isWithin(span, time)) found.touched = true;
    return found;
  };
  return {
    actions: ACTIONS,
    take: (entry) => {
      humans.take(entry);
      const { record, time, seq } = entry;
      const { action, actor } = record;
      if (time >= span.to) return;
      switch (action) {
        case 'remediation.proposed': {
          const made = propose(entry, humans, isWithin(span, time));
          if (made !== null) proposals.set(made.remediation, made);
          break;
        }
        case 'remediation.approved':
        case 'remediation.rejected': {
          const found = find(entry);
          const decided = found === undefined ? null : decide(entry, found, humans);
          if (found !== undefined && decided !== null) found.decisions.push(decided);
          break;
        }
        case 'auth.access_denied':
          if (record.target.type === 'remediation') {
            find(entry)?.refused.push({ seq, by: actor.id, reason: String(record.data.reason).slice(0, 64) });
          }
          break;
        case 'tenant.protection_change_approved':
          if (record.target.type === 'remediation') review(entry, find(entry), humans);
          else protections.take(entry);
          break;
        case 'tenant.configuration_changed':
          protections.take(entry);
          break;
        case 'auth.api_key_created':
          break;
        default: {
          const how = action.slice('remediation.'.length).replaceAll('_', ' ');
          find(entry)?.ends.push({ seq, time: record.time, how, why: whyEnded(entry) });
        }
      }
    },
    end: (): ApprovalsCollected => {
      const touched = [...proposals.values()].filter((kept) => kept.touched).sort((one, other) => one.seq - other.seq);
      return {
        proposals: touched.slice(0, MOST).map(({ touched: _, hash: __, ...proposal }) => proposal),
        protections: protections.end(),
        more: Math.max(0, touched.length - MOST),
      };
    },
  };
}

function propose(entry: ChainEntry, humans: Humans, touched: boolean): Kept | null {
  const data = dataOf(entry, 'remediation.proposed');
  if (data === null) return null;
  const { record, seq, hash } = entry;
  const human = record.onBehalfOf?.id ?? null;
  return {
    remediation: record.target.id,
    incident: record.links?.incident ?? data.plan.incident,
    seq,
    hash,
    time: record.time,
    requestedBy: record.actor.id,
    onBehalfOf: human,
    human: human === null ? null : humans.of(human),
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

function decide(entry: ChainEntry, proposal: Kept, humans: Humans): DecisionCollected | null {
  const { record, seq, hash } = entry;
  const data = dataOf(entry, 'remediation.approved'); // the schema of both
  if (data === null) return null;
  return {
    seq,
    hash,
    time: record.time,
    decision: record.action === 'remediation.approved' ? 'approved' : 'rejected',
    by: record.actor.id,
    human: humans.of(record.actor.id),
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

function review(entry: ChainEntry, proposal: Kept | undefined, humans: Humans): void {
  const data = dataOf(entry, 'tenant.protection_change_approved');
  if (proposal === undefined || data?.change !== 'break-glass-review' || entry.record.outcome === 'denied') return;
  const of = proposal.decisions.find(({ hash }) => hash === data.changeDigest);
  if (of === undefined) return;
  const { seq, record } = entry;
  proposal.reviews.push({
    seq,
    time: record.time,
    by: record.actor.id,
    another: !humans.areOne(record.actor.id, of.by),
    justified: record.outcome === 'success',
    of: of.hash,
  });
}

function whyEnded({ record }: ChainEntry): string {
  const { reason, verdict } = record.data;
  return typeof reason === 'string' ? reason.slice(0, 1000) : typeof verdict === 'string' ? verdict.slice(0, 64) : '';
}
