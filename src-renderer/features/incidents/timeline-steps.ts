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

/** The error codes with which the cloud says that there is no such thing: "NoSuchEntityException", "InvalidInstanceID.NotFound". */
const NOTHING_THERE = /→ (NoSuch\w*|[\w.]*NotFound\w*) /;

/**
 * Whether a call got a plain answer after all: asked for something, the cloud said that there is none. Its outcome is a
 * failure, and nothing went wrong.
 */
export function isPlainAnswer(entry: Pick<TimelineEntry, 'action' | 'outcome' | 'text'>): boolean {
  return (
    entry.action === 'investigation.system_called' && entry.outcome === 'failure' && NOTHING_THERE.test(entry.text)
  );
}

/** The entries a person follows: all but single calls, decisions and leases, and those too where something went wrong. */
export function mainSteps(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  return entries.filter(
    (entry) => !DETAIL.includes(entry.action) || (entry.outcome !== 'success' && !isPlainAnswer(entry)),
  );
}
