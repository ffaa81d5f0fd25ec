import { describe, expect, test } from 'vitest';
import {
  drafted,
  finishedNotes,
  judgeDraft,
  type NoteDraft,
  type NoteDrafts,
  putDraft,
} from '#renderer/features/compliance/auditor/note-drafts.ts';
import { countNotes, nameAbout } from '#renderer/features/compliance/auditor/note-words.ts';
import {
  isHouse,
  isProfile,
  readProfile,
  sameProfile,
  typeProfile,
} from '#renderer/features/compliance/samples/profile-model.ts';
import { AuditorNote } from '#shared/ipc/compliance-views.ts';
import { HOUSE_PROFILE } from '#shared/model/control.ts';
import { MADE, NOTES, REPORT_DIGEST } from './support/report-sample.ts';

describe('a sample profile', () => {
  const typed = typeProfile(HOUSE_PROFILE);
  const withSize = (event: string) => readProfile({ ...typed, sizes: { ...typed.sizes, event } });

  test('comes back from its fields as it was', () => {
    const read = readProfile(typed);
    if (!isProfile(read)) throw new Error('it was refused');
    expect(read).toEqual(HOUSE_PROFILE);
    expect(isHouse(read)).toBe(true);
    expect(sameProfile(read, { ...read, sizes: { ...read.sizes, weekly: 6 } })).toBe(false);
  });

  test.each(['', '0', '1001', '2.5', '-1', 'ten'])('has no size “%s”', (event) => {
    expect(withSize(event)).toEqual({ event: '1 to 1000' });
  });

  test('takes sizes up to 1000, and no empty name', () => {
    expect(withSize('1000')).toMatchObject({ sizes: { event: 1000 } });
    expect(readProfile({ ...typed, name: '  ' })).toHaveProperty('name');
  });
});

describe('notes on a bundle', () => {
  const about = { report: REPORT_DIGEST, what: 'exception', id: 'AC-03:late:1' } as const;
  const other = { ...about, id: 'AC-03:late:2' };
  const empty: NoteDrafts = new Map();
  const write = (drafts: NoteDrafts, draft: Partial<NoteDraft>) =>
    putDraft(drafts, { about, verdict: null, text: '', ...draft });

  test('are accepted without a word, but not flagged or asked without one', () => {
    expect(judgeDraft({ about, verdict: 'accepted', text: '' })).toBeNull();
    expect(judgeDraft({ about, verdict: 'flagged', text: '  ' })).not.toBeNull();
    expect(judgeDraft({ about, verdict: 'question', text: 'Why?' })).toBeNull();
    expect(judgeDraft({ about, verdict: null, text: 'Why?' })).not.toBeNull();
  });

  test('are one for each thing; what is unfinished stays a draft and is not saved', () => {
    const once = write(write(empty, { verdict: 'flagged', text: 'first' }), { verdict: 'flagged', text: ' second ' });
    const both = putDraft(once, { about: other, verdict: 'question', text: '' });
    expect(both.size).toBe(2);
    expect(finishedNotes(both)).toEqual([{ about, verdict: 'flagged', text: 'second' }]);
    for (const note of finishedNotes(both)) expect(AuditorNote.parse(note)).toEqual(note);
  });

  test('taken back are gone, and nothing is left to save', () => {
    const begun = write(empty, { verdict: 'accepted' });
    expect(drafted(begun)).not.toBe(drafted(empty));
    expect(drafted(write(begun, { verdict: null }))).toBe(drafted(empty));
  });

  test('that came back are counted, and told by the report they are about where it is known', () => {
    expect(countNotes([NOTES, NOTES])).toEqual({ accepted: 2, flagged: 2, question: 2 });
    expect(nameAbout({ report: REPORT_DIGEST, what: 'report', id: REPORT_DIGEST }, MADE)).toBe('SOC 2 Type II');
    expect(nameAbout(about, MADE)).toBe('SOC 2 Type II, exception AC-03:late:1');
    expect(nameAbout({ ...about, report: 'f'.repeat(64) }, MADE)).toContain('ffffffff…ffff');
  });
});
