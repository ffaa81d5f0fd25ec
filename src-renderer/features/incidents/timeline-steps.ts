import type { TimelineEntry } from '#shared/ipc/views.ts';
import type { AuditAction } from '#shared/model/audit-actions.ts';

/** Recorded many times in each investigation; a reader in a hurry is better off without them while they succeed. */
const DETAIL: readonly AuditAction[] = [
  'investigation.system_called',
  'investigation.policy_decided',
  'investigation.data_masked',
  'credential.issued',
  'credential.revoked',
];

/** The entries a person follows: all but single calls, decisions and leases, and those too where they failed. */
export function mainSteps(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return entries.filter((entry) => entry.outcome !== 'success' || !DETAIL.includes(entry.action));
}
