// Shapes of JSON values: a small schema language. The table of records and actions is generated (shape-table.mjs).
import { fromBase64 } from './bytes.mjs';
import { isObject, pointerPart } from './json.mjs';
import { SHAPES } from './shape-table.mjs';

// A shape is the name of another one, or a list of its kind and what bounds it:
//   ["s", min, max, pattern] text · ["w", min, max] text without lone surrogates · ["t"] time · ["b64", max] base64 ·
//   ["h"] base64 of 32 bytes · ["i", min, max] integer · ["e", …] one of these values · ["b"] truth value · ["z"] null ·
//   ["x"] anything · ["o", {member: shape, "member?": shape}] · ["r", name, value, most] any members · ["a", item, min, max]
//   list · ["p"] a disclosed value, [salt, anything] · ["u", shape, …] one of these shapes
const LINES = {
  Word: ['w', 1, 64],
  Proof: ['a', ['h'], null, 64],
  Generator: ['o', { name: 'Word', version: 'Word' }],
  Range: ['o', { size: ['i', 1], left: 'Proof', right: 'Proof' }],
  Filter: ['r', ['s', null, null, '^[A-Za-z]{1,32}$'], ['u', ['w', 0, 1024], ['i']], 16],
  Disclosure: ['o', { disclosure: ['o', { seq: ['i', 1], path: ['w', 1, 1024], value: ['p'] }] }],
  End: [
    'o',
    { end: ['o', { records: ['i', 0], digest: ['s', null, null, '^[0-9a-f]{64}$'], checkpoint: ['w', null, 65_536] }] },
  ],
};

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 16 bytes as base64url, in their only form. */
const SALT = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

export function isTime(text) {
  const [, year, month, day] = (TIME.exec(text) ?? []).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= DAYS[month - 1] + (leap && month === 2 ? 1 : 0);
}

/** Lengths are counted in code points; none has more of them than UTF-16 code units. */
const isText = (value, min, max) => {
  if (typeof value !== 'string') return false;
  const long = value.length > (max ?? Number.POSITIVE_INFINITY);
  if (!long && (min ?? 0) <= 1) return value.length >= (min ?? 0);
  const length = [...value].length;
  return length >= (min ?? 0) && length <= (max ?? Number.POSITIVE_INFINITY);
};

/**
 * A shape as a function of a value and its pointer, true if the value has the shape. Each pointer at which it has not is
 * told to `misfit`; without that the function ends at the first.
 */
function makeShapes(table) {
  const made = new Map();
  const single = (test) => (value, at, misfit) => {
    if (test(value)) return true;
    misfit?.(at);
    return false;
  };
  const make = (shape) => {
    if (typeof shape === 'string') {
      if (!made.has(shape)) made.set(shape, make(table[shape]));
      return made.get(shape);
    }
    const [kind, a, b, c] = shape;
    switch (kind) {
      case 's': {
        const pattern = c === undefined ? null : new RegExp(c);
        return single((value) => isText(value, a, b) && (pattern === null || pattern.test(value)));
      }
      case 'w':
        return single((value) => isText(value, a, b) && value.isWellFormed());
      case 't':
        return single((value) => typeof value === 'string' && isTime(value));
      case 'b64': {
        const form = /^[0-9A-Za-z+/]*={0,2}$/;
        return single((value) => isText(value, 0, a) && value.length % 4 === 0 && form.test(value));
      }
      case 'h':
        return single((value) => typeof value === 'string' && value.length === 44 && fromBase64(value)?.length === 32);
      case 'i':
        return single((value) => Number.isSafeInteger(value) && !(value < (a ?? value)) && !(value > (b ?? value)));
      case 'e': {
        const values = new Set(shape.slice(1));
        return single((value) => values.has(value));
      }
      case 'b':
        return single((value) => typeof value === 'boolean');
      case 'z':
        return single((value) => value === null);
      case 'x':
        return () => true;
      case 'p':
        return makePair();
      case 'o':
        return makeObject(a);
      case 'r':
        return makeRecord(make(a), make(b), c);
      case 'a':
        return makeList(make(a), b, c);
      default: {
        const forms = shape.slice(1).map(make);
        return single((value) => forms.some((form) => form(value, '')));
      }
    }
  };
  const makeObject = (members) => {
    const known = new Map(Object.keys(members).map((name) => [name.replace(/\?$/, ''), make(members[name])]));
    const needed = Object.keys(members).filter((name) => !name.endsWith('?'));
    return (value, at, misfit) => {
      if (!isObject(value)) {
        misfit?.(at);
        return false;
      }
      let fits = true;
      for (const name of Object.keys(value)) {
        const member = known.get(name);
        if (member !== undefined) fits = member(value[name], misfit ? `${at}/${name}` : at, misfit) && fits;
        else {
          misfit?.(at + pointerPart(name));
          fits = false;
        }
        if (!fits && !misfit) return false;
      }
      for (const name of needed) {
        if (Object.hasOwn(value, name)) continue;
        misfit?.(`${at}/${name}`);
        fits = false;
      }
      return fits;
    };
  };
  const makeRecord =
    (nameFits, valueFits, most = Number.POSITIVE_INFINITY) =>
    (value, at, misfit) => {
      if (!isObject(value)) {
        misfit?.(at);
        return false;
      }
      const names = Object.keys(value);
      let fits = names.length <= most;
      if (!fits) misfit?.(at);
      for (const name of names) {
        if (nameFits(name, at) && valueFits(value[name], at)) continue;
        misfit?.(at + pointerPart(name));
        fits = false;
      }
      return fits;
    };
  const makeList = (item, min, max) => (value, at, misfit) => {
    if (!Array.isArray(value)) {
      misfit?.(at);
      return false;
    }
    let fits = value.length >= (min ?? 0) && value.length <= (max ?? Number.POSITIVE_INFINITY);
    if (!fits) misfit?.(at);
    for (let index = 0; index < value.length && (fits || misfit); index++) {
      fits = item(value[index], misfit ? `${at}/${index}` : at, misfit) && fits;
    }
    return fits;
  };
  /** A disclosed value: [salt, anything]. */
  const makePair = () => (value, at, misfit) => {
    if (!Array.isArray(value) || value.length !== 2) misfit?.(at);
    if (!Array.isArray(value)) return false;
    const salted = typeof value[0] === 'string' && SALT.test(value[0]);
    if (!salted && value.length > 0) misfit?.(`${at}/0`);
    return salted && value.length === 2;
  };
  return (name) => make(name);
}

/** The table, from its text: `name=` and a list in JSON, or the members of an object. */
function readTable(text) {
  const shape = (form) => {
    if (form.startsWith('[')) return JSON.parse(form);
    return ['o', Object.fromEntries(form.split(' ').map((member) => member.split(':')))];
  };
  const at = (line) => line.indexOf('=');
  return Object.fromEntries(text.split('\n').map((line) => [line.slice(0, at(line)), shape(line.slice(at(line) + 1))]));
}

const table = readTable(SHAPES);
export const ACTIONS = new Set(Object.keys(table).filter((name) => name.includes('.')));

function allShapes() {
  const { chain, tenant } = table.Record[1];
  const seq = ['i', 1];
  const keys = ['a', 'Key', 1, 10_000];
  const base = { chain, tenant, first: seq, last: seq, keys, exportedAt: ['t'], generator: 'Generator' };
  const file = { causeway: ['e', 'chain/1'], ...base, selection: ['e', 'complete', 'range'], 'range?': 'Range' };
  const extract = { size: seq, root: ['h'], filter: 'Filter', selection: ['e', 'extract'] };
  const headers = {
    Header: ['o', file],
    Extract: ['o', { causeway: ['e', 'extract/1'], ...base, ...extract }],
  };
  return { ...table, ...LINES, ...headers, Action: ['e', ...ACTIONS] };
}

export const shapeNamed = makeShapes(allShapes());
export const isRecord = shapeNamed('Record');
export const isKey = shapeNamed('Key');
