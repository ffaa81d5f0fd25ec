import { canonicalBytes } from '#main/audit/canonical.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { StateCell } from '#shared/model/report.ts';
import { accessNow, takeAccess } from '../../controls/access-on-record.ts';
import type { ReviewSubject } from '../../register/register-state.ts';
import { state } from '../blocks/cells.ts';
import type { AccessChange } from '../collecting/access.ts';

/** Who had access right before a record, by the records before it. Keys that had run out by then are not among them. */
export function accessAt(changes: readonly AccessChange[], before: number, time: string): readonly AccessChange[] {
  const access: Record<string, AccessChange> = {};
  for (const change of changes) {
    if (change.seq >= before) break;
    takeAccess(access, change);
  }
  return accessNow(access, Date.parse(time));
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
