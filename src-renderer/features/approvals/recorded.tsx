import type { Remediation } from '#shared/model/investigation.ts';
import { HashText } from '../../components/hash-text.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { RecordedNote } from './recorded-note.tsx';

/** What an answer to a proposal came to. Shown only after its record is durable. */
export function Recorded({
  remediation,
  onClose,
}: {
  readonly remediation: Remediation;
  readonly onClose: () => void;
}) {
  const { decision, approvals, required, executeBy, breakGlass, expiresAt } = remediation;
  const record = decision?.record ?? approvals.at(-1)?.record ?? null;
  const reference =
    record === null ? null : (
      <p>
        Record <HashText value={record} what="Hash of the decision's record" />
      </p>
    );
  if (decision === null) {
    const missing = formatPlural(required - approvals.length, 'more person has', 'more people have');
    return (
      <RecordedNote waiting title={`Recorded: your approval, ${approvals.length} of ${required}`} onClose={onClose}>
        <p>
          It is durable in the chain, and nothing runs yet: {missing} to approve by{' '}
          <TimeText iso={expiresAt} form="clock" /> (<Countdown until={expiresAt} /> left). Otherwise it does not
          happen.
        </p>
        {reference}
      </RecordedNote>
    );
  }
  if (decision.outcome !== 'approved') {
    return (
      <RecordedNote title={`Recorded: ${decision.outcome}`} onClose={onClose}>
        <p>The decision is durable in the chain. Nothing will be changed.</p>
        {reference}
      </RecordedNote>
    );
  }
  return (
    <RecordedNote title={`Recorded: approved${breakGlass ? ' by break-glass' : ''}`} onClose={onClose}>
      <p>
        The decision is durable in the chain. The remediator now carries out exactly this plan; follow it on the
        incident.
        {executeBy === null ? null : (
          <>
            {' '}
            It has to begin by <TimeText iso={executeBy} form="clock" /> (<Countdown until={executeBy} /> left), or it
            is not done.
          </>
        )}
      </p>
      {breakGlass ? <p>Another person has to review it. It stands as due on the Approvals screen until then.</p> : null}
      {reference}
    </RecordedNote>
  );
}
