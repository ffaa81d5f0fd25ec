import { CausewayError } from '#shared/errors.ts';
import type { Citation, EvidenceInfo } from '#shared/model/evidence.ts';
import { citationResolves } from './pointer.ts';

/** Where stored answers rest; content is addressed by its digest. */
export interface EvidenceStore {
  /** Keeps the bytes under their digest. Storing the same bytes again changes nothing. */
  putEvidence(info: EvidenceInfo, content: Uint8Array): void;
  /** The stored bytes, re-hashed; `not-found`, or `audit-broken` when they are no longer what the digest says. */
  readEvidence(digest: string): { readonly info: EvidenceInfo; readonly content: Uint8Array };
}

/** What one investigation has collected: every answer stored, and opened again from the store when a citation is checked. */
export interface EvidenceBook {
  put(info: EvidenceInfo, content: Uint8Array): void;
  list(): readonly EvidenceInfo[];
  resolves(citation: Citation): boolean;
  /** The answers are large: lets go of the parsed copies. */
  release(): void;
}

/** @param known what the investigation collected before, when it goes on after a decision. */
export function createEvidenceBook(store: EvidenceStore, known: readonly EvidenceInfo[] = []): EvidenceBook {
  const infos = new Map(known.map((info) => [info.digest, info]));
  const opened = new Map<string, unknown>();
  const open = (digest: string): unknown => {
    if (!infos.has(digest)) return undefined;
    if (!opened.has(digest)) opened.set(digest, readStored(store, digest));
    return opened.get(digest);
  };
  return {
    put(info, content) {
      store.putEvidence(info, content);
      if (!infos.has(info.digest)) infos.set(info.digest, info);
    },
    list: () => [...infos.values()].sort(byCollection),
    resolves: (citation) => citationResolves(citation, open),
    release: () => opened.clear(),
  };
}

/** Agents work at the same time: the order of arrival differs from run to run, this one does not. */
function byCollection(a: EvidenceInfo, b: EvidenceInfo): number {
  const left = `${a.agent} ${a.operation} ${a.digest}`;
  const right = `${b.agent} ${b.operation} ${b.digest}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

function readStored(store: EvidenceStore, digest: string): unknown {
  const { content } = store.readEvidence(digest);
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch (cause) {
    throw new CausewayError('internal', `The stored evidence ${digest} is no JSON.`, { cause });
  }
}
