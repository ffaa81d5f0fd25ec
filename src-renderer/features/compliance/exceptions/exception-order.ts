import type { ReportException } from '#shared/model/report.ts';

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
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (state === undefined && words.length === 0) return exceptions;
  return exceptions.filter((exception) => {
    if (state !== undefined && exception.state !== state) return false;
    const all = `${exception.control ?? ''} ${exception.kind} ${exception.text}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
