import type { Verdict } from '#shared/model/verdict.ts';
import type { Note } from '../checkpoint.ts';
import { judgeCosignatures } from './cosignature.ts';
import { readVkey, type WitnessKey } from './vkey.ts';

/**
 * The cosignatures of a file's checkpoint (chain format, section 4). Of each vkey that was given there must be one that
 * holds: whoever asks for a witness is not told that a file is valid from which its cosignature was taken off.
 */
export function checkWitnesses(
  note: Note,
  keys: readonly WitnessKey[],
  report: (message: string) => void,
): Verdict['witnesses'] {
  const judged = judgeCosignatures(note, keys);
  for (const { name, keyId, state } of judged) {
    if (state === 'wrong') report(`the cosignature of ${name} ${keyId} is wrong`);
  }
  for (const { name, keyId } of keys) {
    const there = judged.some((line) => line.name === name && line.keyId === keyId);
    if (!there) report(`there is no cosignature of ${name} ${keyId}`);
  }
  return judged.flatMap(({ state, ...line }) => (state === 'wrong' ? [] : [{ ...line, state }]));
}

/** The keys of vkeys, each once. @throws Error when one is none: the caller has checked them */
export function witnessKeys(vkeys: readonly string[]): WitnessKey[] {
  return [...new Set(vkeys)].map((vkey) => {
    const key = readVkey(vkey);
    if (typeof key === 'string') throw new Error(key);
    return key;
  });
}
