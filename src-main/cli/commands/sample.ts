import path from 'node:path';
import type { Io } from '../io.ts';
import { percentLine } from '../percent-line.ts';
import {
  isSampleNumber,
  REPORT_OPTIONS,
  readCriterion,
  readWindow,
  SAMPLE_NUMBER,
  WINDOW_MEANING,
  WINDOW_USAGE,
} from '../report-options.ts';
import { type Call, exactly, runVerbs, type Verb } from '../verbs.ts';

const VERBS: Readonly<Record<string, Verb>> = {
  draw: {
    access: 'sample draw',
    usage: `--number DIGITS ${WINDOW_USAGE} [--criteria FRAMEWORK:ID,...] [--out FILE.csv]\n${WINDOW_MEANING}`,
    options: { out: { type: 'string' }, ...REPORT_OPTIONS },
    prepare: (typed) => {
      const number = typed.text('number');
      if (exactly(typed.words, 0) === null || number === undefined) return null;
      if (!isSampleNumber(number)) return SAMPLE_NUMBER;
      const window = readWindow(typed, { now: Date.now() });
      if (typeof window === 'string') return window;
      const criteria = typed.texts('criteria').map(readCriterion);
      if (criteria.includes(null)) return 'a criterion is written like soc2:CC6.1';
      const wanted = criteria.filter((one) => one !== null);
      const out = typed.text('out');
      return (call) =>
        draw(
          call,
          { window, number, ...(wanted.length === 0 ? {} : { criteria: wanted }) },
          out === undefined ? null : path.resolve(out),
        );
    },
  },
};

/** `causeway sample`: records drawn for an auditor, with a number from outside; each draw is on record. */
export async function runSample(args: readonly string[], io: Io): Promise<number> {
  return runVerbs('sample', VERBS, args, io);
}

type Asked = Omit<Parameters<Call['console']['compliance']['samples']['draw']>[0], 'profile'>;

async function draw({ console, io, say }: Call, asked: Asked, out: string | null): Promise<number> {
  const { samples } = console.compliance;
  await console.compliance.counted();
  const { profile } = samples.profile();
  const sheet = await percentLine(io, 'records', (onProgress) => samples.draw({ ...asked, profile }, { onProgress }));
  const saved = out === null ? null : await samples.saveWorksheet(out);
  const { sample, asOf } = sheet;
  const lines = sample.drawn.map(
    ({ control, population, seqs }) => `  ${control.padEnd(6)} ${seqs.length} of ${population}: ${seqs.join(' ')}\n`,
  );
  say(
    { ...sheet, worksheet: saved },
    `seed  ${sample.seed}\n      SHA-256 of head hash ${asOf.hash} (record ${asOf.seq}) and the number ${sample.number}\n${lines.join('')}` +
      (saved === null ? '' : `${saved.file}\n`),
  );
  return 0;
}
