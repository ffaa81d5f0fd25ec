import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { allVectors } from './make/all.ts';
import { filesOf } from './make/write.ts';

/** Writes the test vectors of the chain format anew, the same bytes every time: node test/vectors/generate.ts */
const folder = new URL('.', import.meta.url);
const files = filesOf(allVectors());
for (const name of ['valid', 'damaged']) {
  const inner = new URL(`${name}/`, folder);
  mkdirSync(inner, { recursive: true });
  for (const file of readdirSync(inner)) if (!files.has(`${name}/${file}`)) rmSync(new URL(file, inner));
}
for (const [path, bytes] of files) writeFileSync(new URL(path, folder), bytes);
console.log(`${files.size - 1} vectors in ${fileURLToPath(folder)}`);
