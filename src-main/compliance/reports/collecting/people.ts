import type { SealedPlace } from '../../register/register-state.ts';
import { type Collector, dataOf, EVERY_ACTION, isWithin, placeAt, spanOf, timeText } from './collector.ts';

export interface PersonCollected {
  readonly id: string;
  readonly type: 'user' | 'api_key';
  /** As the records up to the window's end have it; null when they do not say. */
  readonly role: string | null;
  readonly name: SealedPlace | null;
  /** Of an API key: whose it is. */
  readonly owner: string | null;
  readonly records: number;
  readonly first: string;
  readonly last: string;
}

export interface PeopleCollected {
  readonly people: readonly PersonCollected[];
  /** Left out, where there are more than can be listed. */
  readonly more: number;
}

const MOST = 5000;
type Acting = { type: 'user' | 'api_key'; records: number; first: number; last: number };

/** Who acted in the window, by the ids that stand in records, and where their names are sealed. */
export function people(parameters: unknown): Collector {
  const span = spanOf(parameters);
  const acting = new Map<string, Acting>();
  const names = new Map<string, SealedPlace>();
  const roles = new Map<string, string>();
  const owners = new Map<string, string>();
  return {
    actions: EVERY_ACTION,
    take: (entry) => {
      const { time, record } = entry;
      const { actor, onBehalfOf, action } = record;
      if (time >= span.to) return;
      if (action === 'tenant.user_added') {
        const data = dataOf(entry, action);
        if (data === null || record.outcome !== 'success') return;
        roles.set(data.user, data.role);
        const place = placeAt(entry, '/data/name', data.name);
        if (place !== null) names.set(data.user, place);
      } else if (action === 'tenant.user_role_changed') {
        const data = dataOf(entry, action);
        if (data !== null && record.outcome === 'success') roles.set(data.user, data.new);
      } else if (action === 'auth.api_key_created') {
        const data = dataOf(entry, action);
        if (data !== null && record.outcome === 'success') owners.set(data.apiKey, actor.id);
      }
      const named = [
        [actor, '/actor/name'],
        [onBehalfOf, '/onBehalfOf/name'],
      ] as const;
      for (const [who, path] of named) {
        if (who === undefined || (who.type !== 'user' && who.type !== 'api_key')) continue;
        const place = placeAt(entry, path, who.name);
        if (place !== null) names.set(who.id, place);
        if (!isWithin(span, time)) continue;
        const known = acting.get(who.id);
        if (known === undefined) acting.set(who.id, { type: who.type, records: 1, first: time, last: time });
        else {
          known.records++;
          known.last = Math.max(known.last, time);
        }
      }
    },
    end: (): PeopleCollected => {
      const ids = [...acting].sort(([one], [other]) => (one < other ? -1 : 1));
      return {
        people: ids.slice(0, MOST).map(([id, { type, records, first, last }]) => ({
          id,
          type,
          role: roles.get(id) ?? null,
          name: names.get(id) ?? null,
          owner: owners.get(id) ?? null,
          records,
          first: timeText(first),
          last: timeText(last),
        })),
        more: Math.max(0, ids.length - MOST),
      };
    },
  };
}
