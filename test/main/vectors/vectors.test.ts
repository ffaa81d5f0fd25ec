import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { Verdict } from '#shared/model/verdict.ts';
import { removeFolder, temporaryFolder } from '../../support/audit-store.ts';
import { judgeByMain, judgementOf, judgeStandAlone, runStandAlone } from '../../support/compare-verdicts.ts';
import { allVectors } from '../../vectors/make/all.ts';
import { filesOf } from '../../vectors/make/write.ts';

const VECTORS = fileURLToPath(new URL('../../vectors', import.meta.url));

/** What the index says of a vector, read as somebody else would: from the file. */
const Entry = Verdict.omit({ file: true, elapsedMs: true, notProven: true, problems: true }).extend({
  name: z.string(),
  file: z.string(),
  what: z.string(),
  fill: z.strictObject({ at: z.int(), byte: z.int(), count: z.int() }).optional(),
  given: z
    .strictObject({
      since: z.string().optional(),
      key: z.string().optional(),
      witnesses: z.array(z.string()).optional(),
    })
    .default({}),
  problems: z.array(Verdict.shape.problems.element.omit({ message: true })),
});
type Entry = z.infer<typeof Entry>;
const Index = z.strictObject({ format: z.literal('causeway/vectors/1'), vectors: z.array(Entry) });

const index = Index.parse(JSON.parse(readFileSync(join(VECTORS, 'index.json'), 'utf8')));
const folder = temporaryFolder();
afterAll(() => removeFolder(folder));

/** The file as it stands, or a copy with the bytes that were left out. */
function fileOf({ file, fill }: Entry): string {
  const path = join(VECTORS, file);
  if (fill === undefined) return path;
  const bytes = readFileSync(path);
  const whole = Buffer.concat([
    bytes.subarray(0, fill.at),
    Buffer.alloc(fill.count, fill.byte),
    bytes.subarray(fill.at),
  ]);
  const copy = join(folder, file.replace('/', '-'));
  writeFileSync(copy, whole);
  return copy;
}

/** All the index says, in the form of a verdict. */
function expectedOf({ name: _name, file: _file, what: _what, fill: _fill, given: _given, ...said }: Entry) {
  return said;
}

function withoutWords(verdict: ReturnType<typeof judgementOf>) {
  const { notProven: _words, problems, ...rest } = verdict;
  return { ...rest, problems: problems.map(({ message: _message, ...problem }) => problem) };
}

/** Blocks of a line or two, so that a small file is cut into many. */
const THREAD = { count: 1, block: 1500 };

/** @securityTest Every damage of the published vectors is told, by both verifiers, in every way of reading, as it is written down */
describe('the vectors of the chain format', () => {
  it('are what their script makes', () => {
    const files = filesOf(allVectors());
    const stored = ['valid', 'damaged'].flatMap((name) =>
      readdirSync(join(VECTORS, name)).map((file) => `${name}/${file}`),
    );
    expect([...stored, 'index.json'].sort()).toEqual([...files.keys()].sort());
    for (const [path, bytes] of files) {
      expect(readFileSync(join(VECTORS, path)).equals(bytes), `${path}: node test/vectors/generate.ts`).toBe(true);
    }
  });

  it('are many, small, and of every code', () => {
    const damaged = index.vectors.filter(({ file }) => file.startsWith('damaged/'));
    expect(damaged.length).toBeGreaterThanOrEqual(150);
    expect(new Set(index.vectors.map(({ name }) => name)).size).toBe(index.vectors.length);
    const codes = new Set(index.vectors.flatMap(({ problems }) => problems.map(({ code }) => code)));
    expect([...codes].sort()).toEqual([...Verdict.shape.problems.element.shape.code.options].sort());
    expect(index.vectors.every(({ file, verdict }) => file.startsWith('valid/') === (verdict === 'valid'))).toBe(true);
  });

  it.each(index.vectors.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const path = fileOf(entry);
    const main = await judgeByMain(path, entry.given);
    expect(withoutWords(main)).toEqual(expectedOf(entry));
    expect(await judgeStandAlone(path, entry.given)).toEqual(main);
  });

  // a thread takes a while to start, many times as long as a vector takes
  it('on threads, every thirtieth', { timeout: 60_000 }, async () => {
    for (const entry of index.vectors.filter((_entry, at) => at % 30 === 3)) {
      const path = fileOf(entry);
      const spread = await verifyChainFile(path, { ...entry.given, threads: THREAD });
      expect(judgementOf(spread), entry.name).toEqual(await judgeByMain(path, entry.given));
    }
  });

  it('by the program in one file, every fortieth', { timeout: 60_000 }, () => {
    for (const entry of index.vectors.filter((_entry, at) => at % 40 === 0)) {
      const { since, key, witnesses = [] } = entry.given;
      const note = join(folder, 'since.txt');
      mkdirSync(folder, { recursive: true });
      if (since !== undefined) writeFileSync(note, since);
      const options = [
        ...(since === undefined ? [] : ['--since', note]),
        ...(key === undefined ? [] : ['--key', key]),
        ...witnesses.flatMap((vkey) => ['--witness', vkey]),
      ];
      const { status, stdout } = runStandAlone([fileOf(entry), '--json', ...options]);
      expect(withoutWords(judgementOf(JSON.parse(stdout))), entry.name).toEqual(expectedOf(entry));
      expect(status).toBe({ valid: 0, invalid: 1, unreadable: 2 }[entry.verdict]);
    }
  });
});
