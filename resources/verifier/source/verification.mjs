// One reading of a file: header, records, disclosures, end.
import { fromBase64, hasAt, toBase64, toBytes } from './bytes.mjs';
import { ChainRecords } from './chain-records.mjs';
import { Conclusion } from './conclusion.mjs';
import { ExtractRecords } from './extract-records.mjs';
import { LineCutter } from './line-cutter.mjs';
import { readNote } from './notes.mjs';
import { Problems } from './problems.mjs';
import { Reading } from './reading.mjs';
import { after, SealedFinder } from './sealed.mjs';
import { countBits } from './tree.mjs';
import { readVkey } from './witnesses.mjs';

/** One verification: `prepare` and `apply` for each line in order, then `finish`. */
export class Verification {
  /** `start`: the first bytes of the file. `options`: {since, key, witnesses, signatures} as given by the reader, checked already. */
  constructor(platform, readAt, start, options) {
    this.platform = platform;
    this.readAt = readAt;
    this.options = options;
    this.extract = hasAt(start, 0, '{"causeway":"extract/1"');
    this.reading = new Reading(platform, this.extract);
    this.problems = new Problems();
    this.digest = platform.digest();
    this.cutter = new LineCutter();
    this.witnesses = [...new Set(options.witnesses ?? [])].map((vkey) => readVkey(platform, vkey));
    const since = options.since === undefined ? null : readNote(options.since);
    if (typeof since === 'string') this.problems.add(0, 'checkpoint', `the earlier checkpoint: ${since}`);
    this.since = typeof since === 'string' ? null : since;
    this.rootThen = null;
    this.header = null;
    this.adopt(null, 1, []);
    this.end = null;
    this.trailing = false;
    this.last = { seq: 0, path: '' };
    this.disclosing = false;
    this.disclosed = 0;
    this.mismatched = 0;
  }

  adopt(header, first, left) {
    this.header = header;
    this.records = this.extract
      ? new ExtractRecords(this.platform, this.problems, header)
      : new ChainRecords(this.platform, this.problems, header, first, left);
    this.records.signatures = this.extract || this.options.signatures !== false;
    this.finder = new SealedFinder(this.readAt, header?.range === undefined ? 1 : header.first, this.extract);
  }

  prepare(line) {
    return this.reading.take(line);
  }

  /** Takes the next line into account. A promise where the file has to be read again and that takes time. */
  apply(line, job) {
    const { part, number, bytes, whole } = line;
    if (part) {
      this.digest.update(line.raw);
      return undefined;
    }
    if (this.end !== null) {
      if (!this.trailing) this.problems.add(number, 'unreadable', 'there are bytes after the end line');
      this.trailing = true;
      return undefined;
    }
    if (!whole) this.problems.add(number, 'unreadable', 'the last line does not end: the file is truncated');
    if (bytes === null) this.problems.add(number, 'unreadable', 'the line is longer than 4 MiB');
    if (job.kind === 'end') this.takeEnd(line, job.read);
    this.digest.update(line.raw);
    if (number === 1) {
      if (job.kind === 'header') this.takeHeader(job.read);
      this.observe();
    } else if (job.kind === 'disclosure') return this.takeDisclosure(number, job.read);
    else if (job.kind !== 'end') this.takeRecord(line, job);
    return undefined;
  }

  takeHeader(header) {
    if (typeof header === 'string') {
      this.problems.add(1, 'unreadable', header);
      return;
    }
    const { range, first } = header;
    if (range === undefined) this.adopt(header, 1, []);
    else if (range.left.length === countBits(first - 1)) this.adopt(header, first, range.left.map(fromBase64));
    else {
      this.problems.add(1, 'root', 'the subtrees before the range do not make up the tree');
      this.adopt(header, 1, []);
    }
  }

  takeRecord(line, job) {
    if (this.disclosing) {
      if (line.bytes === null) return;
      this.problems.add(line.number, 'unreadable', 'a record or unknown line after the disclosures');
    } else if (job.kind !== 'record') {
      if (line.bytes !== null) this.problems.add(line.number, 'unreadable', 'the line is not one of this format');
      this.skip(line);
    } else {
      const seq = this.records.check(line.number, job);
      if (!this.extract || seq !== null) this.finder.note(line, seq);
      this.observe();
    }
  }

  /** A line among the records that is none takes one place in the sequence. */
  skip(line) {
    if (!this.extract) this.finder.note(line, 0);
    this.records.skip();
  }

  /** Keeps the root when there are as many records as the earlier checkpoint has. */
  observe() {
    if (this.since !== null && this.records.tree.size === this.since.size && !this.extract) {
      this.rootThen = toBase64(this.records.tree.root());
    }
  }

  takeDisclosure(line, read) {
    this.disclosing = true;
    if (typeof read === 'string') {
      this.problems.add(line, 'unreadable', read);
      return undefined;
    }
    const { seq, path, form } = read;
    const { last } = this;
    if (seq < last.seq || (seq === last.seq && path <= last.path)) {
      const repeated = seq === last.seq && path === last.path;
      if (repeated) this.problems.add(line, 'disclosure', 'the value is disclosed twice', seq);
      else this.problems.add(line, 'unreadable', 'disclosures are out of order', seq);
      return undefined;
    }
    this.last = { seq, path };
    return after(this.finder.find(seq), (sealed) => {
      const digest = sealed.get(path);
      const found = toBase64(this.platform.sha256(toBytes(form)), true);
      const report = (message) => this.problems.add(line, 'disclosure', message, seq);
      if (digest === undefined) report(`there is no sealed value at ${path}`);
      else if (found === digest) this.disclosed++;
      else {
        this.mismatched++;
        report(`the value disclosed for ${path} is not the one that was sealed`);
      }
      this.records.erasures.places.get(seq)?.delete(path);
    });
  }

  /** An end line in another form than its own is none: the file goes on. */
  takeEnd(line, end) {
    if (typeof end === 'string') {
      this.problems.add(line.number, 'unreadable', end);
      if (this.extract || !this.disclosing) this.skip(line);
      return;
    }
    this.end = { ...end, line: line.number, found: this.digest.hex(), whole: line.whole };
  }

  /** The verdict. `grown`: there was more in the file at the end than at the beginning. */
  finish(grown) {
    return new Conclusion(this).judge(grown);
  }
}
