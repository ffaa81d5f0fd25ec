import { CausewayError } from '#shared/errors.ts';
import type { Alarm } from './alarm.ts';
import * as alertmanager from './alertmanager.ts';
import * as eventbridge from './eventbridge.ts';
import * as pagerduty from './pagerduty.ts';
import { quoteValue, refuseAlarm } from './refuse.ts';

/** No alarm of the known kinds is near this; checked before anything is parsed. */
export const MOST_ALARM_BYTES = 1_048_576;
/** The deepest known kind has nine levels. */
const DEEPEST = 32;

const KINDS = [eventbridge, alertmanager, pagerduty] as const;
const EXPECTED = KINDS.map((kind) => kind.KIND_NAME).join(', ');

/**
 * Reads an alarm of any known kind out of untrusted bytes. `too-large` over 1 MiB, before parsing; `bad-input` with what
 * was expected and what was found for everything that is not an open alarm of a known kind.
 */
export function readAlarm(bytes: Uint8Array): Alarm {
  const value = parseDocument(bytes);
  const alike = KINDS.filter((kind) => kind.resembles(value));
  const [kind, other] = alike;
  if (kind === undefined) {
    const members = Object.keys(value).slice(0, 6).map(quoteValue).join(', ');
    throw refuseAlarm(
      'unknown-kind',
      `This is no alarm of a known kind: expected ${EXPECTED}; found an object with ${members === '' ? 'no members' : `the members ${members}`}. Nothing was imported.`,
    );
  }
  if (other !== undefined) {
    throw refuseAlarm(
      'unknown-kind',
      `This has the marks of ${alike.map((one) => one.KIND_NAME).join(' and of ')} at once. Nothing was imported.`,
    );
  }
  return kind.read(value);
}

function parseDocument(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  if (bytes.byteLength > MOST_ALARM_BYTES) throw tooLarge(bytes.byteLength);
  if (bytes.byteLength === 0) throw refuseAlarm('empty', `The file is empty: expected ${EXPECTED}.`);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw refuseAlarm(
      'byte-order-mark',
      'The file begins with a byte order mark, which JSON must not have (RFC 8259, section 8.1). Save it as UTF-8 without one.',
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuseAlarm('not-json', 'The file is not UTF-8 text, so it is no JSON alarm. Nothing was imported.', cause);
  }
  checkDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text, toWellFormed);
  } catch (cause) {
    const end = text.trimEnd();
    const cut = !end.endsWith('}') && /^\s*[{[]/.test(text);
    throw refuseAlarm(
      'not-json',
      cut
        ? 'The file begins like JSON but ends in the middle: it is cut off. Get it again; nothing was imported.'
        : `The file is not valid JSON: expected ${EXPECTED}. Nothing was imported.`,
      cause,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = Array.isArray(value) ? 'a JSON array' : value === null ? 'null' : `a JSON ${typeof value}`;
    throw refuseAlarm('unknown-kind', `Expected a JSON object (${EXPECTED}); found ${found}. Nothing was imported.`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** `"\\ud800"` is JSON, but half a character: nothing could be recorded of it, since RFC 8785 has no form for it. */
function toWellFormed(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** Deep nesting exhausts the stack of whatever walks the document later: it is counted before it is parsed. */
function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i += 1;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > DEEPEST) {
        throw refuseAlarm(
          'too-deep',
          `The JSON is nested deeper than ${DEEPEST} levels; no alarm is. Nothing was imported.`,
        );
      }
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
}

/** The error for an alarm over the limit; `bytes` is its size. */
export function tooLarge(bytes: number): CausewayError {
  return new CausewayError(
    'too-large',
    `The file has ${bytes} bytes; an alarm may have at most ${MOST_ALARM_BYTES} (1 MiB). Nothing was read or imported.`,
    { reason: 'alarm-size' },
  );
}
