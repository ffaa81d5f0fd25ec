import { readSmallFile } from '#main/platform/atomic-file.ts';
import { CausewayError } from '#shared/errors.ts';
import type {
  AddCosignatureResult,
  CheckpointRow,
  CosignResult,
  KnownWitness,
  WitnessRequestMade,
} from '#shared/ipc/verification-views.ts';
import type { AuditStore } from '../audit/store.ts';
import { MAX_ANSWER } from '../audit/witness/cosignature-file.ts';
import type { By } from '../audit/witness/cosigner.ts';
import { MAX_REQUEST } from '../audit/witness/request.ts';
import type { RequestOptions } from '../audit/witness/witnesses.ts';
import type { Random } from '../platform/random.ts';
import { saveFile } from './save-file.ts';

/** Witnesses by file: this console's chain cosigned by others, and others' chains by this console. */
export interface Witnessing {
  /** Newest first; `before` is a size. */
  checkpoints(page: { readonly before?: number | undefined; readonly limit: number }): CheckpointRow[];
  witnesses(): KnownWitness[];
  /** The verifier key others know this console by as a witness; made at first use. */
  ownKey(): Promise<string>;
  /** Writes a request for a checkpoint of everything there is now. */
  request(file: string, options: RequestOptions): Promise<WitnessRequestMade>;
  /** What a person has to trust before the request in this file can be cosigned; null for a chain that is known. */
  look(request: string): Promise<Extract<CosignResult, { needsTrust: object }>['needsTrust'] | null>;
  /** Cosigns the request of one file into another. `trust`: the key id a person has compared. */
  cosign(request: string, answer: string, trust: string | undefined): Promise<CosignResult>;
  /** Takes a witness's answer over. `trust`: the vkey a person has compared. */
  add(answer: string, trust: string | undefined): Promise<AddCosignatureResult>;
  remove(name: string): Promise<void>;
}

export interface WitnessingOptions {
  readonly store: Pick<AuditStore, 'witnesses' | 'cosigner'>;
  readonly by: By;
  readonly random: Random;
  /** Runs what writes, unless the console is closing. */
  readonly run: <T>(task: () => Promise<T>) => Promise<T>;
  /** Told when the trail has grown. */
  readonly changed: () => void;
}

export function createWitnessing({ store, by, random, run, changed }: WitnessingOptions): Witnessing {
  const { witnesses, cosigner } = store;
  const write = (file: string, text: string) => saveFile(file, Buffer.from(text, 'utf8'), random);
  const change = <T>(task: () => Promise<T>): Promise<T> =>
    run(async () => {
      try {
        return await task();
      } finally {
        changed();
      }
    });
  return {
    checkpoints: ({ before, limit }) =>
      witnesses
        .checkpoints(before ?? Number.MAX_SAFE_INTEGER, limit)
        .map(({ cosignatures, ...row }) => ({ ...row, cosignatures: [...cosignatures] })),
    witnesses: () =>
      witnesses.list().map(({ key, lastSize, lastAt }) => ({ name: key.name, vkey: key.vkey, lastSize, lastAt })),
    ownKey: async () => (await cosigner.key()).vkey,
    request: (file, options) =>
      change(async () => {
        const { text, size, old } = await witnesses.request(options);
        await write(file, text);
        return { file, size, old };
      }),
    look: async (request) => cosigner.look(await readText(request, MAX_REQUEST)),
    cosign: (request, answer, trust) =>
      change(async () => {
        const made = await cosigner.cosign(await readText(request, MAX_REQUEST), trust, by);
        if (made.needsTrust !== null) return { needsTrust: made.needsTrust };
        await write(answer, made.answer);
        const { chain, size, root, vkey } = made;
        return { needsTrust: null, file: answer, chain, size, root, vkey };
      }),
    add: (answer, trust) =>
      change(async () => {
        const added = await witnesses.add(await readText(answer, MAX_ANSWER), trust, by);
        if (added.needsTrust !== null) return { needsTrust: added.needsTrust };
        return { needsTrust: null, size: added.size, cosignatures: [...added.cosignatures] };
      }),
    remove: (name) => change(() => witnesses.remove(name, by)),
  };
}

async function readText(file: string, most: number): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readSmallFile(file, most);
  } catch (cause) {
    const why = cause instanceof Error && !('code' in cause) ? `: ${cause.message}` : '';
    throw new CausewayError('bad-input', `The file ${file} cannot be read${why}.`, { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CausewayError('bad-input', `The file ${file} is not text.`, { cause });
  }
}
