import type { AlarmKind, Severity } from '#shared/model/incident.ts';

/** Where an alarm says the trouble is. What it does not say is null. All strings were written outside. */
export interface AlarmSubject {
  readonly metric: {
    readonly namespace: string | null;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
  } | null;
  readonly service: string | null;
  /** An environment named by the alarm's author, where the kind of alarm allows it. */
  readonly environment: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

/** An alarm of any kind, reduced to what an incident is made of. Title and name are untrusted text. */
export interface Alarm {
  readonly kind: AlarmKind;
  readonly name: string;
  readonly title: string;
  /** Null where this kind of alarm carries no severity. */
  readonly severity: Severity | null;
  readonly subject: AlarmSubject;
  /** RFC 3339, UTC, milliseconds. */
  readonly startedAt: string;
}

/** In code points: a title is for recognising an incident, not for reading. */
const LONGEST_TITLE = 250;

/** One line of at most 250 characters: control characters would let an outside text change how a terminal or list looks. */
export function toTitle(text: string, otherwise: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return Array.from(line === '' ? otherwise : line)
    .slice(0, LONGEST_TITLE)
    .join('');
}
