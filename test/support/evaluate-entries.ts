import type { Evaluation, EvaluationRequest } from '#main/compliance/evaluation/evaluation.ts';
import { type ChainIdentity, Evaluator, type SourceRecord } from '#main/compliance/evaluation/evaluator.ts';
import type { EvaluationRules } from '#main/compliance/evaluation/rules.ts';

/** Counts records that are given one after the other. */
export function evaluateEntries(
  rules: EvaluationRules,
  identity: ChainIdentity,
  request: EvaluationRequest,
  records: Iterable<SourceRecord>,
): Evaluation {
  const evaluator = new Evaluator(rules, request, identity);
  for (const record of records) evaluator.take(record);
  return evaluator.finish();
}
