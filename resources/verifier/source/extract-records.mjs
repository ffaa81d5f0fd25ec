// The records of an extract.
import { fromBase64, same } from './bytes.mjs';
import { endsOf, readKey, stateKeys } from './keys.mjs';
import { NO_PREDECESSOR } from './limits.mjs';
import { Records } from './records.mjs';
import { Tree } from './tree.mjs';

/** Selected records: each is proven by itself. Without a header there is nothing to prove it by. */
export class ExtractRecords extends Records {
  constructor(platform, problems, header) {
    super(platform, problems);
    this.header = header;
    this.root = header === null ? null : fromBase64(header.root);
    this.tree = new Tree(platform);
    this.proven = 0;
    this.highest = 0;
    this.firstSeq = null;
    this.lastSeq = null;
    this.before = null;
    if (header !== null) this.takeHeader(header.keys);
  }

  takeHeader(keys) {
    const ends = endsOf(keys);
    keys.forEach((description, index) => {
      const key = readKey(this.platform, description);
      if (typeof key === 'string') this.problems.add(1, 'key', `key ${description.id}: ${key}`);
      else if (!this.ring.add(description, key)) {
        this.problems.add(1, 'key', `key ${description.id} is introduced a second time`);
        return;
      }
      if (ends[index] !== undefined) this.ring.retire(description.id, ends[index]);
    });
  }

  skip() {
    this.before = null;
  }

  /** The record's seq if it is above all before it, otherwise null. */
  check(line, job) {
    const { record, hash, flaw, seq } = job;
    const report = (code, message) => this.problems.add(line, code, message, seq ?? undefined);
    this.begin(job, report);
    const ascends = record !== null && seq !== null && seq > this.highest;
    if (record !== null) {
      if (!ascends) report('sequence', `a seq above ${this.highest} was expected, ${seq ?? 'none'} stands there`);
      this.checkPlace(record, seq, report);
      this.checkTime(record.time, report);
      const known = this.header !== null;
      const signed = known && this.checkSignature(job, seq, "the key is not one of the header's", report);
      if (flaw === null && record.outcome === 'success' && signed) this.effect(record, report);
      this.sealed += job.sealed;
      if (ascends) this.highest = seq;
    }
    this.checkProof(job, report);
    this.before = seq === null ? null : { seq, hash };
    this.head = hash;
    if (seq !== null) {
      this.firstSeq ??= seq;
      this.lastSeq = seq;
    }
    return ascends ? seq : null;
  }

  checkPlace({ chain, tenant, prev }, seq, report) {
    if (this.header !== null && chain !== this.header.chain) report('sequence', 'the record is of another chain');
    if (this.header !== null && tenant !== this.header.tenant) report('sequence', 'the record is of another tenant');
    if (seq === 1) {
      if (prev !== NO_PREDECESSOR) report('chain', 'the first record has a predecessor');
    } else if (seq !== null && this.before?.seq === seq - 1 && prev !== this.before.hash) {
      report('chain', 'prev is not the hash of the record before');
    }
  }

  /** What a record says of keys goes before the header's word. */
  effect({ action, data, key, seq }, report) {
    const { keys } = this.header;
    const flaw = "the header's keys are not those this record introduces";
    if (action === 'tenant.created' && stateKeys(data.keys) !== stateKeys(keys.slice(0, 1))) report('key', flaw);
    if (action === 'credential.key_rotated' && data.purpose === 'signing') {
      const next = keys[keys.findIndex(({ id }) => id === key) + 1];
      const same = next !== undefined && stateKeys([data.newKey]) === stateKeys([next]);
      if (!same || next.fromSeq !== seq + 1 || data.oldKey !== key) report('key', flaw);
    }
    if (action !== 'tenant.erasure_completed') return;
    for (const { seq: of, path } of data.erased) if (of < seq && of <= this.highest) this.erasures.add(of, path);
  }

  checkProof({ leaf, proof, seq }, report) {
    if (this.header === null) return;
    const { size } = this.header;
    const inside = seq !== null && seq >= 1 && seq <= size;
    const end = inside ? this.tree.follow(leaf, seq - 1, size, proof) : null;
    if (end !== null && same(end, this.root)) this.proven++;
    else report('root', 'the proof does not lead to the root');
  }
}
