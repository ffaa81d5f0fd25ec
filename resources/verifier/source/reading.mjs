// What one line says by itself.
import { hasAt, hex, toBytes } from './bytes.mjs';
import { eachSealed, flawOfForm, isObject, readJson } from './json.mjs';
import { readDisclosure, readEnd, readHeader } from './other-lines.mjs';
import { cutRecord } from './record-line.mjs';
import { flawOfRecord } from './record-shape.mjs';

/** What needs no other line: computed for each line by itself, so that signatures can be verified ahead. */
export class Reading {
  constructor(platform, extract) {
    this.platform = platform;
    this.extract = extract;
    this.leafInput = new Uint8Array(4096);
  }

  take({ part, bytes, number }) {
    if (part || bytes === null) return { kind: 'long' };
    if (number === 1) return { kind: 'header', read: readHeader(bytes, this.extract) };
    if (hasAt(bytes, 0, '{"end":')) return { kind: 'end', read: readEnd(bytes) };
    if (hasAt(bytes, 0, '{"disclosure":')) return { kind: 'disclosure', read: readDisclosure(bytes) };
    const cut = cutRecord(bytes, this.extract);
    return cut === null ? { kind: 'other' } : this.record(cut);
  }

  record({ hash: stated, sig, proof, bytes }) {
    const hash = hex(this.platform.sha256(bytes));
    const json = readJson(bytes);
    const record = isObject(json.value) ? json.value : null;
    const read = json.why === undefined;
    let sealed = 0;
    if (record !== null && (!json.tidy || json.text.includes('"sealed":"'))) eachSealed(record, '', () => sealed++);
    return {
      kind: 'record',
      hash,
      leaf: this.leaf(bytes),
      sig,
      proof,
      record,
      sealed,
      seq: Number.isSafeInteger(record?.seq) ? record.seq : null,
      unreadable: read ? null : `the record is ${json.why}`,
      hashFlaw: hash === stated ? null : 'the stated hash is not the SHA-256 of the record',
      formFlaw: read ? flawOfForm(json) : null,
      flaw: record !== null ? flawOfRecord(record, json) : read ? 'the record is not an object' : null,
      message: toBytes(`causeway/record/v1\n${hash}\n`),
      /** Whether the signature holds, by the key's spki, as far as that was tried ahead. */
      holds: null,
    };
  }

  leaf(bytes) {
    if (this.leafInput.length <= bytes.length) this.leafInput = new Uint8Array(bytes.length * 2);
    this.leafInput.set(bytes, 1);
    return this.platform.sha256(this.leafInput.subarray(0, bytes.length + 1));
  }
}
