import type { Counting } from '#shared/ipc/compliance-views.ts';
import { TimeText } from '../../../components/time-text.tsx';
import { useLasting } from '../../../components/use-lasting.ts';
import { formatCount } from '../../../format/numbers.ts';

/** How far the evidence is counted. What is known is shown meanwhile; nothing waits for the rest. */
export function CountingLine({ counting }: { readonly counting: Counting }) {
  const { asOf, running } = counting;
  const long = useLasting(running !== null);
  return (
    <p className="counting-line sub num">
      {asOf === null ? (
        <span>No record is counted yet</span>
      ) : (
        <span>
          Counted to record {formatCount(asOf.seq)} of <TimeText iso={asOf.time} />
        </span>
      )}
      {running !== null && (long || asOf === null) ? (
        <span className="counting-run">
          <progress aria-label="Counting the evidence" value={running.done} max={Math.max(1, running.total)} />
          <span>
            counting {formatCount(running.done)} of {formatCount(running.total)}
          </span>
        </span>
      ) : null}
    </p>
  );
}
