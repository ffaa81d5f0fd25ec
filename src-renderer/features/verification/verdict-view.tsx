import type { ReactNode } from 'react';
import type { Verdict } from '#shared/model/verdict.ts';
import { HashText } from '../../components/hash-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { SyntheticNote } from '../../components/synthetic-note.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { formatElapsed, formatUtc } from '../../format/times.ts';
import { ProblemTable } from './problem-table.tsx';
import { VERDICT_WORDS } from './verdict-words.ts';

interface VerdictViewProps {
  readonly verdict: Verdict;
  readonly what: 'store' | 'file';
  /** False while nothing can be written. */
  readonly recorded: boolean;
}

/** A verdict in full: the word, what it is about, every problem, and what it does not prove. */
export function VerdictView({ verdict, what, recorded }: VerdictViewProps) {
  const { sealed } = verdict;
  return (
    <section className={`verdict verdict-${verdict.verdict}`} aria-label={`Verdict on the ${what}`}>
      <div className="verdict-word" role="status">
        <StateTag state={VERDICT_WORDS[verdict.verdict]} />
        <span className="num">
          {formatPlural(verdict.records, 'record')} in {formatElapsed(verdict.elapsedMs)}
          {verdict.problemCount === 0 ? ', no problem' : `, ${formatPlural(verdict.problemCount, 'problem')}`}
        </span>
      </div>
      {verdict.synthetic ? <SyntheticNote /> : null}
      {recorded ? null : (
        <p className="sub">This verdict is not on record: nothing is written until the break is acknowledged.</p>
      )}
      <dl className="facts facts-columns">
        {what === 'file' ? (
          <Fact name="File">
            <span className="wrap">{verdict.file}</span>
          </Fact>
        ) : null}
        <Fact name="Chain">{verdict.chain === null ? 'not told' : <code className="wrap">{verdict.chain}</code>}</Fact>
        <Fact name="Workspace">{verdict.tenant ?? 'not told'}</Fact>
        <Fact name="Selection">{verdict.selection ?? 'not told'}</Fact>
        <Fact name="Range">
          <span className="num">
            {verdict.first === null || verdict.last === null
              ? 'no record'
              : `${formatCount(verdict.first)} to ${formatCount(verdict.last)}`}
          </span>
        </Fact>
        <Fact name="Head">
          {verdict.head === null ? 'not told' : <HashText value={verdict.head} what="Head hash" />}
        </Fact>
        <Fact name="Tree root">
          {verdict.root === null ? 'not told' : <HashText value={verdict.root} what="Root of the tree" />}
        </Fact>
        <Fact name="Keys">
          {verdict.keys.length === 0
            ? 'none'
            : verdict.keys.map((key) => (
                <span key={key.id} className="block num">
                  <code>{key.id}</code> {key.alg}, from record {formatCount(key.fromSeq)}, signed{' '}
                  {formatCount(key.records)}
                </span>
              ))}
        </Fact>
        {verdict.witnesses.length === 0 ? null : (
          <Fact name="Cosigned by">
            {verdict.witnesses.map((witness) => (
              <span key={`${witness.name} ${witness.keyId}`} className="block num wrap">
                {witness.name} <code>{witness.keyId}</code>,{' '}
                {witness.state === 'verified' ? 'verified' : 'key not known here'}
                {witness.time === null ? '' : `, ${formatUtc(new Date(witness.time))} by its clock`}
              </span>
            ))}
          </Fact>
        )}
        <Fact name="Sealed values">
          <span className="num">
            {formatCount(sealed.disclosed)} disclosed, {formatCount(sealed.withheld)} withheld,{' '}
            {formatCount(sealed.erased)} erased, {formatCount(sealed.mismatched)} mismatched
          </span>
        </Fact>
      </dl>
      {verdict.problems.length === 0 ? null : (
        <ProblemTable problems={verdict.problems} count={verdict.problemCount} what={what} />
      )}
      {verdict.notProven.length === 0 ? null : (
        <div className="not-proven">
          <h3>What this does not prove</h3>
          <ul>
            {verdict.notProven.map((line) => (
              <li key={line}>
                <ShapeIcon shape="dash" />
                {line}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
