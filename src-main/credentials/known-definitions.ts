import { createHash } from 'node:crypto';
import type { RecordedCall } from './call-recorder.ts';

/** A described task definition is some kilobytes; an investigation describes a few. */
const MOST_KEPT = 200;

/** Bytes of stored evidence by digest; throws when there are none. */
export type ReadEvidence = (digest: string) => Uint8Array;

/** The answers of DescribeTaskDefinition that plans name by digest, without anybody's word for what they were. */
export interface KnownDefinitions {
  /** Keeps what a lease of this broker itself was answered. */
  note(call: RecordedCall, output: object | null): void;
  /** What the digest names, from stored evidence or as seen; null when it is not at hand. */
  open(digest: string): unknown;
}

/** @param readEvidence the workspace's evidence, which is re-hashed here: the plan's digest decides, not who answers */
export function createKnownDefinitions(readEvidence?: ReadEvidence): KnownDefinitions {
  const seen = new Map<string, string>();
  const stored = (digest: string): string | null => {
    try {
      const bytes = readEvidence?.(digest);
      if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== digest) return null;
      return new TextDecoder().decode(bytes);
    } catch {
      return null; // not stored, or damaged: the step that needs it is refused, on record
    }
  };
  return {
    note: ({ operation, responseDigest }, output) => {
      if (operation !== 'ecs:DescribeTaskDefinition' || responseDigest === null || output === null) return;
      const { taskDefinition } = output as { readonly taskDefinition?: unknown };
      seen.set(responseDigest, JSON.stringify({ taskDefinition }));
      const [oldest] = seen.keys();
      if (seen.size > MOST_KEPT && oldest !== undefined) seen.delete(oldest);
    },
    open: (digest) => {
      const text = stored(digest) ?? seen.get(digest);
      return text === undefined ? null : (JSON.parse(text) as unknown);
    },
  };
}
