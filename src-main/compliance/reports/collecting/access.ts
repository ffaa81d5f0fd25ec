import type { AuditAction } from '#shared/model/audit-actions.ts';
import { type Collector, dataOf } from './collector.ts';
import { HUMAN_ACTIONS, Humans } from './humans.ts';

/** A change of who may do what, in order. */
export interface AccessChange {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
  readonly kind: 'user' | 'api_key';
  readonly id: string;
  readonly what: 'added' | 'role' | 'removed';
  /** The role or, of a key, what it may do; null when it was removed. */
  readonly role: string | null;
  /** Of a key: when it ends by itself. */
  readonly until: string | null;
}

export interface AccessCollected {
  readonly changes: readonly AccessChange[];
  readonly more: number;
  /** Which human an account or key stood for when a review was decided, where that is another id: "seq id" to human. */
  readonly humans: Readonly<Record<string, string>>;
  /** Decisions of reviews that no person made: a key or a program reviews nothing, and the register takes none of them. */
  readonly notByPeople: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly campaign: string;
    readonly subject: string;
  }[];
}

const MOST = 100_000;
const ACTIONS = [
  'tenant.user_added',
  'tenant.user_role_changed',
  'tenant.user_removed',
  'auth.api_key_revoked',
  'tenant.control_updated',
  ...HUMAN_ACTIONS,
] as const satisfies readonly AuditAction[];

/** Who had access when, as the records have it: what a frozen population is compared with. */
export function access(_parameters: unknown): Collector {
  const changes: AccessChange[] = [];
  const humans = new Humans();
  const found: Record<string, string> = {};
  const notByPeople: AccessCollected['notByPeople'][number][] = [];
  let more = 0;
  return {
    actions: ACTIONS,
    take: (entry) => {
      humans.take(entry);
      const { seq, record } = entry;
      const { action, actor } = record;
      if (record.outcome !== 'success') return;
      const add = (change: Pick<AccessChange, 'kind' | 'id' | 'what' | 'role' | 'until'>) => {
        if (changes.length < MOST) changes.push({ seq, time: record.time, by: actor.id, ...change });
        else more++;
      };
      switch (action) {
        case 'tenant.user_added': {
          const data = dataOf(entry, action);
          if (data !== null) add({ kind: 'user', id: data.user, what: 'added', role: data.role, until: null });
          break;
        }
        case 'tenant.user_role_changed': {
          const data = dataOf(entry, action);
          if (data !== null) add({ kind: 'user', id: data.user, what: 'role', role: data.new, until: null });
          break;
        }
        case 'tenant.user_removed': {
          const data = dataOf(entry, action);
          if (data !== null) add({ kind: 'user', id: data.user, what: 'removed', role: null, until: null });
          break;
        }
        case 'auth.api_key_created': {
          const data = dataOf(entry, action);
          if (data === null) break;
          const role = data.scopes.join(', ');
          add({ kind: 'api_key', id: data.apiKey, what: 'added', role, until: data.expiresAt });
          break;
        }
        case 'auth.api_key_revoked': {
          const data = dataOf(entry, action);
          if (data !== null) add({ kind: 'api_key', id: data.apiKey, what: 'removed', role: null, until: null });
          break;
        }
        case 'tenant.control_updated': {
          const data = dataOf(entry, action);
          const { kind, subject, campaign = '' } = data?.change ?? {};
          if (kind !== 'review-decided' || subject === undefined) break;
          if (actor.type !== 'user' && notByPeople.length < MOST) {
            notByPeople.push({ seq, time: record.time, by: actor.id, campaign, subject });
          }
          for (const id of [actor.id, subject]) {
            const human = humans.of(id);
            if (human !== id) found[`${seq} ${id}`] = human;
          }
          break;
        }
        default:
      }
    },
    end: (): AccessCollected => ({ changes, more, humans: found, notByPeople }),
  };
}
