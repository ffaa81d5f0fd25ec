import type { Verdict } from '#shared/model/verdict.ts';
import type { KeyRing } from './key-ring.ts';
import type { ProblemList } from './problems.ts';

export type Selection = 'complete' | 'range' | null;

/** What a verification of a chain cannot show, in words. Said with every verdict, also with a good one. */
export function listNotProven(selection: Selection, pinned: boolean, since: boolean): string[] {
  const list = [
    'That nothing was left out before it was written: a chain shows what was recorded, not what should have been.',
    "That the clock of the writing machine was right: times are that machine's own.",
    'That the signing key was in the right hands: whoever holds it can sign.',
  ];
  if (!pinned) list.push('Whose key this is: compare the key id with one received another way (--key).');
  if (!since)
    list.push('That nothing was cut off or forked since: compare with a checkpoint kept elsewhere (--since).');
  if (selection === 'range')
    list.push('What lies outside the range: its hashes are part of the proof, its content is not.');
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
