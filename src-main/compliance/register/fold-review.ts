import { ACCESS_REVIEW } from '../controls/access-review.ts';
import type { ControlChange, RegisterRecord } from './fold.ts';
import { place } from './fold-control.ts';
import type { Campaign } from './register-state.ts';

const MOST_CAMPAIGNS = 200;

/** The campaigns after one more record; the same list when it changes none. The first word about somebody counts. */
export function foldCampaign(
  campaigns: readonly Campaign[],
  { seq, time, by, control }: RegisterRecord,
  change: ControlChange,
): readonly Campaign[] {
  const { campaign: id, kind } = change;
  if (control !== ACCESS_REVIEW || id === undefined) return campaigns;
  const found = campaigns.find((campaign) => campaign.id === id);
  if (kind === 'review-opened') {
    const { due, subjects, root } = change;
    if (found !== undefined || due == null || subjects === undefined || root === undefined) return campaigns;
    const frozen = subjects.map((subject) => ({ ...subject, decision: null }));
    const opened = { id, openedBy: by, opened: time, seq, due, root, subjects: frozen, closed: null };
    return [opened, ...campaigns].slice(0, MOST_CAMPAIGNS);
  }
  if (found === undefined || found.closed !== null) return campaigns;
  const replace = (after: Campaign): readonly Campaign[] =>
    campaigns.map((campaign) => (campaign === found ? after : campaign));
  if (kind === 'review-closed') return replace({ ...found, closed: { time, by, seq } });
  const { subject, decision, note } = change;
  if (kind !== 'review-decided' || subject === undefined || decision === undefined || note === undefined) {
    return campaigns;
  }
  const index = found.subjects.findIndex((one) => one.id === subject && one.decision === null);
  const before = found.subjects[index];
  if (before === undefined) return campaigns;
  const given = { decision, by, time, seq, note: place(note, seq, '/data/change/note') };
  return replace({ ...found, subjects: found.subjects.with(index, { ...before, decision: given }) });
}
