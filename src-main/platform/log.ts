import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

const ROTATE_AT = 5 * 1024 * 1024;

/** Field names whose values never reach the log, at the top and two levels down. */
const SECRET_FIELDS = [
  'secret',
  'secretAccessKey',
  'SecretAccessKey',
  'sessionToken',
  'SessionToken',
  'credentials',
  'Credentials',
  'password',
  'token',
  'authorization',
  'Authorization',
  'privateKey',
  'justification', // a person's own words: they stand in the chain, sealed where they must be
];
const REDACTED = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** AWS access key ids, secret-shaped and token-shaped runs in free text, such as an error message of a library. */
const SECRET_SHAPES: readonly RegExp[] = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /(?<=(?:secret|token|password|authorization)["']?\s*[:=]\s*["']?)[^\s"',;]{6,}/gi,
];

/** Free text with everything of a secret's shape replaced. */
function maskSecrets(text: string): string {
  return SECRET_SHAPES.reduce((masked, shape) => masked.replace(shape, '[redacted]'), text);
}

/** An error as the log keeps it: with stack and causes, down to five, each masked. */
export function describeForLog(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return maskSecrets(String(error));
  return {
    name: error.name,
    ...('code' in error ? { code: String(error.code) } : {}),
    ...('reason' in error && error.reason !== undefined ? { reason: String(error.reason) } : {}),
    message: maskSecrets(error.message),
    stack: maskSecrets(error.stack ?? ''),
    ...(error.cause === undefined || depth >= 5 ? {} : { cause: describeForLog(error.cause, depth + 1) }),
  };
}

/** A log that writes JSON lines to `stream`, with secrets redacted by name and by shape. `err` takes any thrown value. */
export function createLog(stream: DestinationStream): Log {
  return pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: (error: unknown) => describeForLog(error) },
      hooks: {
        logMethod(parameters, method) {
          const masked = parameters.map((value: unknown) => (typeof value === 'string' ? maskSecrets(value) : value));
          method.apply(this, masked as Parameters<typeof method>);
        },
      },
    },
    stream,
  );
}

/**
 * The log file, readable by its owner only; one older file is kept when it has grown over 5 MiB. Written synchronously:
 * the line that explains a crash is the last one. Throws what the file system throws.
 */
export function openLogFile(file: string): Log {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file) && statSync(file).size > ROTATE_AT) renameSync(file, `${file}.1`);
  return createLog(pino.destination({ dest: file, sync: true, mode: 0o600 }));
}
