import { z } from 'zod';
import type { SecretStore } from '#main/platform/secret-store.ts';
import { BreakKind } from '#shared/ipc/verification-views.ts';
import { parseNote } from '../checkpoint.ts';
import { claimName } from '../secret-names.ts';
import type { SqliteRows } from '../sqlite-rows.ts';
import { contradiction } from './compare.ts';
import { type Finding, finding } from './finding.ts';

/** More are not kept one by one: one that contradicts is enough to be found. */
const MAX_CLAIMS = 50;
/** Windows has room for 2,560 bytes. */
const MAX_ENTRY = 2400;

/** A contradiction that somebody elsewhere showed, as it was told: it is not forgotten when their file is gone. */
const Claim = z.strictObject({
  kind: BreakKind,
  text: z.string().max(500),
  source: z.string().max(500),
  seq: z.int().min(1).nullable(),
  /** The signed checkpoint, with the chain's own signature only. */
  note: z.string().max(2000),
});
export type Claim = z.infer<typeof Claim>;

/** Keeps what contradicts in the keychain, before it is told; once. */
export async function keepClaim(secrets: SecretStore, chain: string, found: Finding): Promise<void> {
  const { kind, source, seq, checkpoint } = found;
  if (checkpoint === null || source === null || source === 'keychain' || source === 'database') return;
  const note = ownSignature(checkpoint.note);
  let claim: Claim = { kind, text: found.text, source: source.slice(0, 500), seq, note };
  if (Buffer.byteLength(JSON.stringify(claim), 'utf8') > MAX_ENTRY) {
    claim = { ...claim, text: claim.text.slice(0, 200), source: claim.source.slice(0, 100) };
  }
  for (let number = 1; number <= MAX_CLAIMS; number++) {
    const there = await secrets.get(claimName(chain, number));
    if (there !== null && parseClaim(there)?.note === note) return;
    if (there !== null) continue;
    await secrets.set(claimName(chain, number), Buffer.from(JSON.stringify(claim), 'utf8'));
    return;
  }
}

/** One that cannot be read says nothing: what it was about is in its incident bundle. */
export async function loadClaims(secrets: SecretStore, chain: string): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (let number = 1; number <= MAX_CLAIMS; number++) {
    const secret = await secrets.get(claimName(chain, number));
    if (secret === null) break;
    const claim = parseClaim(secret);
    if (claim !== null) claims.push(claim);
  }
  return claims;
}

/** The claims the database still contradicts, each as it was told; not those that were given up. */
export function claimFindings(
  rows: SqliteRows,
  last: number,
  claims: readonly Claim[],
  isSuperseded: (checkpoint: { readonly size: number; readonly root: string }) => boolean,
): Finding[] {
  return claims.flatMap(({ kind, text, source, seq, note }) => {
    const parsed = parseNote(note);
    if (typeof parsed === 'string' || isSuperseded(parsed)) return [];
    const checkpoint = { source, note, size: parsed.size, root: parsed.root, head: null };
    if (contradiction(rows, last, checkpoint) === null) return [];
    return [finding(kind, text, { source, seq, checkpoint })];
  });
}

function parseClaim(secret: Uint8Array): Claim | null {
  try {
    return Claim.parse(JSON.parse(Buffer.from(secret).toString('utf8')));
  } catch {
    return null;
  }
}

/** The note up to its first signature line: cosignatures would not fit. */
function ownSignature(note: string): string {
  return `${note.split('\n').slice(0, 5).join('\n')}\n`;
}
