import type { ServiceMap } from '#shared/model/service-map.ts';

/** Services that call the target, directly or through others, by name. */
export function callersOf(map: ServiceMap, target: string): readonly string[] {
  const found = new Set<string>();
  const open = [target];
  for (let callee = open.pop(); callee !== undefined; callee = open.pop()) {
    for (const [caller, called] of map.calls) {
      if (called !== callee || caller === target || found.has(caller)) continue;
      found.add(caller);
      open.push(caller);
    }
  }
  return [...found].sort();
}

/** "checkout and api-gateway", "a, b and 3 more": names in a sentence. */
export function listNames(names: readonly string[], most = 5): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  if (names.length < 2) return names[0] ?? 'none';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
