import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attachments,
  createAttachments,
  MOST_ATTACHED,
  readAttachment,
} from '#main/compliance/register/attachments.ts';
import { rootOfSubjects } from '#main/compliance/register/campaigns.ts';
import { createRegister, type Register } from '#main/compliance/register/changes.ts';
import type { RegisterActor } from '#main/compliance/register/register-writer.ts';
import { createCipher } from '#main/platform/cipher.ts';
import { systemRandom } from '#main/platform/random.ts';
import { cadencesBeside, HOUSE_PROFILE } from '#shared/model/control.ts';
import { MemoryTrail } from '../../../support/memory-trail.ts';

const DAY = 86_400_000;
const by = (id: string, human = id): RegisterActor => ({
  actor: { type: id.startsWith('key') ? 'api_key' : 'user', id },
  device: { id: 'device-1' },
  id,
  human,
});
const ANNA = by('u-anna');
const BEN = by('u-ben');
const text = (value: string) => Buffer.from(value, 'utf8');

let folder: string;
let trail: MemoryTrail;
let attachments: Attachments;
let register: Register;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-register-'));
  trail = new MemoryTrail();
  attachments = createAttachments({
    folder,
    cipher: createCipher(new Uint8Array(32), 'example'),
    random: systemRandom,
  });
  register = createRegister({
    audit: trail,
    state: trail.state,
    clock: { now: () => trail.now },
    attachments,
    isMember: (id) => id === 'u-anna' || id === 'u-ben',
  });
});

afterEach(() => rmSync(folder, { recursive: true }));

const time = (days: number) => new Date(trail.now + days * DAY).toISOString();
const refused = async (code: string, reason: string, attempt: Promise<unknown>): Promise<void> => {
  const before = trail.records.length;
  await expect(attempt).rejects.toMatchObject({ name: 'CausewayError', code, reason });
  expect(trail.records.length).toBe(before);
};

describe('what people change about a control', () => {
  it('is on record with what was before', async () => {
    await register.update(ANNA, 'RA-01', { kind: 'owner', owner: 'u-ben' });
    expect(trail.newest).toMatchObject({
      action: 'tenant.control_updated',
      outcome: 'success',
      actor: { type: 'user', id: 'u-anna' },
      device: { id: 'device-1' },
      target: { type: 'control', id: 'RA-01' },
      data: { framework: 'causeway', control: 'RA-01', owner: 'u-ben', change: { kind: 'owner', previous: null } },
    });
    await register.update(ANNA, 'RA-01', { kind: 'cadence', frequency: 'quarterly' });
    expect(trail.newest.data).toMatchObject({ owner: 'u-ben', change: { previous: 'annual', next: 'quarterly' } });
    await register.update(ANNA, 'RA-01', { kind: 'due', due: time(30) });
    await register.update(ANNA, 'RA-01', { kind: 'owner', owner: null });
    const { controls } = trail.state();
    expect(controls['RA-01']).toMatchObject({ owner: null, frequency: 'quarterly', status: null });
    expect(controls['RA-01']?.due).not.toBeNull();
    expect(controls['RA-01']?.history.map(({ kind, detail }) => `${kind}: ${detail}`).slice(2)).toEqual([
      'cadence: quarterly',
      'owner: nobody to u-ben',
    ]);
  });

  it('is refused when it changes nothing, is of nothing, or cannot be', async () => {
    await refused('not-found', 'control', register.update(ANNA, 'ZZ-99', { kind: 'owner', owner: 'u-ben' }));
    await refused('not-found', 'control', register.update(ANNA, '__proto__', { kind: 'applicable' }));
    await refused('conflict', 'no-change', register.update(ANNA, 'RA-01', { kind: 'owner', owner: null }));
    await refused('not-found', 'owner', register.update(ANNA, 'RA-01', { kind: 'owner', owner: 'u-gone' }));
    await refused('conflict', 'no-change', register.update(ANNA, 'RA-01', { kind: 'cadence', frequency: 'annual' }));
    await refused('conflict', 'no-change', register.update(ANNA, 'RA-01', { kind: 'due', due: null }));
    await refused('bad-input', 'due', register.update(ANNA, 'RA-01', { kind: 'due', due: time(-1) }));
    await refused('bad-input', 'due', register.update(ANNA, 'RA-01', { kind: 'due', due: 'soon' }));
    await refused('bad-input', 'due', register.update(ANNA, 'RA-01', { kind: 'due', due: time(4000) }));
    await refused('conflict', 'no-change', register.update(ANNA, 'RA-01', { kind: 'applicable' }));
  });

  it('can be that it does not apply, with a sentence why, which is sealed', async () => {
    const justification = 'The console opens no port, so no page can call it.';
    await register.recordSelfChecks([
      { control: 'SC-04', result: 'absent', detail: 'no port', digest: 'a'.repeat(64) },
    ]);
    await register.update(ANNA, 'SC-04', { kind: 'not-applicable', justification });
    expect(JSON.stringify(trail.newest)).not.toContain('opens no port');
    expect(trail.disclosed(2, '/data/change/note')).toBe(justification);
    expect(trail.newest.data).toMatchObject({ newStatus: 'not-applicable' });
    expect(trail.state().controls['SC-04']?.notApplicable).toMatchObject({
      by: 'u-anna',
      justification: { seq: 2, path: '/data/change/note' },
    });
    await refused('conflict', 'no-change', register.update(ANNA, 'SC-04', { kind: 'not-applicable', justification }));
    await register.update(ANNA, 'SC-04', { kind: 'applicable' });
    expect(trail.state().controls['SC-04']?.notApplicable).toBeNull();
  });

  it('is not that a control of the console does not apply, unless its self-check says that it is not there', async () => {
    const update = { kind: 'not-applicable', justification: 'We use another trail for this purpose.' } as const;
    await refused('bad-input', 'technical', register.update(ANNA, 'AU-01', update));
    const check = { control: 'AU-01', result: 'fails', detail: 'got through', digest: 'a'.repeat(64) } as const;
    await register.recordSelfChecks([check]);
    await refused('bad-input', 'technical', register.update(ANNA, 'AU-01', update));
  });

  it('takes every cadence that is offered, and offers none that is not taken', async () => {
    const offered = cadencesBeside('weekly').filter((frequency) => frequency !== 'weekly');
    expect(offered).toHaveLength(5);
    for (const frequency of [...offered, 'weekly' as const]) {
      await register.update(ANNA, 'AU-03', { kind: 'cadence', frequency });
    }
    expect(cadencesBeside('event')).toEqual([]);
  });

  it('is not that a control with a cadence has none, nor that one that is seen each time has one', async () => {
    await refused('bad-input', 'cadence', register.update(ANNA, 'AU-03', { kind: 'cadence', frequency: 'event' }));
    await refused('bad-input', 'cadence', register.update(ANNA, 'IA-04', { kind: 'cadence', frequency: 'weekly' }));
  });

  it.each([
    'TODO',
    'too short',
    'TBD, to be written next week',
    'Lorem ipsum dolor sit amet',
    '[insert justification here]',
    'This is to be determined later',
    'xxxxxxxxxxxxxxxx',
    '. . . . . . . . . .',
    'n/a         .',
    '<company name> has no network',
  ])('is refused with placeholder text: %s', async (justification) => {
    const attempt = register.update(ANNA, 'SC-04', { kind: 'not-applicable', justification });
    await expect(attempt).rejects.toMatchObject({ code: 'bad-input' });
    expect(trail.records).toEqual([]);
  });

  it('does not happen when the trail cannot be written', async () => {
    trail.fails = true;
    await expect(register.update(ANNA, 'RA-01', { kind: 'owner', owner: 'u-ben' })).rejects.toMatchObject({
      code: 'audit-unavailable',
    });
    trail.fails = false;
    expect(register.state().controls['RA-01']).toBeUndefined();
    await register.update(ANNA, 'RA-01', { kind: 'owner', owner: 'u-ben' });
    expect(register.state().controls['RA-01']?.owner).toBe('u-ben');
  });

  it('sees what was written before, counted or not', async () => {
    trail.counts = false;
    const both = await Promise.allSettled([
      register.update(ANNA, 'RA-01', { kind: 'owner', owner: 'u-ben' }),
      register.update(BEN, 'RA-01', { kind: 'owner', owner: 'u-ben' }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(trail.records).toHaveLength(1);
    trail.counts = true;
    expect(register.state()).toEqual(trail.state());
  });
});

describe('what was done', () => {
  const note = 'Assessed the risks with operations; twelve were rated.';

  it('is on record with the digests of what shows it, and the files are kept encrypted', async () => {
    const content = text('the register of risks');
    await register.perform(ANNA, 'RA-01', {
      on: time(-1),
      note,
      attachments: [{ name: 'risks.pdf', mediaType: 'application/pdf', content }],
    });
    const { data } = trail.newest;
    expect(data).toMatchObject({ change: { kind: 'performed', attachments: [{ bytes: content.length }] } });
    expect(JSON.stringify(trail.newest)).not.toContain('risks.pdf');
    const performed = trail.state().controls['RA-01']?.performed[0];
    const digest = performed?.attachments[0]?.digest ?? '';
    expect(data.evidence).toEqual([digest]);
    expect(trail.disclosed(1, performed?.attachments[0]?.name.path ?? '')).toBe('risks.pdf');
    expect(trail.disclosed(1, performed?.note.path ?? '')).toBe(note);
    expect(Buffer.from(await attachments.read(digest)).toString()).toBe('the register of risks');
    expect(readFileSync(join(folder, 'attachments', digest)).includes('register of risks')).toBe(false);
  });

  it('takes away the date it was due', async () => {
    await register.update(ANNA, 'RA-01', { kind: 'due', due: time(30) });
    await register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: [] });
    expect(trail.state().controls['RA-01']?.due).toBeNull();
  });

  it('is refused for technical controls, for days to come, long ago, and controls that do not apply', async () => {
    const done = { on: time(-1), note, attachments: [] };
    await refused('bad-input', 'technical', register.perform(ANNA, 'AC-01', done));
    await refused('not-found', 'control', register.perform(ANNA, 'XX-01', done));
    await refused('bad-input', 'on', register.perform(ANNA, 'RA-01', { ...done, on: time(1) }));
    await refused('bad-input', 'on', register.perform(ANNA, 'RA-01', { ...done, on: time(-3000) }));
    await refused('bad-input', 'on', register.perform(ANNA, 'RA-01', { ...done, on: 'yesterday' }));
    await refused('bad-input', 'placeholder', register.perform(ANNA, 'RA-01', { ...done, note: 'TODO: describe it' }));
    await refused('bad-input', 'note', register.perform(ANNA, 'RA-01', { ...done, note: 'short' }));
    await register.update(ANNA, 'PE-01', { kind: 'not-applicable', justification: 'Everybody works from home.' });
    await refused('conflict', 'not-applicable', register.perform(ANNA, 'PE-01', done));
    await refused('denied', 'not-a-person', register.perform(by('key-1', 'u-anna'), 'RA-01', done));
  });

  it('keeps no file that no record names', async () => {
    const attachment = (content: Uint8Array) => ({ name: 'a', mediaType: 'text/plain', content });
    const many = Array.from({ length: 17 }, (_, index) => attachment(text(`file ${index}`)));
    await refused(
      'too-large',
      'attachments',
      register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: many }),
    );
    const empty = [attachment(text('good')), attachment(new Uint8Array())];
    await refused(
      'bad-input',
      'attachment-empty',
      register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: empty }),
    );
    const large = [attachment(text('good')), attachment(new Uint8Array(MOST_ATTACHED + 1))];
    await refused(
      'too-large',
      'attachment',
      register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: large }),
    );
    trail.fails = true;
    const one = [attachment(text('good'))];
    await expect(register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: one })).rejects.toMatchObject({
      code: 'audit-unavailable',
    });
    expect(readdirSync(join(folder, 'attachments'))).toEqual([]);
  });

  it('leaves a file alone that another record names', async () => {
    const one = [{ name: 'a', mediaType: 'text/plain', content: text('good') }];
    await register.perform(ANNA, 'RA-01', { on: time(0), note, attachments: one });
    trail.fails = true;
    await expect(register.perform(ANNA, 'RA-02', { on: time(0), note, attachments: one })).rejects.toThrow();
    expect(readdirSync(join(folder, 'attachments'))).toHaveLength(1);
  });
});

describe('attachments', () => {
  it('are told from what they are not', async () => {
    const { digest } = await attachments.keep(text('evidence'));
    expect(attachments.has(digest)).toBe(true);
    expect(await attachments.keep(text('evidence'))).toEqual({ digest, isNew: false });
    const file = join(folder, 'attachments', digest);
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1));
    await expect(attachments.read(digest)).rejects.toMatchObject({ code: 'audit-broken' });
    expect((await attachments.keep(text('evidence'))).digest).toBe(digest); // written anew
    expect(Buffer.from(await attachments.read(digest)).toString()).toBe('evidence');
    const { digest: other } = await attachments.keep(text('other'));
    writeFileSync(join(folder, 'attachments', other), readFileSync(file)); // one in the place of another
    await expect(attachments.read(other)).rejects.toMatchObject({ code: 'audit-broken' });
  });

  it('are named by digests and by nothing else', async () => {
    for (const name of ['../people.db', '', 'a'.repeat(63), `${'a'.repeat(64)}/..`]) {
      expect(attachments.has(name)).toBe(false);
      await expect(attachments.read(name)).rejects.toMatchObject({ code: 'not-found' });
    }
    await expect(attachments.read('a'.repeat(64))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are read from files a person chose', async () => {
    const file = join(folder, 'Minutes.PDF');
    writeFileSync(file, 'minutes');
    expect(await readAttachment(file)).toMatchObject({ name: 'Minutes.PDF', mediaType: 'application/pdf' });
    await expect(readAttachment(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readAttachment(folder)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('access reviews', () => {
  const subjects = [
    { id: 'u-ben', role: 'viewer' },
    { id: 'key-1', role: 'api-key' },
    { id: 'u-anna', role: 'owner' },
  ];
  const humanOf = (id: string) => (id === 'key-1' ? 'u-anna' : id);
  const note = 'Works in operations and needs it.';
  const open = async () => (await register.openReview(ANNA, { due: time(14), subjects })).campaign;

  it('freeze who has access, ordered and with a root anybody can compute', async () => {
    const campaign = await open();
    expect(campaign).toMatch(/^review-2026-03-02-[0-9a-f]{8}$/);
    const [found] = trail.state().campaigns;
    expect(found?.subjects.map(({ id }) => id)).toEqual(['key-1', 'u-anna', 'u-ben']);
    const sorted = [subjects[1], subjects[2], subjects[0]].flatMap((one) => one ?? []);
    expect(found?.root).toBe(rootOfSubjects(sorted));
    expect(found?.root).not.toBe(rootOfSubjects(subjects));
    expect(trail.newest.data).toMatchObject({ control: 'AR-01', evidence: [found?.root] });
  });

  it('are not opened twice, in the past, of nobody, or of somebody twice', async () => {
    await refused('bad-input', 'due', register.openReview(ANNA, { due: time(-1), subjects }));
    await refused('bad-input', 'due', register.openReview(ANNA, { due: time(400), subjects }));
    await refused('bad-input', 'subjects', register.openReview(ANNA, { due: time(1), subjects: [] }));
    await refused('denied', 'not-a-person', register.openReview(by('key-1', 'u-anna'), { due: time(1), subjects }));
    const twice = [...subjects, { id: 'u-ben', role: 'owner' }];
    await refused('bad-input', 'subjects', register.openReview(ANNA, { due: time(1), subjects: twice }));
    const many = Array.from({ length: 2001 }, (_, index) => ({ id: `u-${index}`, role: 'viewer' }));
    await refused('too-large', 'subjects', register.openReview(ANNA, { due: time(1), subjects: many }));
    await open();
    await refused('conflict', 'review-open', register.openReview(BEN, { due: time(14), subjects }));
  });

  it('are decided once, by somebody else, and closed once', async () => {
    const campaign = await open();
    const decide = (who: RegisterActor, subject: string, more: object = {}) =>
      register.decideReview(who, { campaign, subject, decision: 'keep', note, humanOf, ...more });
    await refused('denied', 'self-review', decide(ANNA, 'u-anna'));
    await refused('denied', 'self-review', decide(ANNA, 'key-1'));
    await refused('denied', 'self-review', decide(by('u-alias', 'u-anna'), 'u-anna'));
    await refused('denied', 'not-a-person', decide(by('key-1', 'u-anna'), 'u-ben'));
    await refused('not-found', 'subject', decide(ANNA, 'u-carl'));
    await refused('not-found', 'campaign', decide(ANNA, 'u-ben', { campaign: 'review-0' }));
    await refused('bad-input', 'placeholder', decide(ANNA, 'u-ben', { note: 'TBD by next week' }));
    await decide(ANNA, 'u-ben');
    await refused('conflict', 'decided', decide(ANNA, 'u-ben', { decision: 'revoke' }));
    await decide(BEN, 'u-anna', { decision: 'change' });
    await register.closeReview(ANNA, campaign);
    expect(trail.newest.data).toMatchObject({ change: { kind: 'review-closed', decided: 2, undecided: 1 } });
    await refused('conflict', 'review-closed', decide(BEN, 'key-1'));
    await refused('conflict', 'review-closed', register.closeReview(ANNA, campaign));
    await refused('not-found', 'campaign', register.closeReview(ANNA, 'review-0'));
    await open();
    expect(trail.state().campaigns).toHaveLength(2);
  });

  it('are decided once although counting is behind', async () => {
    const campaign = await open();
    trail.counts = false;
    const decide = (who: RegisterActor) =>
      register.decideReview(who, { campaign, subject: 'u-ben', decision: 'keep', note, humanOf });
    const both = await Promise.allSettled([decide(ANNA), decide(by('u-carl'))]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});

describe('what is of the register as a whole', () => {
  it('plan and profile stand as they were said last', async () => {
    await register.setPlan(ANNA, { start: '2026-03-02T00:00:00Z', weeks: 10 });
    await register.setProfile(ANNA, { ...HOUSE_PROFILE, name: 'Firm' });
    expect(trail.state()).toMatchObject({
      plan: { start: '2026-03-02T00:00:00.000Z', weeks: 10, seq: 1 },
      sampleProfile: { name: 'Firm' },
    });
    await refused('bad-input', 'weeks', register.setPlan(ANNA, { start: time(0), weeks: 13 }));
    await refused('bad-input', 'weeks', register.setPlan(ANNA, { start: time(0), weeks: 8.5 }));
    await refused('bad-input', 'start', register.setPlan(ANNA, { start: 'now', weeks: 8 }));
    await refused('bad-input', 'start', register.setPlan(ANNA, { start: time(9999), weeks: 8 }));
    const wrong = { ...HOUSE_PROFILE, sizes: { ...HOUSE_PROFILE.sizes, event: 0 } };
    await refused('bad-input', 'profile', register.setProfile(ANNA, wrong));
  });

  it('self-checks are of controls there are', async () => {
    const result = { control: 'AC-01', result: 'holds', detail: ' refused ', digest: 'a'.repeat(64) } as const;
    await register.recordSelfChecks([result, { ...result, control: 'AC-02', result: 'fails', detail: '' }]);
    const { controls } = trail.state();
    expect(controls['AC-01']?.check).toMatchObject({ result: 'holds', detail: 'refused', seq: 1 });
    expect(controls['AC-02']?.check).toMatchObject({ result: 'fails', detail: 'nothing was said' });
    await register.recordSelfChecks([result]);
    expect(controls['AC-01']?.history).toHaveLength(1);
    expect(trail.state().controls['AC-01']?.history).toHaveLength(1); // the same again is no news
    await refused('not-found', 'control', register.recordSelfChecks([{ ...result, control: 'AC-99' }]));
    await refused('bad-input', 'results', register.recordSelfChecks([]));
  });

  it('a status is on record when it became another', async () => {
    const change = { control: 'AC-01', status: 'partial', reasons: ['One exception is open.'] } as const;
    expect(await register.recordStatuses([change])).toHaveLength(1);
    expect(trail.newest.data).toMatchObject({ oldStatus: null, newStatus: 'partial', change: { kind: 'status' } });
    expect(await register.recordStatuses([change])).toEqual([]);
    await register.recordStatuses([{ ...change, status: 'in-place' }]);
    expect(trail.newest.data).toMatchObject({ oldStatus: 'partial', newStatus: 'in-place' });
    expect(trail.state().controls['AC-01']?.history.map(({ detail }) => detail)).toEqual([
      'partial to in-place',
      'none to partial',
    ]);
  });

  it('notes are taken once, and bundles are on record', async () => {
    const notes = {
      bundle: 'b'.repeat(64),
      notes: 'c'.repeat(64),
      key: 'd94877a4d180534c',
      accepted: 3,
      flagged: 1,
      questions: 0,
    };
    await register.recordNotes(ANNA, notes);
    await refused('conflict', 'notes-known', register.recordNotes(ANNA, notes));
    await register.recordBundle(ANNA, { manifest: 'd'.repeat(64), reports: ['e'.repeat(64)] });
    expect(trail.state().notes).toMatchObject([{ accepted: 3, flagged: 1 }]);
    expect(trail.state().bundles).toMatchObject([{ manifest: 'd'.repeat(64), reports: ['e'.repeat(64)] }]);
  });
});
