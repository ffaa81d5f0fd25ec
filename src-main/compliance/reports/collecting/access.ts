import type { AuditAction } from '#shared/model/audit-actions.ts';
import { ACCESS_ACTIONS, type AccessGiven, readAccess } from '../../controls/access-on-record.ts';
import { type Collector, dataOf } from './collector.ts';
import { HUMAN_ACTIONS, Humans } from './humans.ts';

/** A change of who may do what, in order. */
export type AccessChange = AccessGiven & {
  readonly seq: number;
  readonly time: string;
  readonly by: string;
};

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
  ...ACCESS_ACTIONS,
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
      const change = readAccess(record);
      if (change !== null) {
        if (changes.length < MOST) changes.push({ seq, time: record.time, by: actor.id, ...change });
        else more++;
      }
      if (action !== 'tenant.control_updated') return;
      const { kind, subject, campaign = '' } = dataOf(entry, action)?.change ?? {};
      if (kind !== 'review-decided' || subject === undefined) return;
      if (actor.type !== 'user' && notByPeople.length < MOST) {
        notByPeople.push({ seq, time: record.time, by: actor.id, campaign, subject });
      }
      for (const id of [actor.id, subject]) {
        const human = humans.of(id);
        if (human !== id) found[`${seq} ${id}`] = human;
      }
    },
    end: (): AccessCollected => ({ changes, more, humans: found, notByPeople }),
  };
}
