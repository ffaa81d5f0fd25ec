import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { schemaTable } from './schema-table.ts';

/**
 * Makes the files of the stand-alone verifier from resources/verifier/source: `node src-main/cli/verifier/generate.ts`,
 * after a change there or of a record's or an action's schema. Names are kept, so that the files can be read after
 * formatting them.
 */
const root = new URL('../../../', import.meta.url);
const TABLE = new URL('resources/verifier/source/shape-table.mjs', root);
export const SCRIPT: URL = new URL('resources/verifier/causeway-verify.mjs', root);

export const PAGE: URL = new URL('resources/verifier/causeway-verify.html', root);

/** The module with the schemas as they are now. */
export function currentTable(): string {
  const table = schemaTable();
  if (table.includes('`') || table.includes('${')) throw new Error('the table cannot stand in a raw template');
  return `// Generated from the schemas of records and actions by src-main/cli/verifier/generate.ts.\nexport const SHAPES = String.raw\`${table}\`;\n`;
}

/** One module with everything it imports, as one text. */
async function bundle(entry: string, target: string | readonly string[]): Promise<string> {
  const output = {
    minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: true } },
  } as const;
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: fileURLToPath(new URL(`resources/verifier/source/${entry}`, root)),
      write: false,
      target: [target].flat(),
      minify: false,
      rolldownOptions: { output },
    },
  });
  const [chunk] = (result as Rolldown.RolldownOutput).output;
  return chunk.code;
}

const NOTICE = `// Causeway: verifies an exported audit chain (*.chain.jsonl, *.extract.jsonl) with nothing but this file and Node 20 or newer.
// The format is described in docs/chain-format.md, this program in resources/verifier/source. Apache-2.0.
`;

/** causeway-verify.mjs as it should be. */
export async function currentScript(): Promise<string> {
  const code = await bundle('command.mjs', 'node20');
  const [start = '', ...rest] = code.split('\n');
  if (!start.startsWith('#!')) throw new Error('the command has no first line for the shell');
  return `${start}\n${NOTICE}${rest.join('\n').trim()}\n`;
}

/** causeway-verify.html as it should be: one script, which its policy names by its hash, and no other source of anything. */
export async function currentPage(): Promise<string> {
  const page = readFileSync(new URL('resources/verifier/source/page.template', root), 'utf8');
  const style = readFileSync(new URL('resources/verifier/source/page.css', root), 'utf8').trim();
  const script = `\n${(await bundle('page.mjs', ['es2022'])).trim()}\n`;
  if (/<\/script|<!--/i.test(script)) throw new Error('the script cannot stand in a page');
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  const parts: Readonly<Record<string, string>> = { policy, style, script };
  return page.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => parts[name] ?? '');
}

async function generate(): Promise<void> {
  writeFileSync(TABLE, currentTable());
  writeFileSync(SCRIPT, await currentScript());
  writeFileSync(PAGE, await currentPage());
}

/** Whether what is in the repository is what the sources give. */
export function storedTable(): string {
  return readFileSync(TABLE, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await generate();
