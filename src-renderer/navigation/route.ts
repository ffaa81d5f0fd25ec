import { AUDIT_CATEGORIES, AuditAction, type AuditCategory } from '#shared/model/audit-actions.ts';
import { Outcome } from '#shared/model/audit-record.ts';

export const TIME_PRESETS = ['hour', 'day', 'week', 'month'] as const;
export type TimePreset = (typeof TIME_PRESETS)[number];

/** What the trail is narrowed to. Absent means any. */
export interface TrailFilter {
  readonly category?: AuditCategory;
  readonly action?: AuditAction;
  readonly outcome?: Outcome;
  readonly actor?: string;
  readonly target?: string;
  readonly incident?: string;
  readonly range?: TimePreset;
  /** RFC 3339, UTC, both included; instead of `range`. */
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
}

/** Where in the console one is. Kept in the address' fragment, so that Back works and nothing is ever fetched. */
export type Route =
  | { readonly screen: 'incidents' }
  | { readonly screen: 'incident'; readonly incident: string }
  | { readonly screen: 'approvals'; readonly remediation?: string }
  | { readonly screen: 'audit'; readonly filter: TrailFilter; readonly seq?: number }
  | { readonly screen: 'verification'; readonly section?: VerificationSection }
  | { readonly screen: 'access'; readonly section?: AccessSection }
  /** `id`: the framework, control or review that is open in its part. */
  | { readonly screen: 'compliance'; readonly section?: ComplianceSection; readonly id?: string };

/** The parts of the Verification screen; without one it is the first. */
export const VERIFICATION_SECTIONS = ['history', 'checkpoints', 'witnesses', 'keys', 'self-test', 'files'] as const;
export type VerificationSection = (typeof VERIFICATION_SECTIONS)[number];

/** The parts of the Access screen; without one it is the first a person may see. */
export const ACCESS_SECTIONS = ['people', 'roles', 'api-keys', 'devices', 'leases', 'policies', 'changes'] as const;
export type AccessSection = (typeof ACCESS_SECTIONS)[number];

/** The parts of the Compliance screen; without one it is the first. */
export const COMPLIANCE_SECTIONS = [
  'overview',
  'frameworks',
  'controls',
  'exceptions',
  'reviews',
  'readiness',
  'samples',
  'reports',
  'auditor',
] as const;
export type ComplianceSection = (typeof COMPLIANCE_SECTIONS)[number];

const HOME: Route = { screen: 'incidents' };

/** Reads a fragment such as `#/audit?category=remediation&seq=12`. Anything unknown leads to the incidents. */
export function parseRoute(fragment: string): Route {
  const [path = '', search = ''] = fragment.replace(/^#?\/?/, '').split('?', 2);
  const [screen, id, detail, ...more] = path.split('/');
  if (more.length > 0 || (detail !== undefined && screen !== 'compliance')) return HOME;
  switch (screen) {
    case 'incidents': {
      const incident = decode(id);
      return incident === undefined ? HOME : { screen: 'incident', incident };
    }
    case 'approvals': {
      const remediation = decode(id);
      return remediation === undefined ? { screen: 'approvals' } : { screen: 'approvals', remediation };
    }
    case 'audit':
      return parseAudit(new URLSearchParams(search));
    case 'verification': {
      const section = VERIFICATION_SECTIONS.find((known) => known === id && known !== 'history');
      return section === undefined ? { screen: 'verification' } : { screen: 'verification', section };
    }
    case 'access': {
      const section = ACCESS_SECTIONS.find((known) => known === id);
      return section === undefined ? { screen: 'access' } : { screen: 'access', section };
    }
    case 'compliance':
      return parseCompliance(id, detail);
    default:
      return HOME;
  }
}

export function formatRoute(route: Route): string {
  switch (route.screen) {
    case 'incidents':
      return '#/incidents';
    case 'incident':
      return `#/incidents/${encodeURIComponent(route.incident)}`;
    case 'approvals':
      return route.remediation === undefined ? '#/approvals' : `#/approvals/${encodeURIComponent(route.remediation)}`;
    case 'audit': {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(route.filter)) if (value !== undefined) search.set(name, value);
      if (route.seq !== undefined) search.set('seq', String(route.seq));
      const query = search.toString();
      return query === '' ? '#/audit' : `#/audit?${query}`;
    }
    case 'verification':
      return route.section === undefined || route.section === 'history'
        ? '#/verification'
        : `#/verification/${route.section}`;
    case 'access':
      return route.section === undefined ? '#/access' : `#/access/${route.section}`;
    case 'compliance': {
      if (route.section === undefined || route.section === 'overview') return '#/compliance';
      const place = `#/compliance/${route.section}`;
      return route.id === undefined ? place : `${place}/${encodeURIComponent(route.id)}`;
    }
  }
}

function parseCompliance(part: string | undefined, detail: string | undefined): Route {
  const section = COMPLIANCE_SECTIONS.find((known) => known === part && known !== 'overview');
  if (section === undefined) return { screen: 'compliance' };
  const id = decode(detail);
  return id === undefined ? { screen: 'compliance', section } : { screen: 'compliance', section, id };
}

function parseAudit(search: URLSearchParams): Route {
  const category = AUDIT_CATEGORIES.find((known) => known === search.get('category'));
  const action = AuditAction.safeParse(search.get('action')).data;
  const outcome = Outcome.safeParse(search.get('outcome')).data;
  const range = TIME_PRESETS.find((known) => known === search.get('range'));
  const actor = words(search.get('actor'), 128);
  const target = words(search.get('target'), 1024);
  const incident = words(search.get('incident'), 64);
  const from = range === undefined ? time(search.get('from')) : undefined;
  const to = range === undefined ? time(search.get('to')) : undefined;
  const text = words(search.get('text'), 200);
  const filter: TrailFilter = {
    ...(category === undefined ? {} : { category }),
    ...(action === undefined ? {} : { action }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(range === undefined ? {} : { range }),
    ...(actor === undefined ? {} : { actor }),
    ...(target === undefined ? {} : { target }),
    ...(incident === undefined ? {} : { incident }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(text === undefined ? {} : { text }),
  };
  const seq = search.get('seq') ?? '';
  return /^[1-9]\d{0,14}$/.test(seq) ? { screen: 'audit', filter, seq: Number(seq) } : { screen: 'audit', filter };
}

/** A moment in the form records have; anything else is no moment. */
function time(value: string | null): string | undefined {
  if (value === null || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return undefined;
  return Number.isNaN(Date.parse(value)) ? undefined : value;
}

function words(value: string | null, longest: number): string | undefined {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? undefined : trimmed.slice(0, longest);
}

/** A path part, or undefined when it is empty or not decodable (a broken percent escape throws). */
function decode(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined;
  try {
    return decodeURIComponent(part).slice(0, 64);
  } catch {
    return undefined;
  }
}
