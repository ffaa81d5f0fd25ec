// The records of a chain or of a range of it.
import { isObject } from './json.mjs';
import { endsOf, readKey } from './keys.mjs';
import { NO_PREDECESSOR } from './limits.mjs';
import { Records } from './records.mjs';
import { isKey } from './shapes.mjs';
import { Tree } from './tree.mjs';

/** A whole chain, or a range of it: every record follows the one before. */
export class ChainRecords extends Records {
  constructor(platform, problems, header, first, left) {
    super(platform, problems);
    this.header = header;
    this.first = first;
    this.tree = new Tree(platform, first - 1, left);
    this.expected = first;
    this.previous = first === 1 ? NO_PREDECESSOR : null;
    this.skipped = 0;
    this.lastSeq = null;
    this.firstKey = null;
    /** Whether the keys are settled: introduced by the first record, or taken from the header. */
    this.settled = false;
    this.introduced = false;
  }

  skip() {
    this.skipped++;
    this.expected++;
    this.previous = null;
    this.head = null;
  }

  check(line, job) {
    const { record, hash, flaw } = job;
    const hint = this.expected;
    const seq = job.seq ?? hint;
    const report = (code, message) => this.problems.add(line, code, message, seq);
    this.tree.append(job.leaf);
    this.begin(job, report);
    this.lastSeq = seq;
    this.expected = seq + 1; // counting goes on from what stands there
    if (record !== null) {
      this.checkPlace(record, job.seq, hint, report);
      this.checkTime(record.time, report);
      if (seq === 1) this.takeFirst(record, report);
      if (!this.settled) this.takeHeader();
      if (seq === 1 && typeof record.key === 'string') this.firstKey ??= record.key;
      const signed = this.checkSignature(job, seq, 'the key was not introduced by the chain', report);
      if (flaw === null && record.outcome === 'success') this.effect(record, seq, signed, report);
      this.sealed += job.sealed;
    }
    this.previous = hash;
    this.head = hash;
    return seq;
  }

  checkPlace({ chain, tenant, prev }, seq, expected, report) {
    if (seq !== expected) report('sequence', `seq ${expected} was expected, ${seq ?? 'none'} stands there`);
    if (this.header !== null && chain !== this.header.chain) report('sequence', 'the record is of another chain');
    if (this.header !== null && tenant !== this.header.tenant) report('sequence', 'the record is of another tenant');
    if (this.previous !== null && prev !== this.previous) {
      const first = (seq ?? expected) === 1;
      report('chain', first ? 'the first record has a predecessor' : 'prev is not the hash of the record before');
    }
  }

  takeFirst({ action, outcome, data }, report) {
    if (this.settled || action !== 'tenant.created' || outcome !== 'success') return;
    const list = isObject(data) ? data.keys : undefined;
    if (!Array.isArray(list) || list.length < 1 || list.length > 8 || !list.every((key) => isKey(key, ''))) return;
    this.introduced = true;
    this.settled = true;
    for (const key of list) {
      if (key.fromSeq !== 1) report('key', `key ${key.id} is said to be in force from another seq than 1`);
      this.introduce({ ...key, fromSeq: 1 }, null, report);
    }
    if (this.ring.entries.size === 0) this.takeHeader();
  }

  /** Without a readable first record the header's word is all there is: each key until the next one came. */
  takeHeader() {
    this.settled = true;
    const keys = (this.header?.keys ?? []).filter(({ fromSeq }) => fromSeq <= this.first);
    const ends = endsOf(keys);
    keys.forEach((description, index) => {
      const key = readKey(this.platform, description);
      if (typeof key !== 'string') this.ring.add(description, key);
      if (ends[index] !== undefined) this.ring.retire(description.id, ends[index]);
    });
  }

  introduce(description, by, report) {
    const key = readKey(this.platform, description);
    if (typeof key === 'string') report('key', `key ${description.id}: ${key}`);
    else if (this.ring.add(description, key, by)) return true;
    else report('key', `key ${description.id} is introduced a second time`);
    return false;
  }

  /** What a record that succeeded brings about. */
  effect({ action, data, key }, seq, signed, report) {
    if (action === 'credential.key_rotated' && data.purpose === 'signing') this.rotate(data, key, seq, signed, report);
    if (action !== 'tenant.erasure_completed' || !signed) return;
    const here = this.first + this.count + this.skipped - 1;
    for (const { seq: of, path } of data.erased) {
      if (of >= this.first && of < seq && of < here) this.erasures.add(of, path);
    }
  }

  rotate({ oldKey, newKey }, key, seq, signed, report) {
    if (!signed) {
      report('key', 'the new key is not introduced, because the record of the rotation is not signed properly');
      return;
    }
    if (oldKey !== key) report('key', 'the key that is replaced is not the one that signed the rotation');
    if (newKey.fromSeq !== seq + 1) report('key', 'a new key is in force from the seq after its introduction');
    if (this.introduce({ ...newKey, fromSeq: seq + 1 }, key, report)) this.ring.retire(key, seq + 1);
  }
}
