import { useConsole } from '../../bridge/console-provider.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { formatRoute } from '../../navigation/route.ts';
import { VERDICT_WORDS } from './verdict-words.ts';

/** Where the own history ends, what its newest checkpoint is, when it was last verified, and where its keys are. */
export function HistoryFacts() {
  const { chain, info } = useConsole();
  const { verified, checkpoint } = chain;
  return (
    <section className="panel" aria-label="This workspace's chain">
      <dl className="facts history-facts">
        <div>
          <dt>Newest record</dt>
          <dd>
            {chain.records === 0 ? (
              'none yet'
            ) : (
              <a className="num" href={formatRoute({ screen: 'audit', filter: {}, seq: chain.records })}>
                {formatCount(chain.records)}
              </a>
            )}
            <span className="block faint">
              hash <HashText value={chain.head} what="Hash of the newest record" />
            </span>
          </dd>
        </div>
        <div>
          <dt>Newest checkpoint</dt>
          <dd>
            {checkpoint === null ? (
              'none yet'
            ) : (
              <>
                <span className="num">{formatPlural(checkpoint.size, 'record')}</span>
                <span className="block faint">
                  <TimeText iso={checkpoint.at} />
                </span>
                <span className="block faint">
                  root <HashText value={checkpoint.root} what="Root of the tree" />
                </span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Last full verification</dt>
          <dd>
            {verified === null ? (
              'none yet'
            ) : (
              <>
                <StateTag state={VERDICT_WORDS[verified.verdict]} quiet />
                <span className="num">
                  to record {formatCount(verified.to)}
                  {verified.problems === 0 ? '' : `, ${formatPlural(verified.problems, 'problem')}`}
                </span>
                <span className="block faint">
                  <TimeText iso={verified.at} />
                </span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Signing key</dt>
          <dd>
            <code className="wrap">{chain.keyId}</code>
            <span className="block faint">{info.keychain.description}</span>
            {info.keychain.durable ? null : <strong className="block">lost when Causeway closes</strong>}
          </dd>
        </div>
      </dl>
    </section>
  );
}
