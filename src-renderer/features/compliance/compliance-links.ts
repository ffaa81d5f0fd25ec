import { FRAMEWORKS, type FrameworkId } from '#shared/model/control.ts';
import { formatRoute } from '../../navigation/route.ts';

/** A record in the trail. */
export function recordHref(seq: number): string {
  return formatRoute({ screen: 'audit', filter: {}, seq });
}

export function controlHref(control: string): string {
  return formatRoute({ screen: 'compliance', section: 'controls', id: control });
}

/** A framework, with one of its criteria in view where it is named. */
export function frameworkHref(framework: FrameworkId, criterion?: string): string {
  const id = criterion === undefined ? framework : `${framework}:${criterion}`;
  return formatRoute({ screen: 'compliance', section: 'frameworks', id });
}

export function reviewHref(campaign: string): string {
  return formatRoute({ screen: 'compliance', section: 'reviews', id: campaign });
}

/** What `frameworkHref` put in the address; null when it names no framework. */
export function readFrameworkId(
  id: string,
): { readonly framework: FrameworkId; readonly criterion: string | null } | null {
  const [name, criterion] = splitOnce(id);
  const framework = FRAMEWORKS.find((known) => known === name);
  return framework === undefined ? null : { framework, criterion };
}

function splitOnce(id: string): readonly [string, string | null] {
  const colon = id.indexOf(':');
  return colon === -1 ? [id, null] : [id.slice(0, colon), id.slice(colon + 1)];
}
