import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Io } from '../io.ts';
import { defaultDataFolder, withWorkspace } from '../workspace.ts';

/** `causeway export FILE`: the whole chain as one file that verifies by itself. */
export async function runExport(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      withhold: { type: 'boolean', default: false },
    },
  });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0 || !file.endsWith('.chain.jsonl')) {
    io.stderr('usage: causeway export FILE.chain.jsonl [--withhold] [--data DIR] [--json]\n');
    return 2;
  }
  return withWorkspace({ folder: values.data ?? defaultDataFolder() }, async (console) => {
    const result = await console.exportChain(path.resolve(file), !values.withhold);
    io.stdout(
      values.json
        ? `${JSON.stringify(result)}\n`
        : `${result.file}\n${result.records} records, ${result.bytes} bytes, digest ${result.digest}\nNext: causeway verify ${file}\n`,
    );
    return 0;
  });
}
