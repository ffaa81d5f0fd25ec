import type { SampleSheet } from '#shared/ipc/compliance-views.ts';
import { HashText } from '../../../components/hash-text.tsx';
import { formatCount } from '../../../format/numbers.ts';

/** How the same sample comes out for anybody who has the chain and the number. */
export function RedrawSteps({ sheet }: { readonly sheet: SampleSheet }) {
  const { asOf, sample } = sheet;
  return (
    <details className="redraw">
      <summary>How anyone draws it again</summary>
      <ol className="steps">
        <li>
          The seed is SHA-256 over the 32 bytes of the hash of record {formatCount(asOf.seq)},{' '}
          <HashText value={asOf.hash} what="Head hash" />, followed by the figures <code>{sample.number}</code> as ASCII
          text. It comes to <HashText value={sample.seed} what="Seed" />.
        </li>
        <li>
          The population of a control is its records in the window, by rising number: N of them. Its root is that of a
          tree (RFC 6962) over their record hashes; whoever leaves one out gets another root.
        </li>
        <li>
          For i = 0, 1, 2, … take the first 8 bytes, as an unsigned number with the highest byte first, of SHA-256 over
          the 32 bytes of the seed, the control’s id as ASCII text, one zero byte, and i in 4 bytes, highest first.
        </li>
        <li>
          A number of 2⁶⁴ − (2⁶⁴ mod N) or more is skipped, so that each record is as likely as any other. Its remainder
          by N is the place in the population, counted from 0; a record drawn already is skipped.
        </li>
        <li>It ends when as many are drawn as the profile asks for, or all there are.</li>
      </ol>
      <p className="sub">
        The auditor cannot choose the head’s hash, and the organization not the number. Records written after the number
        is known would change the sample: each draw is on record, and a report names the earlier ones of windows that
        overlap its own.
      </p>
    </details>
  );
}
