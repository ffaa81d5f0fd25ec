import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { OpenBundlePanel } from '../compliance/auditor/open-bundle-panel.tsx';
import { ReperformPanel } from '../compliance/reports/reperform-panel.tsx';
import type { Way } from './entry-frame.tsx';
import { VerifyFilePanel } from './verify-file-panel.tsx';

const WAYS = ['bundle', 'reperform', 'verify'] as const;
export type AuditorWay = (typeof WAYS)[number];

/** What an auditor does here, and anybody who was given a file. */
export const AUDITOR_WAYS: readonly Way<AuditorWay>[] = [
  {
    id: 'bundle',
    title: 'Open a bundle',
    text: 'Check it, recompute it, write notes on it.',
    heading: 'For auditors, without an account',
  },
  { id: 'reperform', title: 'Re-perform a report', text: 'Recompute every figure from an exported chain.' },
  { id: 'verify', title: 'Verify a file', text: 'Judge an exported chain you were given.' },
];

export function isAuditorWay(way: string): way is AuditorWay {
  return WAYS.some((known) => known === way);
}

interface AuditorWayPanelProps {
  readonly way: AuditorWay;
  readonly onBundle: (bundle: BundleView) => void;
}

export function AuditorWayPanel({ way, onBundle }: AuditorWayPanelProps) {
  switch (way) {
    case 'bundle':
      return <OpenBundlePanel onOpened={onBundle} />;
    case 'reperform':
      return <ReperformPanel />;
    case 'verify':
      return <VerifyFilePanel />;
  }
}
