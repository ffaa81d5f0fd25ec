import { join } from 'node:path';
import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { BreakKind, type HistoryBreak } from '#shared/ipc/verification-views.ts';
import { Digest } from '#shared/model/evidence.ts';
import { breakCountName, breakName } from '../secret-names.ts';

/**
 * An acknowledged break as the keychain keeps it for good: one entry each, small enough for the Windows Credential
 * Manager (2,560 bytes). The whole note of the superseded checkpoint is in the bundle.
 */
const Entry = z.strictObject({
  id: z.string().max(64),
  kind: BreakKind,
  text: z.string().max(500),
  foundAt: z.iso.datetime({ precision: 3 }),
  source: z.string().max(500).nullable(),
  seq: z.int().min(1).nullable(),
  /** The file's name in the tenant's folder `incidents`. */
  bundle: z.strictObject({ name: z.string().max(128), digest: Digest }),
  /** The checkpoint that was given up. */
  superseded: z.strictObject({ size: z.int().min(0), root: z.string().max(64) }).nullable(),
  acknowledged: z.strictObject({ at: z.iso.datetime({ precision: 3 }), seq: z.int(), by: z.string().max(128) }),
});
export type RegisteredBreak = z.infer<typeof Entry>;

/** More than this many are not kept one by one; nothing is ever taken out. */
export const MAX_BREAKS = 200;

/** What the keychain knows of acknowledged breaks, oldest first. An entry that cannot be read stays as one of its own. */
export async function loadBreaks(secrets: SecretStore, chain: string): Promise<RegisteredBreak[]> {
  const counted = Number(Buffer.from((await secrets.get(breakCountName(chain))) ?? []).toString('utf8')) || 0;
  const breaks: RegisteredBreak[] = [];
  for (let number = 1; number <= MAX_BREAKS; number++) {
    const secret = await secrets.get(breakName(chain, number));
    // an entry that was taken out does not hide those after it
    if (secret === null && number > counted) break;
    breaks.push(parseEntry(secret) ?? lostEntry(number));
  }
  return breaks;
}

/** Adds breaks; the number goes up last, and an entry beyond it is found all the same. */
export async function registerBreaks(
  secrets: SecretStore,
  chain: string,
  known: number,
  added: readonly RegisteredBreak[],
): Promise<void> {
  const room = added.slice(0, Math.max(0, MAX_BREAKS - known));
  for (const [index, one] of room.entries()) {
    const text = JSON.stringify({ ...one, text: one.text.slice(0, 300), source: one.source?.slice(0, 300) ?? null });
    await secrets.set(breakName(chain, known + index + 1), Buffer.from(text, 'utf8'));
  }
  await secrets.set(breakCountName(chain), Buffer.from(String(known + room.length), 'utf8'));
}

function parseEntry(secret: Uint8Array | null): RegisteredBreak | null {
  if (secret === null) return null;
  try {
    return Entry.parse(JSON.parse(Buffer.from(secret).toString('utf8')));
  } catch {
    return null; // told as what it is by the entry that stands in for it
  }
}

function lostEntry(number: number): RegisteredBreak {
  const at = new Date(0).toISOString();
  return {
    id: `lost-${number}`,
    kind: 'checkpoint-unreadable',
    text: `The keychain's entry of acknowledged break ${number} is gone or cannot be read. See the acknowledgements in the trail.`,
    foundAt: at,
    source: 'keychain',
    seq: null,
    bundle: { name: '', digest: '0'.repeat(64) },
    superseded: null,
    acknowledged: { at, seq: 0, by: 'unknown' },
  };
}

export function toHistoryBreak({ superseded, bundle, ...rest }: RegisteredBreak, folder: string): HistoryBreak {
  return {
    ...rest,
    bundle: bundle.name === '' ? null : { file: join(folder, bundle.name), digest: bundle.digest },
  };
}
