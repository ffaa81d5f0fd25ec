import type { Frame } from './frame.ts';
import type { RankedService } from './model.ts';

const MOST_NAMES = 5;

function enumerate(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** What the engine could not see and would need to be surer, in words. */
export function listNeeded(frame: Frame, ranked: readonly RankedService[], abstained: boolean): readonly string[] {
  const { input } = frame;
  const needed: string[] = [];
  if (frame.signalEvidence === undefined)
    needed.push(`Values of the signal at ${input.signal.service}, from before and since the start.`);
  else if (abstained && frame.signalEvidence < 1)
    needed.push(`A signal that leaves its usual range: what ${input.signal.service} reports is usual since the start.`);
  if (
    abstained &&
    (ranked[1]?.confidence ?? 0) > 0 &&
    (ranked[1]?.confidence ?? 0) > 0.5 * (ranked[0]?.confidence ?? 0)
  )
    needed.push(`Something that tells ${ranked[0]?.service} and ${ranked[1]?.service} apart.`);
  const blind = frame.services.filter((service) => !frame.measured.has(service) && !frame.silent.has(service));
  if (blind.length > 0) needed.push(`Metrics with a history of: ${enumerate(blind)}.`);
  if (input.map.calls.length === 0) needed.push('The service map: which service calls which.');
  else if (frame.requests.size === 0) needed.push('Request counts, to weigh what services cost one another.');
  if (input.logs.length === 0) needed.push('Log lines from before and since the start.');
  const resources = [...frame.measured.values()].some((items) =>
    items.some(({ series }) => series.kind === 'cpu' || series.kind === 'memory'),
  );
  if (!resources) needed.push('CPU and memory of the services.');
  return needed;
}
