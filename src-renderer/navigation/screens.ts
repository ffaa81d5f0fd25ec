import type { Permission } from '#shared/model/access.ts';
import type { Route } from './route.ts';

export const SCREEN_NAMES: Readonly<Record<Route['screen'], string>> = {
  incidents: 'Incidents',
  incident: 'Incident',
  approvals: 'Approvals',
  audit: 'Audit trail',
  verification: 'Verification',
  access: 'Access',
  compliance: 'Compliance',
};

/** Of these one suffices for a screen to be there at all; its parts go by their own. */
const NEEDS: Readonly<Record<Route['screen'], readonly Permission[]>> = {
  incidents: ['incidents.read'],
  incident: ['incidents.read'],
  approvals: ['incidents.read'],
  audit: ['trail.read'],
  verification: ['trail.read'],
  access: ['people.read', 'policies.read'],
  compliance: ['compliance.read'],
};

/** Whether somebody with these permissions may open a screen. */
export function mayOpen(screen: Route['screen'], permissions: readonly Permission[]): boolean {
  return NEEDS[screen].some((permission) => permissions.includes(permission));
}
