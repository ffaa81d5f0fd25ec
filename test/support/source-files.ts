import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parseSync } from 'vite';
import { PROJECT_ROOT } from './project-root.ts';

export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** Everything imported, statically or dynamically, types included, as written. */
  readonly imports: readonly string[];
}

/** All TypeScript files below the given folders of the project. */
export function readSources(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(PROJECT_ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|cts)$/.test(entry.name))
      .map((entry) => readSource(path.join(entry.parentPath, entry.name))),
  );
}

function readSource(absolute: string): SourceFile {
  const text = readFileSync(absolute, 'utf8');
  const { module, errors } = parseSync(absolute, text);
  if (errors.length > 0) throw new Error(`${absolute} does not parse: ${errors[0]?.message}`);
  const imports = new Set<string>();
  for (const found of module.staticImports) imports.add(found.moduleRequest.value);
  for (const found of module.staticExports)
    for (const entry of found.entries) if (entry.moduleRequest) imports.add(entry.moduleRequest.value);
  for (const found of module.dynamicImports) {
    const argument = text.slice(found.moduleRequest.start, found.moduleRequest.end);
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(argument)?.[1];
    if (literal !== undefined) imports.add(literal);
  }
  // type-only import expressions, which the parser's module record does not list
  for (const found of text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)) if (found[1] !== undefined) imports.add(found[1]);
  return { file: path.relative(PROJECT_ROOT, absolute).replaceAll(path.sep, '/'), text, imports: [...imports] };
}

/** The project file an import leads to, or the package it names. */
export function resolveImport(
  from: string,
  specifier: string,
): { readonly file: string } | { readonly external: string } {
  if (specifier.startsWith('.')) return { file: path.posix.join(path.posix.dirname(from), specifier) };
  const alias = /^#(shared|main|renderer)\/(.+)$/.exec(specifier);
  if (alias) return { file: `src-${alias[1]}/${alias[2]}` };
  return { external: specifier };
}
