import type { AuditAction } from '#shared/model/audit-actions.ts';
import type { ChainEntry } from '../../evaluation/evidence-test.ts';
import { type Collector, isWithin, spanOf } from './collector.ts';
import { HUMAN_ACTIONS, Humans } from './humans.ts';
import { decide, type Kept, type ProposalCollected, propose, review, whyEnded } from './proposal-records.ts';
import { type ProtectionCollected, Protections } from './protections.ts';

/** Decided or carried out, and no record proposes it. */
export interface UnproposedCollected {
  readonly seq: number;
  readonly time: string;
  readonly remediation: string;
  readonly what: 'approved' | 'rejected' | 'executed' | 'partly executed';
  readonly by: string;
  readonly planDigest: string | null;
}

export interface ApprovalsCollected {
  /** With the proposal or anything that became of it in the window. */
  readonly proposals: readonly ProposalCollected[];
  /** In the window. */
  readonly unproposed: readonly UnproposedCollected[];
  readonly protections: readonly ProtectionCollected[];
  /** Proposals, and decisions and changes without one, that are not listed. */
  readonly more: number;
}

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
  const proposals = new Proposals();
  const unproposed: UnproposedCollected[] = [];
  let more = 0;
  /** One seen in the window is in the report, with all that came before. */
  const touch = (found: Kept | undefined, time: number): Kept | undefined => {
    if (found !== undefined && isWithin(span, time)) found.touched = true;
    return found;
  };
  const refuse = (entry: ChainEntry, reason: string): void => {
    const found = touch(proposals.named(entry), entry.time);
    found?.refused.push({ seq: entry.seq, by: entry.record.actor.id, reason: reason.slice(0, 64) });
  };
  const stray = ({ seq, time, record }: ChainEntry, what: UnproposedCollected['what']): void => {
    if (!isWithin(span, time)) return;
    const { planDigest } = record.data;
    if (unproposed.length >= MOST) more++;
    else {
      unproposed.push({
        seq,
        time: record.time,
        remediation: record.target.id,
        what,
        by: record.actor.id,
        planDigest: typeof planDigest === 'string' ? planDigest : null,
      });
    }
  };
  const takeDecision = (entry: ChainEntry, what: 'approved' | 'rejected'): void => {
    const { outcome } = entry.record;
    if (outcome !== 'success') {
      refuse(entry, `${what}: ${outcome}`);
      return;
    }
    const found = touch(proposals.asked(entry) ?? proposals.named(entry), entry.time);
    if (found === undefined) {
      stray(entry, what);
      return;
    }
    const decided = decide(entry, found, humans);
    if (decided === null) return;
    found.decisions.push(decided);
    proposals.decided.set(decided.hash, found);
  };
  const takeEnd = (entry: ChainEntry): void => {
    const { seq, record } = entry;
    const { action, outcome, data } = record;
    const partly = action === 'remediation.execution_failed' && Array.isArray(data.steps) && data.steps.length > 0;
    const carriedOut = partly || (action === 'remediation.executed' && outcome === 'success');
    const found = touch(
      carriedOut ? proposals.ofPlan(entry) : (proposals.ofPlan(entry) ?? proposals.named(entry)),
      entry.time,
    );
    if (found === undefined) {
      if (carriedOut) stray(entry, partly ? 'partly executed' : 'executed');
      return;
    }
    const did = action.slice('remediation.'.length).replaceAll('_', ' ');
    const fails = outcome !== 'success' && action !== 'remediation.execution_failed';
    const how = fails ? `${did} (${outcome})` : did;
    found.ends.push({ seq, time: record.time, how, why: whyEnded(entry), carriedOut });
  };
  return {
    actions: ACTIONS,
    take: (entry) => {
      humans.take(entry);
      const { record, time } = entry;
      if (time >= span.to) return;
      switch (record.action) {
        case 'remediation.proposed': {
          if (record.outcome !== 'success') refuse(entry, `proposed again: ${record.outcome}`);
          else {
            const made = propose(entry, humans, isWithin(span, time));
            if (made !== null) proposals.add(made);
          }
          break;
        }
        case 'remediation.approved':
          takeDecision(entry, 'approved');
          break;
        case 'remediation.rejected':
          takeDecision(entry, 'rejected');
          break;
        case 'auth.access_denied':
          if (record.target.type === 'remediation') refuse(entry, String(record.data.reason));
          break;
        case 'tenant.protection_change_approved': {
          const of = proposals.decided.get(String(record.data.changeDigest));
          if (record.target.type !== 'remediation') protections.take(entry);
          else if (of !== undefined) review(entry, touch(of, time) ?? of, humans);
          break;
        }
        case 'tenant.configuration_changed':
          protections.take(entry);
          break;
        case 'auth.api_key_created':
          break;
        default:
          takeEnd(entry);
      }
    },
    end: (): ApprovalsCollected => {
      const touched = proposals.all.filter((kept) => kept.touched);
      return {
        proposals: touched.slice(0, MOST).map(({ touched: _, hash: __, ...proposal }) => proposal),
        unproposed,
        protections: protections.end(),
        more: more + Math.max(0, touched.length - MOST),
      };
    },
  };
}

/**
 * Proposals by the hash of their record, as decisions name them: one of the same remediation that comes later takes nothing
 * away from the one before.
 */
class Proposals {
  readonly all: Kept[] = [];
  /** Whose decision it is, by the hash of the decision's record. */
  readonly decided = new Map<string, Kept>();
  readonly #byHash = new Map<string, Kept>();
  readonly #byId = new Map<string, Kept[]>();

  add(made: Kept): void {
    this.all.push(made);
    this.#byHash.set(made.hash, made);
    const same = this.#byId.get(made.remediation);
    if (same === undefined) this.#byId.set(made.remediation, [made]);
    else same.push(made);
  }

  /** The very one a record says it is about. */
  asked({ record }: ChainEntry): Kept | undefined {
    return this.#byHash.get(record.links?.request ?? '');
  }

  /** The newest of the remediation a record is about, whatever was asked. */
  named({ record }: ChainEntry): Kept | undefined {
    return this.#byId.get(record.target.id)?.at(-1);
  }

  /** The one a record says it is about, or the newest of this remediation with the very plan; undefined for another plan. */
  ofPlan(entry: ChainEntry): Kept | undefined {
    const { planDigest } = entry.record.data;
    const isOf = (kept: Kept) => kept.planDigest === planDigest;
    const asked = this.asked(entry);
    if (asked !== undefined) return isOf(asked) ? asked : undefined;
    return this.#byId.get(entry.record.target.id)?.findLast(isOf);
  }
}
