import type { BreakKind } from '#shared/ipc/verification-views.ts';
import { canonicalBytes } from '../canonical.ts';
import { hashRecord } from '../hash.ts';
import type { InvolvedCheckpoint } from './incident-bundle.ts';

/** A contradiction found in the own history, before anybody acknowledged it. */
export interface Finding {
  readonly kind: BreakKind;
  /** What was found, and by what it shows. */
  readonly text: string;
  /** Where the contradicting checkpoint is kept; null when the database contradicts itself. */
  readonly source: string | null;
  /** First record concerned, where one can be named. */
  readonly seq: number | null;
  readonly checkpoint: KnownCheckpoint | null;
  /** Why writing can never go on after this; null when a person can acknowledge it. */
  readonly final: string | null;
}

/** A signed checkpoint that is kept somewhere. */
export interface KnownCheckpoint {
  readonly source: string;
  readonly note: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Hash of the record at `size`, where it is known. */
  readonly head: string | null;
}

export function finding(
  kind: BreakKind,
  text: string,
  more: Partial<Pick<Finding, 'source' | 'seq' | 'checkpoint' | 'final'>> = {},
): Finding {
  return { kind, text: text.slice(0, 500), source: null, seq: null, checkpoint: null, final: null, ...more };
}

/**
 * Names a break: the same while it waits, another one each time it comes back after it was acknowledged (`before` counts
 * those), so that what was acknowledged once never passes for acknowledged again.
 */
export function breakId({ kind, text, source, seq, checkpoint }: Finding, before: number): string {
  const parts = [kind, text, source, seq, checkpoint?.size ?? null, checkpoint?.root ?? null, before];
  return hashRecord(canonicalBytes(parts.map((part) => (typeof part === 'string' ? part.toWellFormed() : part)))).slice(
    0,
    16,
  );
}

export function involved({ source, note, head }: KnownCheckpoint): InvolvedCheckpoint {
  return { source, note, head };
}
