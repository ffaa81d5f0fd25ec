import { type Frame, ofKind } from './frame.ts';
import { calibratedScore, type Measured } from './measure.ts';
import { evidenceOf } from './score.ts';

export interface ResourceFinding {
  readonly service: string;
  readonly measured: Measured;
  readonly evidence: number;
  /** The service received this many times its usual requests; 1 when unknown. */
  readonly load: number;
  /** The rise is no larger than that of the requests. */
  readonly explainedByLoad: boolean;
}

const DIRECTED = ['cpu', 'memory', 'disk'] as const;
const UNDIRECTED = ['network', 'other'] as const;
/** Metrics of which nobody said which way is worse speak more softly. */
const UNDIRECTED_WEIGHT = 0.6;
const LOAD_WEIGHT = 0.4;

/** The loudest resource metric of each service, against the service's own history. */
export function detectResources(frame: Frame): ReadonlyMap<string, ResourceFinding> {
  const findings = new Map<string, ResourceFinding>();
  for (const service of frame.services) {
    const requests = ofKind(frame, service, ['requests'])[0];
    const load = requests !== undefined && requests.reference > 0 ? requests.level / requests.reference : 1;
    let best: ResourceFinding | undefined;
    for (const kinds of [DIRECTED, UNDIRECTED]) {
      const weight = kinds === DIRECTED ? 1 : UNDIRECTED_WEIGHT;
      for (const measured of ofKind(frame, service, kinds)) {
        const rise = measured.reference > 0 ? measured.level / measured.reference : Number.POSITIVE_INFINITY;
        const explainedByLoad = load >= 1.2 && rise > 1 && rise <= 1.15 * load;
        const evidence = evidenceOf(calibratedScore(measured)) * weight * (explainedByLoad ? LOAD_WEIGHT : 1);
        if (evidence > (best?.evidence ?? 0)) best = { service, measured, evidence, load, explainedByLoad };
      }
    }
    if (best !== undefined) findings.set(service, best);
  }
  return findings;
}
