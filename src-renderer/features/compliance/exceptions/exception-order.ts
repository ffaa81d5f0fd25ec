import type { ReportException } from '#shared/model/report.ts';
import { holdsTyped } from '../parts/typed-words.ts';

/** Open ones first, the newest first among them; those without a moment at the end. None is left out. */
export function openFirst(exceptions: readonly ReportException[]): readonly ReportException[] {
  return exceptions.toSorted(
    (a, b) =>
      Number(b.state === 'open') - Number(a.state === 'open') ||
      (b.time ?? '').localeCompare(a.time ?? '') ||
      (b.seq ?? 0) - (a.seq ?? 0) ||
      (a.id < b.id ? -1 : 1),
  );
}

export interface ExceptionFilter {
  readonly state?: ReportException['state'];
  readonly text?: string;
}

/** Words are looked for in control, kind and text. */
export function filterExceptions(
  exceptions: readonly ReportException[],
  { state, text = '' }: ExceptionFilter,
): readonly ReportException[] {
  if (state === undefined && text.trim() === '') return exceptions;
  const holds = holdsTyped(text);
  return exceptions.filter(
    (exception) =>
      (state === undefined || exception.state === state) &&
      holds(`${exception.control ?? ''} ${exception.kind} ${exception.text}`),
  );
}
