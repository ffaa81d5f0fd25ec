import type { Incident, IncidentStatus, Severity } from '#shared/model/incident.ts';

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
/** What waits for a person comes first; what is done comes last, whatever its severity. */
const STATUS_ORDER: Readonly<Record<IncidentStatus, number>> = {
  'awaiting-approval': 0,
  'needs-attention': 0,
  open: 0,
  investigating: 0,
  remediating: 0,
  resolved: 1,
};

/** The queue: open before resolved, by severity, then the oldest first (resolved: the newest first). */
export function orderQueue(incidents: readonly Incident[]): readonly Incident[] {
  return [...incidents].sort((a, b) => {
    const status = STATUS_ORDER[a.status] - STATUS_ORDER[b.status];
    if (status !== 0) return status;
    if (a.status === 'resolved') return b.openedAt.localeCompare(a.openedAt) || a.id.localeCompare(b.id);
    return (
      SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
      a.openedAt.localeCompare(b.openedAt) ||
      a.id.localeCompare(b.id)
    );
  });
}
