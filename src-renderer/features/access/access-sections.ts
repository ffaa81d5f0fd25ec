import type { LeaseView, PersonView } from '#shared/ipc/access-views.ts';
import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import type { Permission } from '#shared/model/access.ts';
import { formatCount } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';
import { ACCESS_SECTIONS, type AccessSection } from '../../navigation/route.ts';

/** What one has to be allowed to read for a part to be there. */
export const SECTION_NEEDS: Readonly<Record<AccessSection, Permission>> = {
  people: 'people.read',
  roles: 'people.read',
  'api-keys': 'people.read',
  devices: 'people.read',
  leases: 'incidents.read',
  policies: 'policies.read',
  changes: 'trail.read',
};

/** The parts of the screen somebody with these permissions may read. */
export function readableSections(permissions: readonly Permission[]): readonly AccessSection[] {
  return ACCESS_SECTIONS.filter((section) => permissions.includes(SECTION_NEEDS[section]));
}

interface Known {
  readonly people: readonly PersonView[] | null;
  readonly leases: readonly LeaseView[] | null;
  readonly requests: readonly ProtectionRequest[] | null;
}

/** What each part has to say before it is opened; nothing where nothing is known. */
export function markSections({ people, leases, requests }: Known): Partial<Record<AccessSection, StateWord>> {
  const marks: Partial<Record<AccessSection, StateWord>> = {};
  if (people !== null) marks.people = { word: formatCount(people.length), tone: 'calm', shape: 'dot' };
  if (leases !== null && leases.length > 0) {
    marks.leases = { word: formatCount(leases.length), tone: 'accent', shape: 'dot' };
  }
  if (requests !== null && requests.length > 0) {
    marks.changes = { word: formatCount(requests.length), tone: 'warn', shape: 'diamond' };
  }
  return marks;
}
