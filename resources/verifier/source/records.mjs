import { inForce, KeyRing } from './keys.mjs';
import { EXAMPLE, TIME_SLACK } from './limits.mjs';
import { Erasures } from './sealed.mjs';
import { isTime } from './shapes.mjs';

const BACKWARDS = 'the clock went back by more than five minutes since the record before';

/** The records of a file, one after the other. What a kind of file checks in its own way is in the classes below. */
export class Records {
  constructor(platform, problems) {
    this.platform = platform;
    this.problems = problems;
    /** False when the reader does not want records' signatures checked. */
    this.signatures = true;
    this.ring = new KeyRing();
    this.erasures = new Erasures();
    this.count = 0;
    this.sealed = 0;
    this.time = null;
    this.head = null;
    /** Whether the chain's first record is here, and says that the chain is made up. */
    this.synthetic = false;
  }

  /** Everything that is said of a record before its members are looked at. */
  begin(job, report) {
    this.count++;
    for (const [code, flaw] of [
      ['unreadable', job.unreadable],
      ['hash', job.hashFlaw],
      ['not-canonical', job.formFlaw],
      ['schema', job.flaw],
    ]) {
      if (flaw !== null) report(code, flaw);
    }
    const { record, flaw } = job;
    if (flaw !== null || record?.action !== 'tenant.created') return;
    if (record.data.generator.name === EXAMPLE) this.synthetic = true;
  }

  checkTime(time, report) {
    if (typeof time !== 'string' || !isTime(time)) return; // named by the schema
    const instant = Date.parse(time);
    if (this.time !== null && instant < this.time - TIME_SLACK) report('time', BACKWARDS);
    this.time = instant;
  }

  /** Whether the record is signed by a key of the chain that is in force. `seq` null: not judged by its place. */
  checkSignature({ record, sig, message, holds }, seq, unknown, report) {
    const entry = typeof record.key === 'string' ? this.ring.entries.get(record.key) : undefined;
    if (entry === undefined) {
      report('key', unknown);
      return false;
    }
    entry.records++;
    const fits = seq === null || inForce(entry, seq);
    if (!fits) report('key', `key ${entry.id} is not in force at this seq`);
    const verified = () => holds?.get(entry.spki) ?? this.platform.verifyNow(entry.key, message, sig);
    if (!this.signatures || (sig?.length === 64 && verified() === true)) {
      if (fits) entry.signed++;
      return fits;
    }
    report('signature', 'the signature is not one of this record by its key');
    return false;
  }
}
