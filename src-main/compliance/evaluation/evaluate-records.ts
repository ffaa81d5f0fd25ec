import { openChainFile } from '#main/audit/reading/chain-file-reader.ts';
import { openRecordReader, type ReaderAddress } from '#main/audit/reading/record-reader.ts';
import { CausewayError } from '#shared/errors.ts';
import type { RecordSource } from './evaluate.ts';
import type { Evaluation, EvaluationRequest } from './evaluation.ts';
import { Evaluator } from './evaluator.ts';
import type { EvaluationRules } from './rules.ts';

/** Seqs are kept as 32 bits. */
const MOST_RECORDS = 2 ** 32 - 1;

type Progress = (done: number, total: number) => void;

/** Records looked at before the clock is. */
const PACE = 256;
const TELL_EVERY_MS = 50;

/**
 * Counts the records of a source, on whatever thread this is.
 * @throws CausewayError as `evaluate`
 */
export function evaluateSource(
  rules: EvaluationRules,
  source: RecordSource,
  request: EvaluationRequest,
  onProgress: Progress,
): Evaluation | Promise<Evaluation> {
  if (!Number.isSafeInteger(request.last) || request.last < 1) {
    throw new CausewayError('bad-input', 'A report is made over one record at least.');
  }
  if (request.last > MOST_RECORDS) {
    throw new CausewayError('too-large', 'A report is made over four billion records at most.');
  }
  switch (source.kind) {
    case 'store':
      return evaluateStore(rules, source.address, request, onProgress);
    case 'file':
      return evaluateFile(rules, source.path, request, onProgress);
  }
}

function evaluateStore(
  rules: EvaluationRules,
  address: ReaderAddress,
  request: EvaluationRequest,
  onProgress: Progress,
): Evaluation {
  const reader = openRecordReader(address);
  try {
    const { chain, tenant } = reader;
    const identity = { chain, tenant, checkpoint: reader.checkpoint(request.last) };
    const evaluator = new Evaluator(rules, request, identity);
    const tell = pace(request.last, onProgress);
    for (const record of reader.read(1, request.last)) {
      evaluator.take(record);
      tell();
    }
    return evaluator.finish();
  } finally {
    reader.close();
  }
}

async function evaluateFile(
  rules: EvaluationRules,
  path: string,
  request: EvaluationRequest,
  onProgress: Progress,
): Promise<Evaluation> {
  const file = await openChainFile(path);
  try {
    const { chain, tenant } = file;
    requireReach(file.last, request.last);
    // its own checkpoint stands at the end and is of another size: the request says which one matters
    const evaluator = new Evaluator(rules, request, { chain, tenant, checkpoint: null });
    const tell = pace(request.last, onProgress);
    await file.read(({ bytes, hash }) => {
      evaluator.take({ seq: null, bytes, hash });
      tell();
      return evaluator.seq >= request.last ? 'enough' : 'more';
    });
    requireReach(evaluator.seq, request.last);
    return evaluator.finish();
  } finally {
    await file.close();
  }
}

function requireReach(found: number, wanted: number): void {
  if (found >= wanted) return;
  const text = `This chain file ends at record ${found}, and the report is about ${wanted}. Export the whole chain again.`;
  throw new CausewayError('bad-input', text, { reason: 'too-short' });
}

function pace(total: number, onProgress: Progress): () => void {
  let done = 0;
  let told = performance.now();
  return () => {
    done++;
    if (done % PACE !== 0 || performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    onProgress(Math.min(done, total), total);
  };
}
