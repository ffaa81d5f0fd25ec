import {
  claimAlready,
  claimBlame,
  claimExplained,
  claimLevel,
  claimLoad,
  claimLogs,
  claimNormal,
  claimSilence,
  claimUnreachable,
  isUsual,
} from './claims.ts';
import { detectFlow, type FlowFinding } from './flow-detector.ts';
import { type Frame, ofKind } from './frame.ts';
import { detectLogs, type LogFinding } from './log-detector.ts';
import type { Measured } from './measure.ts';
import type { Claim, DetectorName } from './model.ts';
import { findOnset } from './onset.ts';
import { detectResources, type ResourceFinding } from './resource-detector.ts';
import { evidenceOf } from './score.ts';

/** What a single detector says about a service. */
interface Voice {
  readonly detector: DetectorName;
  readonly evidence: number;
  readonly claims: readonly Claim[];
  readonly measured?: Measured;
  readonly onset?: number;
}

export interface ServiceEvidence {
  readonly service: string;
  readonly evidence: number;
  readonly detector: DetectorName;
  readonly onsetAt: number | undefined;
  readonly slack: number;
  readonly reasons: readonly Claim[];
  readonly against: readonly Claim[];
}

/** Weight of a service no call of the signal's service reaches. */
const OFF_PATH = 0.5;
/** A caller's log lines repeat what its callee suffers. */
const ECHO = 0.5;
/** How much the detectors that did not win add; keeps agreement ahead of a lone voice without a second maximum. */
const AGREEMENT = 0.1;
/** A series that stopped weighs as much as one this many scales away. */
const SILENCE_SCORE = 8;
const AUDIBLE = 0.2;

/** What is left of a resource or log finding when the service's own latency and errors do not show it. */
const WITHOUT_EFFECT = 0.4;

interface Findings {
  readonly latency: ReadonlyMap<string, FlowFinding>;
  readonly errors: ReadonlyMap<string, FlowFinding>;
  readonly resources: ReadonlyMap<string, ResourceFinding>;
  readonly logs: ReadonlyMap<string, LogFinding>;
}

/** The loudest thing known of the direct callees of a service, before any discount. */
function loudestCallee(frame: Frame, findings: Findings, service: string): number {
  let most = 0;
  for (const [caller, callee] of frame.input.map.calls) {
    if (caller !== service || callee === service) continue;
    most = Math.max(
      most,
      findings.latency.get(callee)?.raw ?? 0,
      findings.errors.get(callee)?.raw ?? 0,
      findings.resources.get(callee)?.evidence ?? 0,
      evidenceOf(findings.logs.get(callee)?.score ?? 0),
    );
  }
  return most;
}

/** From this share of the blame on, a service's own effect counts in full. */
const FULL_BLAME = 0.25;

/**
 * How far the service's own latency and errors bear out that something inside it reaches the signal: 1 when they are
 * unusual, not explained by its callees and part of what the signal shows; 0 when both are usual. 1 too where neither is
 * measured: then nothing speaks against it.
 */
function ownEffect(findings: Findings, service: string): number {
  const own = [findings.latency.get(service), findings.errors.get(service)].filter((finding) => finding !== undefined);
  if (own.length === 0) return 1;
  const effect = (finding: FlowFinding) => Math.min(1, 1.5 * finding.own) * Math.min(1, finding.blame / FULL_BLAME);
  return Math.max(...own.map((finding) => (isUsual(finding.measured) ? 0 : effect(finding))));
}

function flowVoice(frame: Frame, finding: FlowFinding | undefined, detector: 'latency' | 'errors'): Voice | undefined {
  if (finding === undefined) return undefined;
  const claims = [claimLevel(finding.measured)];
  if (frame.input.map.calls.length > 0) claims.push(claimBlame(finding, frame.input.signal.service, detector));
  return { detector, evidence: finding.evidence, claims, measured: finding.measured };
}

function voicesOf(frame: Frame, findings: Findings, service: string): readonly Voice[] {
  const voices: (Voice | undefined)[] = [
    flowVoice(frame, findings.latency.get(service), 'latency'),
    flowVoice(frame, findings.errors.get(service), 'errors'),
  ];
  const effect = WITHOUT_EFFECT + (1 - WITHOUT_EFFECT) * ownEffect(findings, service);
  const resource = findings.resources.get(service);
  if (resource !== undefined)
    voices.push({
      detector: 'resource',
      evidence: resource.evidence * effect,
      claims: [claimLevel(resource.measured)],
      measured: resource.measured,
    });
  const logs = findings.logs.get(service);
  if (logs !== undefined) {
    const loud = evidenceOf(logs.score);
    const echo = loud > 0 ? ECHO * Math.min(1, loudestCallee(frame, findings, service) / loud) : 0;
    voices.push({
      detector: 'logs',
      evidence: loud * (1 - echo) * effect,
      claims: [claimLogs(logs)],
      onset: logs.firstAt,
    });
  }
  const silent = frame.silent.get(service);
  if (silent !== undefined)
    voices.push({ detector: 'silence', evidence: evidenceOf(SILENCE_SCORE), claims: [claimSilence(silent)] });
  return voices.filter((voice) => voice !== undefined).sort((a, b) => b.evidence - a.evidence);
}

/** Two detectors may rest on the same series; one sentence is enough. */
function distinct(claims: readonly Claim[]): readonly Claim[] {
  return [...new Map(claims.map((claim) => [claim.text, claim])).values()];
}

function objections(frame: Frame, findings: Findings, service: string): readonly Claim[] {
  const against: Claim[] = [];
  const { signal } = frame.input;
  if (!frame.reachable.has(service)) against.push(claimUnreachable(service, signal.service));
  for (const kind of ['latency', 'errors'] as const) {
    const finding = findings[kind].get(service);
    if (finding === undefined) continue;
    if (isUsual(finding.measured)) against.push(claimNormal(finding.measured));
    else if (frame.input.map.calls.length > 0 && finding.blame < 0.5) against.push(claimExplained(finding, kind));
    const before = findings[kind].get(signal.service)?.measured.already ?? 0;
    // With a late trigger everything was there before, the signal too: that speaks against nobody.
    if (!isUsual(finding.measured) && finding.measured.already >= Math.max(0.5, before + 0.2))
      against.push(claimAlready(finding.measured));
  }
  const resource = findings.resources.get(service);
  if (resource?.explainedByLoad === true) against.push(claimLoad(resource));
  const quiet = ofKind(frame, service, ['cpu', 'memory']);
  if (quiet.length > 0 && quiet.every(isUsual)) against.push(...quiet.slice(0, 2).map(claimNormal));
  return against;
}

/** Evidence for every service, in the order of their names: the loudest calibrated detector, weighed by the map. */
export function collectEvidence(frame: Frame): readonly ServiceEvidence[] {
  const resources = detectResources(frame);
  const findings: Findings = {
    latency: detectFlow(frame, 'latency', resources),
    errors: detectFlow(frame, 'errors', resources),
    resources,
    logs: new Map(
      detectLogs(
        frame.input.logs.filter((line) => frame.services.includes(line.service)),
        frame.requests,
        frame.input.signal,
      ).map((finding) => [finding.service, finding]),
    ),
  };
  return frame.services.map((service) => {
    const voices = voicesOf(frame, findings, service);
    const [loudest, ...others] = voices;
    const weight = frame.reachable.has(service) ? 1 : OFF_PATH;
    const rest = others.reduce((sum, voice) => sum + voice.evidence, 0);
    const evidence = weight * ((loudest?.evidence ?? 0) + AGREEMENT * rest);
    const audible = voices.filter((voice) => voice.evidence >= AUDIBLE);
    const onsets = audible
      .map((voice) => voice.onset ?? (voice.measured === undefined ? undefined : findOnset(voice.measured)))
      .filter((onset) => onset !== undefined);
    const onset = audible[0] === undefined ? undefined : onsets[0];
    return {
      service,
      evidence,
      detector: loudest === undefined || evidence === 0 ? 'none' : loudest.detector,
      onsetAt: onset,
      slack: Math.max(60_000, loudest?.measured?.slices.step ?? 0),
      reasons: distinct(audible.flatMap((voice) => voice.claims)),
      against: distinct(objections(frame, findings, service)),
    };
  });
}
