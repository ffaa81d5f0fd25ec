import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '#main/audit/canonical.ts';
import type { FileKey } from '#main/audit/signed-file.ts';
import { createEd25519Key, ed25519Signer } from '#main/audit/signer.ts';
import {
  countNotes,
  type NotesContent,
  readNotes,
  requireInBundle,
  requireOwnBundle,
  viewNotes,
  writeNotes,
} from '#main/compliance/bundle/notes.ts';
import { systemRandom } from '#main/platform/random.ts';
import { anyDigest } from '../../../support/sample-bundle.ts';

function makeKey(): FileKey {
  const { keyId, spki, sign } = ed25519Signer(createEd25519Key(systemRandom), 'test');
  return { keyId, spki, sign: (text) => sign(text) };
}

const REPORT = anyDigest();
const CONTENT: NotesContent = {
  bundle: anyDigest(),
  chain: '0f2d6a3c-4a51-4d0e-9c6e-6a0b8f6f2a11',
  auditor: 'Example auditor',
  at: '2026-03-01T12:00:00.000Z',
  notes: [
    { about: { report: REPORT, what: 'report', id: REPORT }, verdict: 'accepted', text: '' },
    {
      about: { report: REPORT, what: 'exception', id: 'AC-03:late:812' },
      verdict: 'flagged',
      text: 'Who noticed?\nAnd when?',
    },
    { about: { report: REPORT, what: 'sample', id: 'AC-03:17' }, verdict: 'question', text: 'Please show the ticket.' },
  ],
};
const key = makeKey();
const write = (more: Partial<NotesContent> = {}) => writeNotes({ ...CONTENT, ...more }, key);

describe('notes of an auditor', () => {
  it('come back as they were written, with the key they are signed by', async () => {
    const read = readNotes(await write());
    expect(read.content).toEqual(CONTENT);
    expect(read.key).toBe(key.keyId);
    expect(countNotes(read)).toEqual({ accepted: 1, flagged: 1, questions: 1 });
    expect(viewNotes(read, 7)).toMatchObject({
      seq: 7,
      auditor: 'Example auditor',
      key: key.keyId,
      bundle: CONTENT.bundle,
    });
  });

  it('are bound to one bundle of one chain', async () => {
    const read = readNotes(await write());
    expect(() => requireOwnBundle(read, CONTENT.chain, [anyDigest(), CONTENT.bundle])).not.toThrow();
    for (const [chain, bundles] of [
      [CONTENT.chain, [anyDigest()]],
      [CONTENT.chain, []],
      ['0f2d6a3c-4a51-4d0e-9c6e-6a0b8f6f2a12', [CONTENT.bundle]],
    ] as const) {
      expect(() => requireOwnBundle(read, chain, bundles)).toThrow(
        expect.objectContaining({ code: 'conflict', reason: 'other-bundle' }),
      );
    }
  });

  it('are about reports of the bundle that is open', () => {
    expect(() =>
      requireInBundle(CONTENT.notes, { reports: [{ digest: anyDigest() }, { digest: REPORT }] }),
    ).not.toThrow();
    for (const reports of [[], [{ digest: anyDigest() }]]) {
      const failure = expect.objectContaining({ code: 'bad-input', reason: 'other-report' });
      expect(() => requireInBundle(CONTENT.notes, { reports })).toThrow(failure);
    }
  });

  it('do not hold after any change', async () => {
    const bytes = Buffer.from(await write());
    for (let at = 0; at < bytes.length; at += 13) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => readNotes(changed), `byte ${at}`).toThrow();
    }
    const value = JSON.parse(bytes.toString('utf8'));
    value.content.notes[1].verdict = 'accepted';
    const rewritten = Buffer.concat([canonicalBytes(value), Buffer.from('\n')]);
    expect(() => readNotes(rewritten)).toThrow(expect.objectContaining({ code: 'denied', reason: 'notes-signature' }));
  });

  it('of another key put in the place of theirs do not hold', async () => {
    const value = JSON.parse(Buffer.from(await write()).toString('utf8'));
    const other = makeKey();
    value.key = { id: other.keyId, spki: Buffer.from(other.spki).toString('base64') };
    const bytes = Buffer.concat([canonicalBytes(value), Buffer.from('\n')]);
    expect(() => readNotes(bytes)).toThrow(expect.objectContaining({ reason: 'notes-signature' }));
  });

  it.each([
    ['an empty file', ''],
    ['no JSON', 'notes'],
    ['a list', '[]\n'],
    ['another kind of file', '{"causeway":"causeway-answer/1"}\n'],
    ['a file without end', ' '.repeat(25 * 1024 * 1024)],
  ])('are not %s', (_, text) => {
    expect(() => readNotes(Buffer.from(text))).toThrow(expect.objectContaining({ code: 'bad-input', reason: 'notes' }));
  });

  it('hold nothing that is not seen or turns text around, and say one thing about each', async () => {
    const [, flagged] = CONTENT.notes;
    if (flagged === undefined) throw new Error('there is a second note');
    const bad: Partial<NotesContent>[] = [
      { auditor: 'Exam\u202eple' },
      { auditor: 'Exam\u200bple' },
      { auditor: 'Exam\u061cple' },
      { auditor: 'Exam\ufeffple' },
      { auditor: '  ' },
      { notes: [] },
      { notes: [{ ...flagged, text: 'a\u0007b' }] },
      { notes: [{ ...flagged, about: { ...flagged.about, id: '\u2066x' } }] },
      { notes: [{ ...flagged, about: { ...flagged.about, id: 'a\u200db' } }] },
      { notes: [flagged, { ...flagged, verdict: 'accepted' }] },
      { at: 'yesterday' },
      { bundle: 'none' },
    ];
    for (const one of bad) await expect(write(one)).rejects.toMatchObject({ code: 'bad-input', reason: 'notes' });
  });
});
