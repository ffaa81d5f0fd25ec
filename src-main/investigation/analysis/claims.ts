import { citeLines, citeRange } from './citations.ts';
import type { FlowFinding } from './flow-detector.ts';
import type { LogFinding } from './log-detector.ts';
import { calibratedScore, type Measured } from './measure.ts';
import type { Change, Claim, Series } from './model.ts';
import type { ResourceFinding } from './resource-detector.ts';
import { quantileSorted, sortNumbers } from './score.ts';
import { formatAmount, formatDuration, formatNumber, formatShare } from './wording.ts';

function citeWindow(measured: Measured) {
  const { rows } = measured.points;
  const { from, to } = measured.slices.window;
  return citeRange(measured.series.source, rows[from] ?? 0, (rows[to - 1] ?? -1) + 1);
}

function describeLevel(measured: Measured): string {
  const { history } = measured.slices;
  const { unit, key } = measured.series;
  const past = sortNumbers(measured.points.values.subarray(history.from, history.to));
  const usual = `${formatAmount(quantileSorted(past, 0.05), unit)} to ${formatAmount(quantileSorted(past, 0.95), unit)}`;
  const hour = measured.seasonal ? ` and ${formatAmount(measured.reference, unit)} at this hour of other days` : '';
  return `${key} was ${formatAmount(measured.level, unit)} (median since the start); usual are ${usual}${hour}.`;
}

export function claimLevel(measured: Measured): Claim {
  return { kind: 'metric-level', text: describeLevel(measured), citations: citeWindow(measured) };
}

export function claimNormal(measured: Measured): Claim {
  return {
    kind: 'metric-usual',
    text: `Within its usual range: ${describeLevel(measured)}`,
    citations: citeWindow(measured),
  };
}

export function claimBlame(finding: FlowFinding, signalService: string, kind: 'latency' | 'errors'): Claim {
  const what = kind === 'latency' ? 'extra time' : 'extra failed requests';
  return {
    kind: 'blame-share',
    text: `${formatShare(finding.blame)} of the ${what} seen at ${signalService} is left at ${finding.service} once its callees' share is taken off.`,
    citations: citeWindow(finding.measured),
  };
}

export function claimExplained(finding: FlowFinding, kind: 'latency' | 'errors'): Claim {
  const what = kind === 'latency' ? 'extra time' : 'extra failures';
  return {
    kind: 'explained-by-callees',
    text: `Only ${formatShare(finding.blame)} of the ${what} stays here; services it calls explain the rest, or it does not reach the signal.`,
    citations: citeWindow(finding.measured),
  };
}

export function claimAlready(measured: Measured): Claim {
  return {
    kind: 'same-before',
    text: `${formatShare(measured.already)} of the deviation of ${measured.series.key} was there before the incident began.`,
    citations: citeRange(
      measured.series.source,
      measured.points.rows[measured.slices.before.from] ?? 0,
      (measured.points.rows[measured.slices.before.to - 1] ?? -1) + 1,
    ),
  };
}

export function claimLoad(finding: ResourceFinding): Claim {
  return {
    kind: 'explained-by-load',
    text: `It received ${formatNumber(finding.load)} times its usual requests, and ${finding.measured.series.key} rose no more than that.`,
    citations: citeWindow(finding.measured),
  };
}

export function claimLogs(finding: LogFinding): Claim {
  const expected = formatNumber(Number(finding.expected.toFixed(1)));
  return {
    kind: finding.observed < finding.expected ? 'log-vanished' : 'log-rate',
    text: `Log template ${finding.template} of ${finding.service} occurred ${finding.observed} times since the start; ${expected} were to be expected at its request rate.`,
    citations: citeLines(finding.lines),
  };
}

export function claimSilence(series: Series): Claim {
  const total = series.values.length;
  return {
    kind: 'silence',
    text: `${series.key} was reported regularly before and has no value since the start.`,
    citations: citeRange(series.source, Math.max(0, total - 5), total),
  };
}

export function claimChange(change: Change, onset: number): Claim {
  const versions = change.from !== undefined && change.to !== undefined ? ` from ${change.from} to ${change.to}` : '';
  const lead = onset - change.time;
  const when = lead >= 0 ? `${formatDuration(lead)} before` : `${formatDuration(lead)} after`;
  return {
    kind: 'change',
    text: `A ${change.kind} of ${change.service}${versions} took place ${when} it became unusual.`,
    citations: [change.citation],
  };
}

export function claimUnreachable(service: string, signalService: string): Claim {
  return {
    kind: 'not-on-path',
    text: `The service map knows no path of calls from ${signalService} to ${service}.`,
    citations: [],
  };
}

/** True when a series was judged and found usual. */
export function isUsual(measured: Measured): boolean {
  return calibratedScore(measured) < 1;
}
