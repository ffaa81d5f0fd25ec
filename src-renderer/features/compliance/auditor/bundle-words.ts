import type { BundleView } from '#shared/ipc/compliance-views.ts';
import type { ReportException } from '#shared/model/report.ts';
import type { StateWord } from '../../../format/words.ts';

export const BUNDLE_WORDS: Readonly<Record<BundleView['verdict'], StateWord>> = {
  complete: { word: 'Complete and unchanged', tone: 'good', shape: 'check' },
  'broken-chain': { word: 'As given out, over a chain that does not verify', tone: 'bad', shape: 'bang' },
  damaged: { word: 'Damaged', tone: 'bad', shape: 'cross' },
};

export const FILE_WORDS: Readonly<Record<BundleView['files'][number]['state'], StateWord>> = {
  holds: { word: 'Holds', tone: 'good', shape: 'check' },
  changed: { word: 'Changed', tone: 'bad', shape: 'cross' },
  missing: { word: 'Missing', tone: 'bad', shape: 'dash' },
  unexpected: { word: 'Not of the bundle', tone: 'warn', shape: 'diamond' },
};

export const EXCEPTION_WORDS: Readonly<Record<ReportException['state'], StateWord>> = {
  open: { word: 'Open', tone: 'bad', shape: 'bang' },
  fixed: { word: 'Fixed', tone: 'good', shape: 'check' },
};
