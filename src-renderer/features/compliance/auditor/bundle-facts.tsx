import type { ReactNode } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { showText } from '#shared/report/shown-text.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { Panel } from '../../../components/panel.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { SyntheticNote } from '../../../components/synthetic-note.tsx';
import { formatBytes, formatPlural } from '../../../format/numbers.ts';
import { formatLocal, formatUtc } from '../../../format/times.ts';
import { ProblemTable } from '../../verification/problem-table.tsx';
import { VERDICT_WORDS } from '../../verification/verdict-words.ts';
import { FILE_WORDS } from './bundle-words.ts';

/** Who signed the bundle, over which chain, and what came of checking the chain. */
export function BundleFacts({ bundle }: { readonly bundle: BundleView }) {
  const { key, chainVerdict } = bundle;
  const made = new Date(bundle.madeAt);
  return (
    <Panel title="Where it comes from">
      <div className="pad bundle-facts">
        <div className="stack-tight">
          {chainVerdict.synthetic ? <SyntheticNote /> : null}
          {key.holds ? (
            <>
              <p className="fingerprint">
                <span className="faint">Id of the key that signed the bundle ({key.alg})</span>
                <code className="wrap">{key.id}</code>
              </p>
              <p className="sub">
                Compare it with what the chain’s owner tells you another way: by voice, in person. A bundle that holds
                together shows that nothing was changed since it was signed, not by itself who signed it.
              </p>
            </>
          ) : (
            <p className="sub">
              Who signed the bundle cannot be said: the signature of its manifest does not hold, or could not be
              checked.
            </p>
          )}
        </div>
        <dl className="facts facts-wide">
          <Fact name="Workspace">{bundle.tenant} (as the bundle says)</Fact>
          <Fact name="Chain">
            <code className="wrap">{bundle.chain}</code>
          </Fact>
          <Fact name="Made">
            <span className="time-full">
              {formatUtc(made).slice(0, 19)} UTC <span className="faint">· {formatLocal(made)} here</span>
            </span>
          </Fact>
          <Fact name="Manifest">
            <HashText value={bundle.manifest} what="Digest of the manifest" />
          </Fact>
          <Fact name="Chain file">
            <StateTag quiet state={VERDICT_WORDS[chainVerdict.verdict]} />
          </Fact>
        </dl>
      </div>
      {chainVerdict.problems.length === 0 ? null : (
        <div className="pad">
          <ProblemTable problems={chainVerdict.problems} count={chainVerdict.problems.length} what="file" />
        </div>
      )}
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="wrap">{children}</dd>
    </>
  );
}

/** Every file the manifest names, and those it does not. */
export function BundleFiles({ bundle }: { readonly bundle: BundleView }) {
  const { files, problems } = bundle;
  const wrong = files.filter(({ state }) => state !== 'holds');
  const ordered = [...wrong, ...files.filter(({ state }) => state === 'holds')];
  return (
    <Panel
      title="Files"
      className="list-section"
      aside={
        wrong.length === 0
          ? `all ${formatPlural(files.length, 'file')} as they were signed`
          : `${formatPlural(wrong.length, 'file')} of ${files.length} not as signed`
      }
    >
      {problems.length === 0 ? null : (
        <ul className="bundle-problems" aria-label="What is wrong with the bundle">
          {problems.map(({ file, text }) => (
            <li key={`${file} ${text}`}>
              <code className="wrap">{showText(file)}</code> <span className="wrap">{showText(text)}</span>
            </li>
          ))}
        </ul>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="table-wide bundle-files" tabIndex={0} aria-label="Files of the bundle">
        <table className="evidence-table">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">File</th>
              <th scope="col">What it is</th>
              <th scope="col" className="right">
                Size
              </th>
              <th scope="col">Digest</th>
            </tr>
          </thead>
          <tbody>
            {ordered.map((file) => (
              <tr key={file.file}>
                <td>
                  <StateTag quiet state={FILE_WORDS[file.state]} />
                </td>
                <td>
                  <code className="wrap">{showText(file.file)}</code>
                </td>
                <td className="sub">{showText(file.what)}</td>
                <td className="right num nowrap">{formatBytes(file.bytes)}</td>
                <td>
                  {/^0+$/.test(file.digest) ? (
                    <span className="faint">not computed</span>
                  ) : (
                    <HashText value={file.digest} what={`Digest of ${file.file}`} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
