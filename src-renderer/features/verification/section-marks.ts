import type {
  Coverage,
  KnownWitness,
  SelfTest,
  SigningKey,
  Standing,
  WitnessFolder,
} from '#shared/ipc/verification-views.ts';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import type { StateWord } from '../../format/words.ts';
import type { VerificationSection } from '../../navigation/route.ts';
import { printShare } from './coverage-band.ts';

interface Known {
  readonly standing: Standing | null;
  readonly coverage: Coverage | null;
  readonly witnesses: readonly KnownWitness[] | null;
  readonly folders: readonly WitnessFolder[] | null;
  readonly keys: readonly SigningKey[] | null;
  readonly selfTest: SelfTest | null;
}

/** What each part has to say before it is opened: what is wrong first, a count otherwise, nothing where nothing is known. */
export function markSections(known: Known): Partial<Record<VerificationSection, StateWord>> {
  const { standing, coverage, witnesses, folders, keys, selfTest } = known;
  const marks: Partial<Record<VerificationSection, StateWord>> = {};
  if (coverage !== null && coverage.records > 0) marks.history = markHistory(coverage);
  if (standing !== null && standing.breaks.length > 0) {
    const blocked = standing.state === 'blocked';
    marks.history = { word: 'Broken', tone: blocked ? 'bad' : 'warn', shape: blocked ? 'cross' : 'diamond' };
  }
  if (witnesses !== null && folders !== null) marks.witnesses = markWitnesses(witnesses.length, folders);
  if (keys !== null && keys.length > 1) marks.keys = count(keys.length);
  if (selfTest !== null) {
    const failed = selfTest.attacks.filter(({ held }) => !held).length;
    marks['self-test'] =
      failed === 0
        ? { word: `${selfTest.attacks.length}/${selfTest.attacks.length}`, tone: 'good', shape: 'check' }
        : { word: `${failed} not held`, tone: 'bad', shape: 'cross' };
  }
  return marks;
}

function markHistory({ valid, invalid, records, problemCount }: Coverage): StateWord {
  if (invalid > 0) return { word: formatPlural(problemCount, 'problem'), tone: 'bad', shape: 'cross' };
  return valid >= records
    ? { word: '100 %', tone: 'good', shape: 'check' }
    : { word: printShare(valid, records), tone: 'calm', shape: 'ring' };
}

function markWitnesses(witnesses: number, folders: readonly WitnessFolder[]): StateWord {
  if (folders.some(({ state }) => state === 'contradicts')) return { word: 'Contradicts', tone: 'bad', shape: 'cross' };
  const late = folders.filter(({ state }) => state !== 'current').length;
  if (late > 0) return { word: `${late} late`, tone: 'warn', shape: 'diamond' };
  const all = witnesses + folders.length;
  return all === 0 ? { word: 'None', tone: 'calm', shape: 'ring' } : count(all);
}

function count(value: number): StateWord {
  return { word: formatCount(value), tone: 'calm', shape: 'dot' };
}
