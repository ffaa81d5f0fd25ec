/** What a service costs its callers in the window, per second: extra time, or extra failed requests. */
export interface FlowNode {
  readonly service: string;
  /** Excess over the service's own normal times its request rate, already shrunk by its usual noise; 0 or more. */
  readonly excess: number;
  /** Requests per second; shares a callee's excess among its callers. Undefined: every caller feels all of it. */
  readonly requests?: number | undefined;
}

const MOST_ROUNDS = 64;
const NEGLIGIBLE = 1e-9;

export interface Blame {
  /** Share of the signal's excess, summing to 1 over the services; 0 everywhere when nothing is in excess. */
  readonly share: ReadonlyMap<string, number>;
  /** Part of a service's own excess its callees do not explain, 0 to 1, whether or not it reaches the signal. */
  readonly own: ReadonlyMap<string, number>;
}

/**
 * Blame flow. One unit of blame starts at the signal's service. Each service keeps what its callees do not explain
 * (its excess less theirs, as far as its own requests cause them) and passes the rest on in proportion to the callees'
 * excess. What a cycle keeps turning is left where it is after a fixed number of rounds. When the signal's own service
 * shows no excess there is nothing to push down and every service starts with what its callees leave of its own.
 */
export function flowBlame(
  nodes: readonly FlowNode[],
  calls: readonly (readonly [string, string])[],
  start: string,
): Blame {
  const byName = new Map(nodes.map((node) => [node.service, node]));
  const callees = new Map<string, string[]>();
  const callerRequests = new Map<string, number>();
  const seen = new Set<string>();
  for (const [caller, callee] of calls) {
    const id = JSON.stringify([caller, callee]);
    if (caller === callee || seen.has(id) || !byName.has(caller) || !byName.has(callee)) continue;
    seen.add(id);
    callees.set(caller, [...(callees.get(caller) ?? []), callee]);
    callerRequests.set(callee, (callerRequests.get(callee) ?? 0) + (byName.get(caller)?.requests ?? 0));
  }

  const passed = (caller: string, callee: string): number => {
    const all = callerRequests.get(callee) ?? 0;
    const share = all > 0 ? (byName.get(caller)?.requests ?? 0) / all : 1;
    return (byName.get(callee)?.excess ?? 0) * share;
  };
  const explained = (service: string): number =>
    (callees.get(service) ?? []).reduce((sum, callee) => sum + passed(service, callee), 0);
  const kept = (service: string): number => Math.max(0, (byName.get(service)?.excess ?? 0) - explained(service));

  const blame = new Map(nodes.map((node) => [node.service, 0]));
  const own = new Map(
    nodes.map(({ service, excess }) => [service, excess > 0 ? Math.min(1, kept(service) / excess) : 0]),
  );
  let flowing = new Map<string, number>();
  if ((byName.get(start)?.excess ?? 0) > 0) flowing.set(start, 1);
  else {
    const total = nodes.reduce((sum, node) => sum + kept(node.service), 0);
    if (total <= 0) return { share: blame, own };
    for (const node of nodes) flowing.set(node.service, kept(node.service) / total);
  }
  for (let round = 0; round < MOST_ROUNDS && flowing.size > 0; round += 1) {
    const next = new Map<string, number>();
    for (const [service, amount] of flowing) {
      const below = explained(service);
      const total = kept(service) + below;
      const down = total > 0 && round < MOST_ROUNDS - 1 && amount > NEGLIGIBLE ? (amount * below) / total : 0;
      blame.set(service, (blame.get(service) ?? 0) + Math.max(0, amount - down));
      if (down === 0) continue;
      for (const callee of callees.get(service) ?? []) {
        const part = (down * passed(service, callee)) / below;
        if (part > 0) next.set(callee, (next.get(callee) ?? 0) + part);
      }
    }
    flowing = next;
  }
  return { share: blame, own };
}
