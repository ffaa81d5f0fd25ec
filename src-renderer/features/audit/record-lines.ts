/** One line of a record as it is shown: its indent, its name, and its value or the bracket it opens or closes. */
export interface RecordLine {
  readonly path: string;
  readonly depth: number;
  readonly name: string | null;
  readonly text: string;
  /** A sealed value: what was disclosed of it here, or null when it is withheld. Absent for everything else. */
  readonly sealed?: string | null;
}

export interface Disclosure {
  /** JSON pointer (RFC 6901). */
  readonly path: string;
  readonly value: string;
}

/** The record's JSON line by line, sealed values marked. Throws SyntaxError when the bytes are not JSON. */
export function linesOfRecord(bytes: string, disclosures: readonly Disclosure[]): readonly RecordLine[] {
  const disclosed = new Map(disclosures.map(({ path, value }) => [path, value]));
  const lines: RecordLine[] = [];
  const walk = (value: unknown, path: string, depth: number, name: string | null): void => {
    if (isSealed(value)) {
      lines.push({ path, depth, name, text: value.sealed, sealed: disclosed.get(path) ?? null });
      return;
    }
    if (value === null || typeof value !== 'object') {
      lines.push({ path, depth, name, text: JSON.stringify(value) });
      return;
    }
    const list = Array.isArray(value);
    const entries = Object.entries(value);
    if (entries.length === 0) {
      lines.push({ path, depth, name, text: list ? '[]' : '{}' });
      return;
    }
    lines.push({ path, depth, name, text: list ? '[' : '{' });
    for (const [key, child] of entries) walk(child, `${path}/${escapePointer(key)}`, depth + 1, list ? null : key);
    lines.push({ path: `${path}/`, depth, name: null, text: list ? ']' : '}' });
  };
  walk(JSON.parse(bytes), '', 0, null);
  return lines;
}

/** How many sealed values a record has: disclosed here, and not. */
export function sealedOf(
  bytes: string,
  disclosures: readonly Disclosure[],
): { readonly disclosed: number; readonly missing: number } {
  let lines: readonly RecordLine[];
  try {
    lines = linesOfRecord(bytes, disclosures);
  } catch {
    return { disclosed: 0, missing: 0 }; // not JSON: the checks say so
  }
  const sealed = lines.filter((line) => line.sealed !== undefined);
  const missing = sealed.filter((line) => line.sealed === null).length;
  return { disclosed: sealed.length - missing, missing };
}

function isSealed(value: unknown): value is { readonly sealed: string } {
  if (value === null || typeof value !== 'object' || Object.keys(value).length !== 1) return false;
  return 'sealed' in value && typeof value.sealed === 'string';
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
