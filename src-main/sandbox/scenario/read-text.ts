import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';

/** Recordings are read whole; more than this would not fit next to the rest of the console. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;

/** A file of a scenario folder, or undefined where it may be absent and is. */
export async function readScenarioText(folder: string, name: string, optional: boolean): Promise<string | undefined> {
  const path = join(folder, name);
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new CausewayError(
        'too-large',
        `${path} has ${size} bytes; a scenario file may have at most ${MAX_FILE_BYTES}. Shorten the recording.`,
      );
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof CausewayError) throw error;
    const code = errorCode(error);
    if (optional && code === 'ENOENT') return undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CausewayError(
        'bad-input',
        `The scenario folder ${folder} has no ${name}. Give a folder with scenario.json and metrics.csv.`,
        { cause: error, reason: 'missing-file' },
      );
    }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new CausewayError('bad-input', `${path} is not UTF-8 text. Save it as UTF-8.`, { cause: error });
    }
    throw new CausewayError('bad-input', `${path} cannot be read (${code ?? 'unknown'}). Check its permissions.`, {
      cause: error,
    });
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** A wrong line or member of a scenario file, said so that its author can find and mend it. */
export function badLine(folder: string, name: string, line: number | undefined, what: string): CausewayError {
  const where = line === undefined ? join(folder, name) : `${join(folder, name)} line ${line}`;
  return new CausewayError('bad-input', `${where}: ${what}`, { reason: 'bad-scenario' });
}

export function parseJsonFile<T>(folder: string, name: string, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badLine(folder, name, lineOfJsonError(text, error), 'this is not valid JSON. Mend the syntax.');
  }
  return checked(folder, name, undefined, value, schema);
}

/** One JSON object per line; blank lines are allowed only at the end. */
export function* parseNdjson<T>(
  folder: string,
  name: string,
  text: string,
  schema: z.ZodType<T>,
): Generator<{ readonly line: number; readonly value: T }> {
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const content = text.slice(start, end === -1 ? undefined : end);
    line += 1;
    start = end === -1 ? text.length : end + 1;
    if (content.trim() === '' && start >= text.length) return;
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch {
      throw badLine(folder, name, line, 'this line is not one JSON object. Write one object per line.');
    }
    yield { line, value: checked(folder, name, line, value, schema) };
  }
}

function checked<T>(folder: string, name: string, line: number | undefined, value: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || '(top)'}: ${issue.message}`);
  throw badLine(folder, name, line, `${problems.join('; ')}. Correct it to the scenario format.`);
}

function lineOfJsonError(text: string, error: unknown): number | undefined {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
}
