import type { Permission } from '#shared/model/access.ts';
import type { Route } from './route.ts';

export const SCREEN_NAMES: Readonly<Record<Route['screen'], string>> = {
  incidents: 'Incidents',
  incident: 'Incident',
  approvals: 'Approvals',
  audit: 'Audit trail',
  verification: 'Verification',
  access: 'Access',
};

/** What one has to be allowed to read for a screen to be there. */
export function permissionOf({ screen }: Route): Permission {
  switch (screen) {
    case 'incidents':
    case 'incident':
    case 'approvals':
      return 'incidents.read';
    case 'audit':
    case 'verification':
      return 'trail.read';
    case 'access':
      return 'people.read';
  }
}
