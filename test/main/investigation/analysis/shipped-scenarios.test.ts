import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toAnalysisInput } from '#main/cli/bench-rca/analysis-input.ts';
import type { AnalysisInput } from '#main/investigation/analysis/model.ts';
import { rankCauses } from '#main/investigation/analysis/rank.ts';
import { loadScenario } from '#main/sandbox/scenario/load-scenario.ts';

const ROOT = join(import.meta.dirname, '../../../../resources/scenarios');
const MINUTE = 60_000;
const CASES = [
  { folder: 'bad-deployment', detectors: ['errors', 'latency', 'logs', 'resource'] },
  { folder: 'memory-leak', detectors: ['resource', 'latency', 'logs'] },
] as const;

describe.each(CASES)('the shipped scenario $folder', ({ folder, detectors }) => {
  const load = async () => loadScenario(join(ROOT, folder));

  it('has its true cause first, well above the threshold, with the deployment that made it', async () => {
    const scenario = await load();
    const ranking = rankCauses(toAnalysisInput(scenario, 15 * MINUTE));
    const [best, second] = ranking.ranked;
    expect(best?.service).toBe(scenario.truth.rootCause[0]);
    expect(ranking.abstained).toBe(false);
    expect(best?.confidence).toBeGreaterThan(ranking.threshold + 0.3);
    expect(second?.confidence).toBeLessThan(0.2);
    expect(detectors).toContain(best?.detector);
    expect(best?.change?.kind).toBe('deployment');
    expect(best?.change?.service).toBe(scenario.truth.rootCause[0]);
    expect(ranking.rankedWithoutChanges[0]).toBe(scenario.truth.rootCause[0]);
  });

  it('is judged the same soon after the alarm and later', async () => {
    const scenario = await load();
    for (const minutes of [5, 10, 30]) {
      const ranking = rankCauses(toAnalysisInput(scenario, minutes * MINUTE));
      expect(ranking.ranked[0]?.service, `${minutes} minutes`).toBe(scenario.truth.rootCause[0]);
      expect(ranking.abstained, `${minutes} minutes`).toBe(false);
    }
  });

  it('is found with a late trigger, without the graph, without logs and without changes', async () => {
    const scenario = await load();
    const full = toAnalysisInput(scenario, 15 * MINUTE);
    const later = { ...full.signal, startedAt: full.signal.startedAt + 5 * MINUTE };
    const variants: Readonly<Record<string, AnalysisInput>> = {
      late: { ...full, signal: later },
      'no graph': { ...full, map: { ...full.map, calls: [] } },
      'no logs': { ...full, logs: [] },
      'no changes': { ...full, changes: [] },
    };
    for (const [name, input] of Object.entries(variants))
      expect(rankCauses(input).ranked[0]?.service, name).toBe(scenario.truth.rootCause[0]);
  });

  it('raises no alarm on the day before', async () => {
    const scenario = await load();
    const day = 24 * 60 * MINUTE;
    const today = toAnalysisInput(scenario, 15 * MINUTE);
    const until = today.signal.observedUntil - day;
    const yesterday: AnalysisInput = {
      ...today,
      signal: { ...today.signal, startedAt: today.signal.startedAt - day, observedUntil: until },
      series: today.series.map((series) => {
        const count = series.times.filter((time) => time <= until).length;
        return { ...series, times: series.times.slice(0, count), values: series.values.slice(0, count) };
      }),
      logs: today.logs.filter(({ time }) => time <= until),
      changes: today.changes.filter(({ time }) => time <= until),
    };
    expect(rankCauses(yesterday).abstained).toBe(true);
  });

  it('cites only rows that exist', async () => {
    const input = toAnalysisInput(await load(), 15 * MINUTE);
    const rows = new Map<string, number>();
    for (const { source } of input.series) for (const { digest, count } of source) rows.set(digest, count);
    for (const { source } of input.logs)
      rows.set(source.digest, Math.max(rows.get(source.digest) ?? 0, source.row + 1));
    for (const { citation } of input.changes)
      rows.set(citation.digest, Math.max(rows.get(citation.digest) ?? 0, citation.to));
    for (const { reasons, against } of rankCauses(input).ranked) {
      for (const claim of [...reasons, ...against]) {
        if (claim.kind !== 'not-on-path') expect(claim.citations.length, claim.text).toBeGreaterThan(0);
        for (const { digest, from, to } of claim.citations) {
          expect(from).toBeLessThan(to);
          expect(to).toBeLessThanOrEqual(rows.get(digest) ?? 0);
        }
      }
    }
  });
});
