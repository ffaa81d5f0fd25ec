import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { Verdict } from '#shared/model/verdict.ts';

/** What a reader gives besides the file, for both verifiers alike. */
export interface GivenByReader {
  /** Text of an earlier checkpoint. */
  readonly since?: string | undefined;
  readonly key?: string | undefined;
  readonly witnesses?: readonly string[] | undefined;
  /** False: record signatures are not verified. */
  readonly signatures?: boolean | undefined;
}

/** All of a verdict that two verifiers must agree on. */
export type Judgement = Omit<Verdict, 'file' | 'elapsedMs'>;

export const STAND_ALONE: string = fileURLToPath(
  new URL('../../resources/verifier/causeway-verify.mjs', import.meta.url),
);

type VerifyFile = (path: string, options: GivenByReader) => Promise<unknown>;

/** The stand-alone verifier in this process, from its sources: they are not typed, so what they give is parsed. */
const module = (await import(new URL('../../resources/verifier/source/node.mjs', import.meta.url).href)) as {
  readonly verifyFile: VerifyFile;
};

/** Without what differs from run to run; members in one order, undefined ones left out. */
export function judgementOf(verdict: unknown): Judgement {
  const { file: _file, elapsedMs: _elapsed, ...rest } = Verdict.parse(JSON.parse(JSON.stringify(verdict)));
  return rest;
}

export async function judgeByMain(path: string, given: GivenByReader = {}): Promise<Judgement> {
  return judgementOf(await verifyChainFile(path, given));
}

export async function judgeStandAlone(path: string, given: GivenByReader = {}): Promise<Judgement> {
  return judgementOf(await module.verifyFile(path, given));
}

export interface ProcessVerdict {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The stand-alone verifier as somebody runs it. */
export function runStandAlone(args: readonly string[], node = process.execPath): ProcessVerdict {
  const { status, stdout, stderr } = spawnSync(node, [STAND_ALONE, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}
