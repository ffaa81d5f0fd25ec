import type { PendingApproval } from '#shared/ipc/approval-views.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { AppInfo, ChainStatus } from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';

/** What every screen shares. `verifying` is null while nothing is being verified. */
export interface ConsoleState {
  readonly info: AppInfo;
  readonly incidents: readonly Incident[];
  readonly pending: readonly PendingApproval[];
  readonly chain: ChainStatus;
  readonly verifying: { readonly done: number; readonly total: number } | null;
}

/** The state after an event; events carry whole values, so the newest one wins. */
export function applyEvent(state: ConsoleState, event: ConsoleEvent): ConsoleState {
  switch (event.type) {
    case 'incident':
      return { ...state, incidents: upsert(state.incidents, event.incident) };
    case 'investigation':
    case 'coverage': // shown by the Verification screen, which asks for it
    case 'alert': // told at once, and kept in the coverage's problems
    case 'exporting': // told to the dialog that waits for it
    case 'access': // changes what is mounted at all
    case 'people': // asked for by the screens that show them
    case 'protections':
    case 'leases':
    case 'compliance':
    case 'reporting':
    case 'reperforming':
    case 'loading':
      return state;
    case 'chain': {
      const finished = event.status.verified?.at !== state.chain.verified?.at;
      return { ...state, chain: event.status, verifying: finished ? null : state.verifying };
    }
    case 'verifying':
      return { ...state, verifying: event.done >= event.total ? null : { done: event.done, total: event.total } };
  }
}

function upsert(incidents: readonly Incident[], changed: Incident): readonly Incident[] {
  const known = incidents.some((incident) => incident.id === changed.id);
  return known
    ? incidents.map((incident) => (incident.id === changed.id ? changed : incident))
    : [...incidents, changed];
}
