import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyChainFile } from '#main/audit/verify-file.ts';
import { makeChain } from './make-chain.ts';
import { keeps, median, numberOption, perSecond, printFigure } from './measure.ts';

/**
 * Verifying an exported chain file against two yardsticks measured in the same run: without record signatures, a bare loop
 * that reads, parses and hashes every line on one thread; with them, the machine's own rate of Ed25519 verifications on
 * every processor. Each measurement is a process of its own, and rounds alternate, so that both see the same machine.
 *
 *   node test/bench/verify.ts [--records N] [--rounds N] [--file FILE]
 */
const RECORDS = numberOption('--records', 200_000);
const ROUNDS = numberOption('--rounds', 5);
const CORES = availableParallelism();
const RATE_CHECKS = 20_000;
const MEMORY_LIMIT_MIB = 200;

interface Part {
  readonly ms: number;
  /** Processor time of all threads. */
  readonly cpuMs: number;
  /** Largest resident memory of the process, in MiB. */
  readonly rss: number;
  /** How many things were done. */
  readonly count: number;
}

const PARTS: Readonly<Record<string, (file: string) => Promise<number> | number>> = {
  bare: bareLoop,
  rate: ed25519Rate,
  unsigned: (file) => verified(file, false),
  signed: (file) => verified(file, true),
};

/** Reads the file line by line, parses each and hashes it: the least that any verifier has to do. */
function bareLoop(file: string): number {
  const handle = openSync(file, 'r');
  const chunk = Buffer.allocUnsafe(1024 * 1024);
  let held = 0;
  let lines = 0;
  for (;;) {
    const read = readSync(handle, chunk, held, chunk.length - held, null);
    if (read === 0) break;
    const end = held + read;
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at >= 0 && at < end; at = chunk.indexOf(0x0a, start)) {
      const line = chunk.subarray(start, at);
      JSON.parse(line.toString('utf8'));
      createHash('sha256').update(line).digest('hex');
      lines++;
      start = at + 1;
    }
    chunk.copyWithin(0, start, end);
    held = end - start;
  }
  closeSync(handle);
  return lines;
}

function ed25519Rate(): number {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const text = Buffer.from(`causeway/record/v1\n${'0'.repeat(64)}\n`, 'ascii');
  const signature = sign(null, text, privateKey);
  for (let index = 0; index < RATE_CHECKS; index++) {
    if (!verify(null, text, publicKey, signature)) throw new Error('a good signature does not hold');
  }
  return RATE_CHECKS;
}

async function verified(file: string, signatures: boolean): Promise<number> {
  const verdict = await verifyChainFile(file, { signatures });
  if (verdict.verdict !== 'valid') throw new Error(`the file is ${verdict.verdict}: ${verdict.problems[0]?.message}`);
  return verdict.records;
}

function measure(part: string, file: string): Part {
  const program = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [program, '--part', part, '--file', file], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`${part}: ${child.stderr}`);
  return JSON.parse(child.stdout) as Part;
}

const each = ({ ms, count }: Part) => (ms * 1000) / count;
const middle = (parts: readonly Part[], value: (part: Part) => number) => median(parts.map(value));

function compare(file: string): boolean {
  const found: Record<'bare' | 'rate' | 'unsigned' | 'signed', Part[]> = {
    bare: [],
    rate: [],
    unsigned: [],
    signed: [],
  };
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [part, list] of Object.entries(found)) list.push(measure(part, file));
    const now = Object.entries(found).map(
      ([part, list]) => `${part} ${list.at(-1) && each(list.at(-1) as Part).toFixed(2)}`,
    );
    process.stderr.write(`round ${round}: ${now.join(', ')} µs each\n`);
  }
  const speed = (part: keyof typeof found) => {
    const us = middle(found[part], each);
    const cpu = middle(found[part], ({ cpuMs, count }) => (cpuMs * 1000) / count);
    return `${us.toFixed(2)} µs each, ${perSecond(1_000_000, us * 1000)} (${cpu.toFixed(2)} µs of processor time)`;
  };
  const records = (found.unsigned[0]?.count ?? 0).toLocaleString('en');
  const unsigned = {
    name: `Chain file without record signatures, ${records} records, ${CORES} processors`,
    ours: speed('unsigned'),
    yardstick: `${speed('bare')}: read, JSON.parse and SHA-256, one thread`,
    ratio: median(found.unsigned.map((part, round) => each(part) / each(found.bare[round] ?? part))),
    bound: { atMost: 1.2 },
  } as const;
  const signed = {
    name: `Chain file with every record signature, ${records} records, ${CORES} processors`,
    ours: speed('signed'),
    yardstick: `${speed('rate')}: one Ed25519 verification, one thread; times ${CORES}`,
    ratio: median(found.signed.map((part, round) => each(found.rate[round] ?? part) / each(part) / CORES)),
    bound: { atLeast: 0.85 },
  } as const;
  const rss = Math.max(...found.signed.map((part) => part.rss), ...found.unsigned.map((part) => part.rss));
  const memory = {
    name: 'Resident memory while verifying',
    ours: `${Math.round(rss)} MiB`,
    yardstick: `${MEMORY_LIMIT_MIB} MiB`,
    ratio: rss / MEMORY_LIMIT_MIB,
    bound: { atMost: 1 },
  } as const;
  for (const figure of [unsigned, signed, memory]) printFigure(figure);
  // other work on the machine takes from the side with more threads; processor time it does not take
  const cpu = (part: keyof typeof found) => middle(found[part], ({ cpuMs, count }) => cpuMs / count);
  const spread = (cpu('unsigned') / CORES / cpu('bare')).toFixed(3);
  process.stdout.write(`By processor time alone: ${spread} without signatures, `);
  process.stdout.write(`${(cpu('rate') / cpu('signed')).toFixed(3)} with them\n`);
  return [unsigned, signed, memory].every(keeps);
}

function option(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

const part = option('--part');
const given = option('--file');
if (part !== undefined) {
  const started = performance.now();
  const count = (await PARTS[part]?.(given ?? '')) ?? 0;
  const ms = performance.now() - started;
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1000;
  process.stdout.write(JSON.stringify({ ms, cpuMs, count, rss: process.resourceUsage().maxRSS / 1024 }));
} else if (given !== undefined) process.exitCode = compare(given) ? 0 : 1;
else {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
  try {
    const file = join(folder, 'bench.chain.jsonl');
    await makeChain(file, { records: RECORDS });
    process.exitCode = compare(file) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
