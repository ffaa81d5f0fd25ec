import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { AuditRecord } from '#shared/model/audit-record.ts';
import type { SealedPlace } from '../../register/register-state.ts';
import { type Collector, EVERY_ACTION, placesOf, textOf } from './collector.ts';

export interface IncidentEntry {
  readonly seq: number;
  readonly hash: string;
  readonly record: AuditRecord;
  readonly sealed: readonly SealedPlace[];
}

export interface IncidentCollected {
  readonly entries: readonly IncidentEntry[];
  /** All of its records, also those beyond what is listed. */
  readonly records: number;
  /** RFC 6962 tree over their record hashes. */
  readonly root: string | null;
}

/** As many as a report's timeline holds. */
const MOST = 20_000;

/**
 * Every record of one incident, whenever it was written: those linked to it, about it, that merged another one into it,
 * and those about a lease or a remediation one of them names.
 */
export function incident(parameters: unknown): Collector {
  const id = textOf(parameters, 'incident');
  const about = new Set<string>(); // its remediations and leases, as "kind id"
  const entries: IncidentEntry[] = [];
  const tree = new Frontier();
  const belongs = ({ links, target, action, data }: AuditRecord): boolean => {
    if (links?.incident !== undefined) return links.incident === id;
    if (target.type === 'incident' && target.id === id) return true;
    if (action === 'incident.merged' && data.into === id) return true;
    return about.has(`${target.type} ${target.id}`);
  };
  return {
    actions: EVERY_ACTION,
    take: (entry) => {
      const { record, hash, seq } = entry;
      if (!belongs(record)) return;
      const { remediation, lease } = record.links ?? {};
      if (remediation !== undefined) about.add(`remediation ${remediation}`);
      if (lease !== undefined) about.add(`lease ${lease}`);
      tree.append(hashLeaf(Buffer.from(hash, 'hex')));
      if (entries.length < MOST) entries.push({ seq, hash, record, sealed: placesOf(entry).slice(0, 16) });
    },
    end: (): IncidentCollected => ({
      entries,
      records: tree.size,
      root: tree.size === 0 ? null : tree.root().toString('hex'),
    }),
  };
}
