import type { Ranking } from '#main/investigation/analysis/model.ts';

/** One scenario, ranked. `position` of the best-placed true cause counts ties against us; undefined for a healthy control. */
export interface CaseResult {
  readonly id: string;
  readonly folder: string;
  readonly system: string;
  readonly faultFamily: string;
  readonly healthy: boolean;
  readonly position: number | undefined;
  readonly abstained: boolean;
  readonly alarm: boolean;
  readonly seconds: number;
  readonly rootCause: readonly string[];
  readonly ranking: readonly { readonly service: string; readonly score: number; readonly confidence: number }[];
}

export interface Row {
  readonly system: string;
  readonly faultFamily: string;
  readonly cases: number;
  readonly ac1: number;
  readonly ac3: number;
  readonly ac5: number;
  readonly avg5: number;
  readonly secondsPerCase: number;
  readonly abstentions: number;
  readonly healthy: number;
  readonly falseAlarms: number;
}

/** Cases whose first hypothesis had a confidence in [from, to), and how many of them were right. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly meanConfidence: number;
  readonly right: number;
}

/** Place of the best true cause: one more than the number of other services with at least its score. */
export function positionOf(ranking: Ranking, rootCause: readonly string[]): number | undefined {
  const truth = new Set(rootCause);
  const best = ranking.ranked.find(({ service }) => truth.has(service));
  if (best === undefined) return undefined;
  return 1 + ranking.ranked.filter(({ service, score }) => !truth.has(service) && score >= best.score).length;
}

function summarise(system: string, faultFamily: string, results: readonly CaseResult[]): Row {
  const faulty = results.filter(({ healthy }) => !healthy);
  const share = (k: number) =>
    faulty.length === 0
      ? 0
      : faulty.filter(({ position }) => position !== undefined && position <= k).length / faulty.length;
  return {
    system,
    faultFamily,
    cases: faulty.length,
    ac1: share(1),
    ac3: share(3),
    ac5: share(5),
    avg5: [1, 2, 3, 4, 5].reduce((sum, k) => sum + share(k) / 5, 0),
    secondsPerCase: results.reduce((sum, { seconds }) => sum + seconds / results.length, 0),
    abstentions: faulty.filter(({ abstained }) => abstained).length,
    healthy: results.length - faulty.length,
    falseAlarms: results.filter(({ healthy, alarm }) => healthy && alarm).length,
  };
}

/** A row per system and fault family, one per system and one for everything. */
export function tabulate(results: readonly CaseResult[]): readonly Row[] {
  const rows: Row[] = [];
  for (const system of [...new Set(results.map((result) => result.system))].sort()) {
    const own = results.filter((result) => result.system === system);
    for (const family of [...new Set(own.map(({ faultFamily }) => faultFamily))].sort())
      rows.push(
        summarise(
          system,
          family,
          own.filter(({ faultFamily }) => faultFamily === family),
        ),
      );
    rows.push(summarise(system, 'all', own));
  }
  return [...rows, summarise('total', 'all', results)];
}

const BINS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Reliability of the confidence of the first hypothesis; a healthy control is never right. */
export function readReliability(results: readonly CaseResult[]): readonly ReliabilityBin[] {
  return BINS.slice(0, -1).map((from, i) => {
    const to = BINS[i + 1] ?? 1;
    const inside = results.filter(({ ranking }) => {
      const confidence = ranking[0]?.confidence ?? 0;
      return confidence >= from && (confidence < to || (to === 1 && confidence === 1));
    });
    const sum = inside.reduce((total, { ranking }) => total + (ranking[0]?.confidence ?? 0), 0);
    return {
      from,
      to,
      cases: inside.length,
      meanConfidence: inside.length === 0 ? 0 : sum / inside.length,
      right: inside.filter(({ position }) => position === 1).length,
    };
  });
}

const HEAD = [
  'system',
  'fault family',
  'cases',
  'AC@1',
  'AC@3',
  'AC@5',
  'Avg@5',
  's/case',
  'abstained',
  'healthy',
  'false alarms',
];

function cellsOf(row: Row): readonly string[] {
  const rate = (value: number) => (row.cases === 0 ? '–' : value.toFixed(3));
  return [
    row.system,
    row.faultFamily,
    String(row.cases),
    rate(row.ac1),
    rate(row.ac3),
    rate(row.ac5),
    rate(row.avg5),
    row.secondsPerCase.toFixed(2),
    row.cases === 0 ? '–' : String(row.abstentions),
    String(row.healthy),
    row.healthy === 0 ? '–' : `${row.falseAlarms} (${Math.round((100 * row.falseAlarms) / row.healthy)} %)`,
  ];
}

/** The table as text with aligned columns, the reliability of the confidence below it. */
export function formatReport(rows: readonly Row[], bins: readonly ReliabilityBin[]): string {
  const table = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...table.map((cells) => (cells[column] ?? '').length)));
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const reliability = bins
    .filter(({ cases }) => cases > 0)
    .map((bin) => {
      const stated = `${bin.from.toFixed(1)}–${bin.to.toFixed(1)}`;
      return `${stated}  ${String(bin.cases).padStart(5)} cases  mean ${bin.meanConfidence.toFixed(2)}  right ${(bin.right / bin.cases).toFixed(2)}`;
    });
  return [...lines, '', 'Confidence of the first hypothesis, and how often it was right:', ...reliability].join('\n');
}
