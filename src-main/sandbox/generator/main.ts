/** Writes the shipped scenarios: `node src-main/sandbox/generator/main.ts [OUT_DIR] [--small]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateScenario } from './generate.ts';
import { SHIPPED_SCENARIOS } from './shipped.ts';
import type { GenerateOptions } from './spec.ts';

const DEFAULT_OUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../resources/scenarios');

/** Six hours before and half an hour after, for a quick look. */
const SMALL: GenerateOptions = { minutesBefore: 360, minutesAfter: 30 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { small: { type: 'boolean', default: false } },
});
for (const spec of SHIPPED_SCENARIOS) {
  const folder = join(positionals[0] ?? DEFAULT_OUT, spec.id);
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  for (const [name, content] of generateScenario(spec, values.small ? SMALL : {})) {
    writeFileSync(join(folder, name), content);
    bytes += Buffer.byteLength(content);
  }
  process.stdout.write(`${folder}: ${(bytes / 1_000_000).toFixed(2)} MB\n`);
}
