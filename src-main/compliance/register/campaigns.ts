import { canonicalBytes } from '#main/audit/canonical.ts';
import { seal } from '#main/audit/seal.ts';
import { Frontier, hashLeaf } from '#main/audit/tree.ts';
import type { Random } from '#main/platform/random.ts';
import type { ReviewDecision } from '#shared/model/control.ts';
import { ACCESS_REVIEW } from '../controls/access-review.ts';
import { DAY } from '../controls/record-values.ts';
import { readInstant, readNote, refuse } from './refusals.ts';
import type { Campaign } from './register-state.ts';
import type { RegisterActor, RegisterWriter, Written } from './register-writer.ts';

const MOST_SUBJECTS = 2000;
const FARTHEST_MS = 366 * DAY;

interface Parts {
  readonly writer: RegisterWriter;
  readonly random: Random;
}

/** Somebody, or some key, with access. */
export interface Subject {
  readonly id: string;
  readonly role: string;
}

/** The frozen list's root: RFC 6962 tree over the canonical JSON of `{"id":…,"role":…}`, in the order of the record. */
export function rootOfSubjects(subjects: readonly Subject[]): string {
  const tree = new Frontier();
  for (const { id, role } of subjects) tree.append(hashLeaf(canonicalBytes({ id, role })));
  return tree.root().toString('hex');
}

/**
 * Freezes everybody who has access now, ordered by id.
 * @throws CausewayError `bad-input` (`due`, `subjects`), `conflict` (`review-open`), `too-large`, and of the trail
 */
export async function openReview(
  { writer, random }: Parts,
  by: RegisterActor,
  { due, subjects }: { readonly due: string; readonly subjects: readonly Subject[] },
): Promise<Written & { readonly campaign: string }> {
  requireHuman(by);
  const until = readInstant(due, 'due');
  const now = writer.now();
  if (until <= now)
    throw refuse('bad-input', 'due', 'The date it is due is over. Give one to come. Nothing was recorded.');
  if (until > now + FARTHEST_MS) {
    throw refuse('bad-input', 'due', 'A review is due within a year. Nothing was recorded.');
  }
  if (writer.state().campaigns.some(({ closed }) => closed === null)) {
    throw refuse('conflict', 'review-open', 'A review is open. Close it before another one begins.');
  }
  if (subjects.length === 0) {
    throw refuse('bad-input', 'subjects', 'Nobody has access, so there is nothing to review.');
  }
  if (subjects.length > MOST_SUBJECTS) {
    throw refuse('too-large', 'subjects', `A review holds at most ${MOST_SUBJECTS} people and keys.`);
  }
  const frozen = subjects.map(({ id, role }) => ({ id, role })).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (new Set(frozen.map(({ id }) => id)).size < frozen.length) {
    throw refuse('bad-input', 'subjects', 'Somebody is listed twice. Nothing was recorded.');
  }
  const day = new Date(now).toISOString().slice(0, 10);
  const campaign = `review-${day}-${Buffer.from(random.bytes(4)).toString('hex')}`;
  const root = rootOfSubjects(frozen);
  const change = {
    kind: 'review-opened' as const,
    campaign,
    due: new Date(until).toISOString(),
    subjects: frozen,
    root,
  };
  const written = await writer.write(by, { control: ACCESS_REVIEW, change, evidence: [root] });
  return { ...written, campaign };
}

export interface ReviewInput {
  readonly campaign: string;
  readonly subject: string;
  readonly decision: ReviewDecision;
  readonly note: string;
  /** The account of the human behind one, by how things stand. */
  readonly humanOf: (id: string) => string;
}

/**
 * One word about one subject, for good. Whoever decides has proved at that moment to be who they are; that is the caller's.
 * @throws CausewayError `not-found`, `conflict` (`review-closed`, `decided`), `denied` (`self-review`), `bad-input`, and of the trail
 */
export async function decideReview(
  { writer }: Parts,
  by: RegisterActor,
  { campaign: id, subject, decision, note, humanOf }: ReviewInput,
): Promise<Written> {
  requireHuman(by);
  const campaign = requireOpen(writer, id);
  const found = campaign.subjects.find((one) => one.id === subject);
  if (found === undefined) throw refuse('not-found', 'subject', 'Nobody of that id is in this review.');
  if (found.decision !== null) {
    throw refuse(
      'conflict',
      'decided',
      'This was decided already. What is on record stands; open another review to change it.',
    );
  }
  const own = new Set([by.id, by.human, humanOf(by.id)]);
  if (own.has(subject) || own.has(humanOf(subject))) {
    throw refuse('denied', 'self-review', 'Nobody reviews their own access, nor that of an alias or a key of theirs.');
  }
  const change = {
    kind: 'review-decided' as const,
    campaign: id,
    subject,
    decision,
    note: seal(by.id, readNote(note)),
  };
  return writer.write(by, { control: ACCESS_REVIEW, change });
}

/** Ends it, also when somebody was not decided on: how many is on record, and an exception. */
export async function closeReview({ writer }: Parts, by: RegisterActor, id: string): Promise<Written> {
  requireHuman(by);
  const { subjects, root } = requireOpen(writer, id);
  const decided = subjects.filter(({ decision }) => decision !== null).length;
  const undecided = subjects.length - decided;
  const change = { kind: 'review-closed' as const, campaign: id, decided, undecided };
  return writer.write(by, { control: ACCESS_REVIEW, change, evidence: [root] });
}

function requireOpen(writer: RegisterWriter, id: string): Campaign {
  const campaign = writer.state().campaigns.find((one) => one.id === id);
  if (campaign === undefined) throw refuse('not-found', 'campaign', 'There is no such review.');
  if (campaign.closed !== null) throw refuse('conflict', 'review-closed', 'This review is closed.');
  return campaign;
}

function requireHuman({ actor }: RegisterActor): void {
  if (actor.type === 'user') return;
  throw refuse('denied', 'not-a-person', 'Access is reviewed by people, not by programs.');
}
