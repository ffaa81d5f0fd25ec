import { CausewayError } from '#shared/errors.ts';
import type { EvaluationRequest } from './evaluation.ts';
import type { Span } from './periods.ts';
import type { CountedControl, EvaluationRules, RecordCollector } from './rules.ts';

/** Milliseconds. @throws CausewayError `bad-input` */
export function windowOf({ window }: EvaluationRequest): Span {
  const span = { from: Date.parse(window.from), to: Date.parse(window.to) };
  if (span.from < span.to) return span;
  throw new CausewayError('bad-input', 'The window does not end after it begins. Choose another one.');
}

/** In the order asked for. @throws CausewayError `bad-input` for one these rules do not have */
export function controlsAsked(known: readonly CountedControl[], { controls }: EvaluationRequest): CountedControl[] {
  return controls.map((id) => {
    const control = known.find((one) => one.id === id);
    if (control !== undefined) return control;
    throw new CausewayError(
      'bad-input',
      `This version of Causeway has no control ${id}. Use the one that made the report.`,
    );
  });
}

/** @throws CausewayError `bad-input` for one these rules do not have, and what it says of its parameters */
export function beginCollector(rules: EvaluationRules, name: string, parameters: unknown): RecordCollector {
  const begin = Object.hasOwn(rules.collectors, name) ? rules.collectors[name] : undefined;
  if (begin !== undefined) return begin(parameters);
  throw new CausewayError(
    'bad-input',
    `This version of Causeway has no collector ${name}. Use the one that made the report.`,
  );
}
