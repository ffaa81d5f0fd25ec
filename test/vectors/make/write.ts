import { toBuffer } from './bytes.ts';
import { fillIn, type Vector } from './vector.ts';

/** A verifier keeps no more problems than that. */
const MAX_PROBLEMS = 1000;

/** Path in the folder of vectors, with forward slashes. */
export function pathOf({ name, kind, problems }: Vector): string {
  const folder = problems.some(({ code }) => code !== 'time') ? 'damaged' : 'valid';
  return `${folder}/${name}.${kind}.jsonl`;
}

export function verdictOf({ problems, unreadable }: Vector): 'valid' | 'invalid' | 'unreadable' {
  if (unreadable) return 'unreadable';
  return problems.some(({ code }) => code !== 'time') ? 'invalid' : 'valid';
}

/** SHA-256 is left to whoever reads: the index tells what a verifier must say. */
function entryOf(vector: Vector): Readonly<Record<string, unknown>> {
  const { name, what, given, problems, facts, fill } = vector;
  const { chain, tenant, selection, records, first, last, head, root, keys, witnesses, sealed } = facts;
  return {
    name,
    file: pathOf(vector),
    ...(fill === undefined ? {} : { fill }),
    what,
    ...(Object.keys(given).length === 0 ? {} : { given }),
    verdict: verdictOf(vector),
    ...{ chain, tenant, selection, records, first, last, head, root, keys, witnesses, sealed },
    problems: problems.slice(0, MAX_PROBLEMS),
    problemCount: problems.length,
  };
}

/** One member of a vector in each line, so that a change is seen where it is. */
export function indexOf(vectors: readonly Vector[]): string {
  const entries = vectors.map((vector) => {
    const members = Object.entries(entryOf(vector)).map(
      ([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
    );
    return `    {\n${members.join(',\n')}\n    }`;
  });
  return `{\n  "format": "causeway/vectors/1",\n  "vectors": [\n${entries.join(',\n')}\n  ]\n}\n`;
}

/** Every file of the folder, by path: what `generate.ts` writes. */
export function filesOf(vectors: readonly Vector[]): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const vector of vectors) {
    const path = pathOf(vector);
    if (files.has(path)) throw new Error(`two vectors are called ${vector.name}`);
    files.set(path, toBuffer(vector.file));
  }
  files.set('index.json', Buffer.from(indexOf(vectors), 'utf8'));
  return files;
}

/** The bytes a verifier is to be given. */
export function wholeFile({ file, fill }: Vector): Buffer {
  return toBuffer(fill === undefined ? file : fillIn(file, fill));
}
