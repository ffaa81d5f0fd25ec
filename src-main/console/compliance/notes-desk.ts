import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { ClosingGate } from '../closing-gate.ts';
import type { Parts } from '../parts.ts';
import type { NotesDesk } from './compliance-desk.ts';
import type { ComplianceRoom } from './compliance-room.ts';

export function createNotesDesk(
  _parts: Parts,
  _gate: ClosingGate,
  _room: ComplianceRoom,
): (by: Principal) => NotesDesk {
  return () => ({
    list: () => [],
    take: () => Promise.reject(new CausewayError('internal', 'not yet')),
  });
}
