import type { Hypothesis } from '#shared/model/investigation.ts';

/**
 * The metric keys to try for a hypothesis' chart, the likeliest first. `metric` is what the engine names; the others are
 * the keys services carry for what the detector looks at.
 */
export function metricsOf(hypothesis: Pick<Hypothesis, 'service' | 'detector' | 'metric'>): readonly string[] {
  const { service, detector, metric } = hypothesis;
  const kinds: Readonly<Record<string, readonly string[]>> = {
    latency: ['latency'],
    errors: ['errors'],
    resource: ['memory', 'cpu'],
    logs: ['errors', 'latency'],
    silence: ['requests'],
  };
  const guessed = (kinds[detector] ?? []).map((kind) => `${service}.${kind}`);
  return metric === undefined ? guessed : [metric, ...guessed.filter((key) => key !== metric)];
}
