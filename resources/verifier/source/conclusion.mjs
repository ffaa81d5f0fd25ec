// What is said when the file was read to its end.
import { fromBase64, toBase64 } from './bytes.mjs';
import { stateKeys } from './keys.mjs';
import { NOT_PROVEN } from './not-proven.mjs';
import { noteSigner, readNote } from './notes.mjs';
import { Problems } from './problems.mjs';
import { judgeWitnesses } from './witnesses.mjs';

/** One key from 1, each further one from a later seq than the one before. */
const ascend = (keys) => keys.every(({ fromSeq }, at) => (at === 0 ? fromSeq === 1 : fromSeq > keys[at - 1].fromSeq));

/** Takes over when everything was read. */
export class Conclusion {
  constructor(verification) {
    Object.assign(this, verification);
  }

  /** The verdict. `grown`: there was more in the file at the end than at the beginning. */
  async judge(grown) {
    const { header, problems, records, options, extract } = this;
    if (header !== null && extract) this.checkExtractHeader();
    else if (header !== null) this.checkHeader();
    if (grown) problems.add(0, 'unreadable', 'the file grew while it was read: what was added was not looked at');
    if (this.end === null) problems.add(0, 'unreadable', 'the file has no end line: it is truncated');
    const found = await this.checkEnd();
    if (this.since !== null && (header !== null || !extract)) await this.checkSince(found.signedBy);
    if (options.key !== undefined && (header !== null || !extract)) this.checkPin(found.signedBy);
    const erased = await this.countErased();
    const rest = records.sealed - this.disclosed - this.mismatched - erased;
    const readable = header !== null && this.end?.whole === true;
    return {
      verdict: readable ? (problems.failures === 0 ? 'valid' : 'invalid') : 'unreadable',
      chain: header?.chain ?? null,
      tenant: header?.tenant ?? null,
      selection: header?.selection ?? null,
      records: records.count,
      first: header?.first ?? null,
      last: header?.last ?? null,
      head: records.head,
      root: found.root,
      keys: records.ring.list.map(({ id, alg, fromSeq, records: signed }) => ({ id, alg, fromSeq, records: signed })),
      witnesses: found.witnesses,
      sealed: { disclosed: this.disclosed, withheld: Math.max(0, rest), erased, mismatched: this.mismatched },
      problems: problems.kept,
      problemCount: problems.count,
      notProven: this.notProven(found.witnesses),
      ...(records.synthetic ? { synthetic: true } : {}),
    };
  }

  get beginsLater() {
    return this.header?.selection === 'range' && this.header.first > 1;
  }

  checkHeader() {
    const { header, problems, records } = this;
    const { selection, first, last, keys } = header;
    if (selection === 'complete' && first !== 1) problems.add(1, 'sequence', 'a complete export begins with seq 1');
    if (records.lastSeq !== last) {
      const found = records.lastSeq ?? 'none';
      problems.add(1, 'sequence', `the header says the last seq is ${last}, it is ${found}`);
    }
    if (!records.introduced && selection === 'complete') return; // named at the first record
    if (this.beginsLater && !ascend(keys)) {
      const text = "the keys of a range's header are one from seq 1 and each further one from a later seq";
      problems.add(1, 'key', text);
    }
    if (stateKeys(keys) !== records.ring.stated) {
      problems.add(1, 'key', "the header's keys are not those the chain introduced");
    }
  }

  checkExtractHeader() {
    const { header, problems, records } = this;
    for (const [which, stated, found] of [
      ['first', header.first, records.firstSeq],
      ['last', header.last, records.lastSeq],
    ]) {
      const text = `the header says the ${which} seq is ${stated}, it is ${found ?? 'none'}`;
      if (stated !== found) problems.add(1, 'sequence', text);
    }
    if (ascend(header.keys) && header.keys.at(-1).fromSeq <= header.size + 1) return;
    const text = "the keys of an extract's header are one from seq 1 and each further one from a later seq";
    problems.add(1, 'key', `${text}, up to the one after the checkpoint`);
  }

  async checkEnd() {
    const { end, header, records, problems, platform } = this;
    const found = { root: null, signedBy: null, witnesses: [] };
    if (end === null) return found;
    const report = (code, message) => problems.add(end.line, code, message);
    if (end.records !== records.count) {
      report('sequence', `the end says ${end.records} records, there are ${records.count}`);
    }
    if (end.digest !== end.found) report('digest', 'the digest is not that of the bytes before the end line');
    const note = readNote(end.checkpoint);
    if (typeof note === 'string') {
      report('checkpoint', note);
      return found;
    }
    if (this.extract && header === null) return found;
    if (header !== null && note.chain !== header.chain) report('checkpoint', 'its origin is another chain');
    const signer = await noteSigner(platform, note, records.ring.forCheckpoint(note.size));
    if (typeof signer === 'string') report('checkpoint', signer);
    else found.signedBy = signer.id;
    found.witnesses = await judgeWitnesses(platform, note, this.witnesses, (text) => report('checkpoint', text));
    found.root = this.extract ? this.rootOfExtract(note, report) : this.rootOfChain(note, report);
    return found;
  }

  rootOfExtract(note, report) {
    const { header, records } = this;
    if (note.size !== header.size || note.root !== header.root) {
      report('root', "the size and root of the header are not the checkpoint's");
      return null;
    }
    return records.count > 0 && records.proven === records.count ? note.root : null;
  }

  rootOfChain(note, report) {
    const { tree } = this.records;
    const range = this.header?.range;
    const wrong = "the root is not the checkpoint's";
    if (range === undefined) {
      const root = toBase64(tree.root());
      if (note.size !== tree.size) {
        report('sequence', `the checkpoint is of ${note.size} records, there are ${tree.size}`);
        report('root', `no tree of ${note.size} records can be made from these`);
      } else if (root !== note.root) report('root', wrong);
      return root;
    }
    if (range.size !== note.size) {
      report('root', "the range's tree size is not the checkpoint's");
      return null;
    }
    const root = tree.rootWith(note.size, range.right.map(fromBase64));
    if (root === null) {
      report('root', 'the subtrees beside the range do not make up the tree');
      return null;
    }
    if (toBase64(root) !== note.root) report('root', wrong);
    return toBase64(root);
  }

  async checkSince(signedBy) {
    const { since: note, header, records, problems } = this;
    const report = (text) => problems.add(0, 'not-extension', text);
    if (header !== null && note.chain !== header.chain) {
      report('the earlier checkpoint is of another chain');
      return;
    }
    if (this.extract) this.compareExtract(note, report);
    else if (this.rootThen === null) report(this.whyNotReached(note));
    else if (this.rootThen !== note.root) {
      report(`the first ${note.size} records are not those of the earlier checkpoint`);
    }
    const signer = await noteSigner(this.platform, note, records.ring.forCheckpoint(note.size));
    if (typeof signer === 'string') problems.add(0, 'checkpoint', `the earlier checkpoint: ${signer}`);
    else if (this.beginsLater && (signedBy === null || !records.ring.leads(signer.id, signedBy))) {
      report("no rotation in this file leads from the earlier checkpoint's key to the one of this checkpoint");
    }
  }

  compareExtract(note, report) {
    const { size, root } = this.header;
    if (note.size !== size) {
      const text = `the earlier checkpoint is of ${note.size} records and this extract is from ${size}`;
      report(`${text}: it does not show that one extends the other`);
    } else if (note.root !== root) {
      report(`the first ${size} records are not those of the earlier checkpoint`);
    }
  }

  whyNotReached({ size }) {
    const { header, records } = this;
    if (this.beginsLater && size < header.first - 1) {
      const text = `the earlier checkpoint is of ${size} records, and this range begins at ${header.first}`;
      return `${text}: it does not show that one extends the other`;
    }
    const now = records.tree.size;
    return `the chain does not reach the earlier checkpoint: it had ${size} records then, and this file ends at ${now}`;
  }

  checkPin(signedBy) {
    const { header, records, problems, extract } = this;
    const { key: pin } = this.options;
    if (!extract && !this.beginsLater) {
      if (records.firstKey !== pin) problems.add(0, 'pin', `the chain does not begin with key ${pin}`);
      return;
    }
    const only = header.keys.length === 1 && header.keys[0].id === pin;
    const all = records.count > 0 && records.ring.entries.get(pin)?.signed === records.count && signedBy === pin;
    if (only && all) return;
    const what = extract ? 'extract' : 'range';
    problems.add(0, 'pin', `key ${pin} is not the only key of this ${what}, or did not sign all of it`);
  }

  async countErased() {
    const { places } = this.records.erasures;
    let erased = 0;
    for (const seq of [...places.keys()].sort((a, b) => a - b)) {
      const paths = places.get(seq);
      if (paths.size === 0) continue;
      const sealed = await this.finder.find(seq);
      for (const path of paths) if (sealed.has(path)) erased++;
    }
    return erased;
  }

  notProven(witnesses) {
    const { options, header } = this;
    const list = [...NOT_PROVEN.always];
    if (options.key === undefined) list.push(NOT_PROVEN.noPin);
    list.push(options.since === undefined ? NOT_PROVEN.noSince : NOT_PROVEN.since);
    if (witnesses.some(({ state }) => state === 'unknown-key')) list.push(NOT_PROVEN.unknownWitness);
    if (witnesses.some(({ state }) => state === 'verified')) list.push(NOT_PROVEN.witness);
    if (!this.records.signatures) list.push(NOT_PROVEN.unsigned);
    if (header?.selection === 'range') list.push(NOT_PROVEN.range);
    if (header?.selection === 'extract') list.push(NOT_PROVEN.extract, NOT_PROVEN.extractKeys);
    if (this.beginsLater) list.push(NOT_PROVEN.rangeKeys);
    if (this.records.erasures.full) list.push(NOT_PROVEN.erasures);
    return list;
  }
}

/** The verdict on what could not be read at all. */
export function unopened(message) {
  const problems = new Problems();
  problems.add(0, 'unreadable', message);
  const nothing = { chain: null, tenant: null, selection: null, records: 0, first: null, last: null };
  return {
    verdict: 'unreadable',
    ...nothing,
    head: null,
    root: null,
    keys: [],
    witnesses: [],
    sealed: { disclosed: 0, withheld: 0, erased: 0, mismatched: 0 },
    problems: problems.kept,
    problemCount: problems.count,
    notProven: [...NOT_PROVEN.always, NOT_PROVEN.noPin, NOT_PROVEN.noSince],
  };
}
