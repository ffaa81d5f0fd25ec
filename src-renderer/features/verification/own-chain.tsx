import { useConsole } from '../../bridge/console-provider.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { measureCoverage } from './coverage.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

/** What is known of the own chain, and how far. */
export function OwnChain() {
  const { chain } = useConsole();
  const { verified, checkpoint } = chain;
  const coverage = measureCoverage(chain);
  const words =
    verified === null
      ? `Not checked since Causeway opened: ${formatPlural(chain.records, 'record')}`
      : verified.to >= chain.records
        ? `All ${formatPlural(chain.records, 'record')} checked`
        : `Records 1 to ${formatCount(verified.to)} checked, ${formatPlural(chain.records - verified.to, 'newer record')} not yet`;
  return (
    <div className="pad own-chain">
      <div className="coverage">
        <div className="coverage-bar" aria-hidden="true">
          {coverage.verified === 0 ? null : (
            <span className={`cover-${coverage.state}`} style={{ width: `${coverage.verified}%` }} />
          )}
          {coverage.unchecked === 0 ? null : (
            <span className="cover-none" style={{ width: `${coverage.unchecked}%` }} />
          )}
        </div>
        <p className="coverage-words num">
          {verified === null ? null : <StateTag state={VERDICT_WORDS[verified.verdict]} />}
          {words}
        </p>
      </div>
      <dl className="facts facts-columns">
        <div>
          <dt>Last checked</dt>
          <dd>{verified === null ? '–' : <TimeText iso={verified.at} />}</dd>
        </div>
        <div>
          <dt>Problems</dt>
          <dd className="num">{verified === null ? '–' : formatCount(verified.problems)}</dd>
        </div>
        <div>
          <dt>Records</dt>
          <dd className="num">{formatCount(chain.records)}</dd>
        </div>
        <div>
          <dt>Head</dt>
          <dd>
            <HashText value={chain.head} what="Head hash" />
          </dd>
        </div>
        <div>
          <dt>Signing key</dt>
          <dd>
            <code>{chain.keyId}</code>
          </dd>
        </div>
        <div>
          <dt>Checkpoint</dt>
          <dd>
            {checkpoint === null ? (
              'none yet'
            ) : (
              <>
                <span className="num">{formatPlural(checkpoint.size, 'record')}</span>, <TimeText iso={checkpoint.at} />
                <br />
                root <HashText value={checkpoint.root} what="Root of the tree" />
              </>
            )}
          </dd>
        </div>
      </dl>
    </div>
  );
}
