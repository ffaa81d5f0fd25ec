import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Console, Workspace } from '#main/console.ts';
import { createFileVerifier } from '#main/shell/file-verifier.ts';
import { CausewayError, type ErrorCode } from '#shared/errors.ts';
import type { ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { PROJECT_ROOT } from '../../support/project-root.ts';

const GOOD = join(PROJECT_ROOT, 'test/vectors/valid/valid-plain.chain.jsonl');

function withoutSession(code: ErrorCode = 'sign-in-required') {
  const told: ConsoleEvent[] = [];
  const cancelVerify = vi.fn();
  const workspace = { cancelVerify } as Pick<Workspace, 'cancelVerify'> as Workspace;
  const asked: string[] = [];
  const admit = async (access: string) => {
    asked.push(access);
    throw new CausewayError(code, 'Not now.');
  };
  const verifier = createFileVerifier({ admit, workspace: () => workspace }, (event) => told.push(event));
  return { told, asked, cancelVerify, verifier };
}

describe('a file verified without an account', () => {
  test.each(['sign-in-required', 'denied'] as const)('%s: is verified all the same', async (code) => {
    const { verifier, told, asked } = withoutSession(code);
    expect(await verifier.verify(GOOD)).toMatchObject({ verdict: 'valid', problems: [] });
    expect(asked).toEqual(['trail.verify']);
    expect(told.at(-1)).toMatchObject({ type: 'verifying' });
    expect(await verifier.verify(GOOD)).toMatchObject({ verdict: 'valid' }); // once more, after the first
  });

  test('is not verified when it could not be told who asks', async () => {
    const { verifier } = withoutSession('audit-unavailable');
    await expect(verifier.verify(GOOD)).rejects.toMatchObject({ code: 'audit-unavailable' });
  });

  test('one at a time, and cancelled', async () => {
    const { verifier, cancelVerify } = withoutSession();
    const running = verifier.verify(GOOD);
    await Promise.resolve(); // the first has found out that nobody is signed in
    await new Promise((next) => setImmediate(next));
    const ended = running.then(
      () => 'verified',
      (error: unknown) => (error instanceof CausewayError ? error.code : 'other'),
    );
    const second = verifier.verify(GOOD).then(
      () => 'verified',
      (error: unknown) => (error instanceof CausewayError ? error.code : 'other'),
    );
    verifier.cancel();
    expect(cancelVerify).toHaveBeenCalledTimes(1); // of the own chain, too
    expect([await ended, await second]).toEqual(['cancelled', 'conflict']);
    expect(await verifier.verify(GOOD)).toMatchObject({ verdict: 'valid' });
  });
});

test('with somebody signed in who may, it is verified as theirs, on record', async () => {
  const verdict = { verdict: 'valid' } as Verdict;
  const verifyFile = vi.fn(async () => verdict);
  const console = { verifyFile } as Pick<Console, 'verifyFile'> as Console;
  const told: ConsoleEvent[] = [];
  const caller = { console } as Awaited<ReturnType<Parameters<typeof createFileVerifier>[0]['admit']>>;
  const verifier = createFileVerifier({ admit: async () => caller, workspace: () => null }, (event) =>
    told.push(event),
  );
  expect(await verifier.verify(GOOD)).toBe(verdict);
  expect(verifyFile).toHaveBeenCalledWith(GOOD);
  expect(told).toEqual([]); // the workspace tells of it
  verifier.cancel(); // nothing runs here
});
