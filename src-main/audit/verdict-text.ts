import type { Verdict } from '#shared/model/verdict.ts';
import type { KeyRing } from './key-ring.ts';
import type { ProblemList } from './problems.ts';

export type Selection = 'complete' | 'range' | 'extract' | null;

export interface ProofContext {
  readonly selection: Selection;
  /** The key was compared with one received another way. */
  readonly pinned: boolean;
  /** An earlier checkpoint was compared. */
  readonly since: boolean;
  /** The checkpoint's further signature lines. */
  readonly witnesses?: Verdict['witnesses'];
  /** A range that does not begin with the first record. */
  readonly beginsLater?: boolean;
  /** Record signatures were not checked, because the caller said so. */
  readonly signaturesSkipped?: boolean;
  /** More erasures than are counted. */
  readonly erasuresCut?: boolean;
}

/** What a verification of a chain cannot show, in words. Said with every verdict, also with a good one. */
export function listNotProven({
  selection,
  pinned,
  since,
  witnesses,
  beginsLater,
  signaturesSkipped,
  erasuresCut,
}: ProofContext): string[] {
  const list = [
    'That nothing was left out before it was written: a chain shows what was recorded, not what should have been.',
    "That the clock of the writing machine was right: times are that machine's own.",
    'That the signing key was in the right hands: whoever holds it can sign.',
  ];
  if (!pinned) list.push('Whose key this is: compare the key id with one received another way (--key).');
  list.push(
    since
      ? 'That nothing was cut off after the earlier checkpoint: a file can be cut back to any genuine checkpoint after it.'
      : 'That nothing was cut off or forked: anybody can cut a file back to an older genuine checkpoint. Compare with a newer one kept elsewhere (--since).',
  );
  if (witnesses?.some(({ state }) => state === 'unknown-key') === true)
    list.push(
      'Who made the cosignatures whose key was not given: compare it with one received another way (--witness).',
    );
  if (witnesses?.some(({ state }) => state === 'verified') === true)
    list.push(
      'That a witness is independent of whoever wrote the chain: it says that it saw this checkpoint, and none before that contradicts it.',
    );
  if (signaturesSkipped === true)
    list.push('That the records were signed: their signatures were not checked, as was asked (--skip-signatures).');
  if (selection === 'range')
    list.push('What lies outside the range: its hashes are part of the proof, its content is not.');
  if (selection === 'extract')
    list.push(
      'That these are all the records selected: an extract proves each record it holds, never that none is left out.',
    );
  if (beginsLater === true || selection === 'extract')
    list.push(
      selection === 'extract'
        ? 'Which keys were in force: that is the word of the header, not of the chain.'
        : 'Which keys were in force where the range begins: that is the word of the header, not of the chain.',
    );
  if (erasuresCut === true)
    list.push('How many values were erased in all: there are more than are counted, the rest count as withheld.');
  return list;
}

export function describeKeys(ring: KeyRing): Verdict['keys'] {
  return ring.entries().map(({ description, records }) => ({
    id: description.id,
    alg: description.alg,
    fromSeq: description.fromSeq,
    records,
  }));
}

/** `readable`: header and end were read. */
export function verdictWord(problems: ProblemList, readable: boolean): Verdict['verdict'] {
  if (!readable) return 'unreadable';
  return problems.failures === 0 ? 'valid' : 'invalid';
}
