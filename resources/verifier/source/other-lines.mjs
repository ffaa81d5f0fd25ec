// Header, disclosure and end: each has one form only.
import { canonical, eachProto, Flaw, isObject, readJson } from './json.mjs';
import { MAX_KEYS } from './limits.mjs';
import { leastMisfit } from './record-shape.mjs';
import { shapeNamed } from './shapes.mjs';

export function readHeader(bytes, extract) {
  const { why, text, value } = readJson(bytes);
  if (why !== undefined) return why;
  const name = extract ? 'Extract' : 'Header';
  if (!extract && isObject(value) && value.causeway === 'extract/1') return 'an extract is not a chain file';
  if (isObject(value) && Array.isArray(value.keys) && value.keys.length > MAX_KEYS) {
    return `not a header: more than ${MAX_KEYS} keys`;
  }
  const least = leastMisfit((misfit) => shapeNamed(name)(value, '', misfit));
  if (least !== null) return `not a header: ${least} does not fit`;
  const { causeway, chain, tenant, first, last, selection, size, root, filter, exportedAt, generator, range } = value;
  if (!extract && (selection === 'range') !== (range !== undefined)) return 'range and selection disagree';
  const keys = value.keys.map(({ id, alg, spki, fromSeq }) => ({ id, alg, spki, fromSeq }));
  const maker = { name: generator.name, version: generator.version };
  const start = { causeway, chain, tenant, first, last, selection };
  const whole = !extract
    ? JSON.stringify({ ...start, keys, exportedAt, generator: maker, ...(range && { range: rangeOf(range) }) })
    : `${JSON.stringify({ ...start, size, root }).slice(0, -1)},"filter":${canonical(filter)},${JSON.stringify({ keys, exportedAt, generator: maker }).slice(1)}`;
  return whole === text ? value : 'the header is not written in its only form';
}

const rangeOf = ({ size, left, right }) => ({ size, left, right });

export function readDisclosure(bytes) {
  const { why, text, value } = readJson(bytes);
  if (why !== undefined) return why;
  const least = leastMisfit((misfit) => shapeNamed('Disclosure')(value, '', misfit));
  if (least !== null) return `not a disclosure: ${least} does not fit`;
  const { seq, path, value: sealed } = value.disclosure;
  let proto = false;
  eachProto(sealed, '', () => {
    proto = true;
  });
  if (proto) return 'a member of the value is called __proto__';
  let form = null;
  try {
    form = canonical(sealed, true);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
  }
  const whole = `{"disclosure":{"seq":${seq},"path":${JSON.stringify(path)},"value":${form}}}`;
  return form !== null && whole === text ? { seq, path, form } : 'the disclosure is not written in its only form';
}

export function readEnd(bytes) {
  const { why, text, value } = readJson(bytes);
  if (why !== undefined) return why;
  const least = leastMisfit((misfit) => shapeNamed('End')(value, '', misfit));
  if (least !== null) return `not an end line: ${least} does not fit`;
  const { records, digest, checkpoint } = value.end;
  const whole = JSON.stringify({ end: { records, digest, checkpoint } });
  return whole === text ? value.end : 'the end line is not written in its only form';
}
