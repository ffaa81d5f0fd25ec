// JSON as the format reads it: RFC 8785, bounded depth, JSON pointers.
import { decoder } from './bytes.mjs';
import { MAX_DEPTH } from './limits.mjs';

/** What is wrong with a value, as far as it has no canonical form. */
export class Flaw extends Error {}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 8785 text of a parsed value. Throws a Flaw where there is none, or a number is no integer and has to be. */
export function canonical(value, anyNumber = false, depth = 0) {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new Flaw('a string holds a lone surrogate');
    return JSON.stringify(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Flaw('a number is not finite');
    if (!anyNumber && !Number.isSafeInteger(value)) throw new Flaw('a number is not an integer within ±(2^53−1)');
    return JSON.stringify(value);
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if (depth >= MAX_DEPTH) throw new Flaw(`nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, anyNumber, depth + 1)).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonical(name)}:${canonical(value[name], anyNumber, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/**
 * Whether JSON.stringify gives the canonical text: members in order, integers only, not too deep. This spares the slow
 * way for a record that is as it should be; every other one is looked at closely.
 */
function isOrdered(value, depth) {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!isOrdered(item, depth + 1)) return false;
    return true;
  }
  let before = '';
  for (const name of Object.keys(value)) {
    if (name < before || !isOrdered(value[name], depth + 1)) return false;
    before = name;
  }
  return true;
}

function nestsTooDeep(bytes) {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > MAX_DEPTH) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

/** {text, value, tidy} of JSON bytes, or {why}. `tidy`: they are certainly the canonical form. */
export function readJson(bytes) {
  let text;
  let value;
  let parsed = true;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { why: 'not UTF-8' };
  }
  try {
    value = JSON.parse(text);
  } catch {
    parsed = false;
  }
  if (parsed && isOrdered(value, 0) && JSON.stringify(value) === text && !/\\ud/.test(text)) {
    return { text, value, tidy: true };
  }
  if (nestsTooDeep(bytes)) return { why: `nested deeper than ${MAX_DEPTH} levels` };
  return parsed ? { text, value, tidy: false } : { why: 'not JSON' };
}

/** What is wrong with the form of a record's bytes, or null. */
export function flawOfForm({ text, value, tidy }) {
  if (tidy) return null;
  try {
    return canonical(value) === text ? null : 'the bytes are not the canonical form of the record';
  } catch (error) {
    if (error instanceof Flaw) return error.message;
    throw error;
  }
}

export const pointerPart = (name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Calls `found` with pointer and digest of every sealed value. */
export function eachSealed(value, at, found) {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      eachSealed(item, `${at}/${index}`, found);
    });
    return;
  }
  const names = Object.keys(value);
  if (names.length === 1 && typeof value.sealed === 'string') found(at, value.sealed);
  else for (const name of names) eachSealed(value[name], at + pointerPart(name), found);
}

export function eachProto(value, at, found) {
  if (typeof value !== 'object' || value === null) return;
  for (const name of Object.keys(value)) {
    const place = at + pointerPart(name);
    if (name === '__proto__' && !Array.isArray(value)) found(place);
    eachProto(value[name], place, found);
  }
}
