import type { ReportRequest } from '#shared/model/report.ts';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { REPORT_TERMS } from './report-words.ts';

/** What a request is about, in a few words: "2025-11-21 to 2026-11-20 · 12 criteria · a sample of House profile". */
export function describeRequest(request: ReportRequest): string {
  const { window, criteria, incident, campaign, sample, filter, disclose } = request;
  const { frameworks, time } = REPORT_TERMS[request.kind];
  const parts = [
    incident ??
      campaign ??
      (time === 'date' ? `on ${lastDay(window.to)}` : `${window.from.slice(0, 10)} to ${lastDay(window.to)}`),
  ];
  if (frameworks.length > 0) {
    parts.push(criteria === undefined ? 'all criteria' : formatPlural(criteria.length, 'criterion', 'criteria'));
  }
  if (sample !== undefined) parts.push(`sample with ${sample.number} by ${sample.profile.name}`);
  if (filter !== undefined) parts.push(`${formatCount(filter.actors.length)} of its actors only`);
  parts.push(disclose ? 'names and reasons in clear' : 'names and reasons sealed');
  return parts.join(' · ');
}

/** The last day of a window, whose end is not part of it. */
export function lastDay(to: string): string {
  return new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
}
