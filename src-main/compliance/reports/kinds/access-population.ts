import { canonicalBytes } from '#main/audit/canonical.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { StateCell } from '#shared/model/report.ts';
import type { ReviewSubject } from '../../register/register-state.ts';
import { state } from '../blocks/cells.ts';
import type { AccessChange } from '../collecting/access.ts';

/** Somebody, or a key, with access at a moment. */
export interface Access {
  readonly id: string;
  readonly kind: AccessChange['kind'];
  readonly role: string | null;
  readonly by: string;
  readonly until: string | null;
  /** The record that gave it as it then was. */
  readonly seq: number;
}

/** Who had access right before a record, by the records before it. Keys that had run out by then are not among them. */
export function accessAt(changes: readonly AccessChange[], before: number, time: string): readonly Access[] {
  const found = new Map<string, Access>();
  for (const { seq, kind, id, what, role, by, until } of changes) {
    if (seq >= before) break;
    if (what === 'removed') found.delete(`${kind} ${id}`);
    else found.set(`${kind} ${id}`, { id, kind, role, by, until, seq });
  }
  return [...found.values()]
    .filter(({ until }) => until === null || until > time)
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** RFC 6962 tree over the canonical JSON of each subject, in the order they stand in the record. */
export function subjectsRoot(subjects: readonly Pick<ReviewSubject, 'id' | 'role'>[]): string {
  const tree = new Frontier();
  for (const { id, role } of subjects) tree.append(hashLeaf(canonicalBytes({ id, role })));
  return tree.root().toString('hex');
}

/** The first change of somebody's access after it was decided on, and whether it is what was decided. */
export function whatBecame(
  { id, decision }: ReviewSubject,
  changes: readonly AccessChange[],
): { readonly state: StateCell; readonly change: AccessChange | null } {
  if (decision === null || decision.decision === 'keep') return { state: state('info', 'Nothing to do'), change: null };
  const later = changes.filter((change) => change.id === id && change.seq > decision.seq);
  const removed = later.find(({ what }) => what === 'removed');
  const given =
    removed === undefined ? undefined : later.find(({ what, seq }) => what === 'added' && seq > removed.seq);
  if (given !== undefined) return { state: state('open', 'Given again'), change: given };
  if (removed !== undefined) return { state: state('fixed', 'Removed'), change: removed };
  const changed = decision.decision === 'change' ? later.find(({ what }) => what === 'role') : undefined;
  if (changed !== undefined)
    return { state: state('fixed', `Now ${changed.role ?? ''}`.slice(0, 60)), change: changed };
  return { state: state('open', 'Not on record'), change: null };
}
