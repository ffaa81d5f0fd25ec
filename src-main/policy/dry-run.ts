import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PolicyPreview } from '#shared/ipc/protection-views.ts';
import { type DecisionLog, DRY_RUN_MS } from './decision-log.ts';
import type { PolicyEngine } from './engine.ts';
import type { PolicyStore, StoredDecision } from './policy-store.ts';
import type { PolicyDecision } from './request.ts';

type DryRun = PolicyPreview['dryRun'];

/** Decisions tried before something else may run: some ten milliseconds' work. */
const CHUNK = 50;
const MOST_SHOWN = 500;

export interface DryRunNeeds {
  readonly store: PolicyStore;
  readonly log: DecisionLog;
  readonly now: number;
  /** How many decisions the trail has since then; absent where nobody can say. */
  readonly onRecord?: ((from: string) => number) | undefined;
}

/** Decides again what was decided in the last 30 days, as these policies would, newest first. Nothing is recorded. */
export async function dryRun(engine: Pick<PolicyEngine, 'decide'>, needs: DryRunNeeds): Promise<DryRun> {
  const { store, log, now, onRecord } = needs;
  log.flush();
  const since = now - DRY_RUN_MS;
  const from = new Date(since).toISOString();
  const changed: DryRun['changed'] = [];
  const answers = new Map<string, PolicyDecision>(); // by request: many are the same
  let replayed = 0;
  let kept = 0;
  let changedTotal = 0;
  let before = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const chunk = store.decisions(since, before, CHUNK);
    for (const stored of chunk) {
      before = stored.id;
      kept += 1;
      const request = log.open(stored);
      const was = decisionOf(stored);
      if (request === null || was === null) continue;
      replayed += 1;
      const known = answers.get(stored.requestDigest);
      const answer = known ?? engine.decide(request);
      answers.set(stored.requestDigest, answer);
      if (answer.decision === was) continue;
      changedTotal += 1;
      if (changed.length >= MOST_SHOWN) continue;
      changed.push({
        at: new Date(stored.time).toISOString(),
        principal: `${request.principal.type}::${request.principal.id}`.slice(0, 128),
        action: request.action.slice(0, 128),
        resource: request.resource.id.slice(0, 1024),
        was,
        wouldBe: answer.decision,
        reason: answer.reason,
      });
    }
    if (chunk.length < CHUNK) break;
    await nextTurn();
  }
  const all = Math.max(kept, onRecord?.(from) ?? 0);
  return { from, decisions: replayed, notReplayable: all - replayed, changed, changedTotal };
}

function decisionOf({ decision }: StoredDecision): 'allow' | 'deny' | null {
  return decision === 'allow' || decision === 'deny' ? decision : null;
}
